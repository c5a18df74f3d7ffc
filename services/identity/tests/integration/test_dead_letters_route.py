"""What a service could not process, over HTTP: for the operator alone, and never what it holds."""

import asyncio

import pytest

from contracts.facts import GptRemoved
from kit.bus import Bus
from kit.cloudevents import headers_of
from kit.streams import DEAD_LETTERS_STREAM
from services.identity.tests.operating import OPERATOR_TOKEN, bearer

pytestmark = pytest.mark.integration
OPERATOR = bearer(OPERATOR_TOKEN)
LETTERS = "/v1/operator/dead-letters"
TRIES = 20


@pytest.fixture
async def bus(nats_url):
    bus = Bus("catalog", nats_url, stream_replicas=1)
    await bus.connect()
    await bus.jetstream.purge_stream(DEAD_LETTERS_STREAM)  # other tests' on the same broker
    yield bus
    await bus.stop()


async def dead_lettered(bus, gpt_id, **more):
    """Its number, as `kit.consume` writes one."""
    fact = GptRemoved(workspace_id="ws_1", gpt_id=gpt_id)
    said = {"oa-reason": "catalog.no", "oa-deliveries": "6", **more}
    headers = headers_of(fact, "/openactions/catalog") | said
    data = fact.model_dump_json().encode()
    subject = f"dead.catalog.{fact.subject}"
    return (await bus.jetstream.publish(subject, data, headers=headers)).seq


async def test_the_operator_lists_dead_letters_by_pages_and_sees_no_data(start, bus):
    async with start(operator_token=OPERATOR_TOKEN) as (client, _):
        numbers = [await dead_lettered(bus, f"gpt_secret{n}") for n in range(3)]
        first = await client.get(f"{LETTERS}?limit=2", headers=OPERATOR)
        cursor = first.json()["next_cursor"]
        rest = await client.get(f"{LETTERS}?limit=2&cursor={cursor}", headers=OPERATOR)

    items = [*first.json()["items"], *rest.json()["items"]]
    assert [each["sequence"] for each in items] == numbers
    assert rest.json()["next_cursor"] is None
    shown = items[0]
    assert (shown["service"], shown["subject"]) == ("catalog", GptRemoved.subject)
    assert (shown["reason"], shown["deliveries"], shown["is_whole"]) == ("catalog.no", 6, True)
    assert "gpt_secret" not in first.text + rest.text


async def test_retry_publishes_the_fact_once_more_and_discard_does_not(start, bus):
    async with start(operator_token=OPERATOR_TOKEN) as (client, _):
        again, never = [await dead_lettered(bus, f"gpt_{n}") for n in range(2)]
        before = await published(bus)
        retried = await client.post(f"{LETTERS}/{again}/retry", headers=OPERATOR)
        discarded = await client.post(f"{LETTERS}/{never}/discard", headers=OPERATOR)
        left = await client.get(LETTERS, headers=OPERATOR)
        gone = await client.post(f"{LETTERS}/{again}/retry", headers=OPERATOR)

    assert (retried.status_code, discarded.status_code) == (204, 204)
    assert await published(bus) == before + 1
    assert left.json()["items"] == []
    assert (gone.status_code, gone.json()["code"]) == (404, "identity.dead_letter_not_found")


async def test_one_that_was_cut_is_refused_and_stays(start, bus):
    async with start(operator_token=OPERATOR_TOKEN) as (client, _):
        number = await dead_lettered(bus, "gpt_1", **{"oa-cut-from": "1000000"})
        refused = await client.post(f"{LETTERS}/{number}/retry", headers=OPERATOR)
        left = await client.get(LETTERS, headers=OPERATOR)

    assert (refused.status_code, refused.json()["code"]) == (409, "identity.dead_letter_cut")
    assert [each["sequence"] for each in left.json()["items"]] == [number]
    assert left.json()["items"][0]["is_whole"] is False


@pytest.mark.parametrize(
    ("method", "path"), [("GET", ""), ("POST", "/1/retry"), ("POST", "/1/discard")]
)
async def test_an_owner_and_whoever_has_no_token_are_refused(start, bus, method, path):
    async with start(operator_token=OPERATOR_TOKEN) as (client, [owner]):
        number = await dead_lettered(bus, "gpt_1")
        refused = [
            await client.request(method, LETTERS + path, headers=headers)
            for headers in (bearer(owner), {}, bearer("oat_" + "a" * 43))
        ]
        left = await client.get(LETTERS, headers=OPERATOR)

    assert [each.status_code for each in refused] == [401, 401, 401]
    assert [each["sequence"] for each in left.json()["items"]] == [number]


async def test_without_an_operators_token_there_is_no_such_route(start):
    async with start() as (client, [owner]):
        assert (await client.get(LETTERS, headers=bearer(owner))).status_code == 404


async def test_a_broker_that_is_away_is_a_refusal_with_a_next_step(start):
    away = "nats://127.0.0.1:1"
    async with start(operator_token=OPERATOR_TOKEN, operator_nats_url=away) as (client, _):
        refused = await client.get(LETTERS, headers=OPERATOR)

    assert (refused.status_code, refused.json()["code"]) == (
        503,
        "identity.dead_letters_unavailable",
    )
    assert "IDENTITY_OPERATOR_NATS_URL" in refused.json()["hint"]


@pytest.mark.parametrize("cursor", ["YWJj", "LTE=", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk="])
async def test_a_cursor_that_is_no_sequence_number_is_refused(start, cursor):
    async with start(operator_token=OPERATOR_TOKEN) as (client, _):
        refused = await client.get(f"{LETTERS}?cursor={cursor}", headers=OPERATOR)

    assert (refused.status_code, refused.json()["code"]) == (422, "platform.cursor_invalid")


async def published(bus):
    """How many of that fact the stream of facts keeps."""
    info = await bus.jetstream.stream_info("FACTS", subjects_filter=GptRemoved.subject)
    return (info.state.subjects or {}).get(GptRemoved.subject, 0)


@pytest.mark.parametrize("other", ["retry", "discard"])
async def test_of_two_at_once_one_is_done_and_the_other_finds_no_letter(start, bus, other):
    """Each request has a connection of its own, so two of one replica are as those of two."""
    async with start(operator_token=OPERATOR_TOKEN) as (client, _):
        for _ in range(TRIES):
            number = await dead_lettered(bus, "gpt_1")
            before = await published(bus)
            answers = await asyncio.gather(
                client.post(f"{LETTERS}/{number}/retry", headers=OPERATOR),
                client.post(f"{LETTERS}/{number}/{other}", headers=OPERATOR),
            )
            assert sorted(each.status_code for each in answers) == [204, 404]
            assert await published(bus) <= before + 1
