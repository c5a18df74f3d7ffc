from dataclasses import dataclass

from auth_service.domain.action_credentials import ActionCredentials, serves
from auth_service.domain.action_hosts import ActionHosts
from auth_service.domain.connection import Account, Connection, ConnectionKind, Whose
from auth_service.domain.credential import Credential
from auth_service.domain.errors import NoOwnKey
from auth_service.domain.member_key import MemberKey
from auth_service.domain.own_key import OwnKey
from auth_service.ports import Actions, Connections, CredentialStore
from auth_service.usecases.link_connection import LinkConnection, SignedIn
from contracts.access import Permitted, Verb, may
from contracts.ids import ActionId
from contracts.principal import Principal
from kit.sealing import Secret


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """The record that a member signs in by, and what they have."""

    record: Credential | None
    """None where nobody signs in on their own."""
    kept: Connection | None
    credentials: ActionCredentials
    hosts: ActionHosts

    @property
    def is_signed_in(self) -> bool:
        kept, record = self.kept, self.record
        return bool(kept and record and kept.is_linked and serves(kept.account, record))


@dataclass(frozen=True, slots=True)
class FindMemberRecord:
    """Which of an action's records a member signs in by (`ActionCredentials.for_member`)."""

    actions: Actions
    credentials: CredentialStore
    connections: Connections

    async def __call__(self, principal: Principal, action_id: ActionId) -> MemberRecord:
        """Raises `ActionNotFound`, `ActionNotYours` and `SignInUnknown`."""
        workspace_id = principal.workspace_id
        hosts = await self.actions.hosts(workspace_id, action_id)
        hosts.ensure_may_use(principal)
        credentials = await self.credentials.find(workspace_id, action_id)
        credentials.ensure_known()
        kept = await self.connections.find(Whose(workspace_id, action_id, principal.member_id))
        account = kept.account if kept and kept.is_linked else None
        access = hosts.access
        may_draft = access is None or isinstance(may(principal, Verb.TRY_DRAFT, access), Permitted)
        record = credentials.for_member(hosts, account, may_draft=may_draft)
        return MemberRecord(record, kept, credentials, hosts)


@dataclass(frozen=True, slots=True)
class OwnKeyForm:
    """What a member is asked for."""

    key: OwnKey
    origins: tuple[str, ...]
    is_set: bool


@dataclass(frozen=True, slots=True)
class ReadOwnKey:
    find: FindMemberRecord

    async def __call__(self, principal: Principal, action_id: ActionId) -> OwnKeyForm:
        """Raises `NoOwnKey` too."""
        found = await self.find(principal, action_id)
        record, key = _record_of_key(found)
        return OwnKeyForm(key, record.origins, found.is_signed_in)


@dataclass(frozen=True, slots=True)
class SetOwnKey:
    """A member's own API key, bound to the hosts of the API."""

    find: FindMemberRecord
    link: LinkConnection

    async def __call__(
        self, principal: Principal, action_id: ActionId, values: tuple[Secret[str], ...]
    ) -> Connection:
        """A value for each label. Raises `OwnKeyValues`, `SecretInvalid` and `NoOwnKey` too."""
        record, key = _record_of_key(await self.find(principal, action_id))
        whose = Whose(principal.workspace_id, action_id, principal.member_id)
        secret = MemberKey(whose.member_id, action_id, record.origins, key.material(values))
        account = Account(record.account_digest, record.origins, ConnectionKind.KEY)
        return await self.link(whose, SignedIn(account, secret.for_storage()))


def _record_of_key(found: MemberRecord) -> tuple[Credential, OwnKey]:
    record = found.record
    if record is None or record.own_key is None:
        raise NoOwnKey
    return record, record.own_key
