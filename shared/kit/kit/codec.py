"""From a stored document's state to a typed value and back, across releases.

A state has a version, `v` in its document; a document without one is of version 1. How it evolves:

- *A new member* with a default needs no new version. Documents without it read as the default, and
  a release that does not know it ignores it and, when it changes the document, leaves it as it is,
  also within objects (`WorkspaceDocuments.change`). So this may be rolled out and back at any time.
- *Anything else* (a member renamed, split, of another type) is a new version with an upcaster, a
  pure function from the old state to the new. The new release reads every older version at once and
  writes its own; an older release reads a newer version wherever only members were added to those
  that it knows, and refuses the document otherwise (`DocumentUnreadable`). Keep writing the old
  members for one release, and the release before can come back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from kit.unknown_members import has_objects, with_unknown

State = dict[str, Any]
Upcaster = Callable[[State], State]
"""From one version's state to the next one's; pure, and it leaves what it is given as it is."""

T = TypeVar("T")


class DocumentUnreadable(Exception):
    """A stored document lacks what its kind must have: a fault of ours, loud, and HTTP's 500."""

    def __init__(self, kind: str, version: int, error: ValidationError) -> None:
        faults = error.errors(include_url=False, include_input=False, include_context=False)
        where = ", ".join(f"{_path(fault['loc'])}: {fault['type']}" for fault in faults[:5])
        super().__init__(f"A stored {kind} of version {version} cannot be read: {where}")


def _path(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location)


@dataclass(frozen=True)
class Codec(Generic[T]):
    """Reads and writes states of the dataclass `kind`.

    Reading ignores members that `kind` does not have and gives those that are missing its defaults.
    """

    kind: type[T]
    upcasters: tuple[Upcaster, ...] = ()
    """The first makes version 2 of version 1, and so on."""
    as_json: bool = False
    """Times are stored as texts (ISO 8601), and enumerations by their values."""
    without_none: bool = False
    """A member that is None is not stored at all."""
    dropped: tuple[str, ...] = ()
    """Members of earlier versions that this one no longer has: the next change takes them away."""
    replaced: tuple[str, ...] = ()
    """Members whose object a change does not edit but replaces: nothing of the old one stays."""
    members: tuple[str, ...] = field(init=False)
    _adapter: TypeAdapter[T] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if not is_dataclass(self.kind):
            raise TypeError(f"{self.kind} is no dataclass")
        object.__setattr__(self, "members", tuple(each.name for each in fields(self.kind)))
        object.__setattr__(self, "_adapter", TypeAdapter(self.kind))

    @property
    def version(self) -> int:
        return 1 + len(self.upcasters)

    def read(self, state: Mapping[str, Any], version: int = 1) -> T:
        try:
            return self._adapter.validate_python(self._upcast(state, version))
        except ValidationError as error:
            raise DocumentUnreadable(self.kind.__name__, version, error) from None

    def _upcast(self, state: Mapping[str, Any], version: int) -> State:
        current = dict(state)
        for upcast in self.upcasters[version - 1 :]:
            current = upcast(current)
        return current

    def write(self, value: T) -> State:
        state: State = self._adapter.dump_python(
            value, mode="json" if self.as_json else "python", exclude_none=self.without_none
        )
        return state

    def nests(self, value: T) -> bool:
        """Whether its state has objects, in which a stored one may have unknown members."""
        return any(has_objects(member) for member in self.write(value).values())

    def replacing(
        self, value: T, stored: Mapping[str, Any] | None = None, version: int = 1
    ) -> tuple[State, State]:
        """What an update sets and unsets so that all that this release knows of is as in `value`.

        Members that only a newer release knows stay as they are; those within objects where the
        state `stored` is given, which is of that version. Raises as `read`.
        """
        state = self.write(value)
        if stored is not None:
            state = self._with_unknown(state, stored, version)
        gone = [*self.dropped, *(name for name in self.members if name not in state)]
        set_ = {f"state.{name}": member for name, member in state.items()}
        return {**set_, "v": self.version}, {f"state.{name}": "" for name in gone}

    def _with_unknown(self, state: State, stored: Mapping[str, Any], version: int) -> State:
        current = self._upcast(stored, version)
        known = self.write(self.read(stored, version))
        edited = [
            name
            for name in state.keys() & current.keys() & known.keys()
            if name not in self.replaced or state[name] == known[name]
        ]
        kept = {name: with_unknown(current[name], known[name], state[name]) for name in edited}
        return {**state, **kept}
