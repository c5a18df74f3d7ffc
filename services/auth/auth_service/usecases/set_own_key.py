from dataclasses import dataclass

from auth_service.domain.connection import Account, Connection, ConnectionKind, Whose
from auth_service.domain.errors import SettingsChanged
from auth_service.domain.member_key import MemberKey
from auth_service.usecases.find_member_record import FindMemberRecord
from auth_service.usecases.link_connection import LinkConnection, SignedIn
from contracts.ids import ActionId
from contracts.principal import Principal
from kit.sealing import Secret


@dataclass(frozen=True, slots=True)
class SetOwnKey:
    """A member's own API key, bound to the hosts of the API."""

    find: FindMemberRecord
    link: LinkConnection

    async def __call__(
        self,
        principal: Principal,
        action_id: ActionId,
        values: tuple[Secret[str], ...],
        version: str | None = None,
    ) -> Connection:
        """A value for each label of the form with that version; None: of whichever there is now.
        Raises `SettingsChanged`, `OwnKeyValues`, `SecretInvalid` and `NoOwnKey` too.
        """
        found = await self.find(principal, action_id)
        record, key = found.of_key
        if version not in (None, record.asks_for):
            raise SettingsChanged
        whose = Whose(principal.workspace_id, action_id, principal.member_id)
        secret = MemberKey(whose.member_id, action_id, record.origins, key.material(values))
        account = Account(
            record.account_digest, record.origins, ConnectionKind.KEY, gpt=found.hosts.gpt
        )
        return await self.link(whose, SignedIn(account, secret.for_storage()))
