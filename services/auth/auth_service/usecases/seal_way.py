import hmac
from dataclasses import dataclass, replace

from auth_service.domain.action_credentials import ActionCredentials
from auth_service.domain.bound_secret import BoundSecret
from auth_service.domain.client_secret import ClientSecret
from auth_service.domain.client_settings import ClientSettings
from auth_service.domain.credential import ApiKey, Credential, Way
from auth_service.domain.entered import Entered, EnteredApiKey, EnteredClient
from auth_service.domain.errors import ActionHasNoOrigin, ClientSecretNeeded
from auth_service.domain.own_key import OwnKey
from auth_service.domain.referred_key import ReferredKey
from contracts.errors import PlatformError
from contracts.origin import origin_set_digest
from kit.key_ring import KeyRing, Place, Sealed
from kit.sealing import Secret


@dataclass(frozen=True, slots=True)
class SealWay:
    """Encrypt what was entered, bound to the origins that it may go to."""

    keys: KeyRing

    async def __call__(
        self, seen: ActionCredentials, entered: Entered, origins: tuple[str, ...]
    ) -> Way:
        """`origins` are those of the API, canonical. Raises `ActionHasNoOrigin`, and
        `ClientSecretNeeded` where a client has none and the kept one may not go on.
        """
        if not origins:
            raise ActionHasNoOrigin
        match entered:
            case OwnKey():
                return entered
            case EnteredApiKey():
                return await self._sealed_key(seen, entered, origins)
            case EnteredClient(settings=settings, secret=None):
                if settings.is_public:
                    return settings
                kept = _kept(seen, settings, origins)
                return replace(settings, sealed=kept.sealed, secret_reference=kept.secret_reference)
        secret, place = _stored(seen, entered, origins)
        return replace(
            entered.settings,
            sealed=await self.keys.seal(secret, place),
            secret_reference=next(iter(entered.references), None),
        )

    async def is_sealed(
        self, seen: ActionCredentials, record: Credential, entered: EnteredApiKey | EnteredClient
    ) -> bool:
        """Whether the record has this very secret, entered in the same way."""
        match record.way, entered:
            case ApiKey() as key, EnteredApiKey() if key.placement == entered.placement:
                sealed: Sealed | None = key.sealed
            case ClientSettings() as kept, EnteredClient() if entered.settings.is_set_like(kept):
                sealed = kept.sealed
            case _:
                return False
        if sealed is None:
            return False
        again, place = _stored(seen, entered, record.origins)
        try:
            opened = await self.keys.open(sealed, place)
        except PlatformError:
            return False  # entering it again is what helps
        return hmac.compare_digest(opened.reveal(), again.reveal())

    async def _sealed_key(
        self, seen: ActionCredentials, entered: EnteredApiKey, origins: tuple[str, ...]
    ) -> ApiKey:
        shown = entered.material
        secret, place = _stored(seen, entered, origins)
        return ApiKey(
            entered.placement,
            shown.header_names,
            shown.parameter_names,
            await self.keys.seal(secret, place),
            shown.references if isinstance(shown, ReferredKey) else (),
        )


def _stored(
    seen: ActionCredentials, entered: EnteredApiKey | EnteredClient, origins: tuple[str, ...]
) -> tuple[Secret[bytes], Place]:
    """What is encrypted, and for where."""
    if isinstance(entered, EnteredApiKey):
        return BoundSecret(origins, entered.material).for_storage(), seen.place
    secret = entered.secret or Secret("")
    bound = ClientSecret(origins, entered.settings.sealed_to, secret)
    return bound.for_storage(), seen.place_of_client_secret


def _kept(
    seen: ActionCredentials, settings: ClientSettings, origins: tuple[str, ...]
) -> ClientSettings:
    """With the secret that was entered before, where it would go nowhere else."""
    record = seen.of_set(origin_set_digest(origins))
    kept = record.client if record else None
    if kept is None or kept.sealed is None:
        elsewhere = any(each.client and each.client.sealed for each in seen.records)
        raise ClientSecretNeeded(
            "the kept one was entered for other hosts of the API" if elsewhere else "none is kept"
        )
    if kept.sealed_to != settings.sealed_to:
        raise ClientSecretNeeded(
            f"the kept one was entered for {', '.join(kept.sealed_to)}, and these settings would "
            f"send it to {', '.join(settings.sealed_to)}"
        )
    return kept
