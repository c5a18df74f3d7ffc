"""A workspace goes through every service, is removed, and nothing that holds its id stays."""

import asyncio
import base64
import json
import re
import secrets
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import uvicorn
from nats import connect
from nats.js.errors import NotFoundError

import identity_service.main
from identity_service.adapters.system_clock import system_clock
from kit import mongo
from kit.outbox import Outbox
from kit.streams import StreamSettings, declared
from kit.testing import eventually
from kit.testing.true_answers import TrueAnswers
from openactions_local import demo_api, services
from openactions_local.dispatch import Dispatcher
from openactions_local.pages import PUBLIC
from openactions_local.servers import free_port
from schema_service.adapters.mongo_schemas import WHOLE_BYTES, MongoSchemas
from schema_service.adapters.schema_states import MarkState
from shared.kit.tests.kit_fakes import Publisher
from tests.e2e.left_by_actions import leave_sign_ins
from tests.e2e.left_by_people import leave_company_sign_in, use_a_directory
from tests.e2e.test_sign_in_link import BUTTON, TYPED

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

OPERATOR_TOKEN = "5d0c9e1ab7f24386" * 2
ADDRESS = "http://127.0.0.1:8080"
KEPT_SECONDS = 20
"""How long streams keep their messages: here seconds, in an installation days."""
STREAMS = tuple(stream.name for stream in declared(StreamSettings(), 1))
OF_THE_INSTALLATION = {"leases": "a document for each piece of background work, whosever it is for"}
"""Collections in which nothing is stored for a tenant, and why."""


class Clock:
    """Identity's, to be put forward."""

    ahead = timedelta(0)

    def __call__(self):
        return system_clock() + self.ahead


@asynccontextmanager
async def demo():
    config = uvicorn.Config(
        demo_api.build(), host="127.0.0.1", port=free_port(), log_config=None, lifespan="off"
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - it says so by nothing else
        await asyncio.sleep(0.01)
    try:
        yield config.port
    finally:
        server.should_exit = True
        with suppress(asyncio.CancelledError):
            await serving


class Platform:
    def __init__(self, client, jetstream, clock, identity, demo_port, first_owner):
        self.client, self.jetstream, self.clock = client, jetstream, clock
        self.identity, self.demo_port = identity, demo_port
        self.first_owner = first_owner
        """The token of the first workspace's owner."""

    async def ask(self, token, method, path, status=200, **request):
        headers = {"authorization": f"Bearer {token}", **request.pop("headers", {})}
        answer = await self.client.request(method, path, headers=headers, **request)
        assert answer.status_code == status, (path, answer.text)
        return answer.json() if answer.content else None


@asynccontextmanager
async def brief_streams(url):
    """Services change nothing about streams that are there."""
    days = KEPT_SECONDS / 86_400
    settings = StreamSettings(
        facts_keep_days=days, invocations_keep_days=days, dead_letters_keep_days=days
    )
    client = await connect(url)
    jetstream = client.jetstream()
    for config in declared(settings, 1):
        await jetstream.add_stream(config)
    yield jetstream
    await client.close()


def built(local, announce, clock):
    """Every service; identity once more, with a clock of the test's."""
    every = services.build_all(local, lambda _: None)
    settings = services.settings_of(local, "identity")
    return {**every, "identity": identity_service.main.build(settings, announce, clock)}


@pytest.fixture
async def platform(nats, mongodb, tmp_path):
    clock, announced = Clock(), []
    keys = f"k1:{base64.b64encode(secrets.token_bytes(32)).decode()}"
    async with demo() as port, brief_streams(nats.url) as jetstream:
        operator = {
            "IDENTITY_OPERATOR_TOKEN": OPERATOR_TOKEN,
            "BLOBS_URL": (tmp_path / "blobs").as_uri(),
            "KEYS_PER_WORKSPACE": "true",
        }
        reached = demo_api.allowed_origin(port)
        local = services.Platform(
            mongodb.url, nats.url, lambda _: keys, reached, settings=operator, public_url=ADDRESS
        )
        every = built(local, announced.append, clock)
        dispatcher = Dispatcher(every)
        await dispatcher.start()
        transport = httpx.ASGITransport(app=dispatcher)
        async with httpx.AsyncClient(  # noqa: TID251 - never leaves the process
            transport=transport,
            base_url="http://up",
            timeout=30,
            event_hooks={"response": [as_the_document_says]},
        ) as client:
            identity, [token] = every["identity"].state.app, announced
            yield Platform(client, jetstream, clock, identity, port, token)
        await dispatcher.stop()


DOCUMENT = TrueAnswers(json.loads((PUBLIC / "openapi.json").read_text()))


async def as_the_document_says(answer):
    """T18; pages and SCIM are no part of the document."""
    if answer.request.url.path.startswith(("/v1/session/link/", "/scim/")):
        return
    body, media_type = await answer.aread(), answer.headers.get("content-type", "")
    method, path = answer.request.method, answer.request.url.path
    assert DOCUMENT.faults(method, path, answer.status_code, media_type, body) == []


async def a_tenant(platform, title):
    """Its id, its owner's token, and a call that it can make."""
    titled = {"title": title}
    made = await platform.ask(OPERATOR_TOKEN, "POST", "/v1/workspaces", 201, json=titled)
    return made["id"], made["owner_token"], await use_everything(platform, made["owner_token"])


async def the_first_tenant(platform, title, mongodb):
    """As `a_tenant`: one that identity's bootstrap names, and that a crash left something of."""
    owner = platform.first_owner
    named = await platform.ask(owner, "PATCH", "/v1/workspace", json={"title": title})
    await leave_unfinished(mongodb, named["id"])
    await leave_sign_ins(mongodb, named["id"])
    await leave_company_sign_in(mongodb, named["id"], named["you"]["member_id"])
    return named["id"], owner, await use_everything(platform, owner)


async def use_everything(platform, owner):
    """Store something of every kind; a call that may be repeated."""
    ask, port = platform.ask, platform.demo_port
    await sign_in(platform, owner)
    await use_a_directory(platform.client, owner)
    member = await ask(owner, "POST", "/v1/members", 201, json={"name": "Ada", "role": "builder"})
    await ask(owner, "POST", "/v1/tokens", 201, json={"name": "CI", "member_id": member["id"]})
    yaml = {"content-type": "application/yaml"}
    schema = await ask(
        owner, "POST", "/v1/schemas", 201, content=demo_api.document(port), headers=yaml
    )
    await ask(owner, "POST", "/v1/schemas", 201, json=large_document())
    gpt = await ask(owner, "POST", "/v1/gpts", 201, json={"name": "Weather"})
    path = f"/v1/gpts/{gpt['id']}"
    action = await ask(owner, "POST", f"{path}/actions", 201, json={"schema_id": schema["id"]})
    key = {"type": "api_key", "placement": "bearer", "token": demo_api.API_KEY}
    await ask(owner, "PUT", f"/v1/credentials/{action['id']}", json=key)
    await ask(owner, "POST", "/v1/domains", json={"domain": demo_api.DOMAIN})
    await ask(owner, "PUT", "/v1/settings", json={"unique_hosts": True})
    for sharing in ("private", "workspace"):
        await ask(owner, "POST", f"{path}/publish", json={"sharing": sharing})
    call = {
        "gpt_id": gpt["id"],
        "operation": "getWeather",
        "arguments": {"city": "Bern"},
    }
    key = {"idempotency-key": "once"}
    called = await ask(owner, "POST", "/v1/invocations", json=call, headers=key)
    assert called["outcome"] == "succeeded"
    await eventually(lambda: _recorded(platform, owner, called["id"]))
    return call


async def sign_in(platform, owner):
    """Leave a session, and a link that nobody follows."""
    workspace = await platform.ask(owner, "GET", "/v1/workspace")
    links = f"/v1/workspaces/{workspace['id']}/sign-in-links"
    made = [await platform.ask(OPERATOR_TOKEN, "POST", links, 201) for _ in range(2)]
    path = made[0]["url"].removeprefix(ADDRESS)
    page = await platform.client.get(path, headers=TYPED)
    mark = re.search(r'name="mark" value="([0-9a-f]+)"', page.text)[1]
    pressed = await platform.client.post(path, data={"mark": mark}, headers=BUTTON)
    platform.client.cookies.clear()
    assert pressed.status_code == 303, pressed.text


def large_document():
    """Compressed it is larger than what schema keeps in one document (`WHOLE_BYTES`)."""
    noise = secrets.token_hex(2 * WHOLE_BYTES)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Large", "version": "1", "description": noise},
        "servers": [{"url": f"https://api.{demo_api.DOMAIN}"}],
        "paths": {
            "/things": {
                "get": {"operationId": "getThings", "responses": {"200": {"description": "ok"}}}
            }
        },
    }


async def leave_unfinished(mongodb, workspace_id):
    """As a replica that dies while it stores a large document."""
    client = mongo.connect(mongodb.url)
    schemas = MongoSchemas(client["schema"], Outbox("schema", Publisher()))
    [unfinished] = [each for each in schemas.collections if each.name == "unfinished"]
    await unfinished.within(workspace_id).add("sch_unfinished", MarkState(datetime.now(UTC)))
    client.close()


async def _recorded(platform, owner, id_):
    listed = await platform.ask(owner, "GET", "/v1/invocations")
    return id_ in [each["id"] for each in listed["items"]]


async def holders(mongodb, text):
    """`database.collection` of each document that holds it anywhere, and how many these are."""
    client = mongo.connect(mongodb.url)
    found = {}
    for name in await client.list_database_names():
        if name in ("admin", "config", "local"):
            continue
        for collection in await client[name].list_collection_names():
            held = [text in str(each) async for each in client[name][collection].find()]
            if any(held):
                found[f"{name}.{collection}"] = sum(held)
    client.close()
    return found


async def collections_of_tenants(mongodb):
    """`database.collection` of each in which services keep something for a workspace."""
    client = mongo.connect(mongodb.url)
    names = [
        f"{service}.{collection}"
        for service in services.SETTINGS
        for collection in await client[service].list_collection_names()
        if collection not in OF_THE_INSTALLATION
    ]
    client.close()
    return {*names}


async def messages(jetstream, text):
    """How many messages of any stream hold it, in their data, subject or headers."""
    count = 0
    for stream in STREAMS:
        state = (await jetstream.stream_info(stream)).state
        for sequence in range(state.first_seq, state.last_seq + 1):
            with suppress(NotFoundError):
                message = await jetstream.get_msg(stream, sequence)
                count += text in f"{message.subject} {message.headers} {message.data!r}"
    return count


async def refusals(platform, owner, call):
    """What a member of a closed workspace is answered, whatever service they ask."""
    headers = {"authorization": f"Bearer {owner}"}
    client = platform.client
    answers = [
        await client.post("/v1/invocations", json=call, headers=headers),
        await client.get("/v1/gpts", headers=headers),
        await client.post("/v1/domains", json={"domain": "x.org"}, headers=headers),
        await client.patch("/v1/workspace", json={"title": "x"}, headers=headers),
    ]
    return {(answer.status_code, answer.json().get("code")) for answer in answers}


async def test_a_closed_workspace_is_closed_everywhere_within_a_second_until_it_is_restored(
    platform,
):
    _, owner, call = await a_tenant(platform, "Gone")
    ask = platform.ask
    await ask(owner, "DELETE", "/v1/workspace", 422, json={"title": "Kept"})
    closed = await ask(owner, "DELETE", "/v1/workspace", json={"title": "Gone"})

    async def closed_everywhere():
        said = await refusals(platform, owner, call)
        return said == {(403, "identity.workspace_closing")}

    assert await eventually(closed_everywhere, within_seconds=1)
    shown = await ask(owner, "GET", "/v1/workspace")
    restored = await ask(owner, "POST", "/v1/workspace/restore")

    async def works_again():
        said = await refusals(platform, owner, call)
        return {status for status, _ in said} == {200}

    assert shown["closing_until"] == closed["closing_until"] is not None
    assert restored["closing_until"] is None
    assert await eventually(works_again, within_seconds=2)


async def test_nothing_of_a_removed_workspace_stays_anywhere(platform, mongodb):
    gone, owner, _ = await the_first_tenant(platform, "Gone", mongodb)
    kept, stayer, call = await a_tenant(platform, "Kept")
    await leave_company_sign_in(mongodb, kept, "mem_of_those_who_stay")
    before = await holders(mongodb, kept)
    assert (await holders(mongodb, gone)).keys() == await collections_of_tenants(mongodb)

    await platform.ask(owner, "DELETE", "/v1/workspace", json={"title": "Gone"})
    platform.clock.ahead = timedelta(days=29, hours=23)
    assert await platform.identity.remove_due_workspaces() == 0
    platform.clock.ahead = timedelta(days=30, seconds=1)
    assert await platform.identity.remove_due_workspaces() == 1

    async def deleted():
        return not await holders(mongodb, gone)

    assert await eventually(deleted, within_seconds=30)
    await platform.ask(owner, "GET", "/v1/workspace", 401)
    assert (await holders(mongodb, kept)) == before
    await platform.ask(stayer, "POST", "/v1/invocations", json=call)
    await platform.jetstream.publish("dead.policy.fact.domains.changed.v1", gone.encode())

    async def aged_out():
        return not await messages(platform.jetstream, gone)

    assert not await aged_out()
    assert await eventually(aged_out, within_seconds=3 * KEPT_SECONDS)
    assert not await holders(mongodb, gone)
