"""Several changes that take rights away, of which each counts, whatever becomes of the others."""

from collections.abc import Awaitable, Iterable
from contextlib import suppress

from kit.errors import NothingHere, NotInForce


async def each_in_force(changes: Iterable[Awaitable[object]]) -> None:
    """One after the other; where something is gone by then (`NothingHere`), nothing is to change.

    Where one is not in force (`NotInForce`), all others are carried out, and then that is raised:
    whoever asked repeats all. Any other error ends it at once.
    """
    late: NotInForce | None = None
    for change in changes:
        try:
            with suppress(NothingHere):
                await change
        except NotInForce as error:
            late = error
    if late is not None:
        raise late
