"""Small texts that were not so, each as somebody wrote it (nc9, 18 and 8)."""

import pytest

from schema_service.domain.examined import examine_text
from schema_service.domain.finding import Edit, Repair
from schema_service.domain.repairing.rounds import repair_all

YAML = """openapi: 3.1.0
info: {title: t, version: "1"}
servers: [{url: "https://api.acme.io"}]
paths:
  /a:
    post:
      operationId: a
      summary: s
      parameters:
      - name: limit
        in: query
        schema: {type: string}
      responses: {"200": {description: d}}
"""
BODY = "requestBody: {content: {json: {schema: {type: object, properties: {a: {type: string}}}}}}"
SWAGGER = """swagger: "2.0"
info: {title: t, version: "1"}
host: api.acme.io
basePath: v1
paths:
  /a: {get: {operationId: a, summary: s, responses: {"200": {description: d}}}}
"""


def findings_of(text):
    return examine_text(text.encode(), source_url=None).findings.items()


def finding(text, code):
    (found,) = [each for each in findings_of(text) if each["code"] == f"schema.{code}"]
    return found


def repaired(text):
    given = [each["repair"] for each in findings_of(text) if each["repair"]]
    chosen = [Repair.of(each["title"], map(Edit.of, each["edits"])) for each in given]
    return repair_all(text, chosen).text


@pytest.mark.parametrize(
    ("written", "meant"),
    [("v3.0.1", "3.0.1"), ("V3.1.0", "3.1.0"), ("3", "3.1.0"), ("v3.1", "3.1.0")],
)
def test_nc18_a_version_that_says_which_it_is_is_repaired(written, meant):
    text = YAML.replace("3.1.0", written)

    assert finding(text, "version_unknown")["hint"] == f"Write openapi: {meant}."
    assert repaired(text) == YAML.replace("3.1.0", f'"{meant}"')


@pytest.mark.parametrize("written", ["2", "2.x", "'2'", "v2.0"])
def test_v9_3_a_version_of_swagger_that_says_which_it_is_is_repaired(written):
    text = SWAGGER.replace('"2.0"', written).replace("basePath: v1", "basePath: /v1")

    assert finding(text, "version_unknown")["hint"] == "Write swagger: 2.0."
    assert repaired(text).startswith('swagger: "2.0"\n')


def test_v9_3_a_member_of_the_authors_own_is_no_version():
    text = f"x-generated-from-openapi: 3.0.1\n{YAML.partition(chr(10))[2]}"

    finding(text, "version_missing")
    assert repaired(text) == f'openapi: "3.1.0"\n{text}'


def test_nc18_a_version_that_nobody_knows_has_no_repair():
    assert finding(YAML.replace("3.1.0", "4.0.0"), "version_unknown")["repair"] is None


@pytest.mark.parametrize("marks", [",", ",,", ";"])
def test_nc18_a_mark_behind_a_value_stands_in_quotes_with_it(marks):
    found = finding(YAML.replace("name: limit", f"name: limit{marks}"), "mark_behind_value")
    name = "semicolon" if marks == ";" else "comma"

    assert found["message"] == f'This value was read as "limit{marks}", with the {name} at its end'


@pytest.mark.parametrize(("mark", "name"), [(",", "comma"), (";", "semicolon"), (":", "colon")])
def test_nc18_the_mark_behind_an_operation_id_has_its_own_name(mark, name):
    text = YAML.replace("operationId: a", f'operationId: "a{mark}"')

    assert f"no {name} stands" in finding(text, "operation_id_mark")["hint"]


@pytest.mark.parametrize(("mark", "name"), [(",", "comma"), (";", "semicolon")])
def test_nc18_a_mark_behind_quotes_is_left_out(mark, name):
    text = YAML.replace("summary: s", f'summary: "s"{mark}')

    assert f"a {name} stands behind a text in quotes" in finding(text, "unparsable")["message"]
    assert repaired(text) == YAML.replace("summary: s", 'summary: "s"')


@pytest.mark.parametrize(("name", "counts"), [("params", False), ("Parameters", True)])
def test_nc18_capital_letters_are_named_where_they_differ(name, counts):
    found = finding(YAML.replace("parameters:", f"{name}:"), "member_misspelt")

    assert ("capital letters" in found["hint"]) is counts


def test_nc18_a_text_that_begins_with_a_hash_needs_quotes():
    found = finding(YAML.replace("summary: s", "summary: #1 list"), "value_of_wrong_type")

    assert "begins with #" in found["hint"]


@pytest.mark.parametrize("host", ["$HOST", "%s", "%HOST%", "YOUR_HOST"])
def test_nc18_what_stands_for_a_host_in_programs_is_a_placeholder(host):
    found = finding(YAML.replace("api.acme.io", f"{host}/v1"), "server_placeholder")

    assert host in found["message"]


def test_nc18_a_dollar_in_a_path_is_no_placeholder_of_a_program():
    assert not [
        each
        for each in findings_of(YAML.replace("acme.io", "acme.io/$batch"))
        if each["code"] == "schema.server_placeholder"
    ]


def test_nc18_a_media_type_for_short_is_repaired():
    text = YAML.replace("summary: s", f"summary: s\n      {BODY}")

    assert finding(text, "body_media_unknown")["repair"]["title"] == "Write application/json"
    assert "{application/json: {" in repaired(text)


@pytest.mark.parametrize("base", ["v1", "v1/", "api/v1"])
def test_nc18_a_base_path_without_slash_is_repaired(base):
    text = SWAGGER.replace("basePath: v1", f"basePath: {base}")

    assert f"basePath: /{base.strip('/')}\n" in repaired(text)


def test_nc18_a_number_with_a_plus_is_named_in_words():
    text = '{"openapi": "3.1.0", "info": {"title": "t", "version": "1", "x-a": +1}, "paths": {}}'

    assert "begins with +" in findings_of(text)[0]["message"]


def test_nc08_a_list_of_objects_as_a_deep_object_says_what_is_lost():
    items = "{type: array, items: {type: object, properties: {n: {type: string}}}}"
    text = YAML.replace("schema: {type: string}", f"style: deepObject\n        schema: {items}")

    message = finding(text, "style_undefined")["message"]
    assert "a list of objects" in message
    assert "which item each is of" in message
