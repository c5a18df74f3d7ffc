"""Replicas of auth as processes on one broker and database, and a provider that they ask."""

import asyncio
import base64
import json
import os
import random
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from secrets import token_urlsafe

from auth_service.domain.connection import Account, Whose
from auth_service.domain.token_set import TokenSet
from auth_service.main import build
from auth_service.settings import AuthSettings
from auth_service.usecases.link_connection import SignedIn
from contracts.errors import Unavailable
from contracts.ids import new_id
from contracts.requests import ActionOrigins, Authenticate, IssueCredential, ReadAction, Role
from egress import EgressSettings
from kit import mongo
from kit.public_address import OpenActionsSettings
from kit.sealing import Recipient, SealBinding, Secret
from kit.testing import bearer, known_callers, neighbours, running
from openactions import OpenActions
from openactions_local.child import Child
from openactions_local.servers import accepts, free_port
from services.auth.tests.awful_provider import SignIn
from services.auth.tests.provider_served import listening, oauth_client
from tests.chaos.own_servers import servers_in

API = "https://api.example.com"
PUBLIC_URL = "https://actions.example.com"
WORKSPACE = "ws_ours"
MEMBERS = 4
SECONDS_BETWEEN_KILLS = 1.0
BUILDER = bearer("builder")


class AuthReplicas:
    """`count` processes; tokens of connections are asked for over the bus, as execution does."""

    def __init__(self, nats_url, mongodb_url, provider, origin, count):
        self.nats_url, self.mongodb_url = nats_url, mongodb_url
        self.provider, self.origin, self.count = provider, origin, count
        self.keys = f"k1:{base64.b64encode(os.urandom(32)).decode()}"
        self.action = new_id("act")
        self.children: list[Child] = []
        self.recipient = Recipient.fresh()

    @property
    def settings(self):
        return AuthSettings(
            mongodb_url=self.mongodb_url,
            mongodb_database="auth",
            nats_url=self.nats_url,
            stream_replicas=1,
            keys=self.keys,
            openactions=OpenActionsSettings(public_url=PUBLIC_URL),
        )

    @asynccontextmanager
    async def running(self, folder):
        async with AsyncExitStack() as stack:
            others = await stack.enter_async_context(neighbours(self.nats_url))
            await others.answer(Authenticate, known_callers(("builder", WORKSPACE, Role.BUILDER)))
            await others.answer(ReadAction, self._origins)
            self.bus = others.bus
            await self._enter_client()
            for number in range(self.count):
                self.children.append(self._child(folder / f"auth-{number}.log"))
                stack.push_async_callback(self.children[-1].stop)
            await asyncio.gather(*map(self.start, self.children))
            yield self

    async def start(self, child):
        child.start()
        port = child.environment["AUTH_PORT"]
        with OpenActions(f"http://127.0.0.1:{port}") as client:
            await child.ready(client.is_ready)

    async def _origins(self, asked):
        return ActionOrigins(
            gpt_id="gpt_1", action_id=asked.action_id, schema_id="sch_1", origins=(API,)
        )

    def _child(self, log):
        settings = {
            "AUTH_MONGODB_URL": self.mongodb_url,
            "AUTH_MONGODB_DATABASE": "auth",
            "AUTH_NATS_URL": self.nats_url,
            "AUTH_STREAM_REPLICAS": "1",
            "AUTH_PORT": str(free_port()),
            "AUTH_KEYS": self.keys,
            "EGRESS_ALLOWED_ORIGINS": f"{self.origin}=127.0.0.1",
            "OPENACTIONS_PUBLIC_URL": PUBLIC_URL,
        }
        return Child("auth", [sys.executable, "-m", "auth_service"], log, settings)

    @asynccontextmanager
    async def _own(self):
        """A replica in this process: its use cases, and a client of its routes."""
        egress = EgressSettings(allowed_origins={self.origin: "127.0.0.1"})
        app = build(self.settings, egress)
        async with running(app) as client:
            yield app.state.app, client

    async def _enter_client(self):
        async with self._own() as (_, client):
            body = oauth_client(self.provider, self.origin)
            path = f"/v1/credentials/{self.action}"
            answer = await client.put(path, json=body, headers=BUILDER)
            assert answer.status_code == 200, answer.text

    async def link(self, members, lifetime):
        """As a sign-in of each does; the provider knows their tokens."""
        async with self._own() as (auth, _):
            found = await auth.link_connection.credentials.find(WORKSPACE, self.action)
            [record] = found.records
            account = Account(record.account_digest, record.origins, scopes_asked=("read",))
            for member in members:
                secret = self._allowed(member, record).for_storage()
                signed_in = SignedIn(account, secret, lifetime, renewable=True)
                await auth.link_connection(Whose(WORKSPACE, self.action, member), signed_in)

    def _allowed(self, member, record):
        sign_in = SignIn("read", refresh_token=token_urlsafe())
        access_token = token_urlsafe()
        sign_in.access_tokens.add(access_token)
        self.provider.sign_ins.append(sign_in)
        bound = (member, self.action, record.origins, record.client.sealed_to)
        return TokenSet(*bound, Secret(access_token), Secret(sign_in.refresh_token))

    async def states(self):
        """Of the connections, as they are stored, by member."""
        client = mongo.connect(self.mongodb_url)
        found = client["auth"]["connections"].find({})
        states = {each["state"]["member_id"]: each["state"]["state"] async for each in found}
        client.close()
        return states

    def asked(self, member, rejected=None):
        return IssueCredential(
            workspace_id=WORKSPACE,
            action_id=self.action,
            member_id=member,
            origin=API,
            recipient=self.recipient.public_key,
            takes_sign_in=True,
            rejected=rejected,
        )

    async def token_of(self, member):
        """As execution asks, once more where a replica died; None where one has to sign in."""
        while True:
            try:
                issued = await self.bus.ask(self.asked(member))
            except Unavailable:
                await asyncio.sleep(0.05)
                continue
            if issued.sign_in:
                return None
            binding = SealBinding(WORKSPACE, self.action, API, issued.expires_at)
            opened = self.recipient.open(issued.sealed, binding, datetime.now(UTC))
            return json.loads(opened)["headers"][0][1].removeprefix("Bearer ")


@asynccontextmanager
async def auth_replicas(provider, folder, count):
    """On a broker and a database of their own."""
    children, nats_url, mongodb_url = servers_in(folder)
    async with AsyncExitStack() as stack:
        for child, url in zip(children, (nats_url, mongodb_url), strict=True):
            child.start()
            stack.push_async_callback(child.stop)
            port = int(url.rpartition(":")[2])
            await child.ready(lambda port=port: accepts(port))
        origin, _ = stack.enter_context(listening(provider))
        replicas = AuthReplicas(nats_url, mongodb_url, provider, origin, count)
        yield await stack.enter_async_context(replicas.running(folder))


@dataclass
class Killer:
    """Kills one replica after the other, at random moments, and starts it again."""

    auth: AuthReplicas
    kills: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(12))

    async def run(self):
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_KILLS * self.chance.random())
            child = self.chance.choice(self.auth.children)
            child.kill()
            self.kills += 1
            await self.auth.start(child)


async def rotations_under_kills(auth, provider, rotations):
    """Each hand-out asks for a new token, at two callers a member; how many kills there were."""
    members = [f"mem_{number}" for number in range(MEMBERS)]
    provider.lifetime, provider.delay_seconds = 0, 0.05
    await auth.link(members, lifetime=0)
    killer = Killer(auth)
    killing = asyncio.create_task(killer.run())

    async def call(member):
        while len(provider.token_requests) < rotations:
            if await auth.token_of(member) is None:
                return

    await asyncio.gather(*map(call, members), *map(call, members))
    killing.cancel()
    await asyncio.gather(killing, return_exceptions=True)
    return killer.kills
