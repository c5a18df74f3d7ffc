"""Two builders of one GPT at the same moment, on the real database."""

import pytest
from catalog_fakes import (
    BUILDER,
    ScriptedHosts,
    ScriptedMembers,
    ScriptedSchemas,
    ScriptedSignIns,
    operation,
    schema,
)

from catalog_service.adapters.mongo_gpts import MongoGpts
from catalog_service.adapters.mongo_versions import MongoVersions
from catalog_service.domain.binding import Wanted, pinned
from catalog_service.domain.definition import Action, Definition, Limits
from catalog_service.domain.errors import GptNotFound
from catalog_service.domain.gpt import Gpt
from catalog_service.usecases.bind_action import BindAction
from catalog_service.usecases.change_access import AccessEdit, ChangeAccess
from catalog_service.usecases.check_publication import CheckPublication
from catalog_service.usecases.edit_gpt import Edit, EditGpt
from catalog_service.usecases.pin_tools import PinTools
from catalog_service.usecases.publish_gpt import PublishGpt
from catalog_service.usecases.read_version import ReadVersion
from catalog_service.usecases.remove_action import RemoveAction
from catalog_service.usecases.remove_gpt import RemoveGpt
from catalog_service.usecases.restore_version import RestoreVersion
from catalog_service.usecases.unpublish_gpt import UnpublishGpt
from contracts.access import Sharing
from kit.documents import ChangedMeanwhile
from kit.outbox import Outbox
from kit.testing import FrozenClock, Interleaved, RecordedFacts

pytestmark = pytest.mark.integration
GET_PET = operation("getPet")
SCHEMAS = ScriptedSchemas({("ws_1", "sch_1"): schema(GET_PET)})
HOSTS = ScriptedHosts({"api.example.com"})
KEPT = 3
WRITES = ("change", "remove")
ACTION = pinned(
    Action("act_1", "Pets", "sch_1", ("getPet",), ("https://api.example.com",)),
    [GET_PET],
    Definition("Vet"),
)


class Builders:
    """What one builder does, in the middle of which the other one edits the description."""

    def __init__(self, gpts, versions):
        self.gpts, self.versions = gpts, versions
        self.between = Interleaved(gpts, WRITES, self.describe)
        pin = PinTools(self.between, versions, SCHEMAS, KEPT)
        check = CheckPublication(SCHEMAS, HOSTS, ScriptedSignIns())
        between = self.between
        self.edit = EditGpt(between)
        self.bind = BindAction(between, pin, SCHEMAS, HOSTS, Limits(actions=5, operations=5))
        self.remove_action = RemoveAction(between, pin)
        self.remove = RemoveGpt(between)
        self.change_access = ChangeAccess(between, ScriptedMembers())
        self.publish = PublishGpt(between, versions, pin, check, FrozenClock(), KEPT)
        self.unpublish = UnpublishGpt(between, versions)
        self.restore = RestoreVersion(between, pin, ReadVersion(between, versions, KEPT))

    async def describe(self):
        await EditGpt(self.gpts)(BUILDER, "gpt_1", Edit(description="Another's"), None)

    async def read(self):
        return await self.gpts.read("ws_1", "gpt_1")


@pytest.fixture
async def builders(database):
    outbox = Outbox("catalog", RecordedFacts())
    gpts, versions = MongoGpts(database, outbox), MongoVersions(database, outbox)
    for collection in (*gpts.collections, *versions.collections):
        await collection.ensure_indexes()
    await gpts.add(Gpt("gpt_1", "ws_1", Definition("Vet", actions=(ACTION,)), owner="mem_1"))
    builders = Builders(gpts, versions)
    pin = PinTools(gpts, versions, SCHEMAS, KEPT)
    check = CheckPublication(SCHEMAS, HOSTS, ScriptedSignIns())
    await PublishGpt(gpts, versions, pin, check, FrozenClock(), KEPT)(BUILDER, "gpt_1", None, None)
    await EditGpt(gpts)(BUILDER, "gpt_1", Edit(name="Vets"), None)
    return builders


CHANGES = {
    "edit": lambda at, b: b.edit(BUILDER, "gpt_1", Edit(instructions="Be kind."), at),
    "bind": lambda at, b: b.bind(BUILDER, "gpt_1", None, Wanted("sch_1", name="More"), at),
    "remove_action": lambda at, b: b.remove_action(BUILDER, "gpt_1", "act_1", at),
    "access": lambda at, b: b.change_access(
        BUILDER, "gpt_1", AccessEdit(sharing=Sharing.WORKSPACE), at
    ),
    "publish": lambda at, b: b.publish(BUILDER, "gpt_1", None, at),
    "unpublish": lambda at, b: b.unpublish(BUILDER, "gpt_1", at),
    "restore": lambda at, b: b.restore(BUILDER, "gpt_1", 1, at),
    "remove": lambda at, b: b.remove(BUILDER, "gpt_1", at),
}


@pytest.mark.parametrize("name", sorted({*CHANGES} - {"remove"}))
async def test_without_a_revision_both_changes_are_made(builders, name):
    seen = await builders.read()

    await CHANGES[name](None, builders)

    assert builders.between.others == []
    assert (await builders.read()).revision == seen.revision + 2


async def test_a_gpt_is_removed_although_it_was_edited_meanwhile(builders):
    await builders.remove(BUILDER, "gpt_1", None)

    assert builders.between.others == []
    with pytest.raises(GptNotFound):
        await builders.read()


@pytest.mark.parametrize("name", sorted(CHANGES))
async def test_with_a_revision_the_second_is_refused_and_the_first_stays(builders, name):
    seen = await builders.read()

    with pytest.raises(ChangedMeanwhile) as refused:
        await CHANGES[name](seen.revision, builders)

    assert refused.value.code == "platform.changed_meanwhile"
    assert (await builders.read()).draft.description == "Another's"
    assert (await builders.read()).revision == seen.revision + 1


async def test_words_of_both_builders_are_kept(builders):
    await builders.edit(BUILDER, "gpt_1", Edit(instructions="Be kind."), None)

    draft = (await builders.read()).draft
    assert (draft.name, draft.description, draft.instructions) == (
        "Vets",
        "Another's",
        "Be kind.",
    )


async def test_what_is_published_is_the_newest_draft(builders):
    await builders.publish(BUILDER, "gpt_1", None, None)

    assert (await builders.read()).in_use.definition.description == "Another's"
