from collections.abc import Iterable
from dataclasses import dataclass

from contracts.origin import origin_set_digest


@dataclass(frozen=True, slots=True)
class KeptSet:
    """A set of origins that kept releases call, by its digest, and the versions that do."""

    origin_set: str
    versions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ActionHosts:
    """Which origins an action calls: in the draft, in the published release, in those kept.

    Origins are canonical and sorted.
    """

    draft: tuple[str, ...] = ()
    published: tuple[str, ...] | None = None
    kept: tuple[KeptSet, ...] = ()
    releases_told: bool = True
    """False where a catalog of the release before answered, which says nothing about releases."""

    @property
    def entered_for(self) -> tuple[str, ...]:
        """The origins that what is entered now is bound to."""
        return self.draft or self.published or ()

    @property
    def published_set(self) -> str:
        """Empty where nothing is published."""
        return origin_set_digest(self.published) if self.published else ""

    @property
    def released_sets(self) -> tuple[str, ...]:
        """Of all releases, each once; the published one first."""
        sets = (self.published_set, *(kept.origin_set for kept in self.kept))
        return tuple(dict.fromkeys(filter(None, sets)))

    def origins_of(self, origin_set: str) -> tuple[str, ...]:
        """Empty where only the digest is known."""
        known = (self.draft, self.published or ())
        return next((each for each in known if origin_set_digest(each) == origin_set), ())

    def versions_of(self, origin_sets: Iterable[str]) -> tuple[int, ...]:
        """The kept versions that call one of these sets, newest first."""
        wanted = {*origin_sets}
        versions = {
            each for kept in self.kept if kept.origin_set in wanted for each in kept.versions
        }
        return tuple(sorted(versions, reverse=True))
