"""T18: one OpenAPI document for all services, and a page that shows it to people."""

import json
import re
from importlib import resources

import jsonschema_rs
import pytest

from tests.contract.combined import combined
from tests.contract.generate import PUBLIC, ROOT
from tests.contract.pages import docs

WHOLE = json.loads((PUBLIC / "openapi.json").read_text())
OF_SERVICES = {
    path.parent.name: json.loads(path.read_text()) for path in ROOT.glob("services/*/openapi.json")
}
OPERATIONS = [
    (method.upper(), path, operation)
    for path, operations in WHOLE["paths"].items()
    for method, operation in operations.items()
]
PAGES = {name: (PUBLIC / name).read_text() for name in ("docs.html", "style.css")}


def document(*, path, member, more=None):
    """Of a service whose route answers a `Thing` with a member of that name."""
    thing = {"type": "object", "properties": {member: {"type": "string"}}}
    of_thing = {"$ref": "#/components/schemas/Thing"}
    answer = {"content": {"application/json": {"schema": of_thing}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "x", "version": "1"},
        "security": [],
        "paths": {path: {"get": {"responses": {"200": answer}}}},
        "components": {
            "schemas": {"Thing": thing, "List": {"items": of_thing}, **(more or {})},
            "securitySchemes": {},
        },
    }


def test_t18_the_document_of_all_services_is_openapi():
    package = resources.files("openapi_spec_validator") / "resources/schemas/v3.1/schema.json"
    meta = jsonschema_rs.validator_for(json.loads(package.read_text()))

    assert [error.message for error in meta.iter_errors(WHOLE)] == []
    assert [each for each in references(WHOLE) if not leads_somewhere(each)] == []


def references(node):
    if isinstance(node, list):
        for item in node:
            yield from references(item)
    elif isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)


def leads_somewhere(reference):
    node = WHOLE
    for part in reference.removeprefix("#/").split("/"):
        node = node.get(part, {})
    return node != {}


def test_t18_it_has_every_route_of_every_service():
    routes = {
        (path, method)
        for document in OF_SERVICES.values()
        for path, operations in document["paths"].items()
        for method in operations
    }

    assert {(path, method.lower()) for method, path, _ in OPERATIONS} == routes
    assert len({operation["operationId"] for *_, operation in OPERATIONS}) == len(OPERATIONS)


def test_t18_models_of_one_name_and_two_meanings_have_their_services_name():
    whole = combined(
        {
            "one": document(path="/v1/ones", member="a"),
            "two": document(path="/v1/twos", member="b"),
        }
    )

    models = whole["components"]["schemas"]
    assert sorted(models) == ["OneList", "OneThing", "TwoList", "TwoThing"]
    assert models["TwoThing"]["properties"] == {"b": {"type": "string"}}
    assert models["OneList"]["items"] == {"$ref": "#/components/schemas/OneThing"}
    answer = whole["paths"]["/v1/twos"]["get"]["responses"]["200"]["content"]["application/json"]
    assert answer["schema"] == {"$ref": "#/components/schemas/TwoThing"}


def test_t18_models_that_are_the_same_are_one():
    same = {"Same": {"type": "string"}}
    whole = combined(
        {
            "one": document(path="/v1/ones", member="a", more=same),
            "two": document(path="/v1/twos", member="a", more=same),
        }
    )

    assert sorted(whole["components"]["schemas"]) == ["List", "Same", "Thing"]


def test_a_path_of_two_services_is_a_fault():
    with pytest.raises(ValueError, match="/v1/ones belongs to two services"):
        combined(dict.fromkeys(("one", "two"), document(path="/v1/ones", member="a")))


@pytest.mark.parametrize("name", PAGES)
def test_t6_pages_load_nothing_from_elsewhere_and_run_nothing(name):
    page = PAGES[name]

    assert not re.search(
        r"<script|javascript:|\son\w+=|style=|<style|@import|url\(", page, re.IGNORECASE
    )
    loaded = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert [each for each in loaded if not re.match(r"/(?!/)|#|data:,$", each)] == []


def test_t18_the_page_shows_every_operation_and_every_model():
    page = PAGES["docs.html"]

    ids = {*re.findall(r'id="([^"]+)"', page)}
    assert {operation["operationId"] for *_, operation in OPERATIONS} <= ids
    assert {f"model-{name}" for name in WHOLE["components"]["schemas"]} <= ids
    assert {*re.findall(r'href="#([^"]+)"', page)} <= ids
    assert not re.search(r"&lt;/?(?:a|code)\b", page), "markup of ours is shown as text"


def test_t18_text_of_a_document_is_text_on_the_page():
    hostile = "<script>alert(1)</script> `<b>` \" '"
    whole = document(path="/v1/<i>", member="<u>")
    whole["info"] |= {"title": hostile, "description": hostile}
    operation = {"tags": [hostile], "summary": hostile, "operationId": hostile}
    whole["paths"]["/v1/<i>"]["get"] |= operation | {"description": hostile}
    whole["paths"]["/v1/<i>"]["get"]["responses"]["200"]["description"] = hostile

    page = docs(whole)

    assert not re.search(r"<(script|b|i|u)>(?!GET)", page)
