"""A line in the wrong column is never moved into an entry of a map beside which it may stand
(finding 8 of reader 9), and an entry of a map is not emptied (found with it).
"""

import pytest

from schema_service.domain.position.yaml_flow import flow_members
from schema_service.domain.position.yaml_scalars import read_scalar
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.rounds import repair_all

HEAD = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\nservers: [{url: 'https://a.example.org'}]\n"
OPERATION = f"""{HEAD}paths:
  /items:
    get:
      operationId: listItems
      responses:
        '200':
%s
        default:
          description: error
"""
SCHEMA = f"""{HEAD}paths: {{}}
components:
  schemas:
    Item:
      type: object
      properties:
        name:
          %s
%s
    Other:
      type: string
"""


def repaired(text):
    found = read_document(text)
    assert found.document is None
    return read_document(repair_all(text, [f.repair for f in found.findings if f.repair]).text)


def findings(text):
    return [*read_document(text).findings]


def answer(*lines):
    text = OPERATION % "\n".join(" " * 10 + each for each in lines)
    return repaired(text).document["paths"]["/items"]["get"]["responses"]["200"]


@pytest.mark.parametrize("by", [1, 3, 5])
def test_rd9_8_content_is_not_moved_into_a_header_that_has_a_schema(by):
    found = answer(
        "description: ok",
        "headers:",
        "  X-Rate:",
        "    schema:",
        "      type: integer",
        f"{' ' * by}content:",
        f"{' ' * by}  application/json:",
        f"{' ' * by}    schema: {{type: string}}",
    )
    assert found["content"] == {"application/json": {"schema": {"type": "string"}}}
    assert found["headers"] == {"X-Rate": {"schema": {"type": "integer"}}}


def test_rd9_8_content_that_alone_is_too_far_right_keeps_its_media_types():
    head = ("description: ok", "headers:", "  X-Rate:", "    schema:", "      type: integer")
    found = answer(*head, "   content:", "  application/json:", "    schema: {type: string}")
    assert found["content"] == {"application/json": {"schema": {"type": "string"}}}
    assert [*found["headers"]] == ["X-Rate"]


@pytest.mark.parametrize("by", [3, 6])
def test_rd9_8_links_are_not_moved_among_the_headers(by):
    head = ("description: ok", "headers:", "  X-Rate:", "    description: r")
    found = answer(
        *head, f"{' ' * by}links:", f"{' ' * by}  self:", f"{' ' * by}    operationId: a"
    )
    assert [*found] == ["description", "headers", "links"]


@pytest.mark.parametrize("column", [9, 12, 13])
def test_rd9_8_what_may_belong_to_an_entry_and_beside_its_map_is_named_and_not_moved(column):
    text = SCHEMA % ("type: string", f"{' ' * column}description: of which")
    [found] = read_document(text).findings
    assert (found.line, found.repair) == (12, None)
    assert found.hint == (
        "Indent it by 10 spaces if description belongs to name. "
        "Indent it by 6 spaces if it stands beside properties. "
        "Both are possible, so that no repair writes it."
    )


@pytest.mark.parametrize(
    ("column", "line", "entry"),
    [
        (7, "description: d", False),
        (11, "description: d", True),
        (13, "required: [name]", False),
        (7, "minLength: 1", True),
        (13, "minLength: 1", True),
    ],
)
def test_rd9_8_what_only_one_of_the_two_may_have_is_moved_there(column, line, entry):
    [item, _] = (
        repaired(SCHEMA % ("type: string", f"{' ' * column}{line}"))
        .document["components"]["schemas"]
        .values()
    )
    holder = item["properties"]["name"] if entry else item
    assert line.partition(":")[0] in holder


def test_rd9_8_a_second_description_belongs_beside_the_map():
    lines = "description: of name\n" + " " * 11 + "description: of the item"
    text = SCHEMA % ("type: string", f"{' ' * 10}{lines}")
    item = repaired(text).document["components"]["schemas"]["Item"]
    assert item["properties"]["name"]["description"] == "of name"
    assert item["description"] == "of the item"


def test_rd9_8_a_description_beside_a_reference_stays_with_it():
    text = SCHEMA % ("$ref: '#/components/schemas/Other'", f"{' ' * 11}description: of name")
    item = repaired(text).document["components"]["schemas"]["Item"]
    assert item["properties"]["name"]["description"] == "of name"


def test_rd9_8_no_repair_leaves_what_holds_others_empty():
    text = SCHEMA.replace("  schemas:", "    schemas:") % ("type: string", "      title: t")
    text += "  headers:\n    X-A: {schema: {type: string}}\n"
    after = repaired(text).document
    assert after is None or "schemas" in after["components"]
    assert after is None or after["components"]["schemas"] is not None


def test_rd9_8_a_member_behind_a_reference_is_not_taken_for_one_of_it():
    found = answer(
        "description: ok",
        "content:",
        "  application/json:",
        "   schema:",
        "      $ref: '#/components/schemas/Item'",
        "    examples:",
        "      one: {value: a}",
    )
    assert [*found["content"]["application/json"]] == ["schema", "examples"]


def test_a_plain_key_in_braces_is_read_no_further_than_its_entry():
    text = "{a, b: 1, c:d, e f}"
    assert read_scalar(text, 1, 2) == ("a", 2)
    found = [(each.key, each.key_offset, each.key_end) for each in flow_members(text, 0)]
    assert found == [("a", 1, 2), ("b", 4, 5), ("c:d", 10, 13), ("e f", 15, 18)]


def test_very_many_keys_on_one_line_are_gone_through_once():
    assert sum(1 for _ in flow_members("{" + "a, " * 100_000 + "}", 0)) == 100_000
