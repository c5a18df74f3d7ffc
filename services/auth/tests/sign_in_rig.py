"""Signing in to an action over use cases in memory: pages, browsers, and the awful provider."""

import json
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from auth_fakes import MemorySecretStores
from auth_rig import ACT, MEM, WS, Rig
from awful_provider import AwfulProvider
from connection_fakes import KnownNames, MemoryConnections, MemoryEnded, RecordedLinks
from fastapi import Depends, FastAPI

from auth_service.adapters.sealed_sign_ins import SealedSignIns
from auth_service.domain.oauth.answer_document import HttpAnswer
from auth_service.domain.reference_rules import ReferenceRules
from auth_service.domain.sign_in import SignIn
from auth_service.entrypoints import sign_in_pages, start
from auth_service.usecases.begin_attempt import BeginAttempt
from auth_service.usecases.end_connection import EndConnection
from auth_service.usecases.find_issuer import FindIssuer
from auth_service.usecases.find_member_record import FindMemberRecord
from auth_service.usecases.find_sign_in import FindSignIn
from auth_service.usecases.finish_attempt import FinishAttempt
from auth_service.usecases.link_connection import LinkConnection
from auth_service.usecases.offer_sign_in import OfferSignIn
from auth_service.usecases.open_client import OpenClient
from auth_service.usecases.read_own_key import ReadOwnKey
from auth_service.usecases.read_references import ReadReferences
from auth_service.usecases.read_ticket import ReadTicket
from auth_service.usecases.set_own_key import SetOwnKey
from auth_service.usecases.start_connection import StartConnection
from contracts.facts import MemberChanged
from contracts.ids import new_id
from contracts.principal import SCOPES_OF_ROLE, Role, Via
from contracts.requests import AuthenticatedCaller
from kit import problems
from kit.caller import Verifier, digest_of
from kit.errors import SessionEnded
from kit.public_address import PublicAddress
from kit.strict import refuse_what_is_unknown
from kit.testing import session_of_name
from shared.kit.tests.kit_fakes import Watch

PUBLIC = "https://actions.example.com"
PROVIDER = "https://id.example.com"
NAVIGATION = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
TYPED = {**NAVIGATION, "sec-fetch-site": "none"}
BROUGHT = {**NAVIGATION, "sec-fetch-site": "cross-site"}
BUTTON = {**NAVIGATION, "sec-fetch-site": "same-origin", "origin": "null"}
SCRIPT = {"sec-fetch-site": "same-origin", "origin": PUBLIC}
SIGN_IN = f"/aip/{ACT}/sign-in"
CALLBACK = f"/aip/{ACT}/oauth/callback"
MEMBERS = {
    "ada": (WS, MEM, Role.USER),
    "bob": (WS, "mem_bob", Role.USER),
    "eve": ("ws_theirs", "mem_eve", Role.OWNER),
}


class ProviderEndpoint:
    """`TokenEndpoint` that asks the awful provider, whatever host the request is for."""

    def __init__(self, provider, metadata=None):
        self._provider, self.metadata = provider, metadata
        self.meanwhile = lambda: None
        """What happens while a token is asked for."""

    def ensure_callable(self, url, name):
        """Everything may be called."""

    async def send(self, request, pool_key):
        if request.method == "GET":
            return await self._metadata(request)
        self.meanwhile()
        async with at(self._provider) as client:
            answer = await client.post(
                urlsplit(request.url).path, content=request.body, headers=dict(request.headers)
            )
        return HttpAnswer(answer.status_code, answer.headers["content-type"], answer.content)

    async def _metadata(self, request):
        answer = self.metadata(request) if callable(self.metadata) else self.metadata
        if isinstance(answer, Exception):
            raise answer
        return answer or HttpAnswer(404, "text/html", b"")


@asynccontextmanager
async def at(provider):
    transport = httpx.ASGITransport(provider.app())
    async with httpx.AsyncClient(transport=transport, base_url=PROVIDER) as client:  # noqa: TID251 - to an application of our own
        yield client


class SignInRig(Rig):
    """`client` speaks to the pages as a browser or a program would."""

    def __init__(self, origin=PUBLIC):
        self.provider = AwfulProvider()
        super().__init__(endpoint=ProviderEndpoint(self.provider))
        self.clock.now = datetime.now(UTC)  # which the verifier compares with the time that it is
        self.connections, self.ended, self.log = (
            MemoryConnections(),
            MemoryEnded(),
            RecordedLinks(),
        )
        self.seal = SealedSignIns((b"k" * 32,))
        self.names = KnownNames()
        self.end = EndConnection(self.connections, self.store, self.prepare)
        self.link = LinkConnection(
            *(self.connections, self.store, self.keys, self.clock, self.log),
            *(self.names, self.end),
        )
        self.find_record = FindMemberRecord(self.actions, self.store, self.connections)
        self.find_sign_in = FindSignIn(self.find_record)
        self.drawn, self.watch, self.gone = 0, Watch(), set()
        issuer = FindIssuer(self.endpoint)
        common = (self.seal, self.ended)
        self.app = SimpleNamespace(
            end_connection=self.end,
            find_sign_in=self.find_sign_in,
            start_connection=StartConnection(
                self.find_sign_in, self.seal, lambda: new_id("tik"), self.clock, origin
            ),
            read_own_key=ReadOwnKey(self.find_record),
            set_own_key=SetOwnKey(self.find_record, self.link),
            read_ticket=ReadTicket(self.seal, self.clock),
            offer_sign_in=OfferSignIn(self.find_sign_in, self.names),
            begin_attempt=BeginAttempt(
                self.find_sign_in, issuer, *common, self._draw, self.clock, origin
            ),
            finish_attempt=FinishAttempt(
                self.find_sign_in,
                OpenClient(self.keys, ReadReferences(ReferenceRules(), MemorySecretStores())),
                self.link,
                self.endpoint,
                *common,
                self.log,
                self.clock,
                origin,
            ),
        )

    def _draw(self):
        self.drawn += 1
        return f"verifier-{self.drawn:0>34}"

    async def enter_oauth(self, **changes):
        """How members sign in, as a builder enters it."""
        members = {
            "sign_in": SignIn.OAUTH,
            "client_id": self.provider.client_id,
            "secret": self.provider.client_secret,
            **changes,
        }
        await self.enter_client(**members)

    def removes(self, name):
        """As identity does, which everybody hears of."""
        workspace, member, _ = MEMBERS[name]
        self.gone.add(name)
        self.names.left.add(member)
        self.watch.receives(
            MemberChanged(workspace_id=workspace, member_id=member, role=None, revision=2)
        )

    async def authenticate(self, asked):
        for name, (workspace, member, role) in MEMBERS.items():
            if name not in self.gone and asked.token_digest == digest_of(session_of_name(name)):
                return AuthenticatedCaller(
                    workspace_id=workspace,
                    member_id=member,
                    token_id="ses_1",
                    role=role,
                    scopes=SCOPES_OF_ROLE[role],
                    via=Via.SESSION,
                )
        raise SessionEnded

    @property
    def token_requests(self):
        return len(self.provider.token_requests)

    async def connection(self, member=MEM):
        found = [each for each in self.connections.stored.values() if each.member_id == member]
        return found[0] if found else None

    def browser(self, name="ada"):
        return Browser(self, {"__Host-openactions": session_of_name(name)} if name else {})


@asynccontextmanager
async def signing_in(entered=True, **settings):
    """A rig whose action members sign in to by the awful provider."""
    rig = SignInRig(**settings)
    if entered:
        await rig.enter_oauth()
    api = FastAPI(dependencies=[Depends(refuse_what_is_unknown)])
    api.state.app = rig.app
    api.state.verifier = Verifier(rig.watch, rig.authenticate, address=PublicAddress(PUBLIC))
    problems.install(api)
    for router in (start.router, sign_in_pages.router, sign_in_pages.answers):
        api.include_router(router)
    transport = httpx.ASGITransport(api)
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC) as client:  # noqa: TID251 - to an application of our own
        rig.client = client
        yield rig


@dataclass
class Browser:
    rig: SignInRig
    cookies: dict

    async def open(self, path, headers=TYPED):
        return await self.send("GET", path, headers)

    async def press(self, page, headers=BUTTON, **filled):
        """The button of a page."""
        action, inside = re.search(
            r'<form method="post" action="([^"]+)">(.*?)</form>', page.text, re.DOTALL
        ).groups()
        fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', inside))
        return await self.send("POST", action, headers, data={**fields, **filled})

    async def start(self, **body):
        return await self.send(
            "POST", "/v1/connections/start", SCRIPT, json={"action_id": ACT, **body}
        )

    async def begin(self, path=SIGN_IN):
        """To the address of the provider that the page's link leads to."""
        page = await self.open(path)
        assert page.status_code == 200, page.text
        led = await self.open(link_of(page), {**TYPED, "sec-fetch-site": "same-origin"})
        assert led.status_code == 303, led.text
        return led.headers["location"]

    async def at_provider(self, leads_to):
        """The path, with its query, at which the provider sends the browser back."""
        async with at(self.rig.provider) as client:
            answer = await client.get(leads_to)
        assert answer.headers["location"].startswith(PUBLIC), answer.text
        return answer.headers["location"].removeprefix(PUBLIC)

    async def sign_in(self, path=SIGN_IN):
        """All the way; the last page."""
        return await self.open(await self.at_provider(await self.begin(path)), BROUGHT)

    async def send(self, method, path, headers, **body):
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {**headers, **({"cookie": cookie} if cookie else {})}
        answer = await self.rig.client.request(method, path, headers=sent, **body)
        self.rig.client.cookies.clear()  # several browsers share it
        for each in answer.headers.get_list("set-cookie"):
            name, _, value = each.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer


def link_of(page):
    """The first link of a page."""
    return unescape(page.text.partition('<a href="')[2].partition('"')[0])


def changed(back, **parameters):
    """The address of a callback, with other parameters; None leaves one out."""
    path, _, query = back.partition("?")
    fields = dict(parse_qsl(query)) | parameters
    return f"{path}?{urlencode({k: v for k, v in fields.items() if v is not None})}"


def metadata_of(issuer, **members):
    """As a provider publishes it (RFC 8414)."""
    document = {
        "issuer": issuer,
        "authorization_endpoint": f"{PROVIDER}/authorize",
        "token_endpoint": f"{PROVIDER}/token",
        **members,
    }
    return HttpAnswer(200, "application/json", json.dumps(document).encode())
