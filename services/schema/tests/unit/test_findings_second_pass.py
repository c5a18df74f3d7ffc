"""What a builder reads about a document: D11 to D19 of the trials, B17 of the field reports."""

import json

import pytest

from schema_service.domain.examination import Verdict, examine
from schema_service.domain.finding import Severity
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.rounds import repair_all
from schema_service.domain.repairing.terms import Terms
from services.schema.tests.documents import SERVER

INFO = {"title": "t", "version": "1"}
OK = {"200": {"description": "d"}}
OPERATION = {"operationId": "a", "summary": "s", "responses": OK}


def api(paths, version="3.1.0", **more):
    head = {"openapi": version, "info": INFO, "servers": [SERVER]}
    return json.dumps({**head, "paths": paths, **more})


def one(path="/a", method="get", version="3.1.0", **members):
    return api({path: {method: {**OPERATION, **members}}}, version)


def found(text):
    return examine(read_document(text))


def by_code(text):
    return {finding.code: finding for finding in found(text).findings}


def repaired(text):
    return repair_all(text, [each.repair for each in found(text).findings if each.repair]).text


def posting(*media_types):
    content = {each: {"schema": {"type": "object"}} for each in media_types}
    return one(method="post", requestBody={"content": content, "required": True})


def header(name):
    return {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}


UNSENDABLE = {
    "header with a line break": one(parameters=[header("X\r\nInjected: 1")]),
    "header with a space": one(parameters=[header("X Y")]),
    "header without a name": one(parameters=[header(":")]),
    "empty media type": posting(""),
    "no media type": posting("nonsense"),
    "media type with a line break": posting("text/plain\r\nX: 1"),
    "dot segments": one("/../../x"),
    "a dot": one("/a/./b"),
    "encoded dots": one("/a/%2e%2e/b"),
    "empty braces": one("/x{}"),
    "open brace": one("/x{a"),
    "closed brace": one("/x}"),
    "braces in braces": one("/{a{b}}"),
    "whole URL": one("https://other.example.org/v1/a"),
    "long operationId": one(operationId="a" * 301),
    "1 MB of operationId": one(operationId="a" * 1_000_000),
}


@pytest.mark.parametrize("text", UNSENDABLE.values(), ids=UNSENDABLE)
def test_d11_d12_what_no_call_can_send_blocks_with_an_error_that_has_a_hint(text):
    examination = found(text)
    assert [each.verdict for each in examination.operations] == [Verdict.BLOCKED]
    errors = [each for each in examination.findings if each.severity is Severity.ERROR]
    assert errors
    assert all(each.hint for each in errors)
    assert not examination.valid


def test_d11_one_good_media_type_is_enough():
    [operation] = found(posting("nonsense", "application/json")).operations
    assert operation.operation.body.media_type == "application/json"


def test_d11_what_swagger_consumes_must_be_a_media_type_too():
    body = {"in": "body", "name": "b", "schema": {"type": "object"}}
    post = {**OPERATION, "consumes": ["nonsense"], "parameters": [body]}
    text = json.dumps(
        {"swagger": "2.0", "info": INFO, "host": "a.example", "paths": {"/a": {"post": post}}}
    )
    assert by_code(text)["schema.body_media_unknown"].severity is Severity.ERROR


@pytest.mark.parametrize("media_type", ["", "nonsense", "schema"])
def test_d11_what_has_no_slash_blocks_an_optional_body_too(media_type):
    text = one(method="post", requestBody={"content": {media_type: {}}})
    assert [each.verdict for each in found(text).operations] == [Verdict.BLOCKED]


def test_d12_an_operation_id_of_300_characters_is_called():
    [operation] = found(one(operationId="a" * 300)).operations
    assert len(operation.operation.name) == 64


@pytest.mark.parametrize(
    ("members", "key", "lines"),
    [
        ('  "200": x\n  200: y\n', "200", "lines 2 and 3"),
        ("  1: x\n  true: y\n", "1 (the same as true)", "lines 2 and 3"),
        ("  false: x\n  0: y\n", "0", "lines 2 and 3"),
        ("  null: x\n  ~: y\n", "null", "lines 2 and 3"),
        ("  a: x\n  b: 1\n  'a': y\n", "a", "lines 2 and 4"),
    ],
)
def test_d13_two_keys_of_one_value_are_an_error(members, key, lines):
    reading = read_document(f"x-a:\n{members}")
    [finding] = [each for each in reading.findings if each.code == "schema.duplicate_key"]
    assert finding.severity is Severity.ERROR
    assert key in finding.message
    assert lines in finding.message
    assert [*reading.document["x-a"].values()][-1] == "y" or "b" in members


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: 1\n? [a, b]\n: c\n", 2), ("a: 1\n{x: 1}: c\n", 2), ("x:\n  [a, b]: c\n", 2)],
)
def test_d13_a_list_or_an_object_as_a_key_is_refused(text, line):
    reading = read_document(text)
    assert reading.document is None
    [finding] = reading.findings
    assert "where the name of a member belongs" in finding.message
    assert finding.line == line


BODY = {
    "in": "body",
    "name": "pet",
    "required": True,
    "schema": {"type": "object", "properties": {"a": {"type": "string"}}},
}


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0", "3.2.0"])
@pytest.mark.parametrize(
    ("parameters", "media_type", "members"),
    [
        ([BODY], "application/json", {"a"}),
        (
            [{"in": "formData", "name": n, "type": "string"} for n in "bc"],
            "application/x-www-form-urlencoded",
            {"b", "c"},
        ),
        ([{"in": "formData", "name": "f", "type": "file"}], "multipart/form-data", {"f"}),
    ],
)
def test_d14_a_body_among_the_parameters_is_made_the_request_body(
    version, parameters, media_type, members
):
    text = one(method="post", version=version, parameters=parameters)
    [operation] = found(text).operations
    assert operation.operation.body.media_type == media_type
    assert {*operation.operation.arguments["properties"]} == members
    findings = found(text).findings
    assert {each.code for each in findings} == {"schema.parameter_makes_body"}
    assert all("requestBody" in each.hint for each in findings)


def test_d14_a_request_body_that_is_there_counts_and_the_parameter_is_left_out():
    content = {"application/json": {"schema": {"type": "object", "properties": {"z": {}}}}}
    text = one(
        method="post", parameters=[{**BODY, "required": False}], requestBody={"content": content}
    )
    [operation] = found(text).operations
    assert {*operation.operation.arguments["properties"]} == {"z"}
    assert "schema.parameter_left_out" in by_code(text)


def test_d17_a_declared_api_key_parameter_is_said_once():
    key = {"type": "apiKey", "in": "header", "name": "X-API-KEY"}
    parameter = {"name": "X-API-KEY", "in": "header", "schema": {"type": "string"}}
    text = api(
        {"/a": {"get": {**OPERATION, "parameters": [parameter]}}},
        components={"securitySchemes": {"k": key}},
        security=[{"k": []}],
    )
    assert {*by_code(text)} == {"schema.parameter_is_credential"}


@pytest.mark.parametrize("types", [["string", "null"], ["null", "string"]])
def test_d17_a_list_of_types_in_3_0_is_one_finding_with_a_repair(types):
    parameter = {"name": "x", "in": "query", "schema": {"type": types}}
    text = one(version="3.0.3", parameters=[parameter])
    [finding] = found(text).findings
    assert finding.code == "schema.types_in_a_list"
    assert finding.hint == "Write type: string and nullable: true."
    schema = json.loads(repaired(text))["paths"]["/a"]["get"]["parameters"][0]["schema"]
    assert schema == {"type": "string", "nullable": True}


def test_d17_a_value_that_is_none_of_the_choices_is_shown_with_them_and_the_nearest():
    text = api(
        {"/a": {"get": OPERATION}}, components={"securitySchemes": {"k": {"type": "apikey"}}}
    )
    [finding] = found(text).findings
    assert finding.message == (
        "The specification does not allow apikey here: it must be apiKey, http, mutualTLS, oauth2 "
        "or openIdConnect"
    )
    assert finding.hint == "Write apiKey, if that was meant."
    assert finding.repair.edits[0].value == "apiKey"


def test_d17_a_scheme_of_http_is_written_as_one():
    text = api(
        {"/a": {"get": OPERATION}}, components={"securitySchemes": {"k": {"type": "bearer"}}}
    )
    scheme = json.loads(repaired(text))["components"]["securitySchemes"]["k"]
    assert scheme == {"type": "http", "scheme": "bearer"}
    assert found(repaired(text)).findings == ()


@pytest.mark.parametrize("key", ["GET", "Get", "gEt"])
def test_d17_a_method_in_capitals_is_read_and_repaired(key):
    text = one(method=key)
    assert [each.method for each in found(text).operations] == ["GET"]
    assert by_code(text)["schema.method_case"].hint.startswith("Write get:")
    assert "get" in json.loads(repaired(text))["paths"]["/a"]


def test_d17_beside_the_same_method_in_small_letters_capitals_are_not_read():
    text = api({"/a": {"get": OPERATION, "GET": {**OPERATION, "operationId": "b"}}})
    assert [each.operation_id for each in found(text).operations] == ["a"]
    repeated = by_code(text)["schema.method_repeated"]
    assert (repeated.severity, repeated.repair) == ("error", None)


@pytest.mark.parametrize(
    ("typo", "meant"), [("psot", "post"), ("gett", "get"), ("delet", "delete")]
)
def test_d17_a_misspelt_method_names_the_one_that_was_meant(typo, meant):
    finding = by_code(one(method=typo))["schema.method_unknown"]
    assert finding.hint == f"Write {meant}, if that was meant."
    assert [each.method for each in found(repaired(one(method=typo))).operations] == [meant.upper()]


def test_d17_a_path_inside_another_is_named_and_moved_out():
    text = """openapi: 3.1.0
info: {title: t, version: '1'}
servers: [{url: "https://a.example"}]
paths:
  /a:
    get: {operationId: a, summary: s, responses: {"200": {description: d}}}
    /b:
      get: {operationId: b, summary: s, responses: {"200": {description: d}}}
"""
    finding = by_code(text)["schema.path_inside_path"]
    assert (finding.severity, finding.line) == (Severity.ERROR, 7)
    assert "/b stands inside path /a" in finding.message
    assert [each.path for each in found(repaired(text)).operations] == ["/b", "/a"]


def test_d17_members_of_an_operation_beside_the_methods_are_named():
    finding = by_code(api({"/a": {"get": OPERATION, "operationId": "b"}}))[
        "schema.member_beside_methods"
    ]
    assert "Move it into the method" in finding.hint


def test_d18_paths_that_are_equal_but_for_names_are_found():
    paths = {
        f"/a/{{{name}}}": {
            "get": {
                **OPERATION,
                "operationId": name,
                "parameters": [
                    {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
                ],
            }
        }
        for name in "xy"
    }
    [finding] = found(api(paths)).findings
    assert (finding.code, finding.pointer) == ("schema.paths_equal", "/paths/~1a~1{y}")
    assert "/a/{x}" in finding.message


@pytest.mark.parametrize("path", [" /a", "/a ", " /a\n"])
def test_d18_white_space_around_a_path_is_left_out_and_said(path):
    text = one(path)
    assert [each.path for each in found(text).operations] == ["/a"]
    assert {*by_code(text)} == {"schema.path_white_space"}
    assert [*json.loads(repaired(text))["paths"]] == ["/a"]


def test_d18_white_space_around_names_and_addresses_is_said():
    parameter = {"name": " x ", "in": "query", "schema": {"type": "string"}}
    text = json.loads(one(operationId=" a ", parameters=[parameter]))
    text["servers"] = [{"url": " https://a.example "}]
    findings = found(json.dumps(text)).findings
    assert [each.code for each in findings] == ["schema.white_space"] * 3
    assert found(repaired(json.dumps(text))).findings == ()


def test_d18_a_url_as_a_path_of_the_same_server_is_cut_by_its_repair():
    text = one(f"{SERVER['url']}/pets")
    assert "schema.path_is_url" in by_code(text)
    assert [each.path for each in found(repaired(text)).operations] == ["/pets"]


@pytest.mark.parametrize(("path", "meant"), [("/pets/:id", "/pets/{id}"), ("/<int:a>/b", "/{a}/b")])
def test_d18_parameters_in_the_style_of_other_programs_are_named(path, meant):
    finding = by_code(one(path))["schema.path_template_foreign"]
    assert finding.repair.edits[0].value == meant


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("a: !custom b\n", 1, "a: b\n"),
        ("a:\n- !x {b: 1}\n", 2, "a:\n- {b: 1}\n"),
        ("a: !<tag:x,1> b\n", 1, "a: b\n"),
    ],
)
def test_d18_tags_are_named_and_taken_out(text, line, expected):
    [finding] = read_document(text).findings
    assert (finding.code, finding.line) == ("schema.tag_unknown", line)
    assert repair_all(text, [finding.repair], Terms(rounds=1)).text == expected


@pytest.mark.parametrize(
    "text", ["a: 'x: !y z'\n", "a: |\n  b: !c d\n", "a: !!str 1\n", "a: x !y\n"]
)
def test_d18_an_exclamation_mark_in_a_text_is_no_tag(text):
    assert read_document(text).findings == ()


@pytest.mark.parametrize("text", ['{"a": "b\\u0000c"}', 'a: "b\\0c"\n', 'a: "b\\x00c"\n'])
def test_d18_a_nul_is_named_and_removed(text):
    [finding] = read_document(text).findings
    assert (finding.code, finding.pointer) == ("schema.nul_character", "/a")
    assert read_document(repair_all(text, [finding.repair], Terms(rounds=1)).text).document == {
        "a": "bc"
    }


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0", "3.2.0"])
def test_d19_no_answers_is_one_finding_that_says_that_calls_work(version):
    text = one(version=version, responses={})
    [finding] = found(text).findings
    assert finding.code == "schema.responses_missing"
    assert "calls work without" in finding.message
    assert '"200"' in finding.hint
    assert [each.verdict for each in found(text).operations] == [Verdict.READY]
    assert found(repaired(text)).findings == ()


def header_key(name):
    return {"type": "apiKey", "in": "header", "name": name}


SCHEMES = {"key": header_key("X-API-KEY"), "app": header_key("X-APP-ID")}


def secured(*requirements, schemes=None):
    schemes = {"securitySchemes": schemes or SCHEMES}
    return api({"/a": {"get": OPERATION}}, components=schemes, security=[*requirements])


def test_b17_two_keys_that_are_needed_together_are_to_be_set_as_several_headers():
    [finding] = found(secured({"key": [], "app": []})).findings
    assert (finding.code, finding.severity) == ("schema.security_together", Severity.NOTE)
    assert finding.message == "Calls need key and app together"
    assert "several headers" in finding.hint
    assert "X-API-KEY, X-APP-ID" in finding.hint


def test_b17_alternatives_are_still_said_to_be_alternatives():
    assert {*by_code(secured({"key": []}, {"app": []}))} == {"schema.security_several"}


def test_b17_together_or_alone_says_both():
    both = {*by_code(secured({"key": [], "app": []}, {"key": []}))}
    assert both == {"schema.security_together", "schema.security_several"}


def test_b17_what_cannot_be_set_together_says_so():
    schemes = {**SCHEMES, "app": {"type": "apiKey", "in": "query", "name": "app"}}
    [finding] = found(secured({"key": [], "app": []}, schemes=schemes)).findings
    assert "only ones that can be set together" in finding.hint
