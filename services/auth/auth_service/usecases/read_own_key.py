from dataclasses import dataclass

from auth_service.domain.own_key import OwnKey
from auth_service.usecases.find_member_record import FindMemberRecord
from contracts.ids import ActionId
from contracts.principal import Principal


@dataclass(frozen=True, slots=True)
class OwnKeyForm:
    """What a member is asked for."""

    key: OwnKey
    origins: tuple[str, ...]
    is_set: bool
    version: str
    """`Credential.asks_for`."""


@dataclass(frozen=True, slots=True)
class ReadOwnKey:
    find: FindMemberRecord

    async def __call__(self, principal: Principal, action_id: ActionId) -> OwnKeyForm:
        """Raises `NoOwnKey` too."""
        found = await self.find(principal, action_id)
        record, key = found.of_key
        return OwnKeyForm(key, record.origins, found.is_signed_in, record.asks_for)
