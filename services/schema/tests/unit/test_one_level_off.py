"""Members one level too deep or too far left, and versions that are none."""

import json

import pytest
import yaml

from schema_service.domain.compiling.dialect import MAX_SHOWN
from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.rounds import repair_all

REFERENCE = {"$ref": "#/components/schemas/P"}
HEAD = "info: {title: t, version: '1'}\nservers: [{url: 'https://a.example'}]\n"
ONE = """paths:
  /a:
    get:
      operationId: a
      summary: s
    responses:
      "200": {description: d}
"""
TWO = ONE.replace(
    "    responses", "    post:\n      operationId: b\n      summary: s\n    responses"
)


def found(text):
    return {each.code: each for each in examine(read_document(text)).findings}


def repaired(text):
    findings = examine(read_document(text)).findings
    return repair_all(text, [each.repair for each in findings if each.repair]).text


def posting(schema, version):
    body = {"content": {"application/json": {"schema": schema}}}
    answers = {"200": {"description": "d"}}
    operation = {"operationId": "a", "summary": "s", "requestBody": body, "responses": answers}
    return json.dumps(
        {
            "openapi": version,
            "info": {"title": "t", "version": "1"},
            "servers": [{"url": "https://a.example"}],
            "paths": {"/a": {"post": operation}},
            "components": {"schemas": {"P": {"type": "object"}}},
        }
    )


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
@pytest.mark.parametrize("levels", [1, 2, 3])
def test_v9_2_a_reference_below_schema_is_moved_to_where_the_outer_one_stands(version, levels):
    schema = REFERENCE
    for _ in range(levels):
        schema = {"schema": schema}
    text = posting(schema, version)
    findings = found(text)
    assert "schema.member_unknown" not in findings
    finding = findings["schema.schema_below_schema"]
    assert finding.hint.endswith('schema: {$ref: "#/components/schemas/P"}.')
    assert repaired(text) == json.dumps(json.loads(posting(REFERENCE, version)))


def test_v9_2_schema_beside_other_members_is_not_moved():
    text = posting({"schema": REFERENCE, "minLength": 1}, "3.1.0")
    assert "schema.schema_below_schema" not in found(text)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("true", "true"),
        ("{a: 1}", '{"a": 1}'),
        ("[1, null]", "[1, null]"),
        ("'4.0'", "4.0"),
        ("3.5", "3.5"),
        ("x" * 500, "x" * MAX_SHOWN + "\u2026"),
        ("[" + "1, " * 500 + "2]", ("[" + "1, " * 500)[:MAX_SHOWN] + "\u2026"),
    ],
)
def test_v9_2_an_unknown_version_is_shown_as_the_document_has_it(written, shown):
    text = f"openapi: {written}\n{HEAD}{ONE}"
    message = found(text)["schema.version_unknown"].message
    assert message.startswith(f"Version {shown} of OpenAPI")


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_v9_2_responses_beside_the_only_method_without_are_moved_into_it(version):
    text = f"openapi: {version}\n{HEAD}{ONE}"
    finding = found(text)["schema.member_beside_methods"]
    assert text.splitlines()[finding.line - 1] == "    responses:"
    assert finding.hint.endswith("as deep as the other members of get.")
    item = yaml.safe_load(repaired(text))["paths"]["/a"]
    assert [*item] == ["get"]
    assert item["get"]["responses"] == {"200": {"description": "d"}}


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_v9_2_no_answer_is_invented_where_responses_stand_beside_two_methods(version):
    text = f"openapi: {version}\n{HEAD}{TWO}"
    finding = found(text)["schema.member_beside_methods"]
    assert (finding.repair, "members of post" in finding.hint) == (None, True)
    assert yaml.safe_load(repaired(text)) == yaml.safe_load(text)
    assert '"-"' not in repaired(text)


def test_v9_2_responses_below_a_method_that_has_its_own_name_no_method():
    own = '      summary: s\n      responses: {"200": {description: e}}\n'
    text = f"openapi: 3.0.3\n{HEAD}{ONE}".replace("      summary: s\n", own)
    finding = found(text)["schema.member_beside_methods"]
    assert (finding.repair, "such as get" in finding.hint) == (None, True)
