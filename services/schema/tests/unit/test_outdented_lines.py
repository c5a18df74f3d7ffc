"""Slips of indentation: which line is named, and that no repair loses anything (y9)."""

import warnings

import pytest

from schema_service.domain.reading.guesses import GuessFailed, each_made, made
from schema_service.domain.reading.lost_entries import looking_alike
from services.schema.tests.written_documents import examined, repaired

HEAD = 'openapi: 3.1.0\ninfo: {title: t, version: "1"}\nservers: [{url: https://api.foo.dev}]\n'
SHOP = f"""{HEAD}paths:
  /items:
    get:
      operationId: listItems
      parameters:
        - name: limit
          in: query
          schema:
            type: integer
            default: 20
        - in: header
          name: X-Lang
          schema: {{type: string}}
      responses:
        "200":
          description: ok
    post:
      operationId: addItem
      description: >
        Adds an item
        to the shop.
      x-openai-isConsequential: true
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $ref: "#/components/schemas/Item"
      responses:
        "201":
          description: Made
  /items/{{id}}:
    delete:
      operationId: deleteItem
      parameters:
        - {{name: id, in: path, required: true, schema: {{type: string}}}}
      responses:
        "204": {{description: gone}}
components:
  schemas:
    Item:
      type: object
      required:
        - name
      properties:
        name:
          type: string
          description: Its name
        price:
          type: number
        tags:
          type: array
          items: {{type: string}}
"""
LINES = SHOP.splitlines(keepends=True)


def moved(first, by, last=None):
    """`first` (with the lines to `last`) begins by so many columns further right."""
    lines = [*LINES]
    for index in range(first, (last or first) + 1):
        text = lines[index].lstrip(" ")
        lines[index] = " " * max(0, len(lines[index]) - len(text) + by) + text
    return "".join(lines)


def at(text, after=""):
    start = next((i for i, line in enumerate(LINES) if line.strip() == after), 0)
    return next(i for i in range(start, len(LINES)) if LINES[i].strip() == text)


def operations(text):
    return {
        (each.method, each.path): (
            {*each.operation.arguments.get("properties", {})},
            each.operation.consequential,
        )
        for each in examined(text).operations
    }


@pytest.mark.parametrize(
    "written", ["default:20", "default 20", 'default: "20', "required:true", "required true"]
)
def test_y9_1_a_slip_above_the_next_item_of_a_list_is_answered(written):
    text = SHOP.replace("default: 20", written)
    assert not examined(text).valid
    assert repaired(text)


@pytest.mark.parametrize("written", ["description:Main", "description Main"])
@pytest.mark.parametrize("found", ["servers", "tags"])
def test_y9_1_a_slip_in_a_list_of_the_document_is_answered(found, written):
    first = "url: https://api.foo.dev" if found == "servers" else "name: a"
    text = f"{HEAD}{found}:\n  - {first}\n    {written}\n  - description: Other\n    name: b\n"
    assert not examined(text).valid


def test_y9_1_a_space_behind_the_colon_is_written():
    text = SHOP.replace("default: 20", "default:20")
    assert examined(text).findings[0].hint == "Write a space behind the colon: default: 20"
    assert repaired(text) == SHOP


def test_y9_1_a_guess_that_fails_is_not_made_and_is_said():
    def failing():
        yield 1
        raise IndexError

    with pytest.warns(GuessFailed, match="IndexError at line"):
        assert [*each_made(failing(), [2])] == [1, 2]
    with pytest.warns(GuessFailed, match="ZeroDivisionError"):
        assert made(lambda: 1 // 0, "otherwise") == "otherwise"


def test_y9_1_a_limit_of_memory_is_not_a_failed_guess():
    def spent():
        raise MemoryError

    with pytest.raises(MemoryError):
        made(spent, None)


@pytest.mark.parametrize(
    ("old", "new"), [(": ", ":"), (": ", " "), (": ", ': "'), (":", ""), ("- ", "-"), ("  ", "\t")]
)
def test_y9_1_no_guess_raises_whatever_line_has_a_slip(old, new):
    with warnings.catch_warnings():
        warnings.simplefilter("error", GuessFailed)
        for index in range(3, len(LINES)):
            lines = [*LINES]
            lines[index] = lines[index].replace(old, new, 1)
            examined("".join(lines))


MEMBERS = [
    ("responses:", "operationId: listItems"),
    ("requestBody:", ""),
    ("content:", ""),
    ('"201":', ""),
    ("description: Made", ""),
    ("description: >", ""),
    ("responses:", "operationId: addItem"),
]


@pytest.mark.parametrize(("text", "after"), MEMBERS)
@pytest.mark.parametrize("by", [-99, -2])
def test_y9_2_a_member_too_far_left_is_named_and_indented_alone(text, after, by):
    slip = moved(at(text, after), by)
    finding = examined(slip).findings[0]
    if finding.code != "schema.unparsable":
        return  # it can be read, and is another fault
    assert finding.line == at(text, after) + 1
    if finding.repair is None:
        assert (text, by) == ("description: >", -2)  # a path may have one, too
        return
    assert operations(repaired(slip)) == operations(SHOP)


def test_y9_2_a_member_that_stands_well_where_it_is_is_not_moved():
    text = SHOP.replace("  /items/{id}:", "tags:\n  - name: shop\n  /items/{id}:")
    assert examined(text).findings[0].repair is None


def test_y9_2_what_a_text_has_is_compared_with_what_is_left():
    had = looking_alike(LINES)
    assert ("/items/{id}", "delete") in had.paths
    for index in range(3, len(LINES)):
        for by in (-99, -4, -1, 1, 3):
            slip = moved(index, by)
            if not any(each.code == "schema.unparsable" for each in examined(slip).findings):
                continue  # it can be read
            after = examined(repaired(slip))
            left = {(each.method, each.path) for each in after.operations}
            assert not after.valid or left == {*operations(SHOP)}, (LINES[index], by)


def test_y9_3_a_text_takes_no_members_of_what_is_around_it():
    slip = moved(at("description: >"), -99)
    [finding, *_] = examined(slip).findings
    assert (finding.line, "description" in finding.message) == (at("description: >") + 1, True)
    left = operations(repaired(slip))["POST", "/items"]
    assert left == ({"name", "price", "tags"}, True)


def test_y9_4_properties_and_its_first_name_are_indented_together():
    slip = moved(at("properties:"), -2, at("properties:") + 1)
    assert repaired(slip) == SHOP


def test_y9_4_the_first_member_of_an_object_is_too_far_right():
    slip = moved(at("required: true", "requestBody:"), 6)
    assert examined(slip).findings[0].line == at("required: true", "requestBody:") + 1
    assert repaired(slip) == SHOP


def test_y9_4_a_property_with_a_name_of_openapis_stays_one():
    slip = moved(at("tags:"), 4)
    assert operations(repaired(slip)) == operations(SHOP)


@pytest.mark.parametrize(
    ("line", "slipped"),
    [("        content:\n", "       content:\n"), ("      responses:\n", "     responses:\n")],
)
def test_y9_4_between_two_columns_a_member_goes_to_the_object_that_has_it(line, slipped):
    before, after = SHOP.split(line, 1)
    shop = examined(SHOP)
    healed = examined(repaired(before + slipped + after))
    assert [each.operation.body for each in healed.operations] == [
        each.operation.body for each in shop.operations
    ]
    assert [each.operation.arguments for each in healed.operations] == [
        each.operation.arguments for each in shop.operations
    ]
