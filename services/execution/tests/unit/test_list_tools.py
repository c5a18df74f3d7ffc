"""What a GPT offers to models: to whom, in what order, in which pages, and what is left out."""

from dataclasses import replace

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.access import GptAccess, Level, Sharing
from contracts.errors import Denied, Limited, NotFound, Unavailable
from contracts.operation import Location
from contracts.principal import Role
from contracts.requests import Stage
from egress import EgressSettings
from execution_service.domain.admission import NO_NAMES
from execution_service.domain.errors import GptNotFound, OperationUnusable, ToolsChanged
from execution_service.domain.tool_page import MAX_TOOLS_BYTES, CursorBroken, Position
from execution_service.domain.tool_text import OPENAI, ToolText
from execution_service.usecases.list_tools import READS_AT_ONCE, ListTools, WantedTools
from services.execution.tests.fakes import ORIGIN, principal, tool
from services.execution.tests.memory_tools import MemoryTools

PRIVATE = GptAccess("ws_1", "mem_owner", Sharing.PRIVATE)
DRAFT = Stage.DRAFT
MOST = "9" * 18


def offered(count):
    return tuple(tool(f"tool{number}") for number in range(count))


def wanted(who=None, **fields):
    who = who or principal()
    return WantedTools(who, who.workspace_id, fields.pop("gpt_id", "gpt_1"), **fields)


async def listed(world, asked=None):
    return await ListTools(world.accesses, world, world, world)(asked or wanted())


def names(page):
    return [orjson.loads(text)["name"] for text in page.tools]


def left_out(page):
    reported = [orjson.loads(text) for text in page.left_out]
    return {each["name"]: each["code"] for each in reported}


async def all_pages(world, **fields):
    pages, after = [], None
    while not pages or after is not None:
        page = await listed(world, wanted(after=after, **fields))
        pages.append(page)
        after = page.after
    return pages


async def test_tools_are_those_of_the_release_in_its_order():
    page = await listed(MemoryTools(offered(3)))

    assert names(page) == ["tool0", "tool1", "tool2"]
    assert (page.gpt_id, page.stage, page.number, page.tokens) == ("gpt_1", "published", 3, 3)
    assert (page.left_out, page.after) == ([], None)


class TestAccess:
    @pytest.mark.parametrize(
        "asked",
        [
            wanted(gpt_id="gpt_unknown"),
            wanted(principal(workspace_id="ws_2")),
            wanted(replace(principal(), member_id="mem_2"), stage=Stage.PUBLISHED),
        ],
        ids=["unknown", "another workspace", "not on the list"],
    )
    async def test_b2_whoever_has_no_access_is_told_what_is_told_of_an_unknown_gpt(self, asked):
        with pytest.raises(GptNotFound) as refused:
            await listed(MemoryTools(offered(1), access=PRIVATE), asked)
        assert refused.value.sentence == GptNotFound().sentence

    async def test_b2_an_unpublished_gpt_is_not_found_either(self):
        with pytest.raises(GptNotFound):
            await listed(MemoryTools())

    async def test_b2_nothing_is_read_for_whoever_has_no_access(self):
        world = MemoryTools(offered(1), access=PRIVATE)
        with pytest.raises(GptNotFound):
            await listed(world)
        assert world.most_at_once == 0

    async def test_b2_an_admin_is_told_that_a_private_gpt_is_private(self):
        with pytest.raises(Denied) as refused:
            await listed(
                MemoryTools(offered(1), access=PRIVATE), wanted(principal(role=Role.ADMIN))
            )
        assert refused.value.code == "access.private"

    @pytest.mark.parametrize(
        ("level", "code"), [(Level.EDIT, None), (Level.CHAT, "access.level_too_low")]
    )
    async def test_b1_a_draft_is_for_those_who_may_edit_it(self, level, code):
        world = MemoryTools(offered(1), access=replace(PRIVATE, entries=(("mem_1", level),)))
        asked = wanted(stage=DRAFT)
        if code is None:
            assert (await listed(world, asked)).stage is DRAFT
        else:
            with pytest.raises(Denied) as refused:
                await listed(world, asked)
            assert refused.value.code == code

    async def test_b2_access_that_is_taken_away_meanwhile_is_noticed(self):
        world = MemoryTools(offered(1))

        def taken_away():
            world.access, world.accessed.still_holds = PRIVATE, False

        world.while_reading = taken_away
        with pytest.raises(GptNotFound):
            await listed(world)


class TestLeftOut:
    @pytest.mark.parametrize(
        "why",
        [
            NotFound("gone", code="schema.schema_not_found"),
            Denied("no", code="egress.scheme_refused"),
            OperationUnusable("unusable"),
        ],
        ids=lambda why: why.code,
    )
    async def test_what_nobody_can_call_is_left_out_and_named(self, why):
        page = await listed(MemoryTools(offered(3), texts={"tool1": why}))

        assert names(page) == ["tool0", "tool2"]
        assert left_out(page) == {"tool1": why.code}

    async def test_an_operation_that_moved_is_left_out(self):
        moved = ToolText(b"{}", 1, "https://elsewhere.example:443")
        page = await listed(MemoryTools(offered(2), texts={"tool0": moved}))

        assert (names(page), left_out(page)) == (["tool1"], {"tool0": "execution.operation_moved"})

    async def test_where_no_origin_was_pinned_any_is_the_same(self):
        world = MemoryTools((tool("tool0", origin=""),))
        assert names(await listed(world)) == ["tool0"]

    @pytest.mark.parametrize("why", [Unavailable("away"), Limited("later")])
    async def test_a_list_is_never_shorter_because_somebody_is_away(self, why):
        with pytest.raises(type(why)):
            await listed(MemoryTools(offered(3), texts={"tool1": why}))


class TestCredentials:
    """The tool's operation takes two arguments where a credential could go."""

    KEY, LIMIT = (Location.HEADER, "x-api-key"), (Location.QUERY, "limit")
    HERE, ELSEWHERE = ("ws_1", "ws_1", "act_1", ORIGIN), "https://elsewhere.example:443"

    def world(self, credential, **fields):
        about = {"origin": ORIGIN, "places": frozenset({self.KEY, self.LIMIT}), **fields}
        text = ToolText(b"{}", 1, **about)
        return MemoryTools(offered(1), texts={"tool0": text}, credentials={self.HERE: credential})

    async def test_h64_what_the_credential_fills_is_not_asked_for(self):
        world = self.world(frozenset({(Location.HEADER, "X-API-Key"), (Location.QUERY, "other")}))
        await listed(world)
        assert [each.reserved for each in world.wordings] == [frozenset(), {self.KEY}]

    @pytest.mark.parametrize(
        ("called_at", "asked_for"), [(ELSEWHERE, NO_NAMES), (ORIGIN, frozenset({KEY}))]
    )
    async def test_h64_the_credential_is_that_of_the_origin_that_is_called(
        self, called_at, asked_for
    ):
        """The release does not pin one: it is where the operation is read to be now."""
        world = self.world(frozenset({self.KEY}), origin=called_at)
        world.tools = (tool("tool0", origin=""),)
        await listed(world)
        assert world.wordings[-1].reserved == asked_for

    @pytest.mark.parametrize("gpt_workspace_id", ["ws_1", "ws_2"])
    @pytest.mark.parametrize("workspace_id", ["ws_1", "ws_2"])
    async def test_h64_the_credential_is_the_gpts_workspaces_for_calls_of_the_callers(
        self, gpt_workspace_id, workspace_id
    ):
        """They are one until GPTs are called from elsewhere, which access here permits already."""
        world = self.world(NO_NAMES)
        world.access = GptAccess("ws_2", "mem_owner", Sharing.WORKSPACE)
        place = (gpt_workspace_id, workspace_id, "act_1", ORIGIN)
        world.credentials = {place: frozenset({self.KEY})}

        await listed(world, WantedTools(principal(workspace_id="ws_2"), "ws_1", "gpt_1"))

        its_own = (gpt_workspace_id, workspace_id) == ("ws_1", "ws_2")
        assert world.wordings[-1].reserved == (frozenset({self.KEY}) if its_own else NO_NAMES)

    @pytest.mark.parametrize("places", [frozenset(), frozenset({LIMIT})])
    async def test_where_it_fills_nothing_all_is_asked_for(self, places):
        world = self.world(frozenset({self.KEY}), places=places)
        await listed(world)
        assert len(world.wordings) == 1

    async def test_a_tool_is_listed_whether_its_action_can_sign_in_or_not(self):
        page = await listed(self.world(Denied("no", code="auth.origin_changed")))
        assert (len(page.tools), page.left_out) == (1, [])

    async def test_a_list_waits_for_auth_rather_than_ask_for_too_much(self):
        with pytest.raises(Unavailable):
            await listed(self.world(Unavailable("away")))

    async def test_a_tool_whose_arguments_are_all_in_the_path_waits_for_nobody(self, calls):
        """No credential goes there."""
        pet = calls.operation(calls.parameter("id", "path"), path="/pets/{id}")
        world = self.world(Unavailable("away"))
        world.texts = {"tool0": ToolText.of(pet, "tool0", OPENAI, EgressSettings())}
        assert len((await listed(world)).tools) == 1


class TestPages:
    @settings(max_examples=50, deadline=None)
    @given(st.integers(1, 300), st.integers(1, 128), st.sets(st.integers(0, 299)))
    async def test_every_tool_is_on_one_page_and_callable_by_its_name(self, count, limit, broken):
        texts = {f"tool{number}": Denied("no", code="x.y") for number in broken}
        world = MemoryTools(offered(count), texts=texts)

        pages = await all_pages(world, limit=limit)

        reported = [name for page in pages for name in (*names(page), *left_out(page))]
        assert sorted(reported) == sorted(world.release().tools)
        assert max(len(page.tools) + len(page.left_out) for page in pages) <= limit
        for page in pages:
            assert all(world.release().tool(name, None).name == name for name in names(page))

    @settings(max_examples=30, deadline=None)
    @given(st.lists(st.integers(1, 2 * MAX_TOOLS_BYTES), min_size=1, max_size=20))
    async def test_a_page_ends_before_its_bytes_do(self, sizes):
        texts = {
            f"tool{number}": ToolText(b'{"name":"tool%d"}' % number + b" " * size, 1, ORIGIN)
            for number, size in enumerate(sizes)
        }
        pages = await all_pages(MemoryTools(offered(len(sizes)), texts=texts))

        assert [name for page in pages for name in names(page)] == list(texts)
        for page in pages:
            size = sum(len(text) + 1 for text in page.tools)
            assert size <= MAX_TOOLS_BYTES or len(page.tools) == 1

    async def test_operations_are_asked_for_a_few_at_a_time(self):
        world = MemoryTools(offered(100))
        await listed(world)
        assert world.most_at_once == READS_AT_ONCE

    async def test_pages_of_two_releases_are_never_joined(self):
        world = MemoryTools(offered(3))
        first = await listed(world, wanted(limit=2))
        world.number += 1
        with pytest.raises(ToolsChanged):
            await listed(world, wanted(limit=2, after=first.after))

    @pytest.mark.parametrize("foreign", [{"gpt_id": "gpt_2"}, {"stage": DRAFT}, {"number": 9}])
    async def test_a_position_in_another_release_is_refused(self, foreign):
        world = MemoryTools(offered(3))
        first = await listed(world, wanted(limit=2))
        with pytest.raises(ToolsChanged):
            await listed(world, wanted(limit=2, after=replace(first.after, **foreign)))

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "1.1",
            "g.published.1.",
            "g.published.a.1",
            "g.published.1.-1",
            "g.x.1.1",
            "g.draft.٣.1",
            f"g.draft.{MOST}0.1",
            f"g.draft.1.{MOST}0",
        ],
    )
    def test_a_position_that_is_none_of_ours_is_refused(self, text):
        with pytest.raises(CursorBroken):
            Position.read(text)

    def test_a_position_has_numbers_of_18_digits_at_most(self):
        """So each fits in 64 bits, wherever it goes."""
        position = Position("gpt_1", DRAFT, int(MOST), int(MOST))
        assert Position.read(str(position)) == position

    async def test_a_position_beyond_the_end_is_an_empty_last_page(self):
        page = await listed(
            MemoryTools(offered(2)), wanted(after=Position("gpt_1", Stage.PUBLISHED, 3, 99))
        )
        assert (page.tools, page.after) == ([], None)
