"""What a newcomer pasted, and what was said of it (newcomer's 5, 6, 7, 13)."""

import json

import pytest

from schema_service.domain.examined import examine_text
from schema_service.domain.finding import Edit, Repair
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.rounds import repair_all
from services.schema.tests.rule_documents import FINE, parameter

HEAD = 'openapi: 3.1.0\ninfo: {title: t, version: "1"}\nservers: [{url: "https://api.foo.dev"}]\n'
GET = f"{HEAD}paths:\n  /a:\n    get:\n      operationId: a\n      summary: s\n"
ANSWERS = "      responses: {default: {description: d}}\n"


def findings(text):
    return examine_text(text.encode(), source_url=None).findings.items()


def repaired(text):
    repairs = [each["repair"] for each in findings(text) if each["repair"]]
    return repair_all(
        text, [Repair.of(each["title"], map(Edit.of, each["edits"])) for each in repairs]
    ).text


@pytest.mark.parametrize("dots", ["...", "…"])
@pytest.mark.parametrize("spot", ['"info"', '"paths"', '"get"'])
def test_nb6d_json_with_dots_stays_json(dots, spot):
    text = FINE.replace(spot, f"\n{dots}\n{spot}", 1)
    [finding] = findings(text)
    assert "dots, where something was left out (line 2)" in finding["message"]
    assert read_document(text).document is None
    assert json.loads(repaired(text)) == json.loads(FINE)


def test_nb6d_dots_behind_the_last_member_go_with_its_comma():
    text = FINE.rstrip()[:-1] + ",\n...\n}"
    assert json.loads(repaired(text)) == json.loads(FINE)


@pytest.mark.parametrize(
    ("node", "said"),
    [
        ({"type": None}, "null is no type"),
        ({"type": True}, "true is no type"),
        ({"type": "boolean", "enum": ["false"]}, "it was read as false"),
    ],
)
def test_nb13_values_are_said_as_a_document_writes_them(node, said):
    messages = " ".join(each["message"] for each in findings(parameter(schema=node)))
    assert said in messages
    assert not any(word in messages.split() for word in ("None", "True", "False"))


TOOL = {"name": "f", "description": "d"}
ARGUMENTS = {"type": "object", "properties": {}}
ENVIRONMENT = {"name": "e", "values": [{"key": "base", "value": "x", "enabled": True}]}
NAMED = [
    ({"type": "function", "function": TOOL}, "one tool for a model"),
    ({"type": "function", **TOOL, "parameters": ARGUMENTS}, "one tool for a model"),
    ({**TOOL, "parameters": ARGUMENTS}, "one tool for a model"),
    ({**TOOL, "input_schema": ARGUMENTS}, "one tool for a model"),
    ({**TOOL, "inputSchema": ARGUMENTS}, "one tool for a model"),
    (ENVIRONMENT, "a Postman environment"),
    ({"id": "x", "_postman_variable_scope": "globals"}, "a Postman environment"),
]


@pytest.mark.parametrize(("tree", "said"), NAMED)
def test_nb13_a_tool_and_an_environment_are_named_for_what_they_are(tree, said):
    [finding] = findings(json.dumps(tree))
    assert said in finding["message"]


CODE = [
    'fetch("https://api.foo.dev/a", {\n  method: "POST"\n})',
    'js fetch("https://api.foo.dev/a", {\n  method: "POST"\n})',
    'const r = await fetch("https://api.foo.dev/a", {\n  method: "POST"\n});',
    'axios.get("https://api.foo.dev/a", {params: {a: 1}})',
    'python\nimport requests\nr = requests.get("https://api.foo.dev/a", params={"a": 1})',
    'r = requests.post("https://api.foo.dev/a", json={"a": 1})',
    "const axios = require('axios');\naxios({url: 'https://api.foo.dev'})",
]


@pytest.mark.parametrize("text", CODE)
def test_nb13_program_code_is_called_so_and_gets_no_repair(text):
    [finding] = findings(text)
    assert "program code that makes a call" in finding["message"]
    assert finding["repair"] is None


@pytest.mark.parametrize("written", ["listItems,", "listItems;", "listItems ,"])
def test_nb13_a_comma_behind_an_operation_id_is_said_and_taken_out(written):
    text = GET.replace("operationId: a", f"operationId: {written}") + ANSWERS
    [finding] = findings(text)
    assert (finding["code"], finding["severity"]) == ("schema.operation_id_mark", "note")
    assert "operationId: listItems\n" in repaired(text)


CUT = [
    f'{GET}      description: "Lists all of\n        the items',
    f"{GET}      description: 'Lists",
    f'{GET}      parameters: [{{name: q, description: "All',
]


@pytest.mark.parametrize("text", CUT)
def test_nb7_yaml_that_is_cut_within_quotes_ends_in_the_middle(text):
    [finding] = findings(text)
    assert "The text ends in the middle" in finding["hint"]
    assert finding["line"] == len(text.splitlines())
    assert finding["repair"] is None


def test_nb7_a_quote_that_is_missing_in_a_whole_text_is_closed():
    text = GET.replace("summary: s", 'summary: "s') + ANSWERS
    assert 'summary: "s"\n' in repaired(text)
    last = GET + ANSWERS + 'x-last: "a\n'
    assert 'x-last: "a"' in repaired(last)


@pytest.mark.parametrize(
    ("text", "repair"),
    [
        (f"{GET}      description: @a", 'description: "@a"'),
        (f'{GET}      description: "All of\n{ANSWERS.rstrip()}', 'description: "All of"'),
        (f'{GET}{ANSWERS}x-last: "a\n', 'x-last: "a"'),
    ],
)
def test_nb7_what_is_not_cut_within_quotes_is_mended(text, repair):
    assert repair in repaired(text)


BROKEN_IN_BRACKETS = [
    f'{GET}      tags: ["a\n',
    f'{GET}      externalDocs: {{url: "a,\n        description: d}}',
]


@pytest.mark.parametrize("text", BROKEN_IN_BRACKETS)
def test_nb7_a_quote_missing_in_brackets_is_named_and_nothing_is_called_cut(text):
    found = findings(text)
    assert found[0]["line"] == 9
    assert "The text ends in the middle" not in " ".join(each["hint"] for each in found)


COMPONENTS = "components: {parameters: {q: {name: q, in: query, schema: {type: string}}}}\n"
BARE = [
    "      parameters:\n        - {$ref: #/components/parameters/q}\n",
    "      parameters: [{$ref: #/components/parameters/q}]\n",
    '      parameters: [{"$ref": #/components/parameters/q}]\n',
]


@pytest.mark.parametrize("parameters", BARE)
def test_nb5_a_reference_without_quotes_in_braces_is_put_in_quotes(parameters):
    text = GET + parameters + ANSWERS + COMPONENTS
    [finding] = findings(text)
    assert '$ref: "#/components/parameters/q"' in finding["hint"]
    assert findings(repaired(text)) == []


def test_nb5_many_of_them_are_mended_in_one_pass():
    paths = "".join(
        f"  /a{i}:\n    get:\n      operationId: a{i}\n      summary: s\n{BARE[0]}{ANSWERS}"
        for i in range(30)
    )
    text = f"{HEAD}paths:\n{paths}{COMPONENTS}"
    assert findings(repaired(text)) == []


def test_nb13_many_dashes_without_a_space_are_mended_in_one_pass():
    item = "        -name: q{}\n          in: query\n          schema: {{type: string}}\n"
    items = "".join(map(item.format, range(30)))
    text = f"{GET}      parameters:\n{items}{ANSWERS}"
    assert findings(repaired(text)) == []


def described(text):
    return f"{GET}      description: {text}\n{ANSWERS}"


def test_nb5_a_text_that_ends_at_a_number_sign_is_a_note():
    text = described("The #1 of the shop")
    [finding] = findings(text)
    assert (finding["code"], finding["severity"]) == ("schema.text_cut_at_comment", "note")
    assert 'description: "The #1 of the shop"\n' in repaired(text)
    assert findings(repaired(text)) == []


@pytest.mark.parametrize(
    "written",
    [
        "The items # all of them",
        '"The #1 of the shop"',
        "'The #1 of the shop'",
        "The shop#1",
        "|\n        title: The #1 of the shop",
        ">-\n        The #1 of\n        description: the #2",
    ],
)
def test_nb5_a_comment_and_a_text_in_quotes_are_none(written):
    assert findings(described(written)) == []


def test_nb5_a_document_in_json_has_no_comments():
    assert read_document(FINE.replace('"s"', '"The #1"')).findings == ()


def test_nb5_a_text_in_quotes_is_no_other_one_that_reads_alike():
    first = described("""'"The'""")
    second = described('"The #1 of the shop"').removeprefix(f"{HEAD}paths:\n")
    text = first + second.replace("/a", "/b").replace("Id: a", "Id: b")
    assert findings(text) == []


def test_nb5_spaces_at_the_end_of_a_line_stay_outside_the_quotes():
    assert 'description: "The #1 of it"\n' in repaired(described("The #1 of it  "))


def test_nb5_no_more_than_fifty_of_these_texts_are_named():
    tags = "".join(f"  - name: t{i}\n    description: The #{i} of it\n" for i in range(60))
    named = [each["code"] for each in findings(f"{GET}{ANSWERS}tags:\n{tags}")]
    assert named.count("schema.text_cut_at_comment") == 50
