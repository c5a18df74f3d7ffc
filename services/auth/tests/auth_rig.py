"""The use cases around one store, as `main` puts them together."""

import json
from dataclasses import replace
from datetime import timedelta

from auth_fakes import KnownActions, MemoryCredentials, MemorySecretStores, key_ring
from connection_fakes import MemoryConnections
from service_token_fakes import MemoryServiceTokens, ScriptedEndpoint

from auth_service.domain.action_hosts import ActionHosts
from auth_service.domain.client_form import ClientForm
from auth_service.domain.credential_material import CredentialMaterial
from auth_service.domain.entered import EnteredApiKey, EnteredClient
from auth_service.domain.placement import Placement
from auth_service.domain.reference_rules import ReferenceRules
from auth_service.domain.sign_in import SignIn
from auth_service.domain.sign_in_domains import SignInDomains
from auth_service.usecases.check_actions import CheckActions
from auth_service.usecases.check_client import CheckClient
from auth_service.usecases.clear_credential import ClearCredential
from auth_service.usecases.describe_credential import DescribeCredential
from auth_service.usecases.destroy_credential import DestroyCredential
from auth_service.usecases.end_of_action import EndOfAction
from auth_service.usecases.issue_credential import IssueCredential
from auth_service.usecases.issue_member_token import IssueMemberToken
from auth_service.usecases.issue_service_token import IssueServiceToken
from auth_service.usecases.open_client import OpenClient
from auth_service.usecases.outdate_connections import OutdateConnections
from auth_service.usecases.prepare_revocation import PrepareRevocation
from auth_service.usecases.read_credential import ReadCredential
from auth_service.usecases.read_references import ReadReferences
from auth_service.usecases.renew_token import RenewToken
from auth_service.usecases.seal_way import SealWay
from auth_service.usecases.set_credential import SetCredential
from auth_service.usecases.sign_in_page import SignInPage
from contracts import requests
from contracts.facts import CredentialChanged
from contracts.origin import origin_set_digest
from contracts.principal import Principal, Role, Via
from contracts.requests import pages_to_check
from kit.sealing import Recipient, SealBinding, Secret
from kit.testing import FrozenClock

WS, ACT, MEM = "ws_ours", "act_1", "mem_1"
ORIGIN = "https://api.example.com"
PUBLIC_URL = "https://actions.example.com"
MOST_SECONDS = 25.0
"""Within the time of a test."""


def principal(member_id=MEM, workspace_id=WS, role=Role.BUILDER):
    return Principal(workspace_id, member_id, role, Via.TOKEN, frozenset(), None, "tok_1")


WHO = principal()


def client(secret="canary-client-secret", **changes):
    """What somebody entered; a secret of None: they left it out."""
    members = {
        "sign_in": SignIn.CLIENT_CREDENTIALS,
        "client_id": "client-1",
        "token_url": "https://id.example.com/token",
        "authorization_url": "https://id.example.com/authorize",
        "scope": "read",
        **changes,
    }
    return EnteredClient(ClientForm(**members).settings(), Secret(secret) if secret else None)


class Rig:
    rules = ReferenceRules()
    """Nobody may refer to anything."""

    def __init__(
        self, keys=None, store=None, tokens=None, endpoint=None, plain=(), connections=None
    ):
        self.store = store or MemoryCredentials()
        self.keys = keys or key_ring("k1")
        self.clock = FrozenClock()
        self.actions = KnownActions(WS, {ACT: ActionHosts((ORIGIN,)), "act_empty": ActionHosts()})
        self.recipient = Recipient.fresh()
        self.tokens = tokens or MemoryServiceTokens()
        self.connections = connections or MemoryConnections()
        self.endpoint = endpoint or ScriptedEndpoint()
        self.secrets = MemorySecretStores()
        self.references = ReadReferences(self.rules, self.secrets)
        self.prepare = PrepareRevocation(self.keys, self.opens(self.keys), self.clock)
        self.check_client = CheckClient(self.endpoint, SignInDomains(), frozenset(plain))
        self.set = self.setting()
        self.clear = ClearCredential(self.store, self.actions, self.tokens, self.clock)
        self.read = ReadCredential(self.store, self.actions, self.keys)
        self.renew = self.renewing()
        self.issue = self.issuing()
        self.describe = DescribeCredential(self.store, self.keys)
        self.check = CheckActions(self.store, self.keys)
        self.destroy = DestroyCredential(
            self.store, self.tokens, EndOfAction(self.connections, self.prepare)
        )

    def setting(self, store=None, actions=None, keys=None, clock=None):
        """What sets credentials, with other parts where they are given."""
        return SetCredential(
            store or self.store,
            actions or self.actions,
            SealWay(keys or self.keys),
            self.check_client,
            self.tokens,
            clock or self.clock,
            self.rules,
        )

    def renewing(self):
        """As one process has it."""
        # on a busy machine a thousand callers take longer than one of them waits
        return RenewToken(
            self.endpoint, self.keys, self.clock, lambda: 0.0, wait_seconds=MOST_SECONDS
        )

    def issuing(self, keys=None, renew=None, seconds=60):
        keys = keys or self.keys
        renew, opens, page = renew or self.renew, self.opens(keys), SignInPage(PUBLIC_URL)
        service = IssueServiceToken(self.tokens, renew, keys, opens)
        member = IssueMemberToken(
            *(self.connections, renew, keys, opens, self.clock, page),
            OutdateConnections(self.connections, self.store),
        )
        lifetime = timedelta(seconds=seconds)
        return IssueCredential(
            self.store, keys, self.clock, lifetime, service, member, self.references
        )

    def opens(self, keys):
        return OpenClient(keys, self.references)

    async def enter_client(self, who=None, **changes):
        """Client credentials, or with `sign_in` something else, as a member enters them."""
        return (await self.set(who or WHO, ACT, client(**changes), None)).credentials

    async def enter(self, token="canary", expected=None, action=ACT):
        """As a member does; None: that nothing is signed in with."""
        entered = token and EnteredApiKey(
            Placement.BEARER, CredentialMaterial.bearer(Secret(token))
        )
        return (await self.set(WHO, action, entered or None, expected)).credentials

    def asked(self, **changes):
        return requests.IssueCredential(
            **{
                "workspace_id": WS,
                "action_id": ACT,
                "member_id": MEM,
                "origin": ORIGIN,
                "recipient": self.recipient.public_key,
                **changes,
            }
        )

    def opened(self, issued, origin=ORIGIN):
        binding = SealBinding(WS, ACT, origin, issued.expires_at)
        return json.loads(self.recipient.open(issued.sealed, binding, self.clock()))

    async def sent(self, origin, *called):
        """The token that a call to this host of a release with these hosts signs in with."""
        origin_set = origin_set_digest(called) if called else ""
        issued = await self.issue(self.asked(origin=origin, origin_set=origin_set))
        if not issued.sealed:
            return None
        [[_, value]] = self.opened(issued, origin)["headers"]
        return value.removeprefix("Bearer ")

    async def problems(self, **origins_of):
        """What publishing with these hosts would be answered for each action."""
        [page] = pages_to_check(origins_of)
        asked = requests.CheckActions(workspace_id=WS, actions=page)
        return {each.action_id: each.code for each in (await self.check(asked)).problems}

    async def unset(self, **origins_of):
        """Of which of these actions nobody ever said how they sign in."""
        [page] = pages_to_check(origins_of)
        asked = requests.CheckActions(workspace_id=WS, actions=page)
        return {*(await self.check(asked)).unset}


async def tampered(rig, **changes):
    """As whoever may write to the database changes the newest record."""
    seen = await rig.store.find(WS, ACT)
    newest, *others = seen.records
    records = (replace(newest, **changes), *others)
    fact = CredentialChanged(workspace_id=WS, action_id=ACT, revision=seen.revision + 1)
    await rig.store.replace(seen, replace(seen, records=records, revision=fact.revision), fact)
