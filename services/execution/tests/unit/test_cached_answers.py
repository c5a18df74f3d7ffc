"""What execution keeps of its neighbours' answers, for how long, and which fact voids it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from contracts.facts import (
    ActionRemoved,
    CredentialChanged,
    DomainsChanged,
    GptChanged,
    GptPublished,
    GptRemoved,
    SchemaCompiled,
    SettingsChanged,
)
from contracts.principal import Role
from contracts.requests import (
    IssueCredential,
    OperationsText,
    ReadOperations,
    ReadRelease,
    ReleaseAction,
    ReleasePage,
    ReleaseTool,
    SealedCredential,
    Stage,
)
from egress import EgressSettings
from execution_service.adapters.cached_credentials import CachedCredentials
from execution_service.adapters.cached_operations import CachedOperations
from execution_service.adapters.cached_releases import CachedReleases
from execution_service.adapters.cached_verdicts import CachedVerdicts
from execution_service.adapters.operation_texts import OperationTexts
from execution_service.domain.admission import NO_NAMES
from execution_service.domain.credential import CredentialDescription
from execution_service.domain.errors import OperationNotFound
from kit import logs
from kit.cache import Limits
from kit.handover import Handover
from kit.sealing import SealBinding, SealExpired, seal
from kit.testing import FrozenClock, MemoryBlobs
from services.execution.tests.fakes import ALLOWED, DENIED, callable_of, principal, wanted_call
from shared.kit.tests.kit_fakes import Watch

LIMITS = Limits(100, 10_000_000, 60)
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ORIGIN = "https://api.example.com"
RELEASED = timedelta(seconds=50)
DESCRIBED = CredentialDescription(1, NO_NAMES)


class Bus:
    """Answers by kind of question, and keeps what was asked."""

    def __init__(self, **answers):
        self.answers = answers
        self.asked = []

    async def ask(self, question):
        self.asked.append(question)
        answer = self.answers[type(question).__name__]
        return answer(question) if callable(answer) else answer


@pytest.fixture
def watch():
    return Watch()


def release_of(asked, *tools):
    """Of the GPT that is asked for; its one action offers `listPets`."""
    action = ReleaseAction(action_id="act_1", name="Pets", schema_id="sch_1", origin_set="set_1")
    offered = ReleaseTool(
        name="listPets",
        action_id="act_1",
        operation="listPets",
        source_digest="0" * 64,
        origin=ORIGIN,
        method="GET",
        consequential=False,
        anonymous=False,
    )
    about = {"gpt_id": asked.gpt_id, "stage": asked.stage, "number": 3, "name": "Vet"}
    return ReleasePage(**about, actions=(action,), tools=tools or (offered,))


class TestVerdicts:
    @pytest.fixture
    def decide(self, calls, watch):
        call = callable_of(calls.compiled())

        async def decide(bus_or_cache):
            return await bus_or_cache.gate(wanted_call(), call)

        return decide

    @pytest.mark.parametrize("verdict", [ALLOWED, DENIED])
    async def test_what_allows_or_denies_is_kept(self, decide, watch, verdict):
        bus = Bus(Gate=verdict)
        verdicts = CachedVerdicts(bus, watch, LIMITS)

        assert [(await decide(verdicts)).value for _ in range(3)] == [verdict] * 3
        assert len(bus.asked) == 1

    async def test_b23_a_decision_about_one_call_is_never_kept(self, calls, watch):
        bus = Bus(DecideCall=ALLOWED)
        verdicts, call = CachedVerdicts(bus, watch, LIMITS), callable_of(calls.compiled())

        for _ in range(3):
            await verdicts.decide(wanted_call(), call, "hash")

        assert [asked.arguments_hash for asked in bus.asked] == ["hash"] * 3
        assert {asked.consent_digest for asked in bus.asked} == {call.compiled.consent_digest}

    @pytest.mark.parametrize(
        "other",
        [
            principal(workspace_id="ws_2"),
            principal("mem_2"),
            principal(role=Role.USER),
        ],
    )
    async def test_another_principal_is_asked_about(self, calls, watch, other):
        bus = Bus(Gate=ALLOWED)
        verdicts, call = CachedVerdicts(bus, watch, LIMITS), callable_of(calls.compiled())

        for who in (principal(), other):
            await verdicts.gate(wanted_call(principal=who, gpt_workspace_id="ws_1"), call)

        assert len(bus.asked) == 2

    @pytest.mark.parametrize(
        ("fact", "questions"),
        [
            (DomainsChanged(workspace_id="ws_1", revision=2), 2),
            (SettingsChanged(workspace_id="ws_1", revision=2), 2),
            (SettingsChanged(workspace_id="ws_2", revision=2), 1),
            (ActionRemoved(workspace_id="ws_1", gpt_id="gpt_1", action_id="act_1"), 2),
            (DomainsChanged(workspace_id="ws_2", revision=2), 1),
            (ActionRemoved(workspace_id="ws_1", gpt_id="gpt_1", action_id="act_2"), 1),
        ],
        ids=[
            *("its workspace", "its settings", "another's settings"),
            *("its action", "another workspace", "another action"),
        ],
    )
    async def test_a_fact_about_it_voids_it_and_no_other(self, decide, watch, fact, questions):
        bus = Bus(Gate=ALLOWED)
        verdicts = CachedVerdicts(bus, watch, LIMITS)
        held = await decide(verdicts)

        watch.receives(fact)
        await decide(verdicts)

        assert len(bus.asked) == questions
        assert held.holds() == (questions == 1)


class TestCredentials:
    @pytest.fixture
    def clock(self):
        return FrozenClock(NOW)

    @pytest.fixture
    def bus(self):
        def issue(asked: IssueCredential):
            binding = SealBinding(asked.workspace_id, asked.action_id, asked.origin, self.expiry)
            secret = orjson.dumps({"headers": [["x-api-key", "s3cret of somebody"]], "query": []})
            sealed = seal(secret, asked.recipient, binding)
            return SealedCredential(revision=1, sealed=sealed, expires_at=self.expiry)

        self.expiry = NOW + RELEASED
        return Bus(IssueCredential=issue)

    @pytest.fixture
    def credentials(self, bus, watch, clock, calls):
        self.operation = callable_of(calls.compiled())
        return CachedCredentials(bus, watch, LIMITS, clock)

    async def issue(self, credentials):
        return await credentials.issue(wanted_call(), self.operation, DESCRIBED)

    async def test_it_is_opened_and_kept(self, credentials, bus):
        for _ in range(3):
            held = await self.issue(credentials)

        assert held.value.headers == (("x-api-key", "s3cret of somebody"),)
        assert len(bus.asked) == 1

    async def test_a3_what_was_opened_is_in_no_log_line_from_then_on(self, credentials):
        await self.issue(credentials)
        assert logs.redact("x-api-key: s3cret of somebody") == "x-api-key: [redacted]"

    @pytest.mark.parametrize("passed", [RELEASED, timedelta(hours=1)])
    async def test_a12_b23_one_that_comes_after_its_time_is_not_opened(
        self, credentials, clock, passed
    ):
        clock.advance(passed)

        with pytest.raises(SealExpired) as refused:
            await self.issue(credentials)

        late = (passed - RELEASED).total_seconds()
        assert f"{late:,.0f} seconds after" in refused.value.sentence
        assert "clock" in refused.value.hint

    async def test_b23_it_is_kept_no_longer_than_it_was_released_for(self, credentials, clock, bus):
        clock.advance(RELEASED - timedelta(microseconds=1))
        held = await self.issue(credentials)
        self.expiry += RELEASED

        again = await self.issue(credentials)

        assert len(bus.asked) == 2
        assert (held.value.expires_at, again.value.expires_at) == (NOW + RELEASED, self.expiry)

    @pytest.mark.parametrize(("action", "questions"), [("act_1", 2), ("act_2", 1)])
    async def test_a_change_of_its_action_voids_it(
        self, credentials, bus, watch, action, questions
    ):
        held = await self.issue(credentials)

        watch.receives(CredentialChanged(workspace_id="ws_1", action_id=action, revision=2))
        await self.issue(credentials)

        assert len(bus.asked) == questions
        assert held.holds() == (questions == 1)


class TestOperations:
    """Every workspace has one GPT an action, `gpt_1` to `gpt_5`; all offer the same schema."""

    @pytest.fixture
    def bus(self, calls):
        text = orjson.dumps([calls.operation().model_dump(mode="json")]).decode()

        return Bus(ReadRelease=release_of, ReadOperations=OperationsText(text=text))

    @pytest.fixture
    def operations(self, bus, watch):
        return self.caching(bus, watch, LIMITS)

    def caching(self, bus, watch, compiled):
        releases = CachedReleases(bus, watch, LIMITS)
        sources = OperationTexts(bus, Handover(MemoryBlobs()))
        return CachedOperations(sources, watch, releases, EgressSettings(), compiled)

    async def find(self, operations, gpt_id="gpt_1", workspace_id="ws_1"):
        return (await self.offer(operations, gpt_id, workspace_id)).value

    async def offer(self, operations, gpt_id="gpt_1", workspace_id="ws_1"):
        who = principal(workspace_id=workspace_id)
        return await operations.find(wanted_call(principal=who, gpt_id=gpt_id))

    def times_asked(self, bus, kind):
        return sum(isinstance(question, kind) for question in bus.asked)

    async def test_a_pinned_tool_is_found_as_long_as_the_release_has_its_action(self, operations):
        wanted = wanted_call(operation="a name that the release no longer has")
        pinned = (await self.find(operations)).tool
        gone = replace(pinned, action_id="act_gone")

        found = await operations.find(wanted, pinned)

        assert found.value.tool == pinned
        with pytest.raises(OperationNotFound):
            await operations.find(wanted, gone)

    async def test_a11_gpts_that_offer_one_schema_share_one_compiled_operation(
        self, operations, bus
    ):
        found = [await self.find(operations, f"gpt_{number}") for number in range(5)]

        assert len({id(each.compiled) for each in found}) == 1
        assert self.times_asked(bus, ReadOperations) == 1

    async def test_a11_another_workspace_asks_for_itself_and_shares_the_memory(
        self, operations, bus
    ):
        ours = await self.find(operations)
        theirs = await self.find(operations, workspace_id="ws_2")

        assert ours.compiled is theirs.compiled
        asked = [each for each in bus.asked if isinstance(each, ReadOperations)]
        assert [each.workspace_id for each in asked] == ["ws_1", "ws_2"]

    async def test_a11_what_must_make_room_is_not_held_by_what_a_gpt_offers(self, bus, watch):
        small = Limits(1, 10_000_000, 60)
        operations = self.caching(bus, watch, small)
        await self.find(operations)

        await self.find(operations, workspace_id="ws_2")
        await self.find(operations)

        assert self.times_asked(bus, ReadRelease) == 2
        assert self.times_asked(bus, ReadOperations) == 3

    @pytest.mark.parametrize(
        ("fact", "fields"),
        [
            (GptPublished, {"version": 2, "action_ids": ()}),
            (GptRemoved, {}),
            (ActionRemoved, {"action_id": "act_1"}),
        ],
    )
    @pytest.mark.parametrize(("gpt_id", "holds"), [("gpt_1", False), ("gpt_2", True)])
    async def test_b22_what_was_found_is_void_once_its_gpt_changed(
        self, operations, watch, fact, fields, gpt_id, holds
    ):
        found = await self.offer(operations)

        watch.receives(fact(workspace_id="ws_1", gpt_id=gpt_id, **fields))

        assert found.holds() == holds

    async def test_a_draft_is_read_for_each_call_and_voids_nothing_that_is_published(
        self, operations, bus, watch
    ):
        await self.find(operations)
        drafts = [await operations.find(wanted_call(stage=Stage.DRAFT)) for _ in range(2)]
        watch.receives(GptChanged(workspace_id="ws_1", gpt_id="gpt_1", revision=2))
        await self.find(operations)

        stages = [asked.stage for asked in bus.asked if isinstance(asked, ReadRelease)]
        assert stages == [Stage.PUBLISHED, Stage.DRAFT, Stage.DRAFT]
        assert all(draft.holds() for draft in drafts)

    async def test_a_release_is_read_page_by_page_all_of_one_number(self, bus, watch):
        def page(asked):
            whole = release_of(asked)
            if asked.offset == 0:
                return whole.model_copy(update={"tools": (), "next_offset": 1})
            assert (asked.offset, asked.number) == (1, whole.number)
            return whole.model_copy(update={"actions": ()})

        bus.answers["ReadRelease"] = page
        found = await self.find(self.caching(bus, watch, LIMITS))

        assert (found.tool.name, found.tool.schema_id) == ("listPets", "sch_1")

    @pytest.mark.parametrize(("schema_id", "times"), [("sch_1", 2), ("sch_2", 1)])
    async def test_b9_what_is_compiled_again_is_asked_for_again(
        self, operations, bus, watch, schema_id, times
    ):
        found = await self.offer(operations)

        watch.receives(SchemaCompiled(workspace_id="ws_1", schema_id=schema_id, compiler=2))
        await self.find(operations)

        assert self.times_asked(bus, ReadOperations) == times
        assert found.holds() == (times == 1), "a call that waits with it in hand asks again, too"

    async def test_b9_what_made_room_meanwhile_is_void_once_it_is_compiled_again(self, bus, watch):
        operations = self.caching(bus, watch, Limits(1, 10_000_000, 60))
        found = await self.offer(operations)
        await self.find(operations, workspace_id="ws_2")
        assert found.holds()

        watch.receives(SchemaCompiled(workspace_id="ws_1", schema_id="sch_1", compiler=2))

        assert not found.holds()

    async def test_b9_slices_of_two_compilers_are_never_joined(self, bus, watch):
        old, new = "[" + "x" * 10, bus.answers["ReadOperations"].text

        def slice_of(asked):
            if sum(isinstance(question, ReadOperations) for question in bus.asked) == 1:
                return OperationsText(text=old, next_offset=len(old))
            return OperationsText(text=new[asked.offset :], compiler=2)

        bus.answers["ReadOperations"] = slice_of
        operations = self.caching(bus, watch, LIMITS)

        assert (await self.find(operations)).compiled.name == "listPets"

    async def test_a_new_version_is_asked_for_and_its_schema_only_if_it_is_another(
        self, operations, bus, watch
    ):
        await self.find(operations)

        watch.receives(
            GptPublished(workspace_id="ws_1", gpt_id="gpt_1", version=2, action_ids=("act_1",))
        )
        await self.find(operations)

        assert self.times_asked(bus, ReadRelease) == 2
        assert self.times_asked(bus, ReadOperations) == 1
