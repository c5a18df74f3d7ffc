from dataclasses import dataclass

from contracts.errors import PlatformError
from contracts.ids import WorkspaceId
from identity_service.ports import Providers, SignInSettingsStore
from kit.oauth.endpoint import with_query

SIGNED_OUT = "/v1/session/signed-out"


@dataclass(frozen=True, slots=True)
class FindProviderSignOut:
    """Where a browser goes to sign out at the company, too (OpenID Connect RP-Initiated Logout
    1.0, 2); None where there is no such place.

    ID tokens are not kept, so no hint is sent: the provider asks whether that is meant.
    """

    settings: SignInSettingsStore
    providers: Providers
    origin: str | None

    async def __call__(self, workspace_id: WorkspaceId) -> str | None:
        settings = await self.settings.find(workspace_id)
        if settings is None or self.origin is None:
            return None
        try:
            provider = await self.providers.discover(settings.issuer)
        except PlatformError:  # signed out here one is all the same
            return None
        if provider.end_session_endpoint is None:
            return None
        back = {"client_id": settings.client_id}
        back["post_logout_redirect_uri"] = self.origin + SIGNED_OUT
        return with_query(provider.end_session_endpoint, back)
