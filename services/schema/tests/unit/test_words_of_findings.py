"""What findings and the titles of repairs say (nc10)."""

import json

import pytest

from egress.errors import UrlInvalid
from egress.uri import split_url
from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document
from services.schema.tests.rule_documents import OK, document, in_path

ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}


def findings(text, code):
    return [each for each in examine(read_document(text)).findings if each.code == code]


@pytest.mark.parametrize(
    ("text", "said"), [("a\u200bb", "1 character that"), ("\u200b\u200b", "2 characters that")]
)
def test_nc10_one_character_is_no_plural(text, said):
    [finding] = findings(document({"summary": text}), "schema.hidden_characters")
    assert said in finding.message


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ("/pets/{id}/", "but for the slash at the end;"),
        ("/pets/{key}", "but for the names in braces;"),
        ("/pets/{key}/", "but for the names in braces and the slash at the end;"),
    ],
)
def test_nc10_equal_paths_say_what_they_differ_in(other, said):
    whole = json.loads(in_path("/pets/{id}", ID))
    whole["paths"][other] = {"get": {"operationId": "b", "responses": OK}}
    [finding] = findings(json.dumps(whole), "schema.paths_equal")
    assert said in finding.message


@pytest.mark.parametrize(("method", "count"), [("post", 1), ("get", 0)])
def test_nc10_consent_without_a_value_is_said_where_a_call_asks(method, count):
    text = document({"x-openai-isConsequential": None}, method=method)
    assert len(findings(text, "schema.consequential_not_boolean")) == count


def test_nc10_titles_say_what_is_removed_or_written_in_place_of_what():
    [repeated] = findings(in_path("/{id}", ID, ID), "schema.parameter_repeated")
    assert repeated.repair.title == "Remove the second id"
    text = document({"responses": OK, "Deprecated": True})
    [misspelt] = findings(text, "schema.member_misspelt")
    assert misspelt.repair.title == "Write deprecated in place of Deprecated"


def test_nc10_what_is_no_url_is_said_without_a_specification():
    with pytest.raises(UrlInvalid, match="as in https"):
        split_url("nonsense")
