"""A repair of YAML text loses nothing that the text plainly lists (newcomer's 8)."""

import pytest

from schema_service.domain.examination import examine
from schema_service.domain.needed_values import NeededValues
from schema_service.domain.reading.json_reader import Unreadable
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.reading.yaml_reader import read_yaml
from schema_service.domain.reading.yaml_slips import yaml_slips
from schema_service.domain.repairing.rounds import repair_all
from schema_service.domain.repairing.terms import Terms

HEAD = 'openapi: 3.1.0\ninfo: {title: t, version: "1"}\nservers: [{url: "https://api.foo.dev"}]\n'
GET = f"{HEAD}paths:\n  /a:\n    get:\n      operationId: a\n      summary: s\n"
ANSWERS = "      responses: {default: {description: d}}\n"
LIST = f"{GET}      parameters:\n"


def repaired(text):
    found = examine(read_document(text)).findings
    terms = Terms(values=NeededValues("https://api.foo.dev"))
    return repair_all(text, [each.repair for each in found if each.repair], terms).text


def operations(text):
    return {
        each.operation_id: {*(each.operation.arguments.get("properties", {}))}
        for each in examine(read_document(text)).operations
        if each.operation
    }


DASHES = {
    "at the members' column": "      -name: q\n        in: query\n        schema: {type: string}\n",
    "one column less": "      -name: q\n       in: query\n       schema: {type: string}\n",
    "deeper": "        -in: query\n          name: q\n",
    "items without colon spaces": "      - name:q\n        in:query\n",
    "one of them": "      - name:q\n        in: query\n",
}


@pytest.mark.parametrize("items", DASHES.values(), ids=DASHES)
def test_n8_a_dash_or_a_colon_without_its_space_keeps_the_parameter(items):
    assert operations(repaired(LIST + items + ANSWERS)) == {"a": {"q"}}


def test_n8_two_dashes_without_a_space_are_one_slip():
    text = LIST + DASHES["one column less"] + "      -name: z\n       in: query\n" + ANSWERS
    assert operations(repaired(text)) == {"a": {"q", "z"}}


@pytest.mark.parametrize(
    "value",
    [
        "[{name: q, in: query, schema: {type: string}]",
        "[{name: q, in: query, schema: {type: string}",
        "[{name: q, in: query, schema: {type: string, format: date}]",
        "[{name:q, in:query, schema:{type:string}}]",
    ],
)
def test_n8_a_list_in_brackets_with_a_slip_is_never_made_a_text(value):
    text = f"{GET}      parameters: {value}\n{ANSWERS}"
    assert operations(repaired(text)) == {"a": {"q"}}


@pytest.mark.parametrize(
    "value",
    ["[{name: q, schema: {type: string, in: query}]", "[{name: q, in: query]]", "[{name: q: r}]"],
)
def test_n8_a_bracket_that_may_belong_to_two_places_has_a_hint_and_no_repair(value):
    text = f"{GET}      parameters: {value}\n{ANSWERS}"
    [finding] = read_document(text).findings
    assert (finding.line, finding.repair) == (9, None)
    assert finding.hint


def test_n8_commas_at_the_end_of_lines_go_together():
    text = f"{GET}{ANSWERS}".replace("operationId: a\n", "operationId: a,\n")
    text = text.replace("summary: s\n", "summary: Now, then,\n").replace("d}}\n", "d}},\n")
    after = repaired(text)
    assert operations(after) == {"a": set()}
    assert "summary: Now, then,\n" in after
    assert "description: d}}\n" in after


def test_n8_a_text_that_goes_on_deeper_is_put_in_quotes_and_makes_no_member():
    text = f"{GET}      description: first line\n        second: line\n{ANSWERS}"
    [operation] = read_document(repaired(text)).document["paths"]["/a"].values()
    assert operation["description"] == "first line second: line"
    assert "second" not in operation


def test_n8_a_text_or_a_member_has_a_hint_and_no_repair():
    text = f"{GET}      description: first line\n        summary: line\n{ANSWERS}"
    [finding, *_] = read_document(text).findings
    assert finding.repair is None


def test_n8_a_member_that_no_text_begins_with_is_moved_to_its_column():
    text = f"{HEAD}paths:\n  /a:\n    get:\n      summary: Lists pets\n        operationId: a\n"
    assert operations(repaired(text + ANSWERS)) == {"a": set()}


@pytest.mark.parametrize("tabs", [1, 2])
def test_n8_tabs_below_spaces_stay_below_them(tabs):
    deep = "\t" * tabs
    text = f"{HEAD}paths:\n  /a:\n{deep}get:\n{deep}\toperationId: a\n{deep}\tresponses: {{}}\n"
    assert operations(repaired(text)) == {"a": set()}


def test_n8_a_method_that_is_no_misspelt_one_has_no_repair():
    for method, codes in (("fetch", [False]), ("pots", [True]), ("gett", [True])):
        found = examine(read_document(GET.replace("get:", f"{method}:") + ANSWERS)).findings
        unknown = [each for each in found if each.code == "schema.method_unknown"]
        assert [each.repair is not None for each in unknown] == codes


@pytest.mark.parametrize(
    ("path", "repaired_path"),
    [("GET /a", "/a"), ("api.foo.dev/v2/a", "/v2/a"), ("other.foo.dev/a", "other.foo.dev/a")],
)
def test_n8_a_path_that_names_more_than_a_path_is_blocked_and_gets_no_slash(path, repaired_path):
    text = GET.replace("/a:", f'"{path}":') + ANSWERS
    assert not examine(read_document(text)).valid
    assert [*read_document(repaired(text)).document["paths"]] == [repaired_path]


@pytest.mark.parametrize(
    "url",
    ["https//api.foo.dev", "https:/api.foo.dev", "htps://api.foo.dev", "http;//api.foo.dev"],
)
def test_n8_a_misspelt_scheme_is_written_right_and_is_no_part_of_a_path(url):
    text = GET.replace("https://api.foo.dev", url) + ANSWERS
    [server] = read_document(repaired(text)).document["servers"]
    assert server["url"] == "https://api.foo.dev"


def test_n8_in_querystring_in_3_1_has_a_hint_and_no_repair():
    content = "{text/plain: {schema: {type: string}}}"
    text = f"{GET}      parameters: [{{name: q, in: querystring, content: {content}}}]\n{ANSWERS}"
    found = examine(read_document(text)).findings
    [finding] = [each for each in found if each.code == "schema.value_not_allowed"]
    assert finding.repair is None
    assert "3.2.0" in finding.hint


@pytest.mark.parametrize(
    ("keyword", "written", "meant"),
    [("maximum", "9", 9), ("minLength", "3", 3), ("uniqueItems", "true", True)],
)
def test_n8_a_limit_in_quotes_is_unquoted_and_never_removed(keyword, written, meant):
    schema = f'{{type: string, {keyword}: "{written}"}}'
    text = f"{GET}      parameters: [{{name: q, in: query, schema: {schema}}}]\n{ANSWERS}"
    [operation] = read_document(repaired(text)).document["paths"]["/a"].values()
    assert operation["parameters"][0]["schema"][keyword] == meant


BODY = f"""{HEAD}paths:
  /a:
    post:
      operationId: a
      summary: s
      requestBody:
        content:
          application/json:
            schema:
              type: object
              OF_BODY
              properties:
                n:
                  type: string
                  OF_MEMBER
{ANSWERS}"""


@pytest.mark.parametrize("value", ["true", '"true"', "n"])
def test_n8_required_at_a_property_is_moved_to_its_object(value):
    text = BODY.replace("OF_BODY", "").replace("OF_MEMBER", f"required: {value}")
    [operation] = read_document(repaired(text)).document["paths"]["/a"].values()
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    assert schema["required"] == ["n"]
    assert "required" not in schema["properties"]["n"]


def test_n8_required_in_the_schema_of_a_body_is_moved_to_the_body():
    text = BODY.replace("OF_BODY", "required: true").replace("OF_MEMBER", "")
    [operation] = read_document(repaired(text)).document["paths"]["/a"].values()
    assert operation["requestBody"]["required"] is True
    assert "required" not in operation["requestBody"]["content"]["application/json"]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("servers:\n  - url:https://api.foo.dev\n", "servers:\n  - url: https://api.foo.dev\n"),
        ("servers:\n- description:d\n  url:/v1\n", "servers:\n- description: d\n  url: /v1\n"),
        ("info:\n  title:t\n  version:v1\n", "info:\n  title: t\n  version: v1\n"),
        ("schema:\n  type:integer\n", "schema:\n  type: integer\n"),
        ("tags:\n -name: q\n", "tags:\n - name: q\n"),
        ("parameters:\n-name: q\nin: query\n", "parameters:\n-name: q\nin: query\n"),
    ],
)
def test_n11_a_missing_space_that_makes_a_text_of_members_is_named_and_written(wrong, right):
    assert repair_all(wrong, repairs_of(wrong), Terms(rounds=1)).text == right


@pytest.mark.parametrize("count", [15, 300])
def test_n12_many_texts_with_a_colon_are_mended_in_one_try(count):
    one = "  /a{0}:\n    get:\n      operationId: a{0}\n      description: |\n        x: y: z\n"
    one += "      summary: Note: number {0}\n      responses: {{}}\n"
    text = f"{HEAD}paths:\n" + "".join(one.format(number) for number in range(count))
    tries = 0

    def reads(changed):
        nonlocal tries
        tries += 1
        tree = read_yaml(changed)
        return tree if isinstance(tree, Unreadable) else None

    [finding] = yaml_slips(text, reads(text), reads, lambda changed: read_yaml(changed).root)
    assert tries < 5
    [repaired_text] = {repair_all(text, [finding.repair], Terms(rounds=1)).text}
    assert repaired_text == text.replace("Note", '"Note').replace(
        "\n      responses", '"\n      responses'
    )


def test_n14_a_misspelt_member_has_the_name_that_was_meant():
    for written, meant in (
        ("operationID", "operationId"),
        ("request_body", "requestBody"),
        ("sumary", "summary"),
        ("descripton", "description"),
        ("requestbody", "requestBody"),
    ):
        value = "{}" if meant == "requestBody" else "a"
        text = f"{HEAD}paths:\n  /a:\n    get:\n      {written}: {value}\n{ANSWERS}"
        found = examine(read_document(text)).findings
        spelt = f"OpenAPI has no {written} here"
        [finding] = [each for each in found if each.message.startswith(spelt)]
        assert finding.message.endswith(f"it has {meant}")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ('version: "1"', "version: 1"),
        ("deprecated: true", 'deprecated: "true"'),
        ("deprecated: false", 'deprecated: "False"'),
    ],
)
def test_n15_a_value_of_the_wrong_type_is_shown_as_it_is_to_be_written(wrong, right):
    text = f"{GET}      deprecated: true\n{ANSWERS}".replace("deprecated: true", wrong)
    text = text.replace(wrong, right)
    found = examine(read_document(text)).findings
    [finding] = [each for each in found if each.code == "schema.value_of_wrong_type"]
    assert finding.hint == f"Write {wrong}."
    assert wrong in repaired(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"gizmo": {"id": "g-1", "display": {"name": "a"}}, "tools": []}',
        '{"gizmo": {"display": {}}, "tools": [{"type": "plugins_prototype", "metadata": {}}]}',
        '{"id": "g-1", "display": {"name": "a"}, "tools": []}',
    ],
)
def test_n31_the_export_of_a_whole_gpt_is_recognised(text):
    [finding] = [each for each in examine(read_document(text)).findings if each.line != 0][:1]
    assert "the export of a whole GPT" in finding.message
    assert "raw_spec" in finding.hint


def repairs_of(text):
    return [each.repair for each in read_document(text).findings if each.repair]


def test_n11_texts_with_a_colon_that_are_texts_have_no_finding():
    text = "items: a:b\nservers: ['url:x']\nexample:\n  schema: type:x\nsummary: type:x\n"
    assert [each.pointer for each in read_document(text).findings] == ["/servers/0"]


@pytest.mark.parametrize("text", ["a: s\0x\nb: 1\n", "a: 1 # \0\n", "\0a: 1\n", "a\0b: 1\n"])
def test_n9_a_raw_nul_in_yaml_is_named_at_its_place_and_removed(text):
    [finding] = read_document(text).findings
    assert (finding.code, finding.line) == ("schema.unparsable", 1)
    assert "U+0000" in finding.message
    assert repair_all(text, [finding.repair]).text == text.replace("\0", "")
