from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from contracts.ids import MemberId
from contracts.principal import Principal
from identity_service.usecases.place_member import Change, PlaceMember
from kit.errors import NothingHere, NotInForce


@dataclass(frozen=True, slots=True)
class PlaceEach:
    """Change people, one after the other; who was removed meanwhile is left out. Where it is not in
    force for some, it is carried out for all others, and `NotInForce` then.
    """

    place_member: PlaceMember

    async def __call__(self, caller: Principal, changes: Iterable[tuple[MemberId, Change]]) -> None:
        late: NotInForce | None = None
        for member_id, change in changes:
            try:
                with suppress(NothingHere):
                    await self.place_member(caller, member_id, change)
            except NotInForce as error:
                late = error
        if late is not None:
            raise late
