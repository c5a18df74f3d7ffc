from dataclasses import dataclass

from auth_service.domain.action_credentials import ActionCredentials
from auth_service.domain.action_hosts import ActionHosts
from auth_service.domain.client_settings import ClientSettings
from auth_service.domain.connection import Whose
from auth_service.domain.credential import Credential
from auth_service.domain.errors import NoSignInHere
from auth_service.domain.sign_in import SignIn
from auth_service.ports import Actions, Connections, CredentialStore
from contracts.access import Permitted, Verb, may
from contracts.ids import ActionId
from contracts.origin import host_of
from contracts.principal import Principal


@dataclass(frozen=True, slots=True)
class MemberSignIn:
    """How a member signs in to an action: with an account, or with a key of their own."""

    credentials: ActionCredentials
    record: Credential
    hosts: ActionHosts

    @property
    def client(self) -> ClientSettings | None:
        """None where they have keys."""
        return self.record.client if self.record.sign_in is SignIn.OAUTH else None

    @property
    def service(self) -> str:
        """The API's host, or hosts."""
        return ", ".join(sorted({host_of(origin) for origin in self.record.origins}))


@dataclass(frozen=True, slots=True)
class FindSignIn:
    """How a member signs in to an action that they may use (`ActionCredentials.for_member`)."""

    credentials: CredentialStore
    actions: Actions
    connections: Connections

    async def __call__(
        self, principal: Principal, action_id: ActionId, origin_set: str = ""
    ) -> MemberSignIn:
        """`origin_set` names the record that it was begun with. Raises `NoSignInHere` where there
        is none, `SignInUnknown` for what a later release wrote, and what catalog says of foreign
        and unknown actions.
        """
        hosts = await self.actions.hosts(principal.workspace_id, action_id)
        hosts.ensure_may_use(principal)
        kept = await self.credentials.find(principal.workspace_id, action_id)
        kept.ensure_known()
        if origin_set:
            record = kept.of_set(origin_set)
        else:
            record = await self._lacking(principal, kept, hosts)
        if record is None or not record.per_user:
            raise NoSignInHere
        return MemberSignIn(kept, record, hosts)

    async def _lacking(
        self, principal: Principal, kept: ActionCredentials, hosts: ActionHosts
    ) -> Credential | None:
        """The first that their account does not serve yet."""
        whose = Whose(principal.workspace_id, kept.action_id, principal.member_id)
        found = await self.connections.find(whose)
        account = found.account if found and found.is_linked else None
        may_draft = hosts.access is None or isinstance(
            may(principal, Verb.TRY_DRAFT, hosts.access), Permitted
        )
        return kept.for_member(hosts, account, may_draft=may_draft)
