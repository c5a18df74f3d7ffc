"""What each store promises, held against the fakes and against MongoDB."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from catalog_fakes import MemoryGpts, MemoryVersions

from catalog_service.adapters.mongo_gpts import MongoGpts
from catalog_service.adapters.mongo_versions import MongoVersions
from catalog_service.domain.definition import Action, Definition
from catalog_service.domain.gpt import Gpt, Held, Publication, Version
from catalog_service.ports import GptStore, VersionStore
from contracts.access import Level, Sharing
from contracts.errors import PlatformError
from contracts.facts import ActionRemoved, GptChanged, GptRemoved
from kit.outbox import Outbox
from kit.testing import RecordedFacts

OURS, THEIRS = "ws_ours", "ws_theirs"
ACTION = Action(
    "act_1", "Pets", "sch_1", ("getPet",), ("https://api.example.com",), "https://e.org"
)


@dataclass
class Stores:
    gpts: GptStore
    versions: VersionStore
    facts: RecordedFacts


@pytest.fixture
def memory_stores():
    facts = RecordedFacts()
    return Stores(MemoryGpts(facts), MemoryVersions(), facts)


@pytest.fixture
async def mongo_stores(database):
    facts = RecordedFacts()
    outbox = Outbox("catalog", facts)
    gpts = MongoGpts(database, outbox)
    versions = MongoVersions(database, outbox)
    for collection in (*gpts.collections, *versions.collections):
        await collection.ensure_indexes()
    return Stores(gpts, versions, facts)


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.integration)])
def stores(request):
    return request.getfixturevalue(f"{request.param}_stores")


def gpt(id_="gpt_1", name="Vet", workspace_id=OURS, actions=(ACTION,)):
    draft = Definition(name, "For pets", "Be kind.", ("Is my cat ill?",), actions)
    return Gpt(id_, workspace_id, draft)


def version(number=1, gpt_id="gpt_1"):
    at = datetime(2026, 11, 22, 12, number, tzinfo=UTC)
    return Version(gpt_id, number, gpt().draft, Publication(Sharing.LINK, at, "mem_1"))


def changed_fact(revision):
    return GptChanged(workspace_id=OURS, gpt_id="gpt_1", revision=revision)


async def refusal_of(promise):
    with pytest.raises(PlatformError) as refused:
        await promise
    return refused.value.code


async def test_what_was_added_is_read_as_it_was(stores):
    published = replace(gpt(), owner="mem_1").publishing(version().publication, 50)

    await stores.gpts.add(replace(published, revision=1))

    assert await stores.gpts.read(OURS, "gpt_1") == replace(published, revision=1)


async def test_a_foreign_gpt_is_not_there(stores):
    await stores.gpts.add(gpt())

    assert await refusal_of(stores.gpts.read(THEIRS, "gpt_1")) == "catalog.gpt_not_found"
    assert await refusal_of(stores.gpts.read(OURS, "gpt_2")) == "catalog.gpt_not_found"
    assert await stores.gpts.page(THEIRS, 10, None) == []


async def test_a_gpt_is_found_by_an_action_of_its_draft_in_its_own_workspace_only(stores):
    await stores.gpts.add(gpt("gpt_0", actions=()))
    await stores.gpts.add(gpt(actions=(replace(ACTION, id="act_0"), ACTION)))

    assert (await stores.gpts.read_by_action(OURS, "act_1")).id == "gpt_1"
    for workspace, action in ((THEIRS, "act_1"), (OURS, "act_2")):
        found = stores.gpts.read_by_action(workspace, action)
        assert await refusal_of(found) == "catalog.action_not_found"


async def test_a_change_is_stored_with_its_fact(stores):
    await stores.gpts.add(gpt())
    seen = await stores.gpts.read(OURS, "gpt_1")
    changed = seen.redrafted(Definition("Vet 2"))

    await stores.gpts.change(seen, changed, changed_fact(2))

    assert await stores.gpts.read(OURS, "gpt_1") == changed
    assert [fact.revision for fact in stores.facts.of(GptChanged)] == [2]


async def test_the_slower_of_two_editors_is_refused_and_states_nothing(stores):
    await stores.gpts.add(gpt())
    seen = await stores.gpts.read(OURS, "gpt_1")
    await stores.gpts.change(seen, seen.redrafted(Definition("First")), changed_fact(2))

    late = stores.gpts.change(seen, seen.redrafted(Definition("Second")), changed_fact(2))

    assert await refusal_of(late) == "platform.overtaken"
    assert await refusal_of(stores.gpts.remove(seen)) == "platform.overtaken"
    assert (await stores.gpts.read(OURS, "gpt_1")).draft.name == "First"
    assert len(stores.facts.published) == 1


async def test_a_removed_gpt_is_found_by_nobody_and_its_facts_are_published(stores):
    await stores.gpts.add(gpt())
    removed = GptRemoved(workspace_id=OURS, gpt_id="gpt_1")
    action_removed = ActionRemoved(workspace_id=OURS, gpt_id="gpt_1", action_id="act_1")

    await stores.gpts.remove(gpt(), removed, action_removed)

    assert await refusal_of(stores.gpts.read(OURS, "gpt_1")) == "catalog.gpt_not_found"
    by_action = stores.gpts.read_by_action(OURS, "act_1")
    assert await refusal_of(by_action) == "catalog.action_not_found"
    assert await stores.gpts.page(OURS, 10, None) == []
    assert list(stores.facts.published) == [removed.id, action_removed.id]


async def test_pages_run_newest_first_with_one_more_to_show_that_there_is_more(stores):
    for number in range(5):
        await stores.gpts.add(gpt(f"gpt_{number}", actions=()))

    first = await stores.gpts.page(OURS, 2, None)
    last = await stores.gpts.page(OURS, 2, "gpt_2")

    assert [found.id for found in first] == ["gpt_4", "gpt_3", "gpt_2"]
    assert [found.id for found in last] == ["gpt_1", "gpt_0"]


@pytest.mark.parametrize(
    ("part", "found"),
    [
        pytest.param("weather", ["gpt_2", "gpt_1"], id="without regard to case"),
        pytest.param("STRASSE", ["gpt_3"], id="folded beyond ASCII"),
        pytest.param(".*", [], id="no pattern"),
        pytest.param("(", ["gpt_2"], id="a bracket is a bracket"),
    ],
)
async def test_names_are_searched_as_text(stores, part, found):
    names = ("Weather", "The WEATHER (new)", "Straße")
    for number, name in enumerate(names, start=1):
        await stores.gpts.add(gpt(f"gpt_{number}", name, actions=()))

    page = await stores.gpts.page(OURS, 10, None, part)

    assert [one.id for one in page] == found


async def test_a_version_is_kept_once_and_never_changes(stores):
    await stores.versions.keep(OURS, version())
    await stores.versions.keep(OURS, replace(version(), definition=Definition("Other")))

    assert await stores.versions.page(OURS, "gpt_1", 10, None) == [version()]


async def test_versions_run_newest_first_beyond_nine(stores):
    for number in range(1, 12):
        await stores.versions.keep(OURS, version(number))

    first = await stores.versions.page(OURS, "gpt_1", 2, None)
    rest = await stores.versions.page(OURS, "gpt_1", 20, version(10).id)

    assert [kept.number for kept in first] == [11, 10, 9]
    assert [kept.number for kept in rest] == list(range(9, 0, -1))


async def test_versions_of_others_are_not_there(stores):
    await stores.versions.keep(THEIRS, version())
    await stores.versions.keep(OURS, version(gpt_id="gpt_2"))

    assert await stores.versions.page(OURS, "gpt_1", 10, None) == []


async def test_forgetting_takes_the_versions_of_one_gpt_however_often(stores):
    await stores.versions.keep(OURS, version())
    await stores.versions.keep(OURS, version(gpt_id="gpt_2"))

    await stores.versions.forget(THEIRS, "gpt_2")
    for _ in range(2):
        await stores.versions.forget(OURS, "gpt_1")

    assert await stores.versions.page(OURS, "gpt_1", 10, None) == []
    assert len(await stores.versions.page(OURS, "gpt_2", 10, None)) == 1


async def test_a_gpt_is_found_by_an_action_that_only_a_kept_version_has(stores):
    held = (Held("act_9", "set_1", (1,)),)
    await stores.gpts.add(replace(gpt(), held=held))

    found = await stores.gpts.read_by_action(OURS, "act_9")

    assert (found.id, found.held) == ("gpt_1", held)


async def test_b2_lists_hold_what_a_member_may_use(stores):
    await stores.gpts.add(replace(gpt("gpt_1"), owner="mem_1"))
    chats = (("mem_1", Level.CHAT),)
    await stores.gpts.add(replace(gpt("gpt_2"), entries=chats, published=version()))
    await stores.gpts.add(replace(gpt("gpt_3"), sharing=Sharing.WORKSPACE, published=version()))
    await stores.gpts.add(replace(gpt("gpt_4"), owner="mem_2"))
    await stores.gpts.add(replace(gpt("gpt_5"), entries=chats))
    await stores.gpts.add(replace(gpt("gpt_6"), sharing=Sharing.WORKSPACE))
    await stores.gpts.add(replace(gpt("gpt_7"), entries=(("mem_1", Level.EDIT),)))

    seen = await stores.gpts.page(OURS, 10, None, visible_to="mem_1")

    assert [each.id for each in seen] == ["gpt_7", "gpt_3", "gpt_2", "gpt_1"]
    assert len(await stores.gpts.page(OURS, 10, None)) == 7


async def test_lists_of_published_gpts_and_of_others_hold_each_once(stores):
    await stores.gpts.add(replace(gpt("gpt_1"), owner="mem_1"))
    await stores.gpts.add(replace(gpt("gpt_2"), owner="mem_1", published=version()))

    async def listed(member, *, published):
        found = await stores.gpts.page(OURS, 10, None, "", member, published=published)
        return [each.id for each in found]

    for member in ("mem_1", None):
        assert await listed(member, published=True) == ["gpt_2"]
        assert await listed(member, published=False) == ["gpt_1"]
        assert await listed(member, published=None) == ["gpt_2", "gpt_1"]


async def test_b2_a_member_finds_a_gpt_by_a_name_that_they_see(stores):
    published = replace(version(), definition=Definition("Vet"), gpt_id="gpt_1")
    for number, level in enumerate((Level.CHAT, Level.VIEW, Level.EDIT), start=1):
        drafted = replace(gpt(f"gpt_{number}", "Secret"), published=published, owner="mem_2")
        await stores.gpts.add(replace(drafted, entries=(("mem_1", level),)))

    by_draft = await stores.gpts.page(OURS, 10, None, "secret", visible_to="mem_1")
    by_published = await stores.gpts.page(OURS, 10, None, "vet", visible_to="mem_1")
    by_owner = await stores.gpts.page(OURS, 10, None, "secret", visible_to="mem_2")

    assert [each.id for each in by_draft] == ["gpt_3", "gpt_2"]
    assert "gpt_1" in [each.id for each in by_published]
    assert len(by_owner) == 3


async def test_access_is_kept_with_the_gpt(stores):
    shared = replace(gpt(), owner="mem_1", sharing=Sharing.LINK, entries=(("mem_2", Level.EDIT),))
    await stores.gpts.add(shared)

    assert (await stores.gpts.read(OURS, "gpt_1")).access == shared.access


async def test_what_an_earlier_release_published_is_shared_as_its_access_says_once_that_changed(
    stores,
):
    """Its publication said with whom until then."""
    await stores.gpts.add(replace(gpt(), held=None, published=version(3), sharing=Sharing.LINK))
    seen = await stores.gpts.read(OURS, "gpt_1")

    changed = seen.shared(replace(seen.access, sharing=Sharing.PRIVATE))
    await stores.gpts.change(seen, changed)

    assert seen.sharing is Sharing.LINK
    assert (await stores.gpts.read(OURS, "gpt_1")).sharing is Sharing.PRIVATE


async def test_what_an_earlier_release_wrote_is_found_until_it_has_an_owner(stores):
    await stores.gpts.add(replace(gpt("gpt_1"), held=None))
    await stores.gpts.add(replace(gpt("gpt_2", workspace_id=THEIRS), held=None))
    await stores.gpts.add(replace(gpt("gpt_3"), owner="mem_1"))

    assert [each.id for each in await stores.gpts.unfinished("", 10)] == ["gpt_1", "gpt_2"]
    assert [each.id for each in await stores.gpts.unfinished("gpt_1", 10)] == ["gpt_2"]
    seen = await stores.gpts.read(OURS, "gpt_1")
    await stores.gpts.change(seen, replace(seen, held=(), owner="mem_1", revision=2))
    assert [each.id for each in await stores.gpts.unfinished("", 10)] == ["gpt_2"]


async def test_what_an_earlier_release_wrote_is_found_until_it_is_pinned(stores):
    await stores.gpts.add(replace(gpt(), held=None, owner="mem_1"))
    seen = await stores.gpts.read(OURS, "gpt_1")

    await stores.gpts.change(seen, seen.redrafted(Definition("Edited")))
    [found] = await stores.gpts.unfinished("", 10)
    await stores.gpts.change(found, replace(found, held=(), revision=3))

    assert found.draft.name == "Edited"
    assert await stores.gpts.unfinished("", 10) == []


async def test_only_versions_before_the_oldest_that_is_kept_are_forgotten(stores):
    for number in range(1, 6):
        await stores.versions.keep(OURS, version(number))
        await stores.versions.keep(OURS, version(number, "gpt_2"))

    await stores.versions.forget_before(OURS, "gpt_1", 4)

    kept = await stores.versions.page(OURS, "gpt_1", 10, None)
    assert [each.number for each in kept] == [5, 4]
    assert len(await stores.versions.page(OURS, "gpt_2", 10, None)) == 5
    assert (await stores.versions.find(OURS, "gpt_1", 4)).number == 4
    assert await stores.versions.find(OURS, "gpt_1", 3) is None
    assert await stores.versions.find(THEIRS, "gpt_1", 4) is None


def using(schema_id, name="Vet"):
    return Definition(name, actions=(replace(ACTION, schema_id=schema_id),))


async def test_t11_a_gpt_is_found_by_the_schemas_of_its_draft_and_of_its_published_version(stores):
    published = replace(version(), definition=using("sch_1"))
    await stores.gpts.add(Gpt("gpt_1", OURS, using("sch_1")))
    await stores.gpts.add(Gpt("gpt_2", OURS, using("sch_2"), published=published))
    await stores.gpts.add(Gpt("gpt_3", OURS, using("sch_1"), published=published))
    await stores.gpts.add(Gpt("gpt_4", OURS, using("sch_2")))
    await stores.gpts.add(Gpt("gpt_5", THEIRS, using("sch_1"), published=published))

    found = await stores.gpts.using(OURS, "sch_1", 10)

    assert sorted(each.id for each in found) == ["gpt_1", "gpt_2", "gpt_3"]
    assert len(await stores.gpts.using(OURS, "sch_1", 2)) == 2
    assert await stores.gpts.using(OURS, "sch_9", 10) == []


async def test_t11_versions_that_use_a_schema_run_newest_first_in_pages(stores):
    for number in range(1, 6):
        schema_id = "sch_2" if number == 3 else "sch_1"
        await stores.versions.keep(OURS, replace(version(number), definition=using(schema_id)))
    await stores.versions.keep(THEIRS, replace(version(9), definition=using("sch_1")))

    first = await stores.versions.using(OURS, "sch_1", 2, None)
    rest = await stores.versions.using(OURS, "sch_1", 9, first[-1].id)

    assert [each.number for each in first] == [5, 4]
    assert [each.number for each in rest] == [2, 1]


async def test_t9_gpts_are_found_by_the_descriptions_that_a_member_sees(stores):
    described = replace(version(), definition=Definition("Vet", "Answers about STRASSEN (all)"))
    draft = Definition("Vet", "Knows Zürich's cats")
    await stores.gpts.add(
        Gpt("gpt_1", OURS, draft, owner="mem_1", sharing=Sharing.WORKSPACE, published=described)
    )

    async def found(text, member):
        return len(await stores.gpts.page(OURS, 10, None, text, visible_to=member))

    assert (await found("zürich's", "mem_1"), await found("zürich's", "mem_2")) == (1, 0)
    assert (await found("strassen (", "mem_1"), await found("strassen (", "mem_2")) == (1, 1)
    assert (await found("zürich's", None), await found("strassen", None)) == (1, 1)
    assert (await found("s.rassen", None), await found("dog", None)) == (0, 0)
