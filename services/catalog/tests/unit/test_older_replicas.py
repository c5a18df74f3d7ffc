"""What a replica of the release before publishes while this one runs is kept like any version.

It knows nothing of `held`, and leaves that member as it was.
"""

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

from catalog_service.domain.definition import Action, Definition
from catalog_service.domain.gpt import Gpt, Publication, Version
from catalog_service.usecases.check_publication import CheckPublication
from catalog_service.usecases.pin_tools import PinTools
from catalog_service.usecases.publish_gpt import PublishGpt
from catalog_service.usecases.read_action import ReadAction
from catalog_service.usecases.remove_action import RemoveAction
from catalog_service.usecases.unpublish_gpt import UnpublishGpt
from contracts import requests
from contracts.access import Sharing
from contracts.facts import ActionRemoved
from contracts.origin import origin_set_digest
from kit.testing import FrozenClock

ORIGIN = "https://api.example.com"
SCHEMAS = ScriptedSchemas({("ws_1", "sch_1"): schema(operation("getPet"))})
KEPT = 3


def bare(id_):
    """An action as the release before binds it, without tools."""
    return Action(id_, "Pets", "sch_1", ("getPet",), (ORIGIN,))


class Catalog:
    def __init__(self):
        self.gpts, self.versions, self.clock = MemoryGpts(), MemoryVersions(), FrozenClock()
        self.pin_tools = PinTools(self.gpts, self.versions, SCHEMAS, KEPT)
        self.remove_action = RemoveAction(self.gpts, self.pin_tools)
        self.read_action = ReadAction(self.gpts, self.versions, self.pin_tools)

    async def publish(self, name):
        hosts, sign_ins = ScriptedHosts({"api.example.com"}), ScriptedSignIns()
        stores = (self.gpts, self.versions, self.pin_tools)
        seen = await self.gpts.read("ws_1", "gpt_1")
        await self.gpts.change(seen, seen.redrafted(replace(seen.draft, name=name)))
        check = CheckPublication(SCHEMAS, hosts, sign_ins)
        publish = PublishGpt(*stores, check, self.clock, KEPT)
        return (await publish(BUILDER, "gpt_1", None, None)).gpt.in_use.number

    async def unpublish(self):
        await UnpublishGpt(self.gpts, self.versions)(BUILDER, "gpt_1", None)

    async def older_publishes(self, *action_ids):
        """As commit 210dfa1 does it: of a GPT, it changes draft and published version only."""
        seen = await self.gpts.read("ws_1", "gpt_1")
        definition = Definition("Vet", actions=tuple(map(bare, action_ids)))
        publication = Publication(seen.sharing, self.clock(), "mem_1")
        version = Version("gpt_1", seen.in_use.number + 1, definition, publication)
        await self.versions.keep("ws_1", seen.in_use)
        await self.gpts.change(
            seen, replace(seen, draft=definition, published=version, revision=seen.revision + 1)
        )

    async def kept_of(self, action_id):
        asked = requests.ReadAction(workspace_id="ws_1", action_id=action_id)
        return (await self.read_action(asked)).kept

    def let_go(self):
        return [fact.action_id for fact in self.gpts.facts.of(ActionRemoved)]


@pytest.fixture
async def catalog():
    catalog = Catalog()
    draft = Definition("Vet", actions=(bare("act_1"),))
    await catalog.gpts.add(Gpt("gpt_1", "ws_1", draft, owner="mem_1", sharing=Sharing.WORKSPACE))
    assert await catalog.publish("First") == 1
    return catalog


async def test_its_actions_are_let_go_once_the_version_is_not_kept_any_more(catalog):
    await catalog.older_publishes("act_1", "act_2")
    await catalog.remove_action(BUILDER, "gpt_1", "act_2", None)

    for number in range(3, 2 + KEPT):
        assert await catalog.publish(f"Vet {number}") == number
        assert catalog.let_go() == []
        assert [each.versions for each in await catalog.kept_of("act_2")] == [(2,)]
    await catalog.publish("The one too many")

    assert catalog.let_go() == ["act_2"]


async def test_also_where_it_published_more_than_once(catalog):
    await catalog.older_publishes("act_1", "act_2")
    await catalog.older_publishes("act_1", "act_3")

    assert [each.versions for each in await catalog.kept_of("act_1")] == [(3, 2, 1)]
    await catalog.publish("Vet 4")

    gpt = await catalog.gpts.read("ws_1", "gpt_1")
    assert gpt.known_actions == {"act_1", "act_2", "act_3"}
    assert catalog.let_go() == []


async def test_also_where_this_release_unpublished_it(catalog):
    await catalog.older_publishes("act_1", "act_2")
    await catalog.older_publishes("act_1", "act_2")
    await catalog.unpublish()
    await catalog.remove_action(BUILDER, "gpt_1", "act_2", None)

    assert await catalog.publish("Vet 4") == 4
    assert catalog.let_go() == []
    assert [each.versions for each in await catalog.kept_of("act_2")] == [(3, 2)]


async def test_an_origin_set_that_only_its_version_calls_is_told_to_auth(catalog):
    """Auth destroys the credentials of sets that are not."""
    await catalog.older_publishes("act_1")
    seen = await catalog.gpts.read("ws_1", "gpt_1")
    moved = replace(bare("act_1"), origins=("https://old.example.com",))
    elsewhere = replace(seen.in_use.definition, actions=(moved,))
    published = replace(seen.in_use, definition=elsewhere)
    await catalog.gpts.change(seen, replace(seen, published=published, revision=seen.revision + 1))

    kept = {each.origin_set: each.versions for each in await catalog.kept_of("act_1")}

    assert kept[origin_set_digest(["https://old.example.com"])] == (2,)
    assert kept[origin_set_digest([ORIGIN])] == (1,)


async def test_what_is_known_already_is_written_no_second_time(catalog):
    await catalog.older_publishes("act_1", "act_2")
    first = await catalog.pin_tools.read("ws_1", "gpt_1")

    assert (first.is_pinned, first.held_to) == (True, 2)
    assert await catalog.pin_tools.read("ws_1", "gpt_1") == first
