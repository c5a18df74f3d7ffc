"""B2: who may use, see and change a GPT, as the catalog's use cases refuse it."""

import pytest
from catalog_fakes import (
    MemoryGpts,
    MemoryVersions,
    ScriptedHosts,
    ScriptedMembers,
    ScriptedSchemas,
    ScriptedSignIns,
    principal,
)

from catalog_service.domain.definition import Action, Definition
from catalog_service.domain.gpt import Gpt, Publication
from catalog_service.usecases.change_access import AccessEdit, ChangeAccess
from catalog_service.usecases.check_publication import CheckPublication
from catalog_service.usecases.create_gpt import CreateGpt
from catalog_service.usecases.edit_gpt import Edit, EditGpt
from catalog_service.usecases.list_gpts import ListGpts
from catalog_service.usecases.list_versions import ListVersions
from catalog_service.usecases.pin_tools import PinTools
from catalog_service.usecases.publish_gpt import PublishGpt
from catalog_service.usecases.read_access import ReadAccess
from catalog_service.usecases.read_gpt import ReadGpt
from catalog_service.usecases.remove_action import RemoveAction
from catalog_service.usecases.remove_gpt import RemoveGpt
from catalog_service.usecases.unpublish_gpt import UnpublishGpt
from contracts import requests
from contracts.access import Level, Sharing
from contracts.errors import Kind, PlatformError
from contracts.facts import GptAccessChanged, GptPublished
from contracts.principal import Role
from kit.errors import NotInForce
from kit.testing import FrozenClock

MAKER = principal("mem_maker", Role.BUILDER)
ADMIN = principal("mem_admin", Role.ADMIN)
OTHER = principal("mem_other", Role.BUILDER)
ACTION = Action("act_1", "Pets", "sch_1", (), (), tools_of="sch_1")


class Catalog:
    def __init__(self):
        self.gpts, versions = MemoryGpts(), MemoryVersions()
        pin_tools = PinTools(self.gpts, versions, ScriptedSchemas(), 50)
        self.create = CreateGpt(self.gpts)
        self.list = ListGpts(self.gpts)
        self.members = ScriptedMembers({"mem_maker", "mem_other", "mem_user"})
        self.change_access = ChangeAccess(self.gpts, self.members)
        self.publish = PublishGpt(
            self.gpts,
            versions,
            pin_tools,
            CheckPublication(ScriptedSchemas(), ScriptedHosts(), ScriptedSignIns()),
            FrozenClock(),
            50,
        )
        self.uses = {
            "read": ReadGpt(self.gpts),
            "versions": lambda who, gpt: ListVersions(self.gpts, versions)(who, gpt, 5, None),
            "edit": lambda who, gpt: EditGpt(self.gpts)(who, gpt, Edit(name="New"), None),
            "remove_action": lambda who, gpt: RemoveAction(self.gpts, pin_tools)(
                who, gpt, "act_1", None
            ),
            "publish": lambda who, gpt: self.publish(who, gpt, None, None),
            "unpublish": lambda who, gpt: UnpublishGpt(self.gpts, versions)(who, gpt, None),
            "share": lambda who, gpt: self.change_access(
                who, gpt, AccessEdit(sharing=Sharing.LINK), None
            ),
            "remove": lambda who, gpt: RemoveGpt(self.gpts)(who, gpt, None),
        }

    async def gpt(self, **access):
        gpt = Gpt("gpt_1", "ws_1", Definition("Vet"), owner="mem_maker", **access)
        await self.gpts.add(gpt)
        return gpt.id

    async def answers(self, who):
        """What each use answers this principal: a code, or ok."""
        answers = {}
        for name, use in self.uses.items():
            gpt_id = await self.gpt(entries=(("mem_other", Level.VIEW), ("mem_user", Level.CHAT)))
            seen = await self.gpts.read("ws_1", gpt_id)
            await self.gpts.change(seen, seen.redrafted(Definition("Vet", actions=(ACTION,))))
            try:
                await use(who, gpt_id)
                answers[name] = "ok"
            except PlatformError as refusal:
                answers[name] = refusal.code
        return answers


@pytest.fixture
def catalog():
    return Catalog()


@pytest.mark.parametrize("use", ["publish", "unpublish", "share", "remove_action"])
async def test_b5_the_same_again_succeeds_once_it_is_in_force(catalog, use):
    gpt_id = await catalog.gpt()
    seen = await catalog.gpts.read("ws_1", gpt_id)
    if use == "remove_action":
        await catalog.gpts.change(seen, seen.redrafted(Definition("Vet", actions=(ACTION,))))
    if use == "unpublish":
        await catalog.uses["publish"](MAKER, gpt_id)
    await catalog.uses[use](MAKER, gpt_id)

    catalog.gpts.late = True
    with pytest.raises(NotInForce):
        await catalog.uses[use](MAKER, gpt_id)
    catalog.gpts.late = False
    await catalog.uses[use](MAKER, gpt_id)


async def test_who_makes_a_gpt_owns_it_and_it_is_private(catalog):
    gpt = await catalog.create(MAKER, Definition("Vet"))

    assert (gpt.owner, gpt.sharing) == ("mem_maker", Sharing.PRIVATE)


async def test_b2_whoever_has_nothing_to_do_with_a_private_gpt_does_not_find_it(catalog):
    answers = await catalog.answers(principal("mem_stranger", Role.BUILDER))

    assert set(answers.values()) == {"catalog.gpt_not_found"}


async def test_b2_what_the_list_grants_is_all_that_may_be_done(catalog):
    viewer = await catalog.answers(OTHER)
    chatter = await catalog.answers(principal("mem_user", Role.USER))

    assert (viewer["read"], viewer["versions"]) == ("ok", "ok")
    assert viewer["edit"] == viewer["publish"] == viewer["unpublish"] == "access.level_too_low"
    assert viewer["remove"] == viewer["share"] == "access.owner_only"
    assert (chatter["read"], chatter["versions"]) == (
        "catalog.gpt_not_found",  # nothing is published
        "access.level_too_low",
    )


async def test_owner_and_admin_may_do_all_of_it(catalog):
    maker, admin = await catalog.answers(MAKER), await catalog.answers(ADMIN)

    # An action without operations prevents publication, whoever asks for it.
    expected = dict.fromkeys(catalog.uses, "ok") | {"publish": "catalog.action_without_operations"}
    assert maker == admin == expected


async def test_b2_lists_show_what_one_may_use(catalog):
    mine = await catalog.create(MAKER, Definition("Mine"))
    theirs = await catalog.create(OTHER, Definition("Theirs"))
    listed = AccessEdit(entries=[("mem_maker", Level.CHAT)])
    await catalog.change_access(OTHER, theirs.id, listed, None)
    await catalog.create(OTHER, Definition("Hidden"))
    open_to_all = await catalog.create(OTHER, Definition("Open"))
    for gpt, sharing in ((theirs, None), (open_to_all, Sharing.WORKSPACE)):
        await catalog.publish(OTHER, gpt.id, sharing, None)

    seen = {one.gpt.id for one in await catalog.list(MAKER, 10, None, "")}

    assert seen == {mine.id, theirs.id, open_to_all.id}
    assert len(await catalog.list(ADMIN, 10, None, "")) == 4


async def test_an_editor_publishes_as_it_is_shared_and_shares_it_no_wider(catalog):
    gpt_id = await catalog.gpt(entries=(("mem_other", Level.EDIT),))

    published = await catalog.publish(OTHER, gpt_id, None, None)
    with pytest.raises(PlatformError) as refused:
        await catalog.publish(OTHER, gpt_id, Sharing.WORKSPACE, None)

    assert published.gpt.sharing is Sharing.PRIVATE
    assert refused.value.code == "access.owner_only"


async def test_a_publication_that_shares_it_otherwise_says_so_too(catalog):
    gpt_id = await catalog.gpt()

    await catalog.publish(MAKER, gpt_id, None, None)
    assert catalog.gpts.facts.of(GptAccessChanged) == []
    await catalog.publish(MAKER, gpt_id, Sharing.WORKSPACE, None)

    assert [fact.version for fact in catalog.gpts.facts.of(GptPublished)] == [1, 2]
    assert len(catalog.gpts.facts.of(GptAccessChanged)) == 1


async def test_access_changes_at_once_and_the_same_again_changes_nothing(catalog):
    gpt_id = await catalog.gpt()
    edit = AccessEdit(owner="mem_other", entries=[("mem_maker", Level.EDIT)])

    await catalog.change_access(MAKER, gpt_id, edit, 1)
    with pytest.raises(PlatformError) as refused:  # the owner is somebody else now
        await catalog.change_access(MAKER, gpt_id, edit, 1)
    await catalog.change_access(OTHER, gpt_id, edit, 1)

    assert refused.value.code == "access.owner_only"
    assert [fact.revision for fact in catalog.gpts.facts.of(GptAccessChanged)] == [2]
    asked = requests.ReadAccess(workspace_id="ws_1", gpt_id=gpt_id)
    access = (await ReadAccess(catalog.gpts)(asked)).access
    assert access == (await catalog.gpts.read("ws_1", gpt_id)).access
    assert (access.owner, access.entries) == ("mem_other", (("mem_maker", Level.EDIT),))


@pytest.mark.parametrize(
    "edit",
    [
        AccessEdit(entries=[("mem_user", Level.CHAT), ("mem_9", Level.EDIT)]),
        AccessEdit(owner="mem_9"),
        AccessEdit(owner="mem_9", entries=[("mem_9", Level.CHAT)]),
    ],
)
async def test_who_is_no_member_gets_no_access(catalog, edit):
    gpt_id = await catalog.gpt()

    with pytest.raises(PlatformError) as refused:
        await catalog.change_access(MAKER, gpt_id, edit, None)

    assert refused.value.code == "catalog.unknown_members"
    assert refused.value.sentence == "These are no members of your workspace: mem_9."
    assert [finding["member_id"] for finding in refused.value.findings] == ["mem_9"]
    assert (await catalog.gpts.read("ws_1", gpt_id)).revision == 1


async def test_a_sentence_names_some_of_many_who_are_no_members(catalog):
    gpt_id = await catalog.gpt()
    entries = [(f"mem_{number}", Level.CHAT) for number in range(8)]

    with pytest.raises(PlatformError) as refused:
        await catalog.change_access(MAKER, gpt_id, AccessEdit(entries=entries), None)

    assert refused.value.sentence.endswith(": mem_0, mem_1, mem_2, mem_3, mem_4 and 3 more.")
    assert len(refused.value.findings) == 8


async def test_a_listed_member_who_was_removed_blocks_no_other_change_of_the_list(catalog):
    removed = ("mem_removed", Level.EDIT)
    gpt_id = await catalog.gpt(entries=(removed,))
    edit = AccessEdit(entries=[removed, ("mem_user", Level.CHAT)])

    changed = await catalog.change_access(MAKER, gpt_id, edit, None)
    lowered = AccessEdit(entries=[("mem_removed", Level.CHAT), ("mem_user", Level.CHAT)])
    await catalog.change_access(MAKER, gpt_id, lowered, None)

    assert changed.gpt.access.entries == (removed, ("mem_user", Level.CHAT))
    assert catalog.members.asked == [("mem_user",), ()]
    raised = AccessEdit(entries=[("mem_removed", Level.VIEW), ("mem_user", Level.CHAT)])
    with pytest.raises(PlatformError) as refused:
        await catalog.change_access(MAKER, gpt_id, raised, None)
    assert refused.value.code == "catalog.unknown_members"


async def test_a_listed_member_who_was_removed_does_not_become_the_owner(catalog):
    gpt_id = await catalog.gpt(entries=(("mem_removed", Level.EDIT),))

    with pytest.raises(PlatformError) as refused:
        await catalog.change_access(MAKER, gpt_id, AccessEdit(owner="mem_removed"), None)

    assert refused.value.code == "catalog.unknown_members"


async def test_where_identity_is_away_nobody_is_added_and_others_are_taken_off(catalog):
    gpt_id = await catalog.gpt(entries=(("mem_other", Level.EDIT),))
    catalog.members.away = True

    added = AccessEdit(entries=[("mem_user", Level.CHAT)])
    with pytest.raises(PlatformError) as refused:
        await catalog.change_access(MAKER, gpt_id, added, None)
    assert refused.value.kind is Kind.UNAVAILABLE
    assert (await catalog.gpts.read("ws_1", gpt_id)).access.entries == (("mem_other", Level.EDIT),)

    emptied = await catalog.change_access(MAKER, gpt_id, AccessEdit(entries=[]), None)
    assert emptied.gpt.access.entries == ()


async def test_access_of_an_old_reading_is_refused(catalog):
    gpt_id = await catalog.gpt()
    await EditGpt(catalog.gpts)(MAKER, gpt_id, Edit(name="Vet 2"), None)

    with pytest.raises(PlatformError) as refused:
        await catalog.change_access(MAKER, gpt_id, AccessEdit(sharing=Sharing.WORKSPACE), 1)

    assert refused.value.code == "platform.changed_meanwhile"


async def test_whoever_may_not_see_a_gpt_does_not_learn_that_it_changed(catalog):
    gpt_id = await catalog.gpt()

    with pytest.raises(PlatformError) as refused:
        await EditGpt(catalog.gpts)(OTHER, gpt_id, Edit(name="Mine"), 99)

    assert refused.value.code == "catalog.gpt_not_found"


async def test_what_is_published_without_policies_is_not_shared_with_strangers(catalog):
    gpt_id = await catalog.gpt()
    seen = await catalog.gpts.read("ws_1", gpt_id)
    action = Action("act_1", "Pets", "sch_1", ("getPet",), ())
    await catalog.gpts.change(seen, seen.redrafted(Definition("Vet", actions=(action,))))
    seen = await catalog.gpts.read("ws_1", gpt_id)
    publication = Publication(Sharing.PRIVATE, FrozenClock()(), "mem_maker")
    await catalog.gpts.change(seen, seen.publishing(publication, 50))

    with pytest.raises(PlatformError) as refused:
        await catalog.change_access(MAKER, gpt_id, AccessEdit(sharing=Sharing.PUBLIC), None)

    assert refused.value.code == "catalog.privacy_policy_required"
