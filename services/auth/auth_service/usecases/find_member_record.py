from dataclasses import dataclass

from auth_service.domain.action_credentials import ActionCredentials, serves
from auth_service.domain.action_hosts import ActionHosts
from auth_service.domain.connection import Connection, Whose
from auth_service.domain.credential import Credential
from auth_service.domain.errors import NoOwnKey
from auth_service.domain.own_key import OwnKey
from auth_service.ports import Actions, Connections, CredentialStore
from contracts.access import Permitted, Verb, may
from contracts.ids import ActionId
from contracts.principal import Principal


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

    @property
    def of_key(self) -> tuple[Credential, OwnKey]:
        """With where the key stands; raises `NoOwnKey`."""
        record = self.record
        if record is None or record.own_key is None:
            raise NoOwnKey
        return record, record.own_key


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
