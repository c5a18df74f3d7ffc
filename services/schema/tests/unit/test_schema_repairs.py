import json

import pytest

from schema_service.domain.examination import examine
from schema_service.domain.finding import Edit, Repair
from schema_service.domain.needed_values import NeededValues
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.repair import repair

YAML = """\
# The pets API
openapi: 3.1.0   # the version
info: {title: Pets, version: '1'}

paths:
  # everything about pets
  pets/{id}:
    get:  # reads one
      summary: 'One pet'
      responses:
        200: {description: Fine}
        default:
          description: >-
            Not
            fine
    post:
      operationId: addPet
      x-openai-isConsequential: "false"
      responses: {200: {description: Fine}}
# components come last
components:
  schemas: {}
"""


def edited(text, *edits):
    outcome = repair(text, [Repair("it", edits)])
    assert outcome.skipped == ()
    return outcome.text


def all_repaired(text):
    found = examine(read_document(text)).findings
    repairs = [finding.repair for finding in found if finding.repair]
    return repair(text, repairs, NeededValues("https://api.acme.io"))


def test_all_repairs_of_a_yaml_document_keep_its_comments_and_order():
    outcome = all_repaired(YAML)
    assert outcome.skipped == ()
    assert outcome.text == YAML.replace(
        "  pets/{id}:\n    get:  # reads one\n      summary",
        '  "/pets/{id}":\n    get:  # reads one\n      operationId: get_pets_id\n      summary',
    ).replace("200:", '"200":').replace('"false"', "false").replace(
        '      responses:\n        "200": {description: Fine}\n        default',
        "      parameters:\n        - name: id\n          in: path\n          required: true\n"
        "          schema:\n            type: string\n"
        '      responses:\n        "200": {description: Fine}\n        default',
    ).replace(
        '      responses: {"200"',
        "      parameters:\n        - name: id\n          in: path\n          required: true\n"
        '          schema:\n            type: string\n      responses: {"200"',
    ).replace(
        "# components come last\ncomponents",
        "# components come last\nservers:\n  - url: https://api.acme.io\ncomponents",
    )


def test_a_repaired_document_has_nothing_left_to_repair():
    text = all_repaired(YAML).text
    left = examine(read_document(text)).findings
    assert [finding.code for finding in left if finding.repair] == []


@pytest.mark.parametrize("indent", [None, 2, 4])
def test_all_repairs_of_a_json_document_leave_it_valid(indent):
    document = {"paths": {"/a": {"get": {"responses": {"200": {}}}}, "b": {"post": {}}}}
    text = all_repaired(json.dumps(document, indent=indent)).text
    examination = examine(read_document(text))
    assert examination.valid
    assert [f.code for f in examination.findings if f.repair] == []


def test_json_keeps_its_white_space_around_a_repair():
    text = '{\n    "a" : { "b":1 },\n\n    "c": [ 1,2 ]\n}\n'
    edits = (Edit("replace", "/a/b", "x"), Edit("add", "/a/d", value=True))
    assert edited(text, *edits) == '{\n    "a" : { "d": true, "b":"x" },\n\n    "c": [ 1,2 ]\n}\n'


@pytest.mark.parametrize(
    ("text", "edit", "expected"),
    [
        ('{"a": 1, "b": 2}', Edit("remove", "/a"), '{"b": 2}'),
        ('{"a": 1, "b": 2}', Edit("remove", "/b"), '{"a": 1}'),
        ('{"a": 1}', Edit("remove", "/a"), "{}"),
        ('{"a": 1}', Edit("rename", "/a", "b"), '{"b": 1}'),
        ("{}", Edit("add", "/a", [1]), '{"a": [1]}'),
        ('{"a": []}', Edit("add", "/a/-", 1), '{"a": [1]}'),
        ('{"a": [1]}', Edit("add", "/a/-", 2), '{"a": [1, 2]}'),
        ('{"a": 1}', Edit("add", "/a", 2), '{"a": 2}'),
        ('{"a": [{"b": 1}, 2]}', Edit("replace", "/a/0", "c"), '{"a": ["c", 2]}'),
    ],
)
def test_edits_of_json(text, edit, expected):
    assert edited(text, edit) == expected


@pytest.mark.parametrize(
    ("text", "edit", "expected"),
    [
        ("a: 1 # one\nb: 2\n", Edit("replace", "/a", "x"), "a: x # one\nb: 2\n"),
        ("a: 'it''s'\n", Edit("replace", "/a", "yes"), 'a: "yes"\n'),
        ("a:\nb: 2\n", Edit("replace", "/a", 1), "a: 1\nb: 2\n"),
        ("a: |\n  x\n  y\n\nb: 2\n", Edit("replace", "/a", 1), "a: 1\n\nb: 2\n"),
        ("a: x\n  y\nb: 2\n", Edit("replace", "/a", 1), "a: 1\nb: 2\n"),
        ("a:\n  - 1\n  - 2\nb: 2\n", Edit("replace", "/a/1", 3), "a:\n  - 1\n  - 3\nb: 2\n"),
        ("a:\n- 1\n- 2\nb: 2\n", Edit("add", "/a/-", 3), "a:\n- 1\n- 2\n- 3\nb: 2\n"),
        ("a:\n- 1\n- 2\nb: 2\n", Edit("replace", "/a", 3), "a: 3\nb: 2\n"),
        ("a: {x: 1, y: 2}\n", Edit("replace", "/a/x", [1]), "a: {x: [1], y: 2}\n"),
        ("a: {x: 1}\n", Edit("add", "/a/z", 2), "a: {z: 2, x: 1}\n"),
        ("a: {}\n", Edit("add", "/a/z", 2), "a: {z: 2}\n"),
        ("- a: 1\n", None, None),
        ("a:\n  - b: 1\n", Edit("add", "/a/0/c", 2), "a:\n  - c: 2\n    b: 1\n"),
        ("a:\n  b: 1\n  c: 2\nd: 3\n", Edit("remove", "/a/b"), "a:\n  c: 2\nd: 3\n"),
        ("a:\n  b:\n    c: 2\nd: 3\n", Edit("remove", "/a"), "d: 3\n"),
        ("a:\n- b: 1\n  c: 2\n- d\n", Edit("remove", "/a/0"), "a:\n- d\n"),
        ("a: 1\n", Edit("rename", "/a", "/b c"), '"/b c": 1\n'),
        ("200: 1\n", Edit("quote_key", "/200"), '"200": 1\n'),
        ("a: &x 1\nb: *x\n", Edit("replace", "/b", 2), None),
    ],
)
def test_edits_of_yaml(text, edit, expected):
    if expected is None:
        edit = edit or Edit("add", "/a", 1)
        assert repair(text, [Repair("it", (edit,))]).skipped == ("it",)
    else:
        assert edited(text, edit) == expected


def test_what_a_text_does_not_allow_is_skipped_and_the_rest_is_done():
    repairs = [
        Repair("missing", (Edit("replace", "/z", 1),)),
        Repair("fine", (Edit("replace", "/a", 2),)),
    ]
    outcome = repair("a: 1\n", repairs)
    assert (outcome.text, outcome.applied, outcome.skipped) == ("a: 2\n", ("fine",), ("missing",))


def test_several_removals_from_one_list_hit_what_they_mean():
    repairs = [Repair(str(i), (Edit("remove", f"/a/{i}"),)) for i in (0, 2)]
    assert repair('{"a": [1, 2, 3, 4]}', repairs).text == '{"a": [2, 4]}'


def test_an_unreadable_text_is_left_alone():
    assert repair("{", [Repair("it", (Edit("add", "/a", 1),))]).text == "{"


def test_two_repairs_of_one_place_are_not_mixed():
    repairs = [Repair(name, (Edit("add", "/x/a", name),)) for name in ("one", "two")]
    outcome = repair('{"x": {}}', repairs)
    assert outcome.text == '{"x": {"a": "one"}}'
    assert (outcome.applied, outcome.skipped) == (("one",), ("two",))


def test_a_path_item_that_two_paths_share_gets_no_name_of_either():
    item = {"get": {"responses": {"200": {"description": "d"}}}}
    text = json.dumps(
        {
            "openapi": "3.0.0",
            "info": {"title": "t", "version": "1"},
            "servers": [{"url": "https://a.example"}],
            "paths": {"/a": item, "/b": {"$ref": "#/paths/~1a"}},
        }
    )
    examination = examine(read_document(all_repaired(text).text))
    assert [o.operation_id for o in examination.operations] == ["get_a", "get_a_2"]
    assert examination.valid
