"""What models are given of tools: made once, made again where a document is."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest

from contracts.facts import SchemaCompiled
from contracts.operation import Location
from contracts.requests import OperationsText, ReadOperations
from contracts.tool_forms.definition import Flavour
from egress import EgressSettings
from egress.errors import SchemeRefused
from execution_service.adapters.cached_tool_texts import CachedToolTexts
from execution_service.adapters.operation_texts import OperationTexts
from execution_service.domain.errors import OperationUnusable
from execution_service.domain.tool_text import OPENAI, LeftOut, ToolText, Wording
from kit.cache import Limits
from kit.handover import Handover
from kit.testing import MemoryBlobs
from services.execution.tests.fakes import ORIGIN, tool
from services.execution.tests.unit.test_cached_answers import Bus
from shared.kit.tests.kit_fakes import Watch

LIMITS = Limits(100, 10_000_000, 60)
STRICT = Wording(Flavour.OPENAI, strict=True)


@pytest.fixture
def bus(calls):
    def read(asked):
        [name] = asked.names
        fields = {"query": "?a={b}", "plain": ""}
        found = calls.operation(
            calls.parameter("id"),
            name=name,
            path=f"/pets{fields.get(name, '')}",
            server="http://api.example.com" if name == "plain" else "https://api.example.com",
            schema={"properties": {"id": {"type": "integer"}}},
        )
        return OperationsText(text=orjson.dumps([found.model_dump(mode="json")]).decode())

    return Bus(ReadOperations=read)


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def texts(bus, watch):
    return CachedToolTexts(
        OperationTexts(bus, Handover(MemoryBlobs())), watch, EgressSettings(), LIMITS
    )


def times_asked(bus):
    return sum(isinstance(asked, ReadOperations) for asked in bus.asked)


async def definition(texts, wording=OPENAI, workspace_id="ws_1", **pinned):
    found = await texts.find(workspace_id, tool(**pinned), wording)
    return orjson.loads(found.text)


async def test_a_text_has_the_tools_name_and_the_operations_arguments(texts):
    function = (await definition(texts, name="list_2", operation="listPets"))["function"]

    assert function["name"] == "list_2"
    assert function["parameters"]["properties"] == {"id": {"type": "integer"}}


async def test_a_text_knows_where_a_call_goes(texts):
    assert (await texts.find("ws_1", tool(), OPENAI)).origin == ORIGIN


async def test_a_text_is_made_once(texts, bus):
    for _ in range(3):
        await definition(texts)
    assert times_asked(bus) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"workspace_id": "ws_2"},
        {"schema_id": "sch_2"},
        {"name": "list_2", "operation": "listPets"},
        {"wording": STRICT},
        {"wording": Wording(Flavour.MCP)},
    ],
    ids=str,
)
async def test_another_workspace_schema_name_or_form_has_a_text_of_its_own(texts, bus, other):
    await definition(texts)
    await definition(texts, **other)
    assert times_asked(bus) == 2


@pytest.mark.parametrize(("server", "placed"), [("", False), ("https://ours.acme.io", True)])
async def test_o9b7_a_tool_with_a_chosen_server_is_asked_for_as_one(texts, bus, server, placed):
    await texts.find("ws_1", tool(server=server), OPENAI)
    assert [each.placed for each in bus.asked if isinstance(each, ReadOperations)] == [placed]


async def test_only_openai_has_a_strict_form(texts, bus):
    strict = await definition(texts, STRICT)
    assert strict["function"]["strict"] is True

    plain = await definition(texts, Wording(Flavour.ANTHROPIC))
    assert await definition(texts, Wording(Flavour.ANTHROPIC, strict=True)) == plain
    assert times_asked(bus) == 2


@pytest.mark.parametrize(("schema_id", "times"), [("sch_1", 2), ("sch_2", 1)])
async def test_b9_a_text_is_made_again_once_its_document_is_compiled_again(
    texts, bus, watch, schema_id, times
):
    await definition(texts)
    watch.receives(SchemaCompiled(workspace_id="ws_1", schema_id=schema_id, compiler=9))
    await definition(texts)
    assert times_asked(bus) == times


class Threads(ThreadPoolExecutor):
    """The event loop's own; `most` is how many pieces of work it had at once."""

    under_way = most = 0

    def submit(self, work, /, *arguments, **named):
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        submitted = super().submit(work, *arguments, **named)
        submitted.add_done_callback(self._ended)
        return submitted

    def _ended(self, _):
        self.under_way -= 1


async def test_texts_are_made_beside_the_event_loop_one_at_a_time(texts, bus):
    """More threads at once would leave little of the interpreter to calls."""
    threads = Threads()
    asyncio.get_running_loop().set_default_executor(threads)

    names = [f"list{number}" for number in range(20)]
    await asyncio.gather(*(definition(texts, name=name) for name in names))

    assert (times_asked(bus), threads.most) == (20, 1)


@pytest.mark.parametrize(("name", "why"), [("plain", SchemeRefused), ("query", OperationUnusable)])
async def test_what_no_arguments_could_call_is_left_out_without_asking_again(texts, bus, name, why):
    for _ in range(2):
        left_out = await texts.find("ws_1", tool(name), OPENAI)
        assert isinstance(left_out, LeftOut)
        assert orjson.loads(left_out.text)["code"] == why.code
    assert times_asked(bus) == 1


KEY = (Location.HEADER, "x-api-key")
RESERVED = OPENAI._replace(reserved=frozenset({KEY}))


def keyed(calls, **fields):
    """It describes its API key as an argument that must be given."""
    key = calls.parameter("X-API-Key", "header", argument="key", required=True)
    schema = {"required": ["id", "key"]}
    return calls.operation(calls.parameter("id"), key, schema=schema, **fields)


def parameters_of(operation, wording):
    text = ToolText.of(operation, "listPets", wording, EgressSettings())
    return orjson.loads(text.text)["function"]["parameters"]


def test_h64_an_argument_that_the_credential_fills_is_not_asked_for(calls):
    shown = parameters_of(keyed(calls), RESERVED)
    assert (set(shown["properties"]), shown["required"]) == ({"id"}, ["id"])


def test_what_another_credential_would_fill_is_asked_for(calls):
    for reserved in (frozenset(), {(Location.QUERY, "x-api-key")}):
        shown = parameters_of(keyed(calls), OPENAI._replace(reserved=frozenset(reserved)))
        assert set(shown["properties"]) == {"id", "key"}


def test_an_anonymous_operation_asks_for_all_its_arguments(calls):
    anonymous = keyed(calls, anonymous=True)
    assert set(parameters_of(anonymous, RESERVED)["properties"]) == {"id", "key"}
    assert not ToolText.of(anonymous, "listPets", OPENAI, EgressSettings()).places


def test_places_are_those_that_a_credential_could_fill(calls):
    text = ToolText.of(keyed(calls), "listPets", OPENAI, EgressSettings())
    assert text.places == {KEY, (Location.QUERY, "id")}


def test_an_argument_of_the_path_is_asked_for_whatever_is_reserved(calls):
    """Without it there is no path; a credential goes into a header or the query."""
    pet = calls.operation(calls.parameter("id", "path"), path="/pets/{id}")
    named_alike = OPENAI._replace(reserved=frozenset({(Location.PATH, "id")}))
    assert set(parameters_of(pet, named_alike)["properties"]) == {"id"}
    assert not ToolText.of(pet, "getPet", OPENAI, EgressSettings()).places


def test_tokens_are_those_of_the_form(calls):
    text = ToolText.of(calls.operation(), "listPets", OPENAI, EgressSettings())
    assert text.tokens == -(-len(text.text) // 4)
