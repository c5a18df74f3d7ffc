from dataclasses import dataclass
from datetime import datetime, timedelta

from auth_service.domain.action_credentials import ActionCredentials
from auth_service.domain.bound_secret import BoundSecret
from auth_service.domain.credential import ApiKey, Credential
from auth_service.domain.credential_material import CredentialMaterial
from auth_service.domain.errors import SecretUnreadable, SignInRequired, about_credentials
from auth_service.ports import Clock, CredentialStore
from auth_service.usecases.issue_member_token import IssueMemberToken
from auth_service.usecases.issue_service_token import IssueServiceToken
from contracts import requests
from contracts.requests import SealedCredential
from egress.server_url import canonical_origin
from kit.key_ring import KeyRing
from kit.sealing import SealBinding, seal


@dataclass(frozen=True, slots=True)
class Released:
    material: CredentialMaterial
    usable_until: datetime | None = None
    """Of a token that expires; None: as long as anything is."""
    generation: int | None = None


@dataclass(frozen=True, slots=True)
class IssueCredential:
    """Release a credential for one origin, readable by the replica that asked and by nobody else.

    An action without settings signs in with nothing: an empty answer, not a refusal.
    """

    credentials: CredentialStore
    keys: KeyRing
    clock: Clock
    lifetime: timedelta
    service_token: IssueServiceToken
    member_token: IssueMemberToken

    async def __call__(self, asked: requests.IssueCredential) -> SealedCredential:
        credentials = await self.credentials.find(asked.workspace_id, asked.action_id)
        found = credentials.for_call(asked.origin_set, canonical_origin(asked.origin))
        expires_at = self.clock() + self.lifetime
        revision = credentials.revision if found is None else found.revision
        if found is None or found.way is None:
            return SealedCredential(revision=revision, expires_at=expires_at)
        try:
            released = await self._released(credentials, found, asked)
        except SignInRequired as required:
            if not asked.takes_sign_in or not required.sign_in:
                raise
            return SealedCredential(
                revision=revision, expires_at=expires_at, sign_in=required.sign_in
            )
        if released.usable_until is not None:
            expires_at = min(expires_at, released.usable_until)
        binding = SealBinding(asked.workspace_id, asked.action_id, asked.origin, expires_at)
        return SealedCredential(
            revision=revision,
            sealed=seal(released.material.for_release().reveal(), asked.recipient, binding),
            expires_at=expires_at,
            generation=released.generation,
        )

    async def _released(
        self, credentials: ActionCredentials, found: Credential, asked: requests.IssueCredential
    ) -> Released:
        if found.api_key is not None:
            material = await self._opened(credentials, found, found.api_key, asked.origin)
            return Released(material)
        if found.per_user:
            token = await self.member_token(credentials, found, asked)
            return Released(token.material, token.usable_until, token.generation)
        token = await self.service_token(credentials, found, asked.origin, asked.rejected)
        return Released(token.material, token.usable_until, token.generation)

    async def _opened(
        self, credentials: ActionCredentials, found: Credential, key: ApiKey, origin: str
    ) -> CredentialMaterial:
        """What is inside the seal decides where it goes, whatever stands beside it."""
        with about_credentials():
            opened = await self.keys.open(key.sealed, credentials.place)
        secret = BoundSecret.from_storage(opened)
        released = secret.for_origin(origin)
        if not {*found.origins} <= {*secret.origins}:
            raise SecretUnreadable
        return released
