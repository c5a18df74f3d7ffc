from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self
from urllib.parse import quote

from contracts.ids import MemberId
from contracts.operation import Location
from execution_service.domain.admission import ReservedNames
from execution_service.domain.masking import NO_MASK, Mask
from execution_service.domain.outbound_request import BuiltRequest

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, repr=False)
class Credential:
    """What an action presents to its API; it never appears in a repr, a log or a fact."""

    revision: int
    headers: Pairs = ()
    query: Pairs = ()
    expires_at: datetime | None = None
    mask: Mask = field(default=NO_MASK, compare=False)
    """Of its values, in what the API answers."""
    generation: int | None = None
    """Of the access token; None where it is no token that can be refreshed."""
    member_id: MemberId | None = None
    """Whose alone it is; None: every member of the workspace calls with it."""

    def signing(self, headers: Pairs, query: Pairs) -> Self:
        """With these, and their mask."""
        return replace(self, headers=headers, query=query, mask=Mask.of(headers, query))

    def is_newer_than(self, generation: int) -> bool:
        """Whether it is an access token that was issued after the one of that generation."""
        return self.generation is not None and self.generation > generation

    @property
    def reserved(self) -> ReservedNames:
        """The places that no argument may fill."""
        in_headers = {(Location.HEADER, name) for name, _ in self.headers}
        return frozenset(in_headers | {(Location.QUERY, name) for name, _ in self.query})

    def applied_to(self, built: BuiltRequest) -> BuiltRequest:
        """The request with the credential in it."""
        if not self.headers and not self.query:
            return built
        return replace(
            built,
            headers=(*built.headers, *self.headers),
            raw_path_and_query=_with_query(built.raw_path_and_query, self.query),
        )


@dataclass(frozen=True, slots=True)
class CredentialDescription:
    """Where a credential goes; nothing of it."""

    revision: int
    reserved: ReservedNames
    per_user: bool = False
    """Whether each member has one of their own."""


NO_CREDENTIAL = Credential(revision=0)


def _with_query(raw: str, pairs: Sequence[tuple[str, str]]) -> str:
    if not pairs:
        return raw
    written = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)
    return f"{raw}{'&' if '?' in raw else '?'}{written}"
