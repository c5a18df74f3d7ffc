"""Paths and parameters as other frameworks, or a wrong indentation, have them (nc9)."""

import pytest

from schema_service.domain.reading.read_document import read_document
from services.schema.tests.written_documents import OPENING, examined, repaired

TEXT = (
    OPENING
    + """  /items/{id}:
    get:
      operationId: a
      summary: s
      parameters:
        - name: id
          in: path
          required: true
          schema:
            type: string
      responses:
        "200":
          description: d
"""
)
POST = """post:
      operationId: b
      summary: s
      responses: {"200": {description: d}}
"""
TEMPLATES = ["{id:int}", "{id:[0-9]+}", "{id:[0-9]{3}}", "{int:id}", "{id?}", "{id<int>}", "{*id}"]


def codes(text):
    return {each.code for each in examined(text).findings}


def meant(text):
    return read_document(repaired(text)).document == read_document(TEXT).document


def test_nc9_a_dollar_before_a_template_is_said_and_left_out():
    text = TEXT.replace("{id}", "${id}")
    assert codes(text) == {"schema.path_template_marked"}
    assert meant(text)


@pytest.mark.parametrize("template", TEMPLATES)
def test_nc9_a_template_with_a_type_is_repaired_to_the_declared_name(template):
    text = TEXT.replace("{id}", template)
    assert "schema.path_template_typed" in codes(text)
    assert meant(text)


def test_nc9_a_parameter_of_that_very_name_stays():
    text = TEXT.replace("{id}", "{id:int}").replace("name: id", "name: id:int")
    assert codes(text) == set()


def test_nc9_paths_at_the_margin_are_said_and_indented():
    text = TEXT.replace("  /items", "/items")
    assert "schema.paths_at_margin" in codes(text)
    assert meant(text)


def test_nc9_what_follows_paths_at_the_margin_stays():
    after = "components:\n  schemas: {}\n"
    text = (
        TEXT.replace("  /items", "\n# one\n/items") + "/b:\n    get:\n      responses: {}\n" + after
    )
    document = read_document(repaired(text)).document
    assert {*document["paths"]} == {"/items/{id}", "/b"}
    assert document["components"] == {"schemas": {}}


def test_nc9_a_method_in_the_column_of_its_path_is_said_and_moved_below_it():
    text = f"{TEXT}  {POST}"
    [finding] = [each for each in examined(text).findings if each.severity == "error"]
    assert finding.hint == "Indent post and all that belongs to it deeper than /items/{id}."
    document = read_document(repaired(text)).document
    assert [*document["paths"]] == ["/items/{id}"]
    assert {*document["paths"]["/items/{id}"]} == {"get", "post"}


ONE = "parameters: {name: id, in: path, required: true, schema: {type: string}}"
NAMED = "parameters: {id: {in: path, required: true, schema: {type: string}}}"


@pytest.mark.parametrize("given", [ONE, NAMED])
def test_nc9_parameters_as_an_object_have_a_form_to_be_written_in_and_a_repair(given):
    begin, end = TEXT.index("parameters:"), TEXT.index("      responses:")
    text = f"{TEXT[:begin]}{given}\n{TEXT[end:]}"
    [finding] = [each for each in examined(text).findings if each.code == "schema.wrong_type"]
    assert "- name: limit" in finding.hint
    assert meant(text)
