"""Slips of indentation: which line is named, and that no repair loses anything."""

import warnings

import pytest

from schema_service.domain.reading.guesses import GuessFailed, each_made, made
from schema_service.domain.reading.lost_entries import looking_alike
from schema_service.domain.reading.yaml_line import filled_lines
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
def test_a_slip_above_the_next_item_of_a_list_is_answered(written):
    text = SHOP.replace("default: 20", written)
    assert not examined(text).valid
    assert repaired(text)


@pytest.mark.parametrize("written", ["description:Main", "description Main"])
@pytest.mark.parametrize("found", ["servers", "tags"])
def test_a_slip_in_a_list_of_the_document_is_answered(found, written):
    first = "url: https://api.foo.dev" if found == "servers" else "name: a"
    text = f"{HEAD}{found}:\n  - {first}\n    {written}\n  - description: Other\n    name: b\n"
    assert not examined(text).valid


def test_a_space_behind_the_colon_is_written():
    text = SHOP.replace("default: 20", "default:20")
    assert examined(text).findings[0].hint == "Write a space behind the colon: default: 20"
    assert repaired(text) == SHOP


def test_a_guess_that_fails_is_not_made_and_is_said():
    def failing():
        yield 1
        raise IndexError

    with pytest.warns(GuessFailed, match="IndexError at line"):
        assert [*each_made(failing(), [2])] == [1, 2]
    with pytest.warns(GuessFailed, match="ZeroDivisionError"):
        assert made(lambda: 1 // 0, "otherwise") == "otherwise"


def test_a_limit_of_memory_is_not_a_failed_guess():
    def spent():
        raise MemoryError

    with pytest.raises(MemoryError):
        made(spent, None)


@pytest.mark.parametrize(
    ("old", "new"), [(": ", ":"), (": ", " "), (": ", ': "'), (":", ""), ("- ", "-"), ("  ", "\t")]
)
def test_no_guess_raises_whatever_line_has_a_slip(old, new):
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
def test_a_member_too_far_left_is_named_and_indented_alone(text, after, by):
    slip = moved(at(text, after), by)
    finding = examined(slip).findings[0]
    if finding.code != "schema.unparsable":
        return  # it can be read, and is another fault
    assert finding.line == at(text, after) + 1
    if finding.repair is None:
        assert (text, by) == ("description: >", -2)  # a path may have one, too
        return
    assert operations(repaired(slip)) == operations(SHOP)


def test_a_member_that_stands_well_where_it_is_is_not_moved():
    text = SHOP.replace("  /items/{id}:", "tags:\n  - name: shop\n  /items/{id}:")
    assert examined(text).findings[0].repair is None


def test_what_a_text_has_is_compared_with_what_is_left():
    had = looking_alike(LINES)
    assert ("/items/{id}", "delete") in had.paths
    without = [each for each in LINES if "delete:" not in each]
    assert not had.are_kept_in(looking_alike(without))
    assert had.are_kept_in(looking_alike([*LINES, "x-more: 1\n"]))


def test_a_text_takes_no_members_of_what_is_around_it():
    slip = moved(at("description: >"), -99)
    [finding, *_] = examined(slip).findings
    assert (finding.line, "description" in finding.message) == (at("description: >") + 1, True)
    left = operations(repaired(slip))["POST", "/items"]
    assert left == ({"name", "price", "tags"}, True)


def test_properties_and_its_first_name_are_indented_together():
    slip = moved(at("properties:"), -2, at("properties:") + 1)
    assert repaired(slip) == SHOP


def test_the_first_member_of_an_object_is_too_far_right():
    slip = moved(at("required: true", "requestBody:"), 6)
    assert examined(slip).findings[0].line == at("required: true", "requestBody:") + 1
    assert repaired(slip) == SHOP


def test_a_property_with_a_name_of_openapis_stays_one():
    slip = moved(at("tags:"), 4)
    assert operations(repaired(slip)) == operations(SHOP)


@pytest.mark.parametrize(
    ("line", "slipped"),
    [("        content:\n", "       content:\n"), ("      responses:\n", "     responses:\n")],
)
def test_between_two_columns_a_member_goes_to_the_object_that_has_it(line, slipped):
    before, after = SHOP.split(line, 1)
    shop = examined(SHOP)
    healed = examined(repaired(before + slipped + after))
    assert [each.operation.body for each in healed.operations] == [
        each.operation.body for each in shop.operations
    ]
    assert [each.operation.arguments for each in healed.operations] == [
        each.operation.arguments for each in shop.operations
    ]


OPERATION = f"""{HEAD}paths:
  /a:
    post:
      operationId: a
      description: |
        Makes
        an a.
      parameters:
        - name: q
          in: query
          schema:
            type: string
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                name:
                  type: string
                kind:
                  type: string
      responses:
        "200": {{description: ok}}
    get:
      operationId: b
      responses:
        "200": {{description: ok}}
"""
TOO_FAR = {
    "a property called type": (
        "                kind:\n                  type",
        "                    type:\n                  type",
    ),
    "a property of another": ("                kind:\n", "                  type:\n"),
    "a media type": ("          application/json:\n", "             application/json:\n"),
    "a schema": (
        "            schema:\n              type: object",
        "                schema:\n              type: object",
    ),
    "a member of a parameter at its dash": (
        "          schema:\n            type: string\n      req",
        "        type: string\n      req",
    ),
    "parameters between a path and an operation": (
        "      parameters:\n        - name: q\n          in: query\n",
        "  parameters:\n    - name: q\n      in: query\n",
    ),
}


def called(text):
    return {
        (each.method, each.path): each.operation and (each.operation.arguments, each.operation.body)
        for each in examined(text).operations
    }


@pytest.mark.parametrize(("line", "slipped"), TOO_FAR.values(), ids=TOO_FAR)
def test_where_two_readings_are_possible_the_error_names_a_line_and_nothing_is_moved(line, slipped):
    assert line in OPERATION
    text = OPERATION.replace(line, slipped)
    after = examined(repaired(text))
    assert not after.valid or called(repaired(text)) == called(OPERATION)
    first = next(each for each in examined(text).findings if each.severity == "error")
    start = OPERATION[: OPERATION.index(line)].count("\n") + 1
    assert start - 1 <= first.line <= start + slipped.count("\n") + 2


def test_no_repair_of_a_line_moves_another_operation_argument_body_or_answer():
    whole = called(SHOP)
    for index in range(3, len(LINES)):
        by = (-99, -4, -2, 1, 2, 3, 6)[index % 7]
        slip = moved(index, by)
        if all(each.code != "schema.unparsable" for each in examined(slip).findings):
            continue  # it can be read, and is another fault
        healed = repaired(slip)
        assert not examined(healed).valid or called(healed) == whole, (LINES[index], by)


@pytest.mark.parametrize(
    ("line", "by", "last"),
    [
        ("post:", -99, "/items/{id}:"),
        ("post:", 2, "/items/{id}:"),
        ("post:", 4, "/items/{id}:"),
        ("responses:", -4, "post:"),
        ("/items/{id}:", 6, "delete:"),
        ("/items/{id}:", -2, "components:"),
    ],
)
def test_where_a_text_can_be_read_and_lost_an_operation_that_is_an_error(line, by, last):
    after = "operationId: listItems" if line == "responses:" else ""
    slip = moved(at(line, after), by, at(last, line) - 1)
    lost = [each.code for each in examined(slip).findings if each.severity == "error"]
    assert lost
    healed = examined(repaired(slip))
    assert not healed.valid or operations(repaired(slip)) == operations(SHOP)


def test_no_other_repair_is_offered_before_a_lost_operation_is_found():
    slip = moved(at("post:"), 4, at("/items/{id}:") - 1).replace("          description: ok\n", "")
    found = {each.code: each.repair for each in examined(slip).findings}
    assert [code for code, repair in found.items() if repair] == ["schema.operation_misplaced"]


def test_lines_of_a_text_in_quotes_are_no_members():
    lines = "a:\n  b: 'It''s\n    /items:\n      get: x'\n  c: 1\n".splitlines(keepends=True)
    assert looking_alike(lines).paths == set()
    assert [text.strip() for _, text in filled_lines(lines)] == ["a:", "b: 'It''s", "c: 1"]


def test_a_quote_that_is_not_closed_hides_no_line_that_is_no_deeper():
    lines = "a:\n  b: 'x\n  /items:\n    get: x\n".splitlines(keepends=True)
    assert ("/items", "") in looking_alike(lines).paths
