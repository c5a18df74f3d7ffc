"""What execution keeps of its neighbours' answers, for how long, and which fact voids it."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from contracts.facts import (
    ActionRemoved,
    CredentialChanged,
    DomainsChanged,
    GptPublished,
    GptRemoved,
    SettingsChanged,
)
from contracts.requests import (
    Answer,
    BoundAction,
    IssueCredential,
    OperationsText,
    PublishedGpt,
    ReadGpt,
    ReadOperations,
    SealedCredential,
)
from egress import EgressSettings
from execution_service.adapters.cached_credentials import CachedCredentials
from execution_service.adapters.cached_operations import CachedOperations
from execution_service.adapters.cached_verdicts import CachedVerdicts
from execution_service.domain.invocation import WantedCall
from kit.cache import Limits
from kit.sealing import SealBinding, SealExpired, seal
from kit.testing import FrozenClock
from services.execution.tests.fakes import ALLOWED, DENIED, callable_of
from shared.kit.tests.kit_fakes import Watch

LIMITS = Limits(100, 10_000_000, 60)
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ORIGIN = "https://api.example.com"
RELEASED = timedelta(seconds=50)


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


class TestVerdicts:
    @pytest.fixture
    def decide(self, calls, watch):
        call = callable_of(calls.compiled())

        async def decide(bus_or_cache):
            return await bus_or_cache.decide("ws_1", "mem_1", "gpt_1", call)

        return decide

    @pytest.mark.parametrize("verdict", [ALLOWED, DENIED])
    async def test_what_allows_or_denies_is_kept(self, decide, watch, verdict):
        bus = Bus(Decide=verdict)
        verdicts = CachedVerdicts(bus, watch, LIMITS)

        assert [(await decide(verdicts)).value for _ in range(3)] == [verdict] * 3
        assert len(bus.asked) == 1

    async def test_b23_what_asks_is_never_kept(self, decide, watch):
        asking = ALLOWED.model_copy(update={"answer": Answer.ASK})
        bus = Bus(Decide=asking)
        verdicts = CachedVerdicts(bus, watch, LIMITS)

        for _ in range(3):
            await decide(verdicts)

        assert len(bus.asked) == 3

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
        bus = Bus(Decide=ALLOWED)
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
            secret = orjson.dumps({"headers": [["x-api-key", "s3cret"]], "query": []})
            sealed = seal(secret, asked.recipient, binding)
            return SealedCredential(revision=1, sealed=sealed, expires_at=self.expiry)

        self.expiry = NOW + RELEASED
        return Bus(IssueCredential=issue)

    @pytest.fixture
    def credentials(self, bus, watch, clock):
        return CachedCredentials(bus, watch, LIMITS, clock)

    async def issue(self, credentials):
        return await credentials.issue("ws_1", "mem_1", "act_1", ORIGIN)

    async def test_it_is_opened_and_kept(self, credentials, bus):
        for _ in range(3):
            held = await self.issue(credentials)

        assert held.value.headers == (("x-api-key", "s3cret"),)
        assert len(bus.asked) == 1

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

        def gpt(asked):
            bound = BoundAction(action_id="act_1", schema_id="sch_1", operations=("listPets",))
            return PublishedGpt(gpt_id=asked.gpt_id, version=1, actions=(bound,))

        return Bus(ReadGpt=gpt, ReadOperations=OperationsText(text=text))

    @pytest.fixture
    def operations(self, bus, watch):
        return CachedOperations(bus, watch, EgressSettings(), offers=LIMITS, compiled=LIMITS)

    async def find(self, operations, gpt_id="gpt_1", workspace_id="ws_1"):
        return (await self.offer(operations, gpt_id, workspace_id)).value

    async def offer(self, operations, gpt_id="gpt_1", workspace_id="ws_1"):
        return await operations.find(WantedCall(workspace_id, "mem_1", gpt_id, "listPets", {}))

    def times_asked(self, bus, kind):
        return sum(isinstance(question, kind) for question in bus.asked)

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
        operations = CachedOperations(bus, watch, EgressSettings(), offers=LIMITS, compiled=small)
        await self.find(operations)

        await self.find(operations, workspace_id="ws_2")
        await self.find(operations)

        assert self.times_asked(bus, ReadGpt) == 2
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

    async def test_a_new_version_is_asked_for_and_its_schema_only_if_it_is_another(
        self, operations, bus, watch
    ):
        await self.find(operations)

        watch.receives(
            GptPublished(workspace_id="ws_1", gpt_id="gpt_1", version=2, action_ids=("act_1",))
        )
        await self.find(operations)

        assert self.times_asked(bus, ReadGpt) == 2
        assert self.times_asked(bus, ReadOperations) == 1
