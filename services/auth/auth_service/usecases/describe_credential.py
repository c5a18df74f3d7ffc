from dataclasses import dataclass

from auth_service.domain.client_settings import ClientSettings
from auth_service.domain.credential import Way
from auth_service.domain.errors import KeyUnknown
from auth_service.domain.header_field import AUTHORIZATION
from auth_service.domain.sign_in import SignIn
from auth_service.ports import CredentialStore
from contracts import requests
from contracts.operation import Location
from contracts.requests import CredentialDescription, CredentialSlot
from egress.server_url import canonical_origin
from kit.key_ring import KeyRing


@dataclass(frozen=True, slots=True)
class DescribeCredential:
    """How an action signs in, found and refused as `IssueCredential` does, with nothing opened."""

    credentials: CredentialStore
    keys: KeyRing

    async def __call__(self, asked: requests.DescribeCredential) -> CredentialDescription:
        credentials = await self.credentials.find(asked.workspace_id, asked.action_id)
        found = credentials.for_call(asked.origin_set, canonical_origin(asked.origin))
        if found is None:
            return CredentialDescription(type=SignIn.NONE, revision=credentials.revision)
        if found.sealed and found.sealed.key_id not in self.keys.known_keys:
            raise KeyUnknown
        return CredentialDescription(
            type=found.sign_in,
            slots=_slots(found.way),
            per_user=found.per_user,
            revision=found.revision,
        )


def _slots(way: Way | None) -> tuple[CredentialSlot, ...]:
    """An access token is in `Authorization` (RFC 6750, 2.1)."""
    if way is None:
        return ()
    if isinstance(way, ClientSettings):
        return (CredentialSlot(location=Location.HEADER, name=AUTHORIZATION),)
    named = ((Location.HEADER, way.header_names), (Location.QUERY, way.parameter_names))
    return tuple(
        CredentialSlot(location=location, name=name) for location, names in named for name in names
    )
