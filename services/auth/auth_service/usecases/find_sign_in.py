from dataclasses import dataclass

from auth_service.domain.action_credentials import ActionCredentials
from auth_service.domain.action_hosts import ActionHosts
from auth_service.domain.client_settings import ClientSettings
from auth_service.domain.credential import Credential
from auth_service.domain.errors import NoSignInHere
from auth_service.domain.sign_in import SignIn
from auth_service.usecases.find_member_record import FindMemberRecord
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

    find: FindMemberRecord

    async def __call__(
        self, principal: Principal, action_id: ActionId, origin_set: str = ""
    ) -> MemberSignIn:
        """`origin_set` names the record that it was begun with. Raises as `FindMemberRecord` does,
        and `NoSignInHere` where there is none.
        """
        found = await self.find(principal, action_id)
        record = found.credentials.of_set(origin_set) if origin_set else found.record
        if record is None or not record.per_user:
            raise NoSignInHere
        return MemberSignIn(found.credentials, record, found.hosts)
