"""What findings say is so."""

import copy
import json

import pytest

from schema_service.domain.examined import examine_text
from schema_service.domain.finding import Edit, Repair
from schema_service.domain.needed_values import NO_VALUES, NeededValues
from schema_service.domain.repairing.rounds import repair_all
from schema_service.domain.repairing.terms import Terms

PATHS = {
    "/a": {"get": {"operationId": "a", "summary": "s", "responses": {"200": {"description": "d"}}}}
}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "servers": [{"url": "https://api.acme.io"}],
    "paths": PATHS,
}


def document(**members):
    return json.dumps({**copy.deepcopy(DOCUMENT), **members}, indent=1)


def findings_of(text, source_url=None):
    return examine_text(text.encode(), source_url=source_url).findings.items()


def said(found, code):
    return [f"{each['message']}. {each['hint']}" for each in found if each["code"] == code]


def repaired(text, values=NO_VALUES, source_url=None):
    given = [each["repair"] for each in findings_of(text, source_url) if each["repair"]]
    chosen = [Repair.of(each["title"], map(Edit.of, each["edits"])) for each in given]
    return repair_all(text, chosen, Terms(source_url, values))


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0", "3.2.0"])
@pytest.mark.parametrize(
    ("scheme", "wrong"),
    [
        ({"type": "apiKey", "name": "X"}, "in"),
        ({"type": "apiKey", "name": "X", "in": "body"}, "in"),
        ({"type": "http", "bearerFormat": "JWT"}, "scheme"),
        ({"type": "oauth2", "flows": {"implicit": {"scopes": {}}}}, "authorizationUrl"),
    ],
)
def test_nc15_a_member_that_a_scheme_has_is_not_called_unknown(version, scheme, wrong):
    text = document(openapi=version, components={"securitySchemes": {"k": scheme}})

    found = findings_of(text)
    assert said(found, "schema.member_unknown") == []
    assert [each for each in found if each["pointer"].endswith(f"/{wrong}")]


def test_nc15_a_member_that_no_scheme_of_its_type_has_is_unknown():
    scheme = {"type": "http", "scheme": "bearer", "name": "X"}
    text = document(components={"securitySchemes": {"k": scheme}})

    assert len(said(findings_of(text), "schema.member_unknown")) == 1


def test_nc15_a_member_with_a_wrong_value_is_not_called_unknown():
    parameter = {"name": "x", "in": "query", "schema": {"type": "string"}, "allowReserved": "x"}
    paths = copy.deepcopy(PATHS)
    paths["/a"]["get"]["parameters"] = [parameter]

    found = findings_of(document(paths=paths))
    assert said(found, "schema.member_unknown") == []
    assert len(said(found, "schema.value_of_wrong_type")) == 1


@pytest.mark.parametrize("members", [{}, {"basePath": "/v1"}])
def test_nc15_a_swagger_document_is_not_told_of_servers(members):
    text = json.dumps(
        {"swagger": "2.0", "info": DOCUMENT["info"], "paths": PATHS, **members}, indent=1
    )

    (hint,) = said(findings_of(text, "https://docs.acme.io/a.json"), "schema.server_from_import")
    assert "servers" not in hint
    assert "host" in hint
    assert "basePath" in hint


def test_nc15_host_and_what_belongs_to_it_leave_together():
    members = {"host": "api.acme.io", "basePath": "/v1", "schemes": ["https"]}
    text = document(openapi=3, **members)
    data = json.loads(text)
    del data["servers"]

    done = repaired(json.dumps(data, indent=1))
    after = json.loads(done.text)
    assert after["servers"] == [{"url": "https://api.acme.io/v1"}]
    assert not {*members} & {*after}


@pytest.mark.parametrize(
    ("name", "value", "place"),
    [
        ("host", "api.acme.io", "servers"),
        ("schemes", ["https"], "servers"),
        ("definitions", {"A": {"type": "object"}}, "components.schemas"),
        ("securityDefinitions", {}, "components.securitySchemes"),
        ("consumes", ["application/json"], "content"),
    ],
)
def test_nc15_members_of_swagger_in_openapi_3_say_where_that_stands_there(name, value, place):
    (text,) = said(findings_of(document(**{name: value})), "schema.member_unknown")

    assert place in text
    assert "Correct the name" not in text


def referring(reference, **members):
    paths = copy.deepcopy(PATHS)
    content = {"application/json": {"schema": {"$ref": reference}}}
    paths["/a"]["get"] |= {"requestBody": {"content": content}}
    paths["/a"]["post"] = paths["/a"].pop("get")
    return document(paths=paths, **members)


@pytest.mark.parametrize(
    ("reference", "members", "way"),
    [
        ("pets.yaml#/Pet", {}, "with `bundle`"),
        ("https://docs.acme.io/pets.yaml#/Pet", {}, "with `bundle`"),
        ("https://other.acme.io/pets.yaml#/Pet", {}, "only from the origin"),
        ("https://other.acme.io/pets.yaml#/Pet", {"x-bundled": {}}, "only from the origin"),
        ("pets.yaml#/Pet", {"x-bundled": {}}, "could not be fetched into this bundle"),
    ],
)
def test_nc15_bundle_is_advised_only_where_it_helps(reference, members, way):
    found = findings_of(referring(reference, **members), "https://docs.acme.io/api.json")

    (text,) = said(found, "schema.reference_remote")
    assert way in text


@pytest.mark.parametrize("variables", [{}, {"tenant": "acme"}])
def test_nc15_where_the_base_url_replaced_the_server_that_is_what_is_said(variables):
    text = document(servers=[{"url": "https://{tenant}/v1"}])

    done = repaired(text, NeededValues("https://api.real.io", variables))
    assert done.applied == ("Write your API's base URL",)
    assert json.loads(done.text)["servers"] == [{"url": "https://api.real.io/v1"}]


YAML = """openapi: 3.0.3
info: {title: t, version: "1"}
servers: [{url: "https://api.acme.io"}]
paths:
  /a:
    get:
      operationId: a
      summary: s
      responses: {"200": {description: d}}
"""


@pytest.mark.parametrize(
    "text",
    [
        YAML.replace("info:", "// what it is\ninfo:"),
        YAML.replace("      summary", "      // in short\n      summary"),
        YAML.replace('version: "1"}', 'version: "1"} // both'),
        YAML.replace('"https://api.acme.io"}]', '"https://api.acme.io"}] // ours'),
        YAML.replace("summary: s", "summary: 's' // in short"),
    ],
)
def test_nc15_comments_of_programs_are_named_in_yaml(text):
    lines = [f" {line}" for line in text.split("\n")]
    at = next(number for number, line in enumerate(lines, 1) if " // " in line)

    (found,) = findings_of(text)
    assert found["line"] == at
    assert "Write # in place of //" in found["hint"]
    assert examine_text(repaired(text).text.encode(), source_url=None).valid


def test_nc15_slashes_in_texts_are_no_comments():
    text = YAML.replace("summary: s", 'summary: "a" b\n      description: |\n        // code')

    assert "// code" in repaired(text).text


@pytest.mark.parametrize("blank", ["", "\n  "])
def test_nc15_json_without_its_first_brace_is_named_and_repaired(blank):
    text = blank + document()[1:].lstrip()

    (found,) = findings_of(text)
    assert "the first {" in found["message"]
    assert json.loads(repaired(text).text) == DOCUMENT


@pytest.mark.parametrize(
    ("before", "kept"),
    [
        ("yaml\n", False),
        ("yaml\nCopy code\n", False),
        ("Here is the document\n", True),
        ("Sure!\n\nHere is the document\n\n", True),
    ],
)
def test_nc13_text_before_a_document_is_named(before, kept):
    text = before + YAML

    found = findings_of(text)
    assert "before the document" in found[0]["message"]
    assert found[0]["line"] == 1
    done = repaired(text).text
    assert examine_text(done.encode(), source_url=None).valid
    assert ("# Here is the document" in done) is kept


@pytest.mark.parametrize("junk", ["yamlCopy code", "yaml", "Copy code"])
def test_nc13_what_a_page_shows_above_a_document_leaves_its_first_name(junk):
    text = junk + YAML

    assert "schema.version_missing" not in {each["code"] for each in findings_of(text)}
    assert "openapi here" not in " ".join(each["message"] for each in findings_of(text))
    assert repaired(text).text == YAML


@pytest.mark.parametrize(
    "behind",
    ["Let me know!\n", "\nNote that you must replace the key.\n", "```\n", "\n```\nLet me know!\n"],
)
def test_nc13_text_behind_a_document_is_named(behind):
    (found, *_) = findings_of(YAML + behind)

    assert "behind the document" in found["message"]
    assert examine_text(repaired(YAML + behind).text.encode(), source_url=None).valid


@pytest.mark.parametrize("line", ["Note: you must replace the key.", "Here is it:"])
def test_nc13_a_sentence_that_reads_as_a_member_is_taken_for_one_that_does_not_belong(line):
    (text,) = said(findings_of(f"{YAML}{line}\n"), "schema.member_unknown")

    assert "leave it out" in text


def test_nc15_names_that_stand_twice_because_of_a_method_in_between_say_so():
    inner = "      post:\n      operationId: b\n      summary: t\n"
    found = findings_of(YAML + inner)

    hints = {each["code"]: each["hint"] for each in found}
    assert "of post, which stands too deep" in hints["schema.duplicate_key"]
    assert "Move this line to the left by 2 columns" in hints["schema.operation_misplaced"]


def test_nc15_names_that_stand_twice_alone_say_only_that():
    found = findings_of(YAML + "      summary: t\n")

    (text,) = said(found, "schema.duplicate_key")
    assert "too deep" not in text
