from collections.abc import Iterable
from contextlib import suppress

from contracts.ids import MemberId
from contracts.principal import Principal
from identity_service.usecases.place_member import Change, PlaceMember
from kit.errors import NothingHere, NotInForce


async def place_each(
    place_member: PlaceMember, caller: Principal, changes: Iterable[tuple[MemberId, Change]]
) -> None:
    """Change people, one after the other; who was removed meanwhile is left out. Where it is not in
    force for some, it is carried out for all others, and `NotInForce` then.
    """
    late: NotInForce | None = None
    for member_id, change in changes:
        try:
            with suppress(NothingHere):
                await place_member(caller, member_id, change)
        except NotInForce as error:
            late = error
    if late is not None:
        raise late
