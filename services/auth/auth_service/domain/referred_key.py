"""An API key of which parts stay in a store of the operator's: it is put together at hand-out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from auth_service.domain.credential_material import CredentialMaterial
from auth_service.domain.errors import HeaderRepeated
from auth_service.domain.header_field import (
    AUTHORIZATION,
    checked_header_name,
    checked_parameter_name,
    is_authorization,
)
from auth_service.domain.placement import Placement
from auth_service.domain.secret_reference import ReferredPart, SecretReference
from kit.sealing import Secret

Part = Secret[str] | SecretReference
Read = Mapping[SecretReference, Secret[str]]
BASIC_PAIR = ("username", "password")


@dataclass(frozen=True, slots=True)
class ReferredKey:
    """Where it stands and what it consists of, the parts too that were entered themselves."""

    placement: Placement
    names: tuple[str, ...]
    """Of the headers or the query parameter; `Authorization` of `basic` and `bearer`."""
    parts: tuple[Part, ...]
    """One for each name; of `basic` user name and password, or the ready-made value."""

    @classmethod
    def checked(cls, placement: Placement, names: Sequence[str], parts: Sequence[Part]) -> Self:
        """Raises what `CredentialMaterial` does of names; values are checked once they are read."""
        if placement is Placement.QUERY:
            return cls(placement, tuple(map(checked_parameter_name, names)), tuple(parts))
        headers = tuple(
            AUTHORIZATION if is_authorization(name) else checked_header_name(name) for name in names
        )
        if len({name.lower() for name in headers}) < len(headers):
            raise HeaderRepeated
        return cls(placement, headers, tuple(parts))

    @property
    def header_names(self) -> tuple[str, ...]:
        return () if self.placement is Placement.QUERY else self.names

    @property
    def parameter_names(self) -> tuple[str, ...]:
        return self.names if self.placement is Placement.QUERY else ()

    @property
    def references(self) -> tuple[ReferredPart, ...]:
        named = zip(self._names_of_parts, self.parts, strict=True)
        return tuple(
            ReferredPart(name, part) for name, part in named if isinstance(part, SecretReference)
        )

    @property
    def _names_of_parts(self) -> tuple[str, ...]:
        match self.placement:
            case Placement.BASIC:
                return BASIC_PAIR if len(self.parts) == len(BASIC_PAIR) else ("encoded",)
            case Placement.BEARER:
                return ("token",)
            case Placement.HEADERS:
                return self.names
            case _:
                return ("value",)

    def material(self, read: Read) -> CredentialMaterial:
        """As it is sent, with what was read. Raises as `CredentialMaterial` does."""
        values = [read[each] if isinstance(each, SecretReference) else each for each in self.parts]
        return composed(self.placement, self.names, values)

    def for_storage(self) -> dict[str, Any]:
        parts = [
            each.for_storage() if isinstance(each, SecretReference) else {"text": each.reveal()}
            for each in self.parts
        ]
        return {"placement": self.placement.value, "names": list(self.names), "parts": parts}

    @classmethod
    def from_storage(cls, document: Mapping[str, Any]) -> Self:
        parts = [
            Secret(each["text"]) if "text" in each else SecretReference.from_storage(each)
            for each in document["parts"]
        ]
        return cls(Placement(document["placement"]), tuple(document["names"]), tuple(parts))


KeyMaterial = CredentialMaterial | ReferredKey


def composed(
    placement: Placement, names: Sequence[str], values: Sequence[Secret[str]]
) -> CredentialMaterial:
    """Raises what the placement does not take."""
    match placement:
        case Placement.BASIC:
            if len(values) == len(BASIC_PAIR):
                return CredentialMaterial.basic(*values)
            return CredentialMaterial.encoded_basic(values[0])
        case Placement.BEARER:
            return CredentialMaterial.bearer(values[0])
        case Placement.QUERY:
            return CredentialMaterial.in_query(names[0], values[0])
        case _:
            return CredentialMaterial.in_headers(zip(names, values, strict=True))


def key_of(placement: Placement, names: Sequence[str], parts: Sequence[Part]) -> KeyMaterial:
    """As it was entered: with no reference among its parts it is put together at once."""
    values = [each for each in parts if isinstance(each, Secret)]
    if len(values) == len(parts):
        return composed(placement, names, values)
    return ReferredKey.checked(placement, names, parts)
