"""B25: a strict tool demands null for what is left out, and each call that it demands is taken,
whether or not the workspace is tolerant of arguments.
"""

import orjson
import pytest

from contracts.operation import Body
from egress import EgressSettings
from execution_service.domain.admission import Admitted, Refused, admit
from execution_service.domain.invocation import FinishedCall
from execution_service.domain.tool_text import ToolText, Wording
from execution_service.usecases.list_tools import ListTools, WantedTools
from services.execution.tests.calling import invoke
from services.execution.tests.fakes import (
    ALLOWED,
    World,
    callable_of,
    principal,
    tool,
    wanted_call,
)
from services.execution.tests.memory_tools import MemoryTools

STRICT = Wording(strict=True)
ROW = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("name", "colour", "note", "kind")},
    "required": ["name"],
}
SCHEMA = {
    "properties": {
        "limit": {"type": "integer", "default": 20},
        "city": {"type": "string"},
        "sort": {"enum": ["up", "down"]},
        "owner": {"$ref": "#/$defs/Owner"},
        "pay": {"anyOf": [{"$ref": "#/$defs/Owner"}, {"type": "integer"}]},
        "rows": {"type": "array", "items": {"$ref": "#/$defs/Row"}},
    },
    "required": ["city", "rows"],
    "$defs": {
        "Row": ROW,
        "Owner": {"type": "object", "properties": {"name": {"type": "string"}}},
    },
}


@pytest.fixture
def operation(calls):
    members = {name: name for name in ("sort", "owner", "pay", "rows")}
    body = Body(media_type="application/json", required=True, members=members)
    parameters = (calls.parameter("limit"), calls.parameter("city", required=True))
    return calls.operation(*parameters, method="POST", body=body, schema=SCHEMA)


async def offered(operation):
    """The parameters of the only tool on the list, which says that it is strict."""
    text = ToolText.of(operation, "listPets", STRICT, EgressSettings())
    world = MemoryTools((tool(),), texts={"listPets": text})
    asked = WantedTools(principal(), "ws_1", "gpt_1", wording=STRICT)
    [definition] = (await ListTools(world.accesses, world, world, world)(asked)).tools
    function = orjson.loads(definition)["function"]
    assert function["strict"] is True
    return function["parameters"]


def fewest(schema, root):
    """The smallest value that a strict tool admits: null wherever it may be."""
    if "$ref" in schema:
        return fewest(root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    alternatives = schema.get("anyOf", ())
    kinds = [schema.get("type"), *(each.get("type") for each in alternatives)]
    if "null" in kinds or "null" in (schema.get("type") or ()):
        return None
    if alternatives:
        return fewest(alternatives[0], root)
    if schema["type"] == "object":
        assert schema["required"] == [*schema["properties"]]
        return {name: fewest(each, root) for name, each in schema["properties"].items()}
    if schema["type"] == "array":
        return [fewest(schema["items"], root)] * 3
    return {"string": "x", "integer": 1}[schema["type"]]


@pytest.mark.parametrize("tolerant", [True, False])
async def test_b25_the_nulls_that_a_strict_tool_demands_are_left_out(operation, calls, tolerant):
    parameters = await offered(operation)
    arguments = fewest(parameters, parameters)
    assert [name for name, value in arguments.items() if value is None] == [
        *("limit", "sort", "owner", "pay")
    ]
    compiled = calls.compiled(
        *operation.parameters, method="POST", body=operation.body, schema=SCHEMA
    )
    world = World(operation=callable_of(compiled))
    world.verdict = ALLOWED.model_copy(update={"tolerant_arguments": tolerant})

    result = await invoke(world, wanted_call(arguments))

    assert isinstance(result, FinishedCall)
    assert {each.change for each in result.coerced} == {"null_left_out"}
    admitted = admit(compiled, arguments, tolerant=tolerant)
    assert admitted.arguments == {"city": "x", "rows": [{"name": "x"}] * 3}


@pytest.mark.parametrize("tolerant", [True, False])
def test_b25_thousands_of_nulls_in_the_same_place_are_left_out(calls, tolerant):
    schema = {"properties": {"rows": SCHEMA["properties"]["rows"]}, "$defs": SCHEMA["$defs"]}
    compiled = calls.compiled(calls.parameter("rows"), schema=schema)
    row = {"name": "x", "colour": None, "note": None, "kind": None}

    answer = admit(compiled, {"rows": [row] * 1_600}, tolerant=tolerant)

    assert isinstance(answer, Admitted)
    assert answer.arguments == {"rows": [{"name": "x"}] * 1_600}


def test_b25_without_tolerance_nothing_else_is_changed(calls):
    schema = {"properties": {"a": {"type": "string"}, "n": {"type": "integer"}}}
    compiled = calls.compiled(calls.parameter("a"), calls.parameter("n"), schema=schema)

    refusal = admit(compiled, {"a": None, "n": "20"})

    assert isinstance(refusal, Refused)
    assert [(each.argument, each.code) for each in refusal.faults] == [("n", "argument.type")]


def test_b25_nulls_alone_are_left_out_before_anything_else_is_taken_to_be_meant(calls):
    """With the null away one alternative fits; by coercion two would."""
    alternatives = [
        {"type": "object", "properties": {"b": {"type": kind}, "c": {"type": "boolean"}}}
        for kind in ("string", "integer")
    ]
    schema = {"properties": {"a": {"anyOf": alternatives}}}
    compiled = calls.compiled(calls.parameter("a"), schema=schema)

    for tolerant in (True, False):
        answer = admit(compiled, {"a": {"b": "1", "c": None}}, tolerant=tolerant)
        assert answer.arguments == {"a": {"b": "1"}}


def test_b25_a_null_for_what_is_required_is_refused_without_tolerance_too(calls):
    schema = {"properties": {"a": {"type": "integer"}}, "required": ["a"]}
    assert isinstance(
        admit(calls.compiled(calls.parameter("a"), schema=schema), {"a": None}), Refused
    )
