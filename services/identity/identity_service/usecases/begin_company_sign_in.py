from dataclasses import dataclass

from contracts.ids import WorkspaceId, new_id
from identity_service.domain.errors import NoPublicAddress
from identity_service.domain.oidc.attempt import Attempt, callback_of
from identity_service.domain.oidc.errors import NoCompanySignIn
from identity_service.ports import AttemptSeal, Clock, DrawText, Providers, SignInSettingsStore


@dataclass(frozen=True, slots=True)
class BeginCompanySignIn:
    """Begin an attempt to sign in, and say where the browser goes. Nothing of it is kept here."""

    settings: SignInSettingsStore
    providers: Providers
    seal: AttemptSeal
    draw: DrawText
    clock: Clock
    origin: str | None

    async def __call__(
        self, workspace_id: WorkspaceId, browser_secret: str, return_to: str, *, chooses: bool
    ) -> str:
        if self.origin is None:
            raise NoPublicAddress
        settings = await self.settings.find(workspace_id)
        if settings is None:
            raise NoCompanySignIn
        provider = await self.providers.discover(settings.issuer)
        attempt = Attempt(
            id=new_id("att"),
            workspace_id=workspace_id,
            issuer=settings.issuer,
            client_id=settings.client_id,
            nonce=self.draw(),
            verifier=self.draw(),
            return_to=return_to,
            chooses=chooses,
            created_at=self.clock(),
        )
        state = self.seal.seal(attempt, browser_secret)
        return attempt.address(provider, state, self.origin + callback_of(workspace_id))
