"""Publishing and history, where it may be cut short or raced."""

from dataclasses import replace

import pytest
from catalog_fakes import (
    BUILDER,
    MemoryGpts,
    MemoryVersions,
    ScriptedHosts,
    ScriptedSchemas,
    ScriptedSignIns,
    operation,
    schema,
)

from catalog_service.domain.binding import pinned
from catalog_service.domain.definition import Action, Definition
from catalog_service.domain.errors import GptNotFound
from catalog_service.domain.gpt import Gpt
from catalog_service.usecases.check_publication import CheckPublication
from catalog_service.usecases.forget_versions import ForgetVersions
from catalog_service.usecases.list_versions import ListVersions
from catalog_service.usecases.pin_tools import PinTools
from catalog_service.usecases.publish_gpt import PublishGpt
from catalog_service.usecases.read_version import SeenVersion
from catalog_service.usecases.remove_action import RemoveAction
from catalog_service.usecases.remove_gpt import RemoveGpt
from catalog_service.usecases.unpublish_gpt import UnpublishGpt
from contracts.access import Sharing
from contracts.errors import Conflict, Denied, Invalid, PlatformError
from contracts.facts import ActionRemoved, GptAccessChanged, GptPublished, GptRemoved
from contracts.requests import ActionProblem
from kit.documents import ChangedMeanwhile
from kit.testing import FrozenClock

GET_PET = operation("getPet")
SCHEMAS = ScriptedSchemas({("ws_1", "sch_1"): schema(GET_PET)})
KEPT = 3


@pytest.fixture
def gpts():
    return MemoryGpts()


@pytest.fixture
def versions():
    return MemoryVersions()


@pytest.fixture
def hosts():
    return ScriptedHosts({"api.example.com"})


def action(id_="act_1"):
    bare = Action(id_, "Pets", "sch_1", ("getPet",), ("https://api.example.com",))
    return pinned(bare, [GET_PET], Definition("Vet"))


ACTION = action()


@pytest.fixture
def pin_tools(gpts, versions):
    return PinTools(gpts, versions, SCHEMAS, KEPT)


@pytest.fixture
def sign_ins():
    return ScriptedSignIns()


@pytest.fixture
def publish(gpts, versions, hosts, pin_tools, sign_ins):
    publish_gpt = PublishGpt(
        gpts, versions, pin_tools, CheckPublication(SCHEMAS, hosts, sign_ins), FrozenClock(), KEPT
    )

    async def as_owner(sharing=Sharing.PRIVATE, at_revision=None):
        return (await publish_gpt(BUILDER, "gpt_1", sharing, at_revision)).gpt

    return as_owner


def draft_of(definition):
    return Gpt("gpt_1", "ws_1", definition, owner="mem_1")


async def rename(gpts, name):
    seen = await gpts.read("ws_1", "gpt_1")
    await gpts.change(seen, seen.redrafted(Definition(name, actions=seen.draft.actions)))


async def test_publishing_states_the_version_and_its_actions_once(gpts, publish):
    await gpts.add(draft_of(Definition("Vet", actions=(ACTION,))))

    await publish()
    await publish()

    (fact,) = gpts.facts.of(GptPublished)
    assert (fact.version, fact.action_ids) == (1, ("act_1",))


async def test_history_holds_every_version_once_newest_first(gpts, versions, publish):
    await gpts.add(draft_of(Definition("Vet")))
    for name in ("A", "B", "C"):
        await rename(gpts, name)
        await publish()

    listed = ListVersions(gpts, versions)
    first = await listed(BUILDER, "gpt_1", 1, None)
    rest = await listed(BUILDER, "gpt_1", 5, first[0].version.id)

    assert [seen.version.definition.name for seen in first] == ["C", "B"]
    assert [seen.version.definition.name for seen in rest] == ["B", "A"]


async def test_a_publication_cut_short_leaves_the_history_true(gpts, versions, publish):
    await gpts.add(draft_of(Definition("Vet")))
    in_use = (await publish()).in_use
    await versions.keep("ws_1", in_use)  # as far as the next publication came before a crash

    listed = ListVersions(gpts, versions)
    assert await listed(BUILDER, "gpt_1", 5, None) == [SeenVersion(in_use, in_use=True)]
    await rename(gpts, "Vet 2")
    await publish()
    assert [
        (kept.version.number, kept.in_use) for kept in await listed(BUILDER, "gpt_1", 5, None)
    ] == [(2, True), (1, False)]


async def test_b12_a_gpt_that_is_removed_while_it_is_published_leaves_no_version(
    gpts, versions, hosts, publish
):
    await gpts.add(draft_of(Definition("Vet", actions=(ACTION,))))
    await publish()
    await rename(gpts, "Vet 2")

    async def removed_meanwhile(*_):
        await RemoveGpt(gpts)(BUILDER, "gpt_1", None)
        [removed] = gpts.facts.of(GptRemoved)
        await ForgetVersions(versions)(removed)
        return ()

    hosts.refused = removed_meanwhile
    with pytest.raises(PlatformError):
        await publish()

    assert await versions.page("ws_1", "gpt_1", 5, None) == []


class RemovedWhenVersionsAreKept(MemoryVersions):
    """The GPT is removed, and its versions forgotten, right before one more is kept."""

    gpts = None

    async def keep(self, workspace_id, version):
        if self.gpts is not None:
            await RemoveGpt(self.gpts)(BUILDER, "gpt_1", None)
            [removed] = self.gpts.facts.of(GptRemoved)
            await ForgetVersions(self)(removed)
        await super().keep(workspace_id, version)


async def test_b12_a_gpt_that_is_removed_while_it_is_unpublished_leaves_no_version(
    gpts, hosts, sign_ins
):
    versions = RemovedWhenVersionsAreKept()
    await gpts.add(draft_of(Definition("Vet", actions=(ACTION,))))
    pin_tools = PinTools(gpts, versions, SCHEMAS, KEPT)
    publish_gpt = PublishGpt(
        gpts, versions, pin_tools, CheckPublication(SCHEMAS, hosts, sign_ins), FrozenClock(), KEPT
    )
    await publish_gpt(BUILDER, "gpt_1", None, None)

    versions.gpts = gpts
    with pytest.raises(GptNotFound):
        await UnpublishGpt(gpts, versions)(BUILDER, "gpt_1", None)

    assert await versions.page("ws_1", "gpt_1", 5, None) == []


async def test_a_refused_domain_prevents_publication_in_policys_words(gpts, hosts, publish):
    await gpts.add(draft_of(Definition("Vet", actions=(ACTION,))))
    hosts.allowed.clear()

    with pytest.raises(Denied) as refused:
        await publish()

    assert refused.value.code == "policy.no_domains_allowed"
    assert refused.value.sentence == "No domains are allowed by your workspace's settings."
    assert [finding["host"] for finding in refused.value.findings] == ["api.example.com"]
    assert gpts.facts.published == {}


async def test_a_host_on_two_actions_prevents_publication_where_hosts_must_be_unique(
    gpts, hosts, publish
):
    await gpts.add(draft_of(Definition("Vet", actions=(ACTION, action("act_2")))))
    hosts.unique = True

    with pytest.raises(Invalid) as refused:
        await publish()

    assert refused.value.code == "catalog.hosts_shared"
    assert refused.value.sentence == (
        "Action sets cannot have duplicate domains - api.example.com already exists on another "
        "action"
    )
    assert [finding["action_id"] for finding in refused.value.findings] == ["act_2"]
    assert gpts.facts.published == {}
    hosts.unique = False
    assert (await publish()).in_use.number == 1


async def test_a_host_is_the_same_whatever_its_scheme_and_port(gpts, hosts, publish):
    other = replace(action("act_2"), origins=("http://api.example.com:8080",))
    await gpts.add(draft_of(Definition("Vet", actions=(ACTION, other))))
    hosts.unique = True

    with pytest.raises(Invalid):
        await publish()


async def test_actions_with_hosts_of_their_own_are_published_where_hosts_must_be_unique(
    gpts, hosts, publish
):
    hosts.allowed.add("eu.api.example.com")
    both = ("https://eu.api.example.com", "https://eu.api.example.com:8443")
    other = replace(action("act_2"), origins=both)
    await gpts.add(draft_of(Definition("Vet", actions=(ACTION, other))))
    hosts.unique = True

    assert (await publish()).in_use.number == 1


async def test_an_action_that_could_not_sign_in_prevents_publication_in_auths_words(
    gpts, publish, sign_ins
):
    problem = ActionProblem(
        action_id="act_1", code="auth.key_unknown", sentence="The key is away.", hint="Enter it."
    )
    sign_ins.known["act_1"] = problem
    await gpts.add(draft_of(Definition("Vet", actions=(ACTION,))))

    with pytest.raises(Conflict) as refused:
        await publish()

    assert (refused.value.code, refused.value.sentence) == (problem.code, problem.sentence)
    assert [finding["action_id"] for finding in refused.value.findings] == ["act_1"]
    assert sign_ins.asked == [{"act_1": ACTION.origins}]
    assert gpts.facts.published == {}


async def test_an_action_whose_operations_need_no_credential_is_not_asked_about(
    gpts, publish, sign_ins
):
    sign_ins.known["act_1"] = ActionProblem(
        action_id="act_1", code="auth.key_unknown", sentence="The key is away.", hint="Enter it."
    )
    anonymous = tuple(replace(tool, anonymous=True) for tool in ACTION.tools)
    await gpts.add(draft_of(Definition("Vet", actions=(replace(ACTION, tools=anonymous),))))

    assert (await publish()).in_use.number == 1
    assert sign_ins.asked == [{}]


async def test_unpublishing_after_an_old_reading_is_refused(gpts, versions, publish):
    await gpts.add(draft_of(Definition("Vet", actions=(ACTION,))))
    await publish()

    with pytest.raises(ChangedMeanwhile):
        await UnpublishGpt(gpts, versions)(BUILDER, "gpt_1", 1)

    assert (await gpts.read("ws_1", "gpt_1")).published is not None


async def test_removing_an_action_after_an_old_reading_is_refused(gpts, pin_tools):
    await gpts.add(draft_of(Definition("Vet", actions=(ACTION,))))
    await rename(gpts, "Vet 2")

    with pytest.raises(ChangedMeanwhile):
        await RemoveAction(gpts, pin_tools)(BUILDER, "gpt_1", "act_1", 1)

    assert (await gpts.read("ws_1", "gpt_1")).draft.actions == (ACTION,)


async def test_what_an_earlier_release_bound_is_pinned_before_it_is_published(gpts, publish):
    bare = replace(ACTION, tools=(), tools_of=None)
    await gpts.add(replace(draft_of(Definition("Vet", actions=(bare,))), held=None))

    published = (await publish()).in_use

    assert [tool.name for tool in published.definition.actions[0].tools] == ["getPet"]
    assert published.definition.actions[0].is_pinned


async def test_a_publication_of_an_old_reading_is_refused(gpts, publish):
    await gpts.add(draft_of(Definition("Vet")))
    await rename(gpts, "Vet 2")

    with pytest.raises(PlatformError) as refused:
        await publish(at_revision=1)

    assert refused.value.code == "platform.changed_meanwhile"


async def test_an_action_leaves_with_the_last_version_that_has_it(gpts, publish, pin_tools):
    """`action.removed`, and so its credential, waits for KEPT more publications."""
    await gpts.add(draft_of(Definition("Vet", actions=(ACTION, action("act_2")))))
    await publish()
    await RemoveAction(gpts, pin_tools)(BUILDER, "gpt_1", "act_2", None)
    assert gpts.facts.of(ActionRemoved) == []

    for number in range(KEPT):
        assert gpts.facts.of(ActionRemoved) == []
        await rename(gpts, f"Vet {number}")
        await publish()

    assert [fact.action_id for fact in gpts.facts.of(ActionRemoved)] == ["act_2"]


async def test_an_action_that_was_never_published_leaves_at_once(gpts, publish, pin_tools):
    await gpts.add(draft_of(Definition("Vet", actions=(ACTION,))))
    await publish()
    seen = await gpts.read("ws_1", "gpt_1")
    await gpts.change(seen, seen.redrafted(Definition("Vet", actions=(ACTION, action("act_2")))))

    await RemoveAction(gpts, pin_tools)(BUILDER, "gpt_1", "act_2", None)

    assert [fact.action_id for fact in gpts.facts.of(ActionRemoved)] == ["act_2"]


async def test_a_removed_gpt_takes_actions_with_it_that_only_a_version_has(
    gpts, publish, pin_tools
):
    await gpts.add(draft_of(Definition("Vet", actions=(ACTION,))))
    await publish()
    await RemoveAction(gpts, pin_tools)(BUILDER, "gpt_1", "act_1", None)

    await RemoveGpt(gpts)(BUILDER, "gpt_1", None)

    assert [fact.action_id for fact in gpts.facts.of(ActionRemoved)] == ["act_1"]


async def test_only_the_last_versions_are_kept(gpts, versions, publish):
    await gpts.add(draft_of(Definition("Vet")))
    for number in range(KEPT + 2):
        await rename(gpts, f"Vet {number}")
        await publish()

    listed = await ListVersions(gpts, versions)(BUILDER, "gpt_1", 10, None)

    assert [seen.version.number for seen in listed] == [5, 4, 3]


async def test_an_unpublished_gpt_is_published_no_more_and_its_numbers_go_on(
    gpts, versions, publish
):
    await gpts.add(draft_of(Definition("Vet", actions=(ACTION,))))
    await publish()
    unpublish = UnpublishGpt(gpts, versions)

    first = await unpublish(BUILDER, "gpt_1", 2)
    again = await unpublish(BUILDER, "gpt_1", 2)

    assert (first.published, again) == (None, first)
    assert [fact.revision for fact in gpts.facts.of(GptAccessChanged)] == [3]
    listed = await ListVersions(gpts, versions)(BUILDER, "gpt_1", 10, None)
    assert [seen.version.number for seen in listed] == [1]
    assert (await publish()).in_use.number == 2
