"""Versions that are read, and made the draft again (T9)."""

from dataclasses import replace

import pytest
from catalog_fakes import BUILDER, MemoryGpts, MemoryVersions, ScriptedSchemas, operation, principal
from catalog_fakes import schema as schema_of

from catalog_service.domain.binding import pinned
from catalog_service.domain.definition import Action, Definition
from catalog_service.domain.gpt import Gpt, Publication
from catalog_service.usecases.pin_tools import PinTools
from catalog_service.usecases.read_version import ReadVersion
from catalog_service.usecases.remove_action import RemoveAction
from catalog_service.usecases.restore_version import RestoreVersion
from contracts.access import Level, Sharing
from contracts.errors import PlatformError
from contracts.facts import ActionRemoved, GptChanged
from contracts.principal import Role
from kit.documents import ChangedMeanwhile
from kit.testing import FrozenClock

GET_PET = operation("getPet")
SCHEMAS = ScriptedSchemas({("ws_1", "sch_1"): schema_of(GET_PET)})
KEPT = 3


def action(id_):
    bare = Action(id_, "Pets", "sch_1", ("getPet",), ("https://api.example.com",))
    return pinned(bare, [GET_PET], Definition("Vet"))


class Catalog:
    def __init__(self):
        self.gpts, self.versions = MemoryGpts(), MemoryVersions()
        pin_tools = PinTools(self.gpts, self.versions, SCHEMAS, KEPT)
        self.read_version = ReadVersion(self.gpts, self.versions, KEPT)
        self.restore = RestoreVersion(self.gpts, pin_tools, self.read_version)
        self.remove_action = RemoveAction(self.gpts, pin_tools)

    async def published(self, *names, entries=()):
        """A GPT of which a version of each name was published."""
        gpt = Gpt("gpt_1", "ws_1", Definition(names[0], actions=(action("act_1"),)), owner="mem_1")
        gpt = replace(gpt, entries=entries)
        await self.gpts.add(gpt)
        for name in names:
            seen = await self.gpts.read("ws_1", "gpt_1")
            if seen.published:
                await self.versions.keep("ws_1", seen.published)
            publication = Publication(Sharing.PRIVATE, FrozenClock()(), "mem_1")
            renamed = seen.redrafted(replace(seen.draft, name=name))
            published = replace(renamed.publishing(publication, KEPT), revision=seen.revision + 1)
            await self.gpts.change(seen, published)

    async def redraft(self, definition):
        seen = await self.gpts.read("ws_1", "gpt_1")
        await self.gpts.change(seen, seen.redrafted(definition))


@pytest.fixture
def catalog():
    return Catalog()


async def code_of(promise):
    with pytest.raises(PlatformError) as refused:
        await promise
    return refused.value.code


async def test_t9_a_kept_version_is_read_and_says_whether_it_is_in_use(catalog):
    await catalog.published("A", "B")

    first = await catalog.read_version(BUILDER, "gpt_1", 1)
    second = await catalog.read_version(BUILDER, "gpt_1", 2)

    assert (first.version.definition.name, first.in_use) == ("A", False)
    assert (second.version.definition.name, second.in_use) == ("B", True)


@pytest.mark.parametrize("number", [3, 99])
async def test_t9_a_version_that_never_was_is_not_found(catalog, number):
    await catalog.published("A", "B")

    refused = catalog.read_version(BUILDER, "gpt_1", number)

    assert await code_of(refused) == "catalog.version_not_found"


async def test_t9_a_version_that_is_only_still_to_be_deleted_is_neither_read_nor_restored(catalog):
    await catalog.published("A", "B", "C", "D")  # nobody deleted the first one yet

    assert (await catalog.versions.find("ws_1", "gpt_1", 1)) is not None
    read = catalog.read_version(BUILDER, "gpt_1", 1)
    assert await code_of(read) == "catalog.version_not_found"
    restored = catalog.restore(BUILDER, "gpt_1", 1, None)
    assert await code_of(restored) == "catalog.version_not_found"


async def test_t9_a_restored_version_is_the_draft_and_what_is_published_stays(catalog):
    await catalog.published("A", "B")

    restored = await catalog.restore(BUILDER, "gpt_1", 1, None)

    assert (restored.draft.name, restored.in_use.number) == ("A", 2)
    assert restored.draft.actions == (action("act_1"),)
    assert await catalog.gpts.read("ws_1", "gpt_1") == restored
    assert [fact.revision for fact in catalog.gpts.facts.of(GptChanged)] == [restored.revision]


async def test_t9_restoring_what_the_draft_is_changes_nothing(catalog):
    await catalog.published("A")

    restored = await catalog.restore(BUILDER, "gpt_1", 1, None)

    assert restored == await catalog.gpts.read("ws_1", "gpt_1")
    assert catalog.gpts.facts.of(GptChanged) == []


async def test_t9_a_restored_action_keeps_its_id_and_credential_and_can_be_removed_again(catalog):
    await catalog.published("A", "B")
    await catalog.remove_action(BUILDER, "gpt_1", "act_1", None)

    restored = await catalog.restore(BUILDER, "gpt_1", 1, None)
    removed = await catalog.remove_action(BUILDER, "gpt_1", "act_1", None)

    assert [each.id for each in restored.draft.actions] == ["act_1"]
    assert removed.draft.actions == ()
    assert catalog.gpts.facts.of(ActionRemoved) == []


async def test_t9_an_action_that_only_the_draft_had_is_removed_with_its_credential(catalog):
    await catalog.published("A", "B")
    seen = await catalog.gpts.read("ws_1", "gpt_1")
    await catalog.redraft(replace(seen.draft, actions=(action("act_1"), action("act_2"))))

    restored = await catalog.restore(BUILDER, "gpt_1", 1, None)

    assert [fact.action_id for fact in catalog.gpts.facts.of(ActionRemoved)] == ["act_2"]
    again = await catalog.remove_action(BUILDER, "gpt_1", "act_2", None)
    assert again == restored  # removing it once more succeeds


async def test_t9_an_edit_meanwhile_is_not_overwritten(catalog):
    await catalog.published("A", "B")
    before = (await catalog.gpts.read("ws_1", "gpt_1")).revision
    await catalog.redraft(Definition("C"))

    with pytest.raises(ChangedMeanwhile):
        await catalog.restore(BUILDER, "gpt_1", 1, before)


async def test_t9_whoever_views_reads_versions_and_only_editors_restore(catalog):
    entries = (("mem_v", Level.VIEW), ("mem_c", Level.CHAT))
    await catalog.published("A", "B", entries=entries)
    viewer, chatter = (principal(each, Role.BUILDER) for each in ("mem_v", "mem_c"))

    assert (await catalog.read_version(viewer, "gpt_1", 1)).version.number == 1
    for who, call in ((viewer, catalog.restore), (chatter, catalog.restore)):
        assert await code_of(call(who, "gpt_1", 1, None)) == "access.level_too_low"
    assert await code_of(catalog.read_version(chatter, "gpt_1", 1)) == "access.level_too_low"
