"""A company's sign-in in memory, which says whatever a test wants, and identity that trusts it."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from joserfc import jws
from joserfc.jwk import ECKey, OKPKey, RSAKey

from contracts.facts import WorkspaceCreated
from contracts.ids import MemberId, WorkspaceId
from contracts.principal import SCOPES_OF_ROLE, Principal, Via
from contracts.requests import Role
from egress import EgressSettings, OutboundResponse
from identity_service.adapters.bounded_questions import BoundedQuestions
from identity_service.adapters.egress_providers import EgressProviders
from identity_service.adapters.sealed_attempts import SealedAttempts
from identity_service.domain.group import GroupRole, GroupRoles
from identity_service.domain.member import Member
from identity_service.domain.oidc.attempt import FromBrowser, ProviderAnswer
from identity_service.domain.workspace import Workspace
from identity_service.usecases.admit_person import AdmitPerson
from identity_service.usecases.begin_company_sign_in import BeginCompanySignIn
from identity_service.usecases.check_provider import CheckProvider
from identity_service.usecases.check_signature import CheckSignature
from identity_service.usecases.choose_workspace import ChooseWorkspace
from identity_service.usecases.confirm_domains import ConfirmDomains
from identity_service.usecases.end_attempt import EndAttempt
from identity_service.usecases.end_provider_sessions import EndProviderSessions
from identity_service.usecases.end_unwanted_sessions import EndUnwantedSessions
from identity_service.usecases.find_company_sign_in import FindCompanySignIn
from identity_service.usecases.find_provider_sign_out import FindProviderSignOut
from identity_service.usecases.finish_company_sign_in import FinishCompanySignIn
from identity_service.usecases.keep_an_owner import KeepAnOwner
from identity_service.usecases.offer_company_sign_in import OfferCompanySignIn
from identity_service.usecases.remove_sign_in import RemoveSignIn
from identity_service.usecases.set_sign_in import SetSignIn, WantedSignIn
from identity_service.usecases.verify_person import VerifyPerson
from kit.sealing import Secret
from kit.testing.key_ring import MemoryKeyRing
from services.identity.tests.company_fakes import (
    MemoryChoices,
    MemoryConfirmedDomains,
    MemoryEndedAttempts,
    MemoryIdentities,
    MemoryLogoutTokens,
)
from services.identity.tests.directory_fakes import MemoryGroupRoles
from services.identity.tests.session_platform import OURS, Platform

ISSUER, CLIENT, ORIGIN = "https://login.acme.com", "openactions", "https://actions.example.net"
OWNER = Member(MemberId("mem_owner"), OURS, "Olga", Role.OWNER)
ROOT_KEY = hashlib.sha256(b"root").digest()
"""Of the installation."""
KEY = RSAKey.generate_key(2048, {"kid": "first"})
FIREFOX = FromBrowser("Firefox on Linux", "oab_firefox")


class AnyAlgorithm(jws.JWSRegistry):
    def get_alg(self, name):
        return self.algorithms[name]

    def check_header(self, header):
        """A hostile provider writes what it likes."""


def signed(claims, key=KEY, header=None, payload=None):
    protected = {"alg": "RS256", "kid": key.get("kid"), **(header or {})}
    protected = {name: value for name, value in protected.items() if value is not None}
    raw = json.dumps(claims).encode() if payload is None else payload
    return jws.serialize_compact(protected, raw, key, registry=AnyAlgorithm())


def b64(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Company:
    """The other side of the way out (`egress.Egress`)."""

    clock: object
    keys: list = field(default_factory=lambda: [KEY])
    configuration: dict = field(default_factory=dict)
    """What it says of itself otherwise; None takes a member away."""
    person: dict = field(default_factory=lambda: {"sub": "u1", "email_verified": True})
    claims: dict = field(default_factory=dict)
    """Beside, or instead of, what an ID token should say; None takes a claim away."""
    token: object = None
    """Makes the ID token of the claims; None: as it should be."""
    userinfo: dict | None = None
    refusal: tuple | None = None
    """Status and body of the token endpoint."""
    asked: list = field(default_factory=list)
    """Paths of requests."""
    exchanged: list = field(default_factory=list)
    nonces: dict = field(default_factory=dict)
    """By code."""
    settings: EgressSettings = field(default_factory=EgressSettings)
    down: bool = False
    broken: dict = field(default_factory=dict)
    """Status and document by path, in place of what is there."""

    async def send(self, request):
        path = request.target.path_and_query
        self.asked.append(path)
        if self.down:
            return answer(503, {})
        if path in self.broken:
            return answer(*self.broken[path])
        if path.endswith("/.well-known/openid-configuration"):
            return answer(200, self.configured(request.target))
        if path == "/keys":
            return answer(200, {"keys": [key.as_dict(private=False) for key in self.keys]})
        if path == "/userinfo":
            return answer(200, self.userinfo or {})
        if request.method != "POST":
            return answer(404, {})
        return self._exchange(request)

    def configured(self, target):
        issuer = f"https://{target.host}"
        said = {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/keys",
            "end_session_endpoint": f"{issuer}/logout",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": ["RS256", "PS256", "ES256", "EdDSA"],
            **({"userinfo_endpoint": f"{issuer}/userinfo"} if self.userinfo is not None else {}),
            **self.configuration,
        }
        return {name: value for name, value in said.items() if value is not None}

    def _exchange(self, request):
        sent = {name: value[0] for name, value in parse_qs(request.body.decode()).items()}
        self.exchanged.append((request, sent))
        if self.refusal is not None:
            return answer(*self.refusal)
        claims = self.id_claims(self.nonces[sent["code"]], f"https://{request.target.host}")
        token = (self.token or signed)(claims)
        return answer(200, {"id_token": token, "access_token": "at", "token_type": "Bearer"})

    def id_claims(self, nonce, issuer=ISSUER):
        now = int(self.clock().timestamp())
        claims = {
            "iss": issuer,
            "aud": CLIENT,
            "exp": now + 300,
            "iat": now,
            "nonce": nonce,
            "at_hash": b64(hashlib.sha256(b"at").digest()[:16]),
            **self.person,
            **self.claims,
        }
        return {name: value for name, value in claims.items() if value is not None}

    def logout_token(self, header=None, key=KEY, **changed):
        now = int(self.clock().timestamp())
        claims = {
            "iss": ISSUER,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 120,
            "jti": "bye-1",
            "sub": "u1",
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
            **changed,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        return signed(claims, key, {"typ": "logout+jwt", **(header or {})})


def answer(status, document):
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return OutboundResponse(status, (), body, 0.0)


@dataclass
class CountedTexts:
    drawn: int = 0

    def __call__(self):
        self.drawn += 1
        return f"text-{self.drawn:038}"


@dataclass
class Seconds:
    """What the process's clock shows; a test moves it."""

    at: float = 1_000.0

    def __call__(self):
        return self.at


@dataclass
class CompanyPlatform(Platform):
    """Identity in memory, with one workspace, its owner and a company's sign-in."""

    confirmed: MemoryConfirmedDomains = field(default_factory=MemoryConfirmedDomains)
    identities: MemoryIdentities = field(default_factory=MemoryIdentities)
    ended_attempts: MemoryEndedAttempts = field(default_factory=MemoryEndedAttempts)
    choices: MemoryChoices = field(default_factory=MemoryChoices)
    logout_tokens: MemoryLogoutTokens = field(default_factory=MemoryLogoutTokens)
    group_roles: MemoryGroupRoles = field(default_factory=MemoryGroupRoles)
    keys: MemoryKeyRing = field(default_factory=MemoryKeyRing)
    max_members: int = 20
    questions: BoundedQuestions = field(default_factory=BoundedQuestions)

    def __post_init__(self):
        super().__post_init__()
        settings, now, texts = self.sign_in_settings, self.clock, CountedTexts()
        self.company = Company(now)
        self.seconds = Seconds()
        self.providers = EgressProviders(self.company, self.seconds)
        self.unwanted = EndUnwantedSessions(self.sessions, settings, self.enforce, self.end)
        self.keep = KeepAnOwner(self.members, self.tokens, now)
        parts = (settings, self.confirmed, self.members, self.tokens, self.providers)
        self.set = SetSignIn(*parts, self.keys, self.unwanted, now, self.questions)
        self.remove = RemoveSignIn(settings, self.unwanted)
        self.check = CheckProvider(settings, self.providers, self.questions)
        self.confirm = ConfirmDomains(self.workspaces, self.confirmed)
        self.find = FindCompanySignIn(settings, self.confirmed)
        signature = CheckSignature(self.providers)
        seal = SealedAttempts((ROOT_KEY,))
        self.begin = BeginCompanySignIn(settings, self.providers, seal, texts, now, ORIGIN)
        self.admit = AdmitPerson(
            self.members,
            self.identities,
            self.confirmed,
            self.group_roles,
            self.keep,
            self.notes,
            self.max_members,
        )
        self.finish = FinishCompanySignIn(
            EndAttempt(seal, self.ended_attempts, settings, now),
            self.choices,
            settings,
            self.identities,
            self.members,
            self.workspaces,
            VerifyPerson(self.providers, signature, self.keys, now, ORIGIN),
            self.admit,
            self.sign_in,
            texts,
            now,
        )
        self.offer = OfferCompanySignIn(self.workspaces, settings, self.sessions, now)
        self.choose = ChooseWorkspace(self.choices, settings, self.finish, now)
        self.sign_out = FindProviderSignOut(settings, self.providers, ORIGIN)
        self.back_channel = EndProviderSessions(
            self.providers, signature, settings, self.sessions, self.logout_tokens, self.end, now
        )

    def caller(self, member=OWNER):
        scopes = SCOPES_OF_ROLE[member.role]
        return Principal(
            member.workspace_id, member.id, member.role, Via.TOKEN, scopes, None, "tok_1"
        )

    async def configure(self, workspace_id=OURS, **wanted):
        asked = {"issuer": ISSUER, "client_id": CLIENT, "domains": ["acme.com"], **wanted}
        owner = Member(OWNER.id, WorkspaceId(workspace_id), OWNER.name, Role.OWNER)
        return await self.set(self.caller(owner), WantedSignIn(**asked), None)

    async def gives(self, *entries):
        """These groups give these roles from now on; the sign-in says who is in which."""
        seen = await self.group_roles.read(OURS)
        wanted = tuple(GroupRole(*each) for each in entries)
        await self.group_roles.replace(seen, GroupRoles(OURS, wanted, seen.revision + 1))
        await self.configure(group_claim="groups")

    async def confirm_others(self, workspace_id, **settings):
        """Another workspace of the same company."""
        fact = WorkspaceCreated(workspace_id=workspace_id, title="Others")
        await self.workspaces.add(Workspace(workspace_id, "Others"), fact)
        await self.confirm(workspace_id, ["acme.com"])
        await self.configure(workspace_id, **settings)

    async def began(self, browser=FIREFOX, workspace_id=OURS, *, chooses=False):
        """What the company is asked, as a browser brings it."""
        leads_to = await self.begin(workspace_id, browser.secret, "/back", chooses=chooses)
        asked = {name: value[0] for name, value in parse_qs(urlsplit(leads_to).query).items()}
        code = f"code-{len(self.company.nonces)}"
        self.company.nonces[code] = asked["nonce"]
        return asked, code

    async def came(self, browser=FIREFOX, workspace_id=OURS, *, chooses=False, **answered):
        """All the way to the company and back; what `finish` answers."""
        asked, code = await self.began(browser, workspace_id, chooses=chooses)
        brought = {"state": asked["state"], "came_to": workspace_id, "code": code, **answered}
        return await self.finish(ProviderAnswer(**brought), browser)

    async def member_who_came(self, **how):
        """The member of the session that begins."""
        session = await self.session_that_began(**how)
        return await self.members.find(session.workspace_id, session.member_id)

    async def session_that_began(self, **how):
        finished = await self.came(**how)
        return await self.sessions.find_by_digest(finished.session.digest)

    async def nobody_is_signed_in(self):
        return await self.sessions.of_workspace(OURS) == []

    def invite(self, email="ada@acme.com", **other):
        asked = {"id": "mem_ada", "name": "Ada", "role": Role.BUILDER, **other}
        id_ = MemberId(asked.pop("id"))
        return self.members.add(Member(id_, OURS, email=email, **asked))


def other_keys():
    return {
        "RS256": RSAKey.generate_key(2048, {"kid": "rsa"}),
        "PS256": RSAKey.generate_key(2048, {"kid": "pss"}),
        "ES256": ECKey.generate_key("P-256", {"kid": "ec"}),
        "EdDSA": OKPKey.generate_key("Ed25519", {"kid": "ed"}),
    }


SECRET = Secret("a secret of the client")


async def new_company_platform(**settings):
    """With a confirmed domain, `acme.com`, and people who sign in there."""
    platform = CompanyPlatform()
    fact = WorkspaceCreated(workspace_id=OURS, title="Ours")
    await platform.workspaces.add(Workspace(OURS, "Ours"), fact)
    await platform.members.add(OWNER)
    await platform.confirm(OURS, ["acme.com"])
    await platform.configure(**settings)
    return platform
