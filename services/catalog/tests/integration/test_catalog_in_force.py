"""What stops calls, or changes them, is answered once every replica receives its fact."""

import pytest
from catalog_platform import OWNER, STRANGER

from contracts.facts import ActionRemoved, GptPublished, GptRemoved
from kit.testing import refusing, stored_facts

pytestmark = pytest.mark.integration


async def asked_while_refused_and_after(platform, method, path, seen, body=None):
    """Twice while JetStream stores nothing, then with and without the reading it is based on."""

    async def ask(**headers):
        return await platform.client.request(method, path, json=body, headers={**OWNER, **headers})

    async with refusing(platform.bus):
        refused = [await ask(**{"if-match": seen}), await ask(**{"if-match": seen})]
    for answer in refused:
        assert (answer.status_code, answer.json()["code"]) == (503, "platform.not_in_force")
    return refused[-1], [await ask(**{"if-match": seen}), await ask()]


async def etag_of(platform, gpt_id):
    return (await platform.client.get(f"/v1/gpts/{gpt_id}", headers=OWNER)).headers["etag"]


async def test_b5_a_removed_action(platform):
    gpt_id = await platform.gpt()
    kept, gone = await platform.action(gpt_id), await platform.action(gpt_id)
    before, seen = await stored_facts(platform.bus), await etag_of(platform, gpt_id)
    path = f"/v1/gpts/{gpt_id}/actions/{gone}"

    refused, done = await asked_while_refused_and_after(platform, "DELETE", path, seen)

    assert (refused.headers["etag"], refused.json()["revision"]) == ('"4"', 4)
    assert [(answer.status_code, answer.headers["etag"]) for answer in done] == [(204, '"4"')] * 2
    assert [fact.action_id for fact in await platform.published(ActionRemoved, gpt_id)] == [gone]
    assert await stored_facts(platform.bus) == before + 2, "with the draft's own fact"
    assert kept != gone


async def test_b5_a_removed_gpt(platform):
    gpt_id = await platform.gpt()
    await platform.action(gpt_id)
    seen = await etag_of(platform, gpt_id)
    path = f"/v1/gpts/{gpt_id}"

    refused, done = await asked_while_refused_and_after(platform, "DELETE", path, seen)

    assert "etag" not in refused.headers
    assert [answer.status_code for answer in done] == [204, 204]
    assert len(await platform.published(GptRemoved, gpt_id)) == 1
    assert len(await platform.published(ActionRemoved, gpt_id)) == 1
    for id_, caller in ((gpt_id, STRANGER), ("gpt_9", OWNER)):
        unknown = await platform.client.delete(f"/v1/gpts/{id_}", headers=caller)
        assert (unknown.status_code, unknown.json()["code"]) == (404, "catalog.gpt_not_found")


async def test_b5_a_publication(platform):
    gpt_id = await platform.gpt()
    await platform.publish(gpt_id, "workspace")
    path, body = f"/v1/gpts/{gpt_id}/publish", {"sharing": "private"}

    refused, done = await asked_while_refused_and_after(platform, "POST", path, '"2"', body)

    assert (refused.headers["etag"], refused.json()["revision"]) == ('"3"', 3)
    assert [(answer.status_code, answer.json()["version"]) for answer in done] == [(200, 2)] * 2
    assert [fact.version for fact in await platform.published(GptPublished, gpt_id)] == [1, 2]


async def test_an_edit_is_answered_while_jetstream_stores_nothing_and_its_fact_follows(platform):
    gpt_id = await platform.gpt()

    async with refusing(platform.bus):
        edited = await platform.client.patch(
            f"/v1/gpts/{gpt_id}", json={"name": "Vets"}, headers=OWNER
        )

    assert (edited.status_code, edited.json()["revision"]) == (200, 2)
