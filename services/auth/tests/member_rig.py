"""The rig with members' own accounts and keys."""

from dataclasses import replace
from datetime import timedelta

from auth_rig import ACT, MEM, WS, Rig, principal
from connection_fakes import KnownNames, MemoryConnections, RecordedLinks

from auth_service.domain.connection import Account, Whose
from auth_service.domain.oauth.scopes import GrantedScopes
from auth_service.domain.own_key import OwnKey
from auth_service.domain.placement import Placement
from auth_service.domain.sign_in import SignIn
from auth_service.domain.token_set import TokenSet
from auth_service.usecases.count_connections import CountConnections
from auth_service.usecases.end_connection import EndConnection
from auth_service.usecases.end_of_member import EndOfMember
from auth_service.usecases.find_member_record import FindMemberRecord
from auth_service.usecases.link_connection import LinkConnection, SignedIn
from auth_service.usecases.outdate_connections import OutdateConnections
from auth_service.usecases.read_own_key import ReadOwnKey
from auth_service.usecases.revoke_pending import RevokePending
from auth_service.usecases.set_own_key import SetOwnKey
from contracts.principal import Role, Scope
from kit.sealing import Secret

PAGE = f"https://actions.example.com/aip/{ACT}/sign-in"
REVOCATION_URL = "https://id.example.com/revoke"
HOUR = timedelta(hours=1)
ADMIN = replace(
    principal("mem_admin", role=Role.ADMIN), scopes=frozenset({Scope.CONNECTIONS_MANAGE})
)
TWO_HEADERS = OwnKey(
    Placement.HEADERS, ("X-Api-Key", "X-App"), labels=("Your key", "Your application")
)


class MemberRig(Rig):
    """`linked` is what the sign-in page does at its end."""

    def __init__(self, keys=None, connections=None, endpoint=None, store=None, plain=()):
        connections = connections or MemoryConnections()
        super().__init__(keys, store, None, endpoint, plain, connections)
        self.end = EndConnection(self.connections, self.store, self.prepare)
        self.names = KnownNames()
        self.link = LinkConnection(
            *(self.connections, self.store, self.keys, self.clock, RecordedLinks()),
            *(self.names, self.end),
        )
        self.end_of_member = EndOfMember(self.connections, self.end)
        self.outdate = OutdateConnections(self.connections, self.store)
        self.count = CountConnections(self.connections, self.store)
        find = FindMemberRecord(self.actions, self.store, self.connections)
        self.read_key, self.set_key = ReadOwnKey(find), SetOwnKey(find, self.link)
        self.revocations = self.connections.revocations
        self.revoke = RevokePending(
            self.revocations, self.connections, self.endpoint, self.keys, self.clock
        )

    async def enter_oauth(self, **changes):
        members = {"sign_in": SignIn.OAUTH, "revocation_url": REVOCATION_URL, **changes}
        return await self.enter_client(**members)

    async def enter_own_key(self, key=TWO_HEADERS):
        return (await self.set(principal(), ACT, key, None)).credentials

    async def record(self):
        return (await self.store.find(WS, ACT)).records[0]

    async def linked(self, member=MEM, **members):
        return await self.linked_by(await self.record(), member, **members)

    async def linked_by(
        self, record, member=MEM, *, token="first", refresh="refresh-1", lifetime=3_600.0
    ):
        refresh = Secret(refresh) if refresh else None
        tokens = TokenSet(
            member, ACT, record.origins, record.client.sealed_to, Secret(token), refresh
        )
        scopes = record.client.scopes
        account = Account(
            record.account_digest, record.origins, scopes_asked=scopes, scopes=GrantedScopes(scopes)
        )
        signed_in = SignedIn(account, tokens.for_storage(), lifetime, refresh is not None)
        return await self.link(self.whose(member), signed_in)

    async def kept(self, member=MEM):
        return await self.connections.find(self.whose(member))

    def whose(self, member=MEM):
        return Whose(WS, ACT, member)

    async def token(self, member=MEM, **asked):
        """What a call of the member signs in with; the page where they sign in first."""
        issued = await self.issue(self.asked(member_id=member, takes_sign_in=True, **asked))
        if issued.sign_in:
            assert not issued.sealed
            return issued.sign_in
        [[name, value]] = self.opened(issued)["headers"]
        assert name == "Authorization"
        return value.removeprefix("Bearer ")
