from collections.abc import Iterator
from dataclasses import dataclass

from auth_service.domain.action_credentials import ActionCredentials
from auth_service.domain.action_hosts import ActionHosts
from auth_service.domain.client_settings import ClientSettings
from auth_service.domain.credential import Credential
from auth_service.domain.errors import NoSignInHere, SignInUnknown
from auth_service.domain.sign_in import SignIn
from auth_service.ports import Actions, CredentialStore
from contracts.ids import ActionId
from contracts.origin import host_of, origin_set_digest
from contracts.principal import Principal


@dataclass(frozen=True, slots=True)
class MemberSignIn:
    """How members sign in to an action: with accounts, or with keys of their own."""

    credentials: ActionCredentials
    record: Credential
    hosts: ActionHosts

    @property
    def client(self) -> ClientSettings | None:
        """None where they have keys."""
        return self.record.client

    @property
    def service(self) -> str:
        """The API's host, or hosts."""
        return ", ".join(sorted({host_of(origin) for origin in self.record.origins}))


@dataclass(frozen=True, slots=True)
class FindSignIn:
    """How a member signs in to an action that they may use: for the named set of origins, else
    where its published release calls, else where its draft does, else what was entered last.
    """

    credentials: CredentialStore
    actions: Actions

    async def __call__(
        self, principal: Principal, action_id: ActionId, origin_set: str = ""
    ) -> MemberSignIn:
        """Raises `NoSignInHere` where it has no such record, `SignInUnknown` where a later release
        may have written it, and what catalog says of foreign and unknown actions.
        """
        hosts = await self.actions.hosts(principal.workspace_id, action_id)
        hosts.ensure_may_use(principal)
        kept = await self.credentials.find(principal.workspace_id, action_id)
        for record in _in_order(kept, hosts, origin_set):
            if record.per_user:
                return MemberSignIn(kept, record, hosts)
            if not record.is_known:
                raise SignInUnknown
        raise NoSignInHere


def _in_order(kept: ActionCredentials, hosts: ActionHosts, origin_set: str) -> Iterator[Credential]:
    named = kept.of_set(origin_set) if origin_set else None
    if named is not None:
        yield named
    yield from kept.serving(hosts.published_set, hosts.published or ())
    yield from kept.serving(origin_set_digest(hosts.draft), hosts.draft)
    yield from kept.records


def is_oauth(record: Credential) -> bool:
    return record.sign_in is SignIn.OAUTH
