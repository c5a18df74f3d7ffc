"""B1: credentials of the published release and of the draft, on a real broker and database."""

import pytest
from auth_platform import BUILDER, ORIGIN, Platform

from contracts.errors import PlatformError
from contracts.facts import ActionRemoved
from contracts.origin import origin_set_digest
from contracts.requests import CheckActions, pages_to_check
from kit import mongo
from kit.testing import eventually

pytestmark = pytest.mark.integration
NEW = "https://new.example.com"
OF_OLD, OF_NEW = origin_set_digest([ORIGIN]), origin_set_digest([NEW])


def bearer(token):
    return {"type": "api_key", "placement": "bearer", "token": token}


@pytest.fixture
def platform(nats_url, mongodb_url, database_name):
    return Platform(nats_url, mongodb_url, database_name)


@pytest.fixture
async def serving(platform):
    """Published with a key for one host; the draft calls another one, and has a key for that."""
    async with platform.serving() as (client, bus):
        await client.put(platform.path, json=bearer("old-key"), headers=BUILDER)
        platform.publishes()
        platform.moves_to(NEW)
        entered = await client.put(platform.path, json=bearer("new-key"), headers=BUILDER)
        assert entered.json()["usable"] is True
        yield client, bus


async def sent(platform, bus, origin, origin_set):
    issued = await bus.ask(platform.asked(origin=origin, origin_set=origin_set))
    [[_, value]] = platform.opened(issued, origin)["headers"]
    return value


async def refused(platform, bus, origin, origin_set):
    with pytest.raises(PlatformError) as refused:
        await sent(platform, bus, origin, origin_set)
    return refused.value.code


async def test_b1_a_key_for_the_drafts_host_leaves_the_published_one_alone(platform, serving):
    _, bus = serving

    assert await sent(platform, bus, ORIGIN, OF_OLD) == "Bearer old-key"
    assert await sent(platform, bus, NEW, OF_NEW) == "Bearer new-key"
    for origin, origin_set in ((NEW, OF_OLD), (ORIGIN, OF_NEW)):
        code = await refused(platform, bus, origin, origin_set)
        assert code == "auth.credential_bound_elsewhere"


async def test_b1_publishing_selects_the_new_key_and_restoring_the_old_one(platform, serving):
    client, bus = serving
    platform.publishes()
    await client.put(platform.path, json=bearer("newest-key"), headers=BUILDER)

    assert await sent(platform, bus, NEW, OF_NEW) == "Bearer newest-key"
    assert await sent(platform, bus, ORIGIN, OF_OLD) == "Bearer old-key"


async def test_an_execution_of_the_release_before_is_answered_by_the_origin(platform, serving):
    _, bus = serving

    assert await sent(platform, bus, ORIGIN, "") == "Bearer old-key"
    assert await sent(platform, bus, NEW, "") == "Bearer new-key"


async def test_a_reading_shows_who_uses_which(platform, serving):
    client, _ = serving

    shown = (await client.get(platform.path, headers=BUILDER)).json()

    uses = {each["origin_set"]: each for each in shown["records"]}
    assert shown["origins"] == [NEW]
    assert [uses[OF_NEW][name] for name in ("draft", "published", "versions")] == [True, False, []]
    assert [uses[OF_OLD][name] for name in ("draft", "published", "versions")] == [False, True, [1]]
    assert "old-key" not in str(shown)
    assert "new-key" not in str(shown)


async def test_destroying_says_which_versions_sign_in_no_more(platform, serving):
    client, bus = serving
    platform.publishes()
    await client.put(platform.path, json=bearer("newest-key"), headers=BUILDER)

    one = await client.delete(f"{platform.path}?origin_set={OF_OLD}", headers=BUILDER)
    left = await sent(platform, bus, NEW, OF_NEW)
    rest = await client.delete(platform.path, headers=BUILDER)
    again = await client.delete(platform.path, headers=BUILDER)

    assert (one.status_code, one.json()) == (
        200,
        {"versions": [1], "draft": False, "published": False},
    )
    assert left == "Bearer newest-key"
    assert (rest.status_code, rest.json()) == (
        200,
        {"versions": [2], "draft": True, "published": True},
    )
    assert again.status_code == 204
    with pytest.raises(PlatformError) as refused:
        await bus.ask(platform.asked(origin=NEW, origin_set=OF_NEW))
    assert refused.value.code == "auth.credential_deleted"
    assert await envelopes(platform) == []


async def test_what_is_no_set_of_origins_cannot_be_destroyed(platform, serving):
    client, _ = serving

    answer = await client.delete(f"{platform.path}?origin_set=$ne", headers=BUILDER)

    assert answer.status_code == 422


async def test_a_description_names_the_slots_of_the_releases_credential(platform, serving):
    _, bus = serving

    said = await bus.ask(platform.described(origin=NEW, origin_set=OF_NEW))

    assert (said.type, said.revision) == ("api_key", 2)
    assert [(slot.location, slot.name) for slot in said.slots] == [("header", "Authorization")]
    with pytest.raises(PlatformError) as refused:
        await bus.ask(platform.described(origin=NEW, origin_set=OF_OLD))
    assert refused.value.code == "auth.credential_bound_elsewhere"


async def test_t13_publishing_is_told_what_could_not_sign_in(platform, serving):
    _, bus = serving
    third = "https://third.example.com"

    origins_of = {platform.action: (NEW, third), "act_without": (third,)}
    [page] = pages_to_check(origins_of)
    checked = await bus.ask(CheckActions(workspace_id="ws_ours", actions=page))

    [problem] = checked.problems
    assert (problem.action_id, problem.code) == (
        platform.action,
        "auth.credential_bound_elsewhere",
    )
    assert third in problem.sentence
    assert problem.hint


async def test_a_removed_action_takes_all_its_secrets_with_it(platform, serving):
    _, bus = serving
    gone = ActionRemoved(workspace_id="ws_ours", gpt_id="gpt_1", action_id=platform.action)

    await bus.publish(gone)

    async def all_gone():
        return await envelopes(platform) == []

    await eventually(all_gone)


async def envelopes(platform):
    """Whatever looks like a sealed secret, wherever in the documents."""
    client = mongo.connect(platform.mongodb_url)
    found = [repr(doc) async for doc in client[platform.database_name]["credentials"].find({})]
    client.close()
    return [text for text in found if "A256GCM" in text]
