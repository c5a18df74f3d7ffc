"""From JSON pointers to lines and columns, looked up only for the few that are shown."""

from collections.abc import Iterator
from typing import Any, Protocol

from schema_service.domain import pointers
from schema_service.domain.position.lines import Lines
from schema_service.domain.position.members import Member, Spot
from schema_service.domain.position.splices import Mending


class Syntax(Protocol):
    def root(self) -> Spot: ...

    def members(self, spot: Spot, container: Any) -> Iterator[Member]: ...


class Locator:
    """Keeps the members that it passed."""

    def __init__(
        self, text: str, syntax: Syntax, document: Any, mending: Mending | None = None
    ) -> None:
        """`text` is the one that was written; `syntax` has the one that `mending` made of it."""
        self._lines = Lines(text)
        self._length = len(text)
        self._mending = mending
        self._syntax = syntax
        self._document = document
        self._listings: dict[tuple[str, ...], _Listing] = {}

    def place(self, pointer: str) -> tuple[int, int]:
        """Line and column of a member's key or an item; of the nearest parent if it is missing."""
        member = self.nearest(pointer)
        offset = member.key_offset if member else self._syntax.root().offset
        if self._mending is not None:
            offset = self._mending.written_at(offset)
        return self._lines.place_of(min(offset, self._length))

    def nearest(self, pointer: str) -> Member | None:
        """The deepest member on the way that the text has; None is the document itself."""
        found, _ = self._walk(pointers.split(pointer))
        return found

    def exact(self, pointer: str) -> Member | None:
        """The member itself, or None where the text does not show it."""
        steps = pointers.split(pointer)
        found, depth = self._walk(steps)
        return found if depth == len(steps) else None

    def root(self) -> Spot:
        return self._syntax.root()

    def members_of(self, pointer: str) -> list[Member]:
        """All members in the order of the text, repeated keys included."""
        steps = pointers.split(pointer)
        found, depth = self._walk(steps)
        container = pointers.look_up(self._document, steps)
        if depth < len(steps) or not isinstance(container, dict | list):
            return []
        spot = found.value if found else self._syntax.root()
        return list(_followed(self._syntax.members(spot, container)))

    def _walk(self, steps: list[str]) -> tuple[Member | None, int]:
        spot, found, container = self._syntax.root(), None, self._document
        for depth, step in enumerate(steps):
            member = self._known(tuple(steps[:depth]), spot, container).get(step)
            if member is None:
                return found, depth
            spot, found = member.value, member
            container = pointers.look_up(container, [step])
        return found, len(steps)

    def _known(self, path: tuple[str, ...], spot: Spot, container: Any) -> "_Listing":
        listing = self._listings.get(path)
        if listing is None:
            whole = isinstance(container, dict | list)
            members = self._syntax.members(spot, container) if whole else iter(())
            listing = self._listings[path] = _Listing(_followed(members))
        return listing


def _followed(members: Iterator[Member]) -> Iterator[Member]:
    """What cannot be followed is left out: a place helps, and proves nothing.

    A method would make a cycle of locator, listing and generator, and keep a large document in
    memory until Python's collector of cycles next goes over everything.
    """
    try:
        yield from members
    except (ValueError, IndexError, RecursionError):
        return


class _Listing:
    """Reads on only as far as someone asks: what lies behind may be megabytes."""

    def __init__(self, members: Iterator[Member]) -> None:
        self._unread = members
        self._known: dict[str, Member] = {}

    def get(self, step: str) -> Member | None:
        if step in self._known:
            return self._known[step]
        for member in self._unread:
            name = member.key if member.key is not None else str(len(self._known))
            self._known.setdefault(name, member)
            if name == step:
                return member
        return None
