"""Publishing and removing, as callers and neighbours of the catalog see it."""

import asyncio

import pytest
from catalog_fakes import NO_DOMAINS
from catalog_platform import OWNER, POLICY

from contracts.errors import NotFound
from contracts.facts import ActionRemoved, GptAccessChanged, GptPublished, GptRemoved
from contracts.requests import ReadGpt, ReadRelease, Stage

pytestmark = pytest.mark.integration


async def test_a_blocked_domain_loses_no_work_and_prevents_publication(platform):
    platform.hosts.allowed.clear()
    gpt_id = await platform.gpt()

    bound = await platform.bind(gpt_id)
    refused = await platform.publish(gpt_id)

    (warning,) = bound.json()["warnings"]
    assert (bound.status_code, warning["host"]) == (201, "api.example.com")
    assert (warning["code"], warning["detail"]) == ("policy.no_domains_allowed", NO_DOMAINS)
    assert (refused.status_code, refused.json()["code"]) == (403, "policy.no_domains_allowed")
    assert refused.json()["detail"] == NO_DOMAINS
    assert await platform.published(GptPublished, gpt_id) == []


async def test_a_public_gpt_needs_privacy_policies(platform):
    gpt_id = await platform.gpt()
    action_id = await platform.action(gpt_id, privacy_policy_url="http://example.com")

    refused = await platform.publish(gpt_id, "public")
    allowed = await platform.publish(gpt_id, "workspace")

    assert (refused.status_code, refused.json()["code"]) == (422, "catalog.privacy_policy_required")
    assert refused.json()["detail"] == "Public actions require valid privacy policy URLs"
    assert [finding["action_id"] for finding in refused.json()["findings"]] == [action_id]
    assert allowed.status_code == 200


async def test_a_publication_without_a_body_is_private(platform):
    gpt_id = await platform.gpt()
    await platform.bind(gpt_id)

    published = await platform.client.post(f"/v1/gpts/{gpt_id}/publish", headers=OWNER)

    assert (published.status_code, published.json()["sharing"]) == (200, "private")


async def test_calls_use_what_was_published_until_the_next_publication(platform):
    gpt_id = await platform.gpt()
    action_id = await platform.action(gpt_id, operations=["getPet"], privacy_policy_url=POLICY)
    published = await platform.publish(gpt_id, "link")
    await platform.client.put(
        f"/v1/gpts/{gpt_id}/actions/{action_id}", json={"schema_id": "sch_1"}, headers=OWNER
    )

    read = await platform.bus.ask(ReadGpt(workspace_id="ws_ours", gpt_id=gpt_id))

    assert (published.json()["version"], published.json()["published_by"]) == (1, "mem_owner")
    assert read.version == 1
    (action,) = read.actions
    assert (action.action_id, action.operations) == (action_id, ("getPet",))
    assert action.privacy_policy_url == POLICY
    (fact,) = await platform.published(GptPublished, gpt_id)
    assert (fact.version, fact.action_ids) == (1, (action_id,))


async def test_history_is_paged_newest_first(platform):
    gpt_id = await platform.gpt()
    for name in ("A", "B", "C"):
        await platform.client.patch(f"/v1/gpts/{gpt_id}", json={"name": name}, headers=OWNER)
        await platform.publish(gpt_id)
    versions = f"/v1/gpts/{gpt_id}/versions"

    first = (await platform.client.get(versions, params={"limit": 2}, headers=OWNER)).json()
    rest = await platform.client.get(
        versions, params={"limit": 2, "cursor": first["next_cursor"]}, headers=OWNER
    )

    listed = [(item["version"], item["name"]) for item in first["items"] + rest.json()["items"]]
    assert listed == [(3, "C"), (2, "B"), (1, "A")]


async def test_a_removed_action_is_published_until_the_next_publication(platform):
    """Removing it again succeeds; what never was an action of this GPT is not found."""
    gpt_id = await platform.gpt()
    kept, gone = await platform.action(gpt_id), await platform.action(gpt_id)
    await platform.publish(gpt_id)
    path = f"/v1/gpts/{gpt_id}/actions/{gone}"

    removed = await platform.client.delete(path, headers=OWNER)
    again = await platform.client.delete(path, headers=OWNER)
    never = await platform.client.delete(f"/v1/gpts/{gpt_id}/actions/act_9", headers=OWNER)

    asked = ReadRelease(workspace_id="ws_ours", gpt_id=gpt_id)
    published = await platform.bus.ask(asked)
    draft = await platform.bus.ask(asked.model_copy(update={"stage": Stage.DRAFT}))
    assert (removed.status_code, again.status_code) == (204, 204)
    assert (never.status_code, never.json()["code"]) == (404, "catalog.action_not_found")
    assert [action.action_id for action in published.actions] == [kept, gone]
    assert [action.action_id for action in draft.actions] == [kept]
    assert await platform.published(ActionRemoved, gpt_id) == [], "version 1 has it"


async def test_an_action_that_was_never_published_is_published_removed_at_once(platform):
    gpt_id = await platform.gpt()
    gone = await platform.action(gpt_id)

    await platform.client.delete(f"/v1/gpts/{gpt_id}/actions/{gone}", headers=OWNER)

    published = await platform.published(ActionRemoved, gpt_id)
    assert [fact.action_id for fact in published] == [gone]


async def test_two_actions_with_one_operation_name_have_tools_of_their_own(platform):
    gpt_id = await platform.gpt()
    first = await platform.action(gpt_id, operations=["getPet"])
    second = await platform.action(gpt_id, operations=["getPet"], name="Second shop")
    await platform.publish(gpt_id)

    release = await platform.bus.ask(ReadRelease(workspace_id="ws_ours", gpt_id=gpt_id))

    assert [(tool.name, tool.action_id) for tool in release.tools] == [
        ("getPet", first),
        ("getPet_second_shop", second),
    ]
    assert {tool.operation for tool in release.tools} == {"getPet"}


async def test_a_release_that_is_no_longer_kept_is_gone(platform):
    gpt_id = await platform.gpt()
    await platform.publish(gpt_id)
    asked = ReadRelease(workspace_id="ws_ours", gpt_id=gpt_id, number=7)

    with pytest.raises(NotFound) as refused:
        await platform.bus.ask(asked)

    assert refused.value.code == "catalog.release_gone"


async def test_an_unpublished_gpt_is_there_for_its_builders_only(platform):
    gpt_id = await platform.gpt()
    await platform.publish(gpt_id)
    path = f"/v1/gpts/{gpt_id}/unpublish"

    answers = [await platform.client.post(path, headers=OWNER) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1].json()["published"] is None
    with pytest.raises(NotFound) as refused:
        await platform.bus.ask(ReadRelease(workspace_id="ws_ours", gpt_id=gpt_id))
    assert refused.value.code == "catalog.gpt_not_found"
    assert len(await platform.published(GptAccessChanged, gpt_id)) == 1


async def test_a_removed_gpt_takes_its_actions_with_it_each_published_once(platform):
    gpt_id = await platform.gpt()
    actions = [await platform.action(gpt_id), await platform.action(gpt_id)]

    removed = await platform.client.delete(f"/v1/gpts/{gpt_id}", headers=OWNER)

    assert removed.status_code == 204
    assert (await platform.client.get(f"/v1/gpts/{gpt_id}", headers=OWNER)).status_code == 404
    assert len(await platform.published(GptRemoved, gpt_id)) == 1
    assert [fact.action_id for fact in await platform.published(ActionRemoved, gpt_id)] == actions


async def test_the_history_of_a_removed_gpt_is_forgotten(platform):
    gpt_id, other = await platform.gpt(), await platform.gpt()
    for sharing in ("private", "workspace"):
        await platform.publish(gpt_id, sharing)
        await platform.publish(other, sharing)
    versions = platform.database["gpt_versions"]
    assert await versions.count_documents({"state.gpt_id": gpt_id}) == 1

    await platform.client.delete(f"/v1/gpts/{gpt_id}", headers=OWNER)

    async with asyncio.timeout(10):
        while await versions.count_documents({"state.gpt_id": gpt_id}):  # noqa: ASYNC110 - a database calls nobody
            await asyncio.sleep(0.02)
    assert await versions.count_documents({"state.gpt_id": other}) == 1
