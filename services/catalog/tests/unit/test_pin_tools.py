"""What an earlier release wrote becomes a release, once."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from catalog_fakes import BUILDER, MemoryGpts, MemoryVersions, ScriptedSchemas, operation, schema
from structlog.testing import capture_logs

from catalog_service.domain.definition import (
    NO_SERVER_VALUES,
    Action,
    Definition,
    ServerValues,
)
from catalog_service.domain.gpt import Gpt, Held, Publication, Version
from catalog_service.usecases.edit_gpt import Edit, EditGpt
from catalog_service.usecases.make_releases import (
    AGAIN_SECONDS,
    DONE_SECONDS,
    PAUSE_SECONDS,
    MakeReleases,
)
from catalog_service.usecases.pin_tools import PinTools
from contracts.access import Sharing
from contracts.origin import origin_set_digest
from kit.documents import Overtaken

ORIGIN = "https://api.example.com"
SET = origin_set_digest([ORIGIN])
SCHEMAS = {
    ("ws_1", "sch_1"): schema(operation("getPet"), operation("addPet")),
    ("ws_1", "sch_2"): schema(operation("getPet"), schema_id="sch_2"),
}
PUBLICATION = Publication(Sharing.PRIVATE, datetime(2026, 11, 1, tzinfo=UTC), "mem_1")


def old_action(id_, schema_id="sch_1", operations=("getPet",)):
    return Action(id_, "Pets", schema_id, operations, (ORIGIN,))


def old_gpt(draft, published=None, number=3):
    version = published and Version("gpt_1", number, published, PUBLICATION)
    return Gpt("gpt_1", "ws_1", draft, revision=9, published=version, held=None)


class Owners:
    async def oldest_owner(self, workspace_id):
        return f"owner of {workspace_id}"


async def no_sleep(_):
    pass


class Catalog:
    def __init__(self):
        self.gpts, self.versions = MemoryGpts(), MemoryVersions()
        self.schemas = ScriptedSchemas(dict(SCHEMAS))
        self.pin_tools = PinTools(self.gpts, self.versions, self.schemas, kept_versions=2)

    async def pinned(self, gpt):
        await self.gpts.add(gpt)
        return await self.pin_tools.read("ws_1", "gpt_1")


@pytest.fixture
def catalog():
    return Catalog()


async def test_draft_and_published_version_get_the_same_tools(catalog):
    definition = Definition("Vet", actions=(old_action("act_1"), old_action("act_2", "sch_2")))

    gpt = await catalog.pinned(old_gpt(definition, definition))

    assert gpt.is_pinned
    assert gpt.draft == gpt.in_use.definition
    names = [tool.name for action in gpt.draft.actions for tool in action.tools]
    assert names == ["getPet", "getPet_pets"]
    assert await catalog.gpts.read("ws_1", "gpt_1") == gpt


async def test_tools_are_pinned_at_the_server_that_their_action_chose(catalog):
    """Schema is asked with it, for the draft and for what is published; others have none."""
    values = ServerValues("https://ours.acme.io/v1", (("tenant", "acme"),))
    chosen = replace(old_action("act_1"), server_values=values)
    definition = Definition("Vet", actions=(chosen, old_action("act_2", "sch_2")))

    gpt = await catalog.pinned(old_gpt(definition, definition))

    assert catalog.schemas.asked == [values, NO_SERVER_VALUES] * 2
    for each in (gpt.draft, gpt.in_use.definition):
        assert [action.server_values for action in each.actions] == [values, NO_SERVER_VALUES]


async def test_what_is_pinned_is_written_no_second_time(catalog):
    first = await catalog.pinned(old_gpt(Definition("Vet", actions=(old_action("act_1"),))))

    assert await catalog.pin_tools.read("ws_1", "gpt_1") == first


async def test_an_action_that_the_earlier_release_removed_is_published_no_more(catalog):
    """It destroyed the credential at once; calls would go out without one."""
    published = Definition("Vet", actions=(old_action("act_1"), old_action("act_2")))
    draft = Definition("Vet", actions=(old_action("act_1"),))

    gpt = await catalog.pinned(old_gpt(draft, published))

    assert [action.id for action in gpt.in_use.definition.actions] == ["act_1"]
    assert gpt.known_actions == {"act_1"}


async def test_what_kept_versions_hold_is_found_out(catalog):
    definition = Definition("Vet", actions=(old_action("act_1"),))
    for number in (1, 2):
        await catalog.versions.keep("ws_1", Version("gpt_1", number, definition, PUBLICATION))

    gpt = await catalog.pinned(old_gpt(definition, definition, number=3))

    assert gpt.held == (Held("act_1", SET, (2, 3)),)


async def test_what_an_earlier_release_bound_anew_is_pinned_anew(catalog):
    """It leaves the members that it does not know in place: `tools` of the schema before."""
    gpt = await catalog.pinned(old_gpt(Definition("Vet", actions=(old_action("act_1"),))))
    [stale] = gpt.draft.actions
    rebound = Action("act_1", "Pets", "sch_2", ("getPet",), (ORIGIN,), None, stale.tools, "sch_1")
    await catalog.gpts.change(gpt, gpt.redrafted(Definition("Vet", actions=(rebound,))))

    again = await catalog.pin_tools.read("ws_1", "gpt_1")

    assert [action.tools_of for action in again.draft.actions] == ["sch_2"]


async def test_nothing_is_written_while_schema_names_no_source(catalog):
    """A replica of the release before answers."""
    brief = schema(operation("getPet", source_digest=""))
    catalog.schemas.known["ws_1", "sch_1"] = brief
    held = Gpt("gpt_1", "ws_1", Definition("Vet", actions=(old_action("act_1"),)), held=())
    first = await catalog.pinned(held)

    assert not first.is_pinned
    assert (await catalog.pin_tools.read("ws_1", "gpt_1")).revision == first.revision


async def test_what_a_version_before_the_kept_ones_holds_is_no_longer_held(catalog):
    """Two versions are kept: of number 3, these are 2 and 3."""
    for number, action in ((1, "act_1"), (2, "act_2")):
        kept = Version(
            "gpt_1", number, Definition("Vet", actions=(old_action(action),)), PUBLICATION
        )
        await catalog.versions.keep("ws_1", kept)
    draft = Definition("Vet", actions=(old_action("act_1"), old_action("act_2")))

    gpt = await catalog.pinned(old_gpt(draft, Definition("Vet"), number=3))

    assert gpt.held == (Held("act_2", SET, (2,)),)


async def test_what_versions_hold_of_an_action_that_the_draft_lost_is_gone(catalog):
    kept = Version("gpt_1", 2, Definition("Vet", actions=(old_action("act_2"),)), PUBLICATION)
    await catalog.versions.keep("ws_1", kept)

    gpt = await catalog.pinned(old_gpt(Definition("Vet"), Definition("Vet"), number=3))

    assert gpt.held == ()


async def test_operations_that_the_schema_lost_are_bound_no_more(catalog):
    action = old_action("act_1", operations=("getPet", "gone"))

    gpt = await catalog.pinned(old_gpt(Definition("Vet", actions=(action,))))

    assert gpt.draft.actions[0].operations == ("getPet",)


async def test_a_gpt_that_keeps_changing_is_refused_after_some_attempts(catalog):
    async def change(*_):
        raise Overtaken

    catalog.gpts.change = change
    with pytest.raises(Exception, match="keeps changing"):
        await catalog.pinned(old_gpt(Definition("Vet", actions=(old_action("act_1"),))))


async def test_all_workspaces_are_gone_through_also_where_one_gpt_cannot_be_pinned(catalog):
    definition = Definition("Vet", actions=(old_action("act_1", "sch_9"),))
    await catalog.gpts.add(Gpt("gpt_1", "ws_1", definition, held=None))
    await catalog.gpts.add(Gpt("gpt_2", "ws_2", Definition("Empty"), held=None))
    await catalog.gpts.add(Gpt("gpt_3", "ws_2", Definition("New"), owner="mem_1"))

    found = await MakeReleases(catalog.gpts, catalog.pin_tools, Owners(), no_sleep)()

    assert found == 2
    made = await catalog.gpts.read("ws_2", "gpt_2")
    assert (made.held, made.owner) == ((), "owner of ws_2")
    assert (await catalog.gpts.read("ws_1", "gpt_1")).held is None


async def test_one_that_was_pinned_when_it_was_asked_for_gets_an_owner_too(catalog):
    pinned = await catalog.pinned(old_gpt(Definition("Vet", actions=(old_action("act_1"),))))
    assert (pinned.is_pinned, pinned.owner) == (True, None)

    await MakeReleases(catalog.gpts, catalog.pin_tools, Owners(), no_sleep)()

    assert (await catalog.gpts.read("ws_1", "gpt_1")).owner == "owner of ws_1"


async def test_one_whose_words_were_edited_before_is_pinned_all_the_same(catalog):
    """The edit stores whose it is, which the publication had so far."""
    definition = Definition("Vet", actions=(old_action("act_1"),))
    await catalog.gpts.add(replace(old_gpt(definition, definition), owner="mem_1"))
    await EditGpt(catalog.gpts)(BUILDER, "gpt_1", Edit(name="Edited"), None)

    await MakeReleases(catalog.gpts, catalog.pin_tools, Owners(), no_sleep)()

    made = await catalog.gpts.read("ws_1", "gpt_1")
    assert (made.is_pinned, made.owner, made.draft.name) == (True, "mem_1", "Edited")


@pytest.mark.parametrize("first", ["a call", "the background"])
async def test_a_private_gpt_that_loses_callers_is_logged_once(catalog, first):
    definition = Definition("Vet", actions=(old_action("act_1"),))
    await catalog.gpts.add(old_gpt(definition, definition))
    make_releases = MakeReleases(catalog.gpts, catalog.pin_tools, Owners(), no_sleep)

    with capture_logs() as logged:
        if first == "a call":
            await catalog.pin_tools.read("ws_1", "gpt_1")
        await make_releases()
        await catalog.pin_tools.read("ws_1", "gpt_1")

    warned = [line["gpt"] for line in logged if line["event"] == "private_gpt_is_its_owners_now"]
    assert warned == ["gpt_1"]


@pytest.mark.parametrize("sharing", [Sharing.WORKSPACE, None])
async def test_a_gpt_that_loses_no_caller_is_not_logged(catalog, sharing):
    """One that is shared, and one of which nothing is published."""
    definition = Definition("Vet", actions=(old_action("act_1"),))
    gpt = old_gpt(definition, sharing and definition)

    with capture_logs() as logged:
        await catalog.pinned(replace(gpt, sharing=sharing or Sharing.PRIVATE))

    assert logged == []


class Stopped(Exception):
    """Ends a loop that never ends."""


class Alone:
    """`Leases` that nobody else holds."""

    async def alone(self, _, work):
        await work(None)
        return True


async def test_every_gpt_is_looked_at_once_a_day_once_there_is_nothing_left(catalog):
    """The search has no index: it must not run every minute for a year."""
    await catalog.gpts.add(Gpt("gpt_2", "ws_2", Definition("Empty"), held=None))
    slept = []

    async def sleep(seconds):
        slept.append(seconds)
        if seconds == DONE_SECONDS:
            raise Stopped

    make_releases = MakeReleases(catalog.gpts, catalog.pin_tools, Owners(), sleep)
    with pytest.raises(Stopped):
        await make_releases.for_ever(Alone())

    assert slept == [PAUSE_SECONDS, AGAIN_SECONDS, DONE_SECONDS]
