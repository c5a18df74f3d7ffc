"""Who uses a schema version, for whoever wants to delete it (T9, T11)."""

from dataclasses import replace

import pytest
from catalog_fakes import MemoryGpts, MemoryVersions
from catalog_fakes import principal as member

from catalog_service.domain.definition import Action, Definition
from catalog_service.domain.gpt import Gpt, Publication
from catalog_service.usecases.find_uses import MAX_GPTS, PAGE, FindUses
from contracts.access import Level, Sharing
from contracts.principal import Role
from contracts.requests import FindSchemaUses
from kit.testing import FrozenClock

KEPT = 3
PUBLICATION = Publication(Sharing.PRIVATE, FrozenClock()(), "mem_1")
OWNER = member("mem_admin", Role.OWNER)


def of(schema_id, name="Vet"):
    action = Action("act_1", "Pets", schema_id, ("getPet",), ("https://api.example.com",))
    return Definition(name, actions=(action,))


def gpt(draft, id_="gpt_1", **more):
    return Gpt(id_, "ws_1", draft, owner="mem_1", **more)


class Catalog:
    def __init__(self):
        self.gpts, self.versions = MemoryGpts(), MemoryVersions()
        self.find_uses = FindUses(self.gpts, self.versions, KEPT)

    async def uses(self, schema_id="sch_1", who=OWNER):
        return await self.find_uses(
            FindSchemaUses(
                workspace_id=who.workspace_id,
                schema_id=schema_id,
                member_id=who.member_id,
                role=who.role,
            )
        )

    async def publish(self, definition):
        seen = await self.gpts.read("ws_1", "gpt_1")
        if seen.published:
            await self.versions.keep("ws_1", seen.published)
        changed = seen.redrafted(definition).publishing(PUBLICATION, KEPT)
        await self.gpts.change(seen, changed)


@pytest.fixture
def catalog():
    return Catalog()


async def test_t11_nobody_uses_what_no_gpt_has(catalog):
    await catalog.gpts.add(gpt(of("sch_2")))

    uses = await catalog.uses()

    assert (uses.gpts, uses.others) == ((), False)


async def test_t11_a_draft_the_published_version_and_kept_ones_are_uses(catalog):
    await catalog.gpts.add(gpt(of("sch_1", "A")))
    await catalog.publish(of("sch_1", "A"))
    await catalog.publish(of("sch_2", "B"))
    await catalog.publish(of("sch_1", "C"))

    [use] = (await catalog.uses()).gpts

    assert (use.gpt_id, use.name, use.draft, use.versions) == ("gpt_1", "C", True, (3, 1))


async def test_t11_a_version_that_is_only_still_to_be_deleted_is_no_use(catalog):
    await catalog.gpts.add(gpt(of("sch_1", "A")))
    for definition in (of("sch_1", "A"), *(of("sch_2", name) for name in "BCD")):
        await catalog.publish(definition)

    assert await catalog.versions.find("ws_1", "gpt_1", 1) is not None
    assert (await catalog.uses()).gpts == ()


async def test_t11_a_version_of_a_removed_gpt_is_no_use(catalog):
    await catalog.gpts.add(gpt(of("sch_1")))
    await catalog.publish(of("sch_1", "A"))
    await catalog.publish(of("sch_2", "B"))
    await catalog.gpts.remove(await catalog.gpts.read("ws_1", "gpt_1"))

    assert await catalog.versions.find("ws_1", "gpt_1", 1) is not None
    assert (await catalog.uses()).gpts == ()


async def test_t11_a_gpt_that_the_member_may_not_view_counts_and_is_not_named(catalog):
    await catalog.gpts.add(gpt(of("sch_1"), entries=(("mem_c", Level.CHAT), ("mem_v", Level.VIEW))))

    for who in ("mem_other", "mem_c"):
        uses = await catalog.uses(who=member(who, Role.BUILDER))
        assert (uses.gpts, uses.others) == ((), True)
    [use] = (await catalog.uses(who=member("mem_v", Role.BUILDER))).gpts
    assert use.gpt_id == "gpt_1"


async def test_t11_another_workspaces_gpt_is_no_use(catalog):
    await catalog.gpts.add(replace(gpt(of("sch_1")), workspace_id="ws_2"))

    uses = await catalog.uses()

    assert (uses.gpts, uses.others) == ((), False)


async def test_t11_an_answer_names_a_bounded_number_and_says_that_there_are_more(catalog):
    for number in range(MAX_GPTS + 5):
        await catalog.gpts.add(gpt(of("sch_1"), f"gpt_{number}"))

    uses = await catalog.uses()

    assert (len(uses.gpts), uses.others) == (MAX_GPTS, True)


async def test_t11_a_kept_version_beyond_the_first_page_is_found(catalog):
    """The first page is full of versions of a GPT that was removed."""
    await catalog.gpts.add(gpt(of("sch_1", "A")))
    await catalog.publish(of("sch_1", "A"))
    await catalog.publish(of("sch_2", "B"))
    left = (await catalog.gpts.read("ws_1", "gpt_1")).published
    for number in range(1, PAGE + 1):
        gone = replace(left, gpt_id="gpt_2", number=number, definition=of("sch_1"))
        await catalog.versions.keep("ws_1", gone)

    [use] = (await catalog.uses()).gpts

    assert (use.gpt_id, use.draft, use.versions) == ("gpt_1", False, (1,))


async def test_t11_pages_are_read_to_the_end_however_many_there_are(catalog):
    await catalog.gpts.add(gpt(of("sch_1", "A")))
    await catalog.publish(of("sch_1", "A"))
    await catalog.publish(of("sch_2", "B"))
    left = (await catalog.gpts.read("ws_1", "gpt_1")).published
    for number in range(1, 3 * PAGE + 1):
        gone = replace(left, gpt_id="gpt_2", number=number, definition=of("sch_1"))
        await catalog.versions.keep("ws_1", gone)

    [use] = (await catalog.uses()).gpts

    assert use.gpt_id == "gpt_1"
