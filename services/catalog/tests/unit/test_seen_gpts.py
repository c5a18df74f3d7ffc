"""What members see of a GPT: its draft with its settings, or only what is published of it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from catalog_fakes import MemoryGpts, principal

from catalog_service.domain.definition import Action, Definition
from catalog_service.domain.gpt import Gpt, Publication
from catalog_service.entrypoints.views import GptSummaryView, GptView, PublishedGptView
from catalog_service.usecases.list_gpts import ListGpts
from catalog_service.usecases.read_gpt import ReadGpt
from contracts.access import Level, Sharing
from contracts.errors import PlatformError
from contracts.principal import Role

CHATTER = principal("mem_chatter", Role.USER)
VIEWER = principal("mem_viewer", Role.USER)
ADMIN = principal("mem_admin", Role.ADMIN)
ENTRIES = (("mem_chatter", Level.CHAT), ("mem_viewer", Level.VIEW))
PUBLICATION = Publication(Sharing.PRIVATE, datetime(2026, 11, 26, tzinfo=UTC), "mem_maker")
PUBLISHED = Definition("Vet", "For pets", "Be kind.", ("Ill?",))
DRAFT = replace(
    PUBLISHED, name="Secret plan", description="No", actions=(Action("act_1", "A", "s", (), ()),)
)


def edited(id_="gpt_1", **changes):
    """Published, then edited."""
    gpt = Gpt(id_, "ws_1", PUBLISHED, owner="mem_maker", entries=ENTRIES)
    return replace(gpt.publishing(PUBLICATION, 50).redrafted(DRAFT), **changes)


async def listed(who, *gpts, q=""):
    store = MemoryGpts()
    for gpt in gpts:
        await store.add(gpt)
    return [GptSummaryView.of(seen) for seen in await ListGpts(store)(who, 10, None, q)]


async def read(who, gpt):
    store = MemoryGpts()
    await store.add(gpt)
    return await ReadGpt(store)(who, gpt.id)


async def test_b2_whoever_may_only_chat_is_listed_what_is_published():
    [shown] = await listed(CHATTER, edited())

    assert (shown.name, shown.description, shown.action_count) == ("Vet", "For pets", 0)
    assert (shown.published_version, shown.revision) == (1, None)


@pytest.mark.parametrize("who", [VIEWER, ADMIN])
async def test_whoever_may_view_settings_is_listed_the_draft(who):
    [shown] = await listed(who, edited())

    assert (shown.name, shown.action_count, shown.revision) == ("Secret plan", 1, edited().revision)


async def test_a_published_gpt_whose_draft_was_edited_says_so_to_whoever_sees_the_draft():
    again = edited().redrafted(PUBLISHED)
    never = Gpt("gpt_1", "ws_1", DRAFT, owner="mem_maker", entries=ENTRIES)

    for gpt, changed in ((edited(), True), (again, False), (never, False)):
        assert [each.changed_since_publishing for each in await listed(VIEWER, gpt)] == [changed]
        assert GptView.of(gpt).changed_since_publishing is changed
    [shown] = await listed(CHATTER, edited())
    assert shown.changed_since_publishing is False


async def test_a_list_names_the_hosts_of_the_actions_that_one_sees():
    origins = ("https://b.example:8443", "https://a.example", "http://a.example")
    calling = (Action("act_1", "A", "s", (), origins),)
    gpt = edited(draft=replace(DRAFT, actions=calling))

    assert [shown.hosts for shown in await listed(VIEWER, gpt)] == [["a.example", "b.example"]]
    assert [shown.hosts for shown in await listed(CHATTER, gpt)] == [[]]


async def test_b2_what_is_not_published_is_not_there_for_whoever_may_only_chat():
    unpublished = edited().unpublished()
    shared = replace(unpublished, sharing=Sharing.WORKSPACE, entries=())

    for gpt in (unpublished, shared):
        assert await listed(CHATTER, gpt) == []
        with pytest.raises(PlatformError) as refused:
            await read(CHATTER, gpt)
        assert refused.value.code == "catalog.gpt_not_found"
    assert len(await listed(VIEWER, unpublished)) == 1


async def test_b2_a_search_looks_at_the_name_that_is_shown():
    assert await listed(CHATTER, edited(), q="secret") == []
    assert len(await listed(CHATTER, edited(), q="vet")) == 1
    assert len(await listed(VIEWER, edited(), q="secret")) == 1


async def test_a_list_shows_the_sharing_of_now_also_where_nothing_is_published():
    gpt = edited(sharing=Sharing.WORKSPACE)

    assert (await listed(CHATTER, gpt))[0].sharing is Sharing.WORKSPACE
    assert (await listed(ADMIN, gpt.unpublished()))[0].sharing is Sharing.WORKSPACE


async def test_whoever_may_only_chat_reads_the_published_words_and_no_instructions():
    seen = await read(CHATTER, edited())

    shown = PublishedGptView.of(seen.gpt).model_dump()
    assert not seen.with_settings
    assert (shown["name"], shown["starters"]) == ("Vet", ["Ill?"])
    assert not {"instructions", "actions", "revision"} & shown.keys()


async def test_a_list_goes_on_behind_what_a_store_thought_visible():
    class Stale(MemoryGpts):
        async def page(self, *wanted, **how):
            return await super().page(*wanted, **{**how, "visible_to": None})

    store = Stale()
    for number in range(6):
        mine = number < 2
        await store.add(edited(f"gpt_{number}", entries=ENTRIES if mine else ()))

    found = await ListGpts(store)(CHATTER, 1, None, "")

    assert [seen.gpt.id for seen in found] == ["gpt_1", "gpt_0"]
