from dataclasses import dataclass

from auth_service.domain.credential import ApiKey, SignIn
from auth_service.domain.errors import KeyUnknown
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
        key = found.api_key
        if key and key.sealed.key_id not in self.keys.known_keys:
            raise KeyUnknown
        return CredentialDescription(
            type=found.sign_in, slots=_slots(key) if key else (), revision=found.revision
        )


def _slots(key: ApiKey) -> tuple[CredentialSlot, ...]:
    named = ((Location.HEADER, key.header_names), (Location.QUERY, key.parameter_names))
    return tuple(
        CredentialSlot(location=location, name=name) for location, names in named for name in names
    )
