"""Rows of the hostile list that a document's texts can be: H69 to H75, H78 and H79, in process.

The same over the running service: tests/security/test_hostile_documents.py.
"""

import json

import pytest

from contracts.tool_forms.definition import Flavour, tool_for
from schema_service.domain.examination import Verdict, examine
from schema_service.domain.examined import examine_text
from schema_service.domain.reading.read_document import read_document
from services.schema.tests.documents import SERVER, answer, api, codes, get, only, post

OK = {"200": {"description": "d"}}
HIDDEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u180e\u200b\u200e\u200f\u202a\u202e\u2060\u2066"
    "\u2069\u3164\ufe00\ufeff\uffa0\ufff9\U0001bca0\U0001d173\U000e0001\U000e0041\U000e0101"
)
PLACEHOLDERS = "${HOME} {{secret}} %(x)s {0.__class__} {jndi:ldap://x}"


def tool(operation, flavour=Flavour.OPENAI):
    return tool_for(operation.name, operation, flavour).definition


def test_h69_properties_with_names_of_python_are_ordinary_properties():
    schema = {"type": "object", "properties": {"__proto__": {"type": "string"}, "self": {}}}
    assert {*only(post(schema)).arguments["properties"]} == {"proto", "self"}


@pytest.mark.parametrize(
    "reference",
    ["http://169.254.169.254/x", "file:///etc/passwd", "//host/x", "../x.yaml", "x.yaml#/a"],
)
def test_h70_a_reference_that_leads_out_blocks_and_is_never_followed(reference):
    parameter = {"name": "x", "in": "query", "schema": {"$ref": reference}}
    examination = answer(get(parameters=[parameter]))
    assert [each.verdict for each in examination.operations] == [Verdict.BLOCKED]
    assert "schema.reference_remote" in codes(examination)


def test_h71_a_chain_of_10_000_references_ends():
    schemas = {f"S{i}": {"$ref": f"#/components/schemas/S{i + 1}"} for i in range(10_000)}
    document = post({"$ref": "#/components/schemas/S0"})
    document["components"] = {"schemas": schemas | {"S10000": {"type": "string"}}}
    assert only(document).body is not None


def test_h71_a_ring_of_references_is_an_error():
    document = post({"$ref": "#/components/schemas/A"})
    a, b = ({"$ref": f"#/components/schemas/{name}"} for name in "BA")
    document["components"] = {"schemas": {"A": a, "B": b}}
    assert "schema.reference_cycle" in codes(answer(document))


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [" + "*a, " * 1_000 + "]",
        "openapi: 3.1.0\npaths: {}\nx: !!python/object/apply:os.system ['id']\n",
        "openapi: 3.1.0\npaths:\n\t/a: {}\n",
        "openapi: 3.1.0\npaths: {}\npaths: {}\n",
        "[" * 60_000,
    ],
)
def test_h72_hostile_yaml_is_answered_with_findings(text):
    assert examine(read_document(text)).findings


def test_h73_a_pattern_that_backtracks_for_ever_needs_no_backtracking():
    parameter = {"name": "x", "in": "query", "schema": {"type": "string", "pattern": "^(a+)+$"}}
    [detected] = answer(get(parameters=[parameter])).operations
    assert detected.operation is not None
    lookahead = {**parameter, "schema": {"type": "string", "pattern": "(?=a)b"}}
    assert "schema.pattern_unsupported" in codes(answer(get(parameters=[lookahead])))


@pytest.mark.parametrize("flavour", Flavour)
def test_h74_models_get_no_hidden_character_of_names_summaries_and_descriptions(flavour):
    inner = {"type": "object", "properties": {"n": {"type": "string", "description": f"n{HIDDEN}"}}}
    schema = {"type": "object", "properties": {"p": {**inner, "description": f"x{HIDDEN}"}}}
    document = post(schema)
    node = document["paths"]["/pets"]["post"]
    node |= {
        "operationId": f"add{HIDDEN}Pet",
        "description": f"d{HIDDEN}",
        "parameters": [
            {
                "name": f"q{HIDDEN}",
                "in": "query",
                "description": HIDDEN,
                "schema": {"title": HIDDEN},
            }
        ],
    }
    for summary in (f"s{HIDDEN}", HIDDEN):
        node["summary"] = summary
        shown = json.dumps(tool(only(document), flavour), ensure_ascii=False)
        assert not {*shown} & {*HIDDEN}


@pytest.mark.parametrize("character", HIDDEN)
def test_h74_the_builder_reads_which_characters_are_where(character):
    document = get(summary=f"a{character}b{character}")
    [finding] = [each for each in answer(document).findings if "hidden" in each.code]
    assert (finding.code, finding.pointer) == (
        "schema.hidden_characters",
        "/paths/~1pets/get/summary",
    )
    assert f"U+{ord(character):04X} (2 times)" in finding.message
    assert finding.repair.edits[0].value == "ab"


def test_h74_names_and_descriptions_below_are_flagged_however_they_are_written():
    schema = {
        "type": "object",
        "properties": {"a\u200b": {"description": "b\u202e", "enum": ["c\u2066"]}},
    }
    text = json.dumps({**post(schema), "tags": [{"name": "t", "description": "x\U000e0041"}]})
    place = "/paths/~1pets/post/requestBody/content/application~1json/schema/properties/a\u200b"
    for written in (text, text.encode().decode("unicode_escape").encode("utf-16", "surrogatepass")):
        found = examine(read_document(written)).findings
        assert {(each.code, each.pointer) for each in found if "hidden" in each.code} == {
            ("schema.hidden_in_name", place),
            ("schema.hidden_characters", f"{place}/description"),
            ("schema.hidden_in_name", f"{place}/enum/0"),
            ("schema.hidden_characters", "/tags/0/description"),
        }


def written(character):
    """As documents may write it, between quotation marks."""
    yield character
    yield json.dumps(character)[1:-1]
    yield json.dumps(character)[1:-1].upper().replace("\\U", "\\u")
    yield f"\\U{ord(character):08x}"
    if ord(character) < 256:
        yield f"\\x{ord(character):02x}"


@pytest.mark.parametrize("character", HIDDEN)
def test_h74_below_it_is_found_however_it_is_written(character):
    for each in written(character):
        text = f'openapi: 3.1.0\npaths: {{}}\nx-a: {{b: "c{each}"}}\n'
        [finding] = [f for f in examine(read_document(text)).findings if "hidden" in f.code]
        assert (finding.code, finding.pointer) == ("schema.hidden_in_name", "/x-a/b")


@pytest.mark.parametrize("run", ["\u200c\u200d", "\u200d\u200d\u200d", "\ufe0f\ufe0e"])
@pytest.mark.parametrize("escaped", [True, False])
def test_h74_of_joiners_in_a_row_the_first_one_stays(run, escaped):
    text = json.dumps(get(summary=f"a{run}b"), ensure_ascii=escaped)
    [finding] = [each for each in examine(read_document(text)).findings if "hidden" in each.code]
    assert finding.repair.edits[0].value == f"a{run[0]}b"
    description = tool(only(get(summary=f"a{run}b")))["function"]["description"]
    assert description == f"a{run[0]}b"


NESTED = {
    "type": "object",
    "properties": {
        "default": {"type": "string", "description": "d\u200b"},
        "k\u200b": {"type": "string", "enum": ["e\u2066", "f"]},
        "o": {
            "type": "object",
            "properties": {
                "n\u202e": {"type": "string", "format": "odd\u200b", "example": "x\u200b"},
                "p": {
                    "type": "object",
                    "properties": {"description": {"type": "string"}},
                    "default": {"description": "y\u200b"},
                },
            },
        },
    },
}


@pytest.mark.parametrize("flavour", Flavour)
@pytest.mark.parametrize("strict", [True, False])
def test_h74_names_and_values_stay_as_they_are_and_everything_else_loses_them(flavour, strict):
    operation = only(post({"type": "object", "properties": {"a": NESTED}}))
    definition = tool_for(operation.name, operation, flavour, strict=strict).definition
    schema = next(
        each
        for each in (
            definition.get("input_schema"),
            definition.get("inputSchema"),
            definition.get("function", {}).get("parameters"),
        )
        if each
    )
    members = schema["properties"]["a"]["properties"]

    assert [*members] == ["default", "k\u200b", "o"]
    assert members["k\u200b"]["enum"][0] == "e\u2066"
    inner = members["o"]["properties"]
    assert [*inner] == ["n\u202e", "p"]
    kept = json.dumps(schema, ensure_ascii=False).replace("k\u200b", "").replace("n\u202e", "")
    kept = kept.replace("e\u2066", "").replace("odd\u200b", "")
    assert not {*kept} & {*HIDDEN}
    if strict and flavour is Flavour.OPENAI:
        assert inner["n\u202e"]["description"] == "Format: odd."


def test_h74_each_hidden_name_value_and_text_below_is_flagged_for_what_it_is():
    found = examine(read_document(json.dumps(post(NESTED)))).findings
    place = "/paths/~1pets/post/requestBody/content/application~1json/schema/properties"
    said = {
        each.pointer.removeprefix(place): (each.code, "not told" in each.message)
        for each in found
        if "hidden" in each.code
    }
    assert said == {
        "/default/description": ("schema.hidden_characters", False),
        "/k\u200b": ("schema.hidden_in_name", False),
        "/k\u200b/enum/0": ("schema.hidden_in_name", False),
        "/o/properties/n\u202e": ("schema.hidden_in_name", False),
        "/o/properties/n\u202e/format": ("schema.hidden_in_name", False),
        "/o/properties/n\u202e/example": ("schema.hidden_in_name", True),
        "/o/properties/p/default/description": ("schema.hidden_in_name", True),
    }


def test_h74_what_scripts_and_emoji_need_is_no_finding():
    words = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    mongolian, heart = "\u182d\u180b", "\u2764\ufe0f\u200d\U0001f525"
    document = get(summary=f"\U0001f469\u200d\U0001f4bb {words} {heart} {mongolian}")
    assert codes(answer(document)) == []


def test_h74_long_texts_are_cut_for_models():
    described = tool(only(get(description="x " * 5_000)))["function"]["description"]
    assert len(described) <= 300


def test_h75_colliding_and_reserved_ids_get_names_that_are_the_same_every_time():
    ids = ["x" * 200, "x" * 200, "a b", "a_b", "__proto__", "constructor", "a/b", "\u00e9"]
    paths = {f"/{i}": {"get": {"operationId": each, "responses": OK}} for i, each in enumerate(ids)}
    names = [[each.name for each in answer(api(paths)).operations] for _ in range(2)]
    assert names[0] == names[1]
    assert len({*names[0]}) == len(ids)
    assert all(0 < len(name) <= 64 for name in names[0])


def test_h75_an_id_of_1_000_characters_is_an_error():
    assert "schema.operation_id_too_long" in codes(answer(get(operationId="x" * 1_000)))


def test_h78_placeholders_stay_letters_in_documents_findings_and_repairs():
    document = api(
        {f"/{PLACEHOLDERS}": {"get": {"operationId": PLACEHOLDERS, "summary": PLACEHOLDERS}}}
    )
    document["openapi"] = PLACEHOLDERS
    found = answer(document)
    assert any(PLACEHOLDERS in each.message for each in found.findings)
    assert tool(only(get(description=PLACEHOLDERS)))["function"]["description"].endswith(
        PLACEHOLDERS
    )


def test_h78_placeholders_in_what_is_no_document_stay_letters():
    for text in (
        f"a: {PLACEHOLDERS}: b\n",
        json.dumps({PLACEHOLDERS: 1}),
        f"a: {{x: '{PLACEHOLDERS}\n",
    ):
        messages = [
            each["message"]
            for each in examine_text(text.encode(), source_url=None).findings.items()
        ]
        assert messages
        assert not any("class '" in message for message in messages)


@pytest.mark.parametrize(
    "text", ["<html>Sign in</html>", "<!DOCTYPE html>", "not found", "404", ""]
)
def test_h79_what_an_import_answers_instead_of_a_document_is_a_finding(text):
    examined = examine_text(text.encode(), source_url=SERVER["url"])
    assert not examined.readable
    [finding] = examined.findings.items()
    assert finding["code"] == "schema.unparsable"
    assert finding["hint"]
