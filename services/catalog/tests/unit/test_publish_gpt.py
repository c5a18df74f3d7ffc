"""Publishing and history, where it may be cut short or raced."""

import pytest
from catalog_fakes import MemoryGpts, MemoryVersions, ScriptedHosts

from catalog_service.domain.definition import Action, Definition
from catalog_service.domain.gpt import Gpt, Sharing
from catalog_service.usecases.forget_versions import ForgetVersions
from catalog_service.usecases.list_versions import ListVersions
from catalog_service.usecases.publish_gpt import PublishGpt
from catalog_service.usecases.remove_gpt import RemoveGpt
from contracts.errors import Denied, PlatformError
from contracts.facts import GptPublished, GptRemoved
from kit.testing import FrozenClock

ACTION = Action("act_1", "Pets", "sch_1", ("getPet",), ("https://api.example.com",))


@pytest.fixture
def gpts():
    return MemoryGpts()


@pytest.fixture
def versions():
    return MemoryVersions()


@pytest.fixture
def hosts():
    return ScriptedHosts({"api.example.com"})


@pytest.fixture
def publish(gpts, versions, hosts):
    publish_gpt = PublishGpt(gpts, versions, hosts, FrozenClock())

    async def as_owner(sharing=Sharing.PRIVATE, at_revision=None):
        return await publish_gpt("ws_1", "gpt_1", sharing, "mem_1", at_revision)

    return as_owner


async def rename(gpts, name):
    seen = await gpts.read("ws_1", "gpt_1")
    await gpts.change(seen, seen.redrafted(Definition(name, actions=seen.draft.actions)))


async def test_publishing_states_the_version_and_its_actions_once(gpts, publish):
    await gpts.add(Gpt("gpt_1", "ws_1", Definition("Vet", actions=(ACTION,))))

    await publish()
    await publish()

    (fact,) = gpts.facts.of(GptPublished)
    assert (fact.version, fact.action_ids) == (1, ("act_1",))


async def test_history_holds_every_version_once_newest_first(gpts, versions, publish):
    await gpts.add(Gpt("gpt_1", "ws_1", Definition("Vet")))
    for name in ("A", "B", "C"):
        await rename(gpts, name)
        await publish()

    listed = ListVersions(gpts, versions)
    first = await listed("ws_1", "gpt_1", 1, None)
    rest = await listed("ws_1", "gpt_1", 5, first[0].id)

    assert [version.definition.name for version in first] == ["C", "B"]
    assert [version.definition.name for version in rest] == ["B", "A"]


async def test_a_publication_cut_short_leaves_the_history_true(gpts, versions, publish):
    await gpts.add(Gpt("gpt_1", "ws_1", Definition("Vet")))
    in_use = (await publish()).in_use
    await versions.keep("ws_1", in_use)  # as far as the next publication came before a crash

    listed = ListVersions(gpts, versions)
    assert await listed("ws_1", "gpt_1", 5, None) == [in_use]
    await rename(gpts, "Vet 2")
    await publish()
    assert [kept.number for kept in await listed("ws_1", "gpt_1", 5, None)] == [2, 1]


async def test_b12_a_gpt_that_is_removed_while_it_is_published_leaves_no_version(
    gpts, versions, hosts, publish
):
    await gpts.add(Gpt("gpt_1", "ws_1", Definition("Vet", actions=(ACTION,))))
    await publish()
    await rename(gpts, "Vet 2")

    async def removed_meanwhile(*_):
        await RemoveGpt(gpts)("ws_1", "gpt_1", None)
        [removed] = gpts.facts.of(GptRemoved)
        await ForgetVersions(versions)(removed)
        return ()

    hosts.refused = removed_meanwhile
    with pytest.raises(PlatformError):
        await publish()

    assert await versions.page("ws_1", "gpt_1", 5, None) == []


async def test_a_refused_domain_hinders_publication_in_policys_words(gpts, hosts, publish):
    await gpts.add(Gpt("gpt_1", "ws_1", Definition("Vet", actions=(ACTION,))))
    hosts.allowed.clear()

    with pytest.raises(Denied) as refused:
        await publish()

    assert refused.value.code == "policy.no_domains_allowed"
    assert refused.value.sentence == "No domains are allowed by your workspace's settings."
    assert [finding["host"] for finding in refused.value.findings] == ["api.example.com"]
    assert gpts.facts.published == {}


async def test_a_publication_of_an_old_reading_is_refused(gpts, publish):
    await gpts.add(Gpt("gpt_1", "ws_1", Definition("Vet")))
    await rename(gpts, "Vet 2")

    with pytest.raises(PlatformError) as refused:
        await publish(at_revision=1)

    assert refused.value.code == "platform.changed_meanwhile"
