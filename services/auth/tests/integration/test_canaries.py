"""Secrets go in by every route and every failure; nothing that we keep or say shows one after."""

import json
import logging

import pytest
import structlog
from auth_platform import BUILDER, OWNER, STRANGER, USER, Platform, fresh_key
from canaries import Canaries

from auth_service.domain.connection import Account, Whose
from auth_service.domain.token_set import TokenSet
from auth_service.usecases.link_connection import SignedIn
from contracts.errors import PlatformError
from contracts.fact import FACTS_STREAM
from contracts.facts import ActionRemoved
from kit import mongo
from kit.errors import BusUnavailable
from kit.sealing import Secret
from kit.streams import DEAD_LETTERS_STREAM

pytestmark = pytest.mark.integration


CLIENT = {
    "client_id": "the client",
    "token_url": "https://id.example.com/token",
    "authorization_url": "https://id.example.com/authorize",
}


def accepted_bodies(plant):
    """Every way to enter a secret."""
    key = {"type": "api_key"}
    return [
        {**key, "placement": "basic", "username": plant(), "password": plant()},
        {**key, "placement": "basic", "encoded": plant()},
        {**key, "placement": "bearer", "token": plant()},
        {**key, "placement": "custom", "name": "X-Api-Key", "value": plant()},
        {**key, "placement": "query", "name": "api_key", "value": plant()},
        {
            **key,
            "placement": "headers",
            "headers": [{"name": "X-Id", "value": plant()}, {"name": "X-Key", "value": plant()}],
        },
        {**key, "placement": "custom", "name": "Authorization", "value": f"Token {plant()}"},
        {
            "type": "service_http",
            "authorization_type": "custom",
            "custom_auth_header": "X-Api-Key",
            "value": plant(),
        },
        {**CLIENT, "type": "client_credentials", "client_secret": plant()},
    ]


def refused_bodies(plant):
    """Every way to enter it wrongly."""
    oauth = {**CLIENT, "type": "oauth"}
    key, bearer = {"type": "api_key"}, {"type": "api_key", "placement": "bearer"}
    custom = {**key, "placement": "custom"}
    return [
        {**bearer, "token": plant() + "\r\nX-Injected: 1"},
        {**bearer, "token": f"Bearer {plant()}"},
        {**bearer, "token": plant() * 150},
        {**bearer, "token": plant() * 1_000},
        {**bearer, "token": [plant()]},
        {**bearer, "token": {"$gt": plant()}},
        {**bearer, "tokn": plant()},
        {**bearer, "token": plant(), "password": plant()},
        {"type": "none", "token": plant()},
        {"type": "oauth", "client_secret": plant()},
        {**oauth, "client_secret": plant() + "\n"},
        {**oauth, "client_secret": plant(), "token_exchange_method": "none"},
        {**oauth, "client_secret": plant(), "token_url": "javascript:alert(1)"},
        {**oauth, "client_secret": plant(), "token_url": "http://127.0.0.1/token"},
        {**oauth, "client_secret": [plant()]},
        {**oauth, "client_secrt": plant()},
        {**key, "per_user": True, "placement": "bearer", "token": plant()},
        {"type": "service_http", "authorization_type": "bearer", "verification_tokens": plant()},
        {**key, "placement": "cookie", "value": plant()},
        {**key, "placement": plant()},
        {"type": plant()},
        {**key, "placement": "basic", "username": f"{plant()}:x", "password": plant()},
        {**key, "placement": "basic", "username": plant(), "password": plant() + "\n"},
        {**key, "placement": "basic", "username": plant(), "encoded": plant()},
        {**key, "placement": "basic", "encoded": f"Basic {plant()}"},
        {**custom, "name": "Authorization", "value": plant()},
        {**custom, "name": "Authorization", "value": f"Bearer {plant()}"},
        {**custom, "name": f"X-Key: {plant()}", "value": plant()},
        {**custom, "name": "X-Key", "value": f"{plant()}\x00"},
        {**key, "placement": "query", "name": f"a {plant()}", "value": plant()},
        {**key, "placement": "headers", "headers": [{"name": "A", "value": plant()}] * 2},
    ]


class Witness:
    """Everything that anybody could read: answers, logs, bus, streams, metrics, database."""

    def __init__(self):
        self.seen = []

    def note(self, text):
        self.seen.append(str(text))

    async def overhear(self, bus):
        async def note(msg):
            self.note(f"{msg.subject} {msg.headers} {msg.data!r}")

        await bus.client.subscribe(">", cb=note)
        await bus.client.flush()

    def note_answer(self, answer):
        self.note(f"{answer.status_code} {answer.headers} {answer.text}")

    async def read_streams(self, bus):
        for stream in (FACTS_STREAM, DEAD_LETTERS_STREAM):
            state = (await bus.jetstream.stream_info(stream)).state
            for sequence in range(max(state.first_seq, 1), state.last_seq + 1):
                message = await bus.jetstream.get_msg(stream, sequence)
                self.note(f"{message.subject} {message.headers} {message.data!r}")

    async def dump(self, platform):
        client = mongo.connect(platform.mongodb_url)
        database = client[platform.database_name]
        for name in await database.list_collection_names():
            self.note([repr(document) async for document in database[name].find({})])
        client.close()


@pytest.fixture
def platform(nats_url, mongodb_url, database_name):
    return Platform(nats_url, mongodb_url, database_name)


@pytest.fixture
def witness(caplog, capfd):
    """Logs are taken before anything redacts them, the libraries' own down to DEBUG."""
    witness = Witness()
    with structlog.testing.capture_logs() as events, caplog.at_level(logging.DEBUG):
        witness.events = events
        witness.read_logs = lambda: [
            *map(repr, events), caplog.text, *map(str, capfd.readouterr())
        ]  # fmt: skip
        yield witness


async def release(platform, bus, witness, **changes):
    """What execution would get, opened; or None where there is nothing to get."""
    try:
        issued = await bus.ask(platform.asked(**changes))
        witness.note(issued.model_dump_json())
        return platform.opened(issued)
    except PlatformError as refusal:
        witness.note(f"{refusal!r} {refusal.sentence} {refusal.hint} {refusal.findings}")
        return None


async def spoil(platform, change):
    """Change the stored document behind the service's back."""
    client = mongo.connect(platform.mongodb_url)
    await client[platform.database_name]["credentials"].update_one({"_id": platform.action}, change)
    client.close()


async def enter_everything(platform, canaries, client, bus, witness):
    opened = []
    for body in accepted_bodies(canaries.plant):
        witness.note_answer(await client.put(platform.path, json=body, headers=BUILDER))
        witness.note_answer(await client.get(platform.path, headers=BUILDER))
        opened.append(await release(platform, bus, witness))
        await witness.dump(platform)
    return opened


async def keep_members_keys(platform, canaries, client, bus, witness):
    """One of a member's own, entered rightly and wrongly, used, and ended."""
    body = {"type": "api_key", "per_user": True, "placement": "custom", "name": "X-Api-Key"}
    assert (await client.put(platform.path, json=body, headers=BUILDER)).status_code == 200
    path, plant = f"/v1/connections/keys/{platform.action}", canaries.plant
    refused = [
        {"values": [plant(), plant()]},
        {"values": [plant() + "\r\nX-Injected: 1"]},
        {"values": [plant() * 1_000]},
        {"values": plant()},
        {"values": [plant()], "version": "of another form"},
        {"values": [plant()], "other": plant()},
    ]
    for status, bodies in ((200, [{"values": [plant()]}]), (None, refused)):
        for body in bodies:
            answer = await client.put(path, json=body, headers=USER)
            assert status == answer.status_code or (not status and answer.status_code >= 400), body
            witness.note_answer(answer)
    witness.note_answer(await client.get(path, headers=USER))
    return await use_and_end(platform, client, bus, witness)


async def keep_members_accounts(platform, canaries, client, bus, witness):
    """As after the provider's answer to the browser."""
    body = {**CLIENT, "type": "oauth", "client_secret": canaries.plant()}
    body["revocation_url"] = "https://id.example.com/revoke"
    assert (await client.put(platform.path, json=body, headers=BUILDER)).status_code == 200
    app = platform.app
    [record] = (await app.issue_credential.credentials.find("ws_ours", platform.action)).records
    access, refresh = Secret(canaries.plant()), Secret(canaries.plant())
    sealed_to = record.client.sealed_to
    tokens = TokenSet("mem_user", platform.action, record.origins, sealed_to, access, refresh)
    account = Account(record.account_digest, record.origins)
    signed_in = SignedIn(account, tokens.for_storage(), 3_600.0, renewable=True)
    linked = await app.link_connection(Whose("ws_ours", platform.action, "mem_user"), signed_in)
    witness.note(repr(linked))
    return await use_and_end(platform, client, bus, witness)


async def use_and_end(platform, client, bus, witness):
    """What a call of the member gets; what is stored is read before and after the end."""
    opened = await release(platform, bus, witness, member_id="mem_user")
    await witness.dump(platform)
    mine = await client.get("/v1/connections", headers=USER)
    witness.note_answer(mine)
    of_action = f"/v1/connections/actions/{platform.action}"
    witness.note_answer(await client.get(of_action, headers=OWNER))
    [one] = mine.json()["items"]
    witness.note_answer(await client.delete(f"/v1/connections/{one['id']}", headers=USER))
    await witness.dump(platform)
    return opened


async def fail_in_every_way(platform, canaries, client, bus, witness):
    def bearer():
        return {"type": "api_key", "placement": "bearer", "token": canaries.plant()}

    for body in refused_bodies(canaries.plant):
        answer = await client.put(platform.path, json=body, headers=BUILDER)
        assert answer.status_code == 422, body
        witness.note_answer(answer)
    broken_json = f'{{"type": "api_key", "token": "{canaries.plant()}'
    for attempt in (
        {"url": platform.path, "content": broken_json, "headers": BUILDER},
        {"url": platform.path, "json": bearer(), "headers": {}},
        {"url": platform.path, "json": bearer(), "headers": USER},
        {"url": platform.path, "json": bearer(), "headers": STRANGER},
        {"url": platform.path, "json": bearer(), "headers": {**BUILDER, "if-match": '"999"'}},
        {"url": platform.path, "json": bearer(), "headers": {**BUILDER, "if-match": "W/nonsense"}},
        {"url": "/v1/credentials/act_unknown", "json": bearer(), "headers": BUILDER},
        {"url": platform.path, "json": {**bearer(), "pad": "x" * 2**21}, "headers": BUILDER},
    ):
        answer = await client.put(**attempt)
        assert answer.status_code >= 400
        witness.note_answer(answer)
    origins = platform.catalog.origins.copy()
    for moved in ((), ("not an origin",)):
        platform.moves_to(*moved)
        witness.note_answer(await client.put(platform.path, json=bearer(), headers=BUILDER))
        witness.note_answer(await client.get(platform.path, headers=BUILDER))
    platform.catalog.origins = origins
    await release(platform, bus, witness, origin="https://evil.example.com")
    await release(platform, bus, witness, origin="nonsense")
    await release(platform, bus, witness, recipient="AAAA")
    await release(platform, bus, witness, workspace_id="ws_theirs")


async def break_what_is_stored(platform, client, bus, witness):
    for change in (
        {"$set": {"state.api_key.envelope": "v1|k1|A256GCM|AA==|AA==|AA=="}},
        {"$set": {"state.api_key.key_id": "k9"}},
        {"$unset": {"state.api_key.placement": ""}},
    ):
        await spoil(platform, change)
        witness.note_answer(await client.get(platform.path, headers=BUILDER))
        assert await release(platform, bus, witness) is None


async def test_no_secret_turns_up_anywhere(platform, witness):
    canaries, key = Canaries(), fresh_key("k1")
    async with platform.serving(key) as (client, bus):
        await witness.overhear(bus)
        where = (platform, canaries, client, bus, witness)
        opened = [await keep_members_keys(*where), await keep_members_accounts(*where)]
        assert all(opened), "members' secrets must be handed out, so that there are some"
        opened += await enter_everything(*where)
        await fail_in_every_way(platform, canaries, client, bus, witness)
    async with platform.serving(f"{fresh_key('k2')},{key}") as (client, bus):
        await witness.overhear(bus)
        opened.append(await release(platform, bus, witness))
    async with platform.serving(fresh_key("k3")) as (client, bus):
        await release(platform, bus, witness)
        await break_what_is_stored(platform, client, bus, witness)
        gone = ActionRemoved(workspace_id="ws_ours", gpt_id="gpt_1", action_id=platform.action)
        await bus.publish(gone)
        platform.catalog.failure = BusUnavailable()
        witness.note_answer(await client.delete(platform.path, headers=BUILDER))
        witness.note_answer(await client.get("/metrics"))
        await witness.read_streams(bus)
        await witness.dump(platform)
    logs = witness.read_logs()

    entered = accepted_bodies(lambda: None)
    assert len(canaries.found_in(json.dumps(opened))) >= len(entered), "the search must find some"
    assert "encryption_key_unknown" in "".join(logs), "the logs must be there to be searched"
    assert canaries.found_in("\n".join([*witness.seen, *logs])) == []
