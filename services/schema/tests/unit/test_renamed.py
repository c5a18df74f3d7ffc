"""B29: names outside ASCII get names that models' APIs take; descriptions keep the originals."""

import re

import pytest

from contracts.tool_forms.definition import Flavour, tool_for
from schema_service.domain.compiling.kept import Kept
from services.schema.tests.documents import answer, api, codes, get, only, post

NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def in_query(*names):
    return [{"name": name, "in": "query", "schema": {"type": "string"}} for name in names]


def test_b29_parameters_are_told_apart_and_have_their_names_in_their_descriptions():
    document = get(parameters=in_query("城市", "国家"))
    operation = only(document)
    names = [each.argument for each in operation.parameters]
    assert len(set(names)) == 2
    assert all(NAME.fullmatch(name) for name in names)
    properties = operation.arguments["properties"]
    described = [properties[name]["description"] for name in names]
    assert described == ["Called 城市 in the API.", "Called 国家 in the API."]
    assert codes(answer(document)) == ["schema.argument_renamed"] * 2


def test_b29_an_argument_has_the_same_name_whatever_stands_beside_it():
    alone = only(get(parameters=in_query("城市"))).parameters[0].argument
    beside = only(get(parameters=in_query("国家", "城市"))).parameters[1].argument
    assert alone == beside


@pytest.mark.parametrize("flavour", Flavour)
def test_b29_a_tool_has_the_operations_name_in_its_description(flavour):
    document = api({"/a": {"get": {"operationId": "查询天气", "summary": "Weather"}}})
    operation = only(document)
    assert re.fullmatch(r"operation_[0-9a-f]{8}", operation.name)
    definition = tool_for(operation.name, operation, flavour).definition
    about = definition.get("function", definition)["description"]
    assert about == "查询天气. Weather"
    assert codes(answer(document)) == ["schema.operation_renamed"]


@pytest.mark.parametrize(
    ("operation_id", "name"),
    [
        ("größe", "große"),
        ("café", "cafe"),
        ("naïve-café", "naive-cafe"),
        ("ﬁnd", "find"),
    ],
)
def test_b29_letters_lose_their_accents(operation_id, name):
    document = api({"/a": {"get": {"operationId": operation_id}}})
    found = only(document).name
    expected = name.encode("ascii", "ignore").decode()
    assert found == expected or re.fullmatch(r"gro_e_[0-9a-f]{8}", found)


def test_b29_members_of_a_body_are_renamed_like_parameters():
    operation = only(post({"properties": {"имя": {"type": "string", "description": "Name."}}}))
    [(argument, member)] = operation.body.members.items()
    assert member == "имя"
    assert operation.arguments["properties"][argument]["description"] == (
        "Called имя in the API. Name."
    )


@pytest.mark.parametrize("name", ["filter[name]", "a b", "$top"])
def test_b29_any_argument_with_another_name_has_its_own_in_its_description(name):
    document = get(parameters=in_query(name))
    [schema] = only(document).arguments["properties"].values()
    assert schema["description"] == f"Called {name} in the API."
    assert codes(answer(document)) == []


def test_b29_a_name_that_is_taken_has_the_documents_one_in_its_description():
    parameters = [*in_query("id"), {"name": "id", "in": "header", "schema": {"type": "string"}}]
    properties = only(get(parameters=parameters)).arguments["properties"]
    assert properties["id"] == {"type": "string"}
    assert properties["id_header"]["description"] == "Called id in the API."


def test_b29_a_name_is_kept_when_a_document_is_compiled_again():
    document = api({"/a": {"get": {"operationId": "查询天气"}}})
    [before] = answer(document).operations

    class Known:
        operation_id, name, method, path = "查询天气", "operation", "GET", "/a"
        pointer, origin = before.pointer, before.origin

    [again] = answer(document, known=Kept.of([Known()])).operations
    assert again.operation.name == "operation"


def test_b29_paths_without_an_operation_id_are_told_apart():
    document = api({"/天气": {"get": {}}, "/城市": {"get": {}}, "/a": {"get": {}}})
    names = [each.name for each in answer(document).operations]
    assert len(set(names)) == 3
    assert names[2] == "get_a"
