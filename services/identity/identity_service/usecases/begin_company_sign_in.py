from dataclasses import dataclass

from contracts.ids import WorkspaceId, new_id
from identity_service.domain.errors import NoPublicAddress
from identity_service.domain.oidc.attempt import CALLBACK, MAX_OPEN, Attempt
from identity_service.domain.oidc.errors import NoCompanySignIn
from identity_service.domain.oidc.ports import AttemptStore, DrawText, Providers
from identity_service.ports import Clock, SignInSettingsStore
from kit.caller import digest_of


@dataclass(frozen=True, slots=True)
class BeginCompanySignIn:
    """Begin an attempt to sign in, and say where the browser goes. Beyond `MAX_OPEN` the oldest
    attempt of the workspace is over.
    """

    settings: SignInSettingsStore
    providers: Providers
    attempts: AttemptStore
    draw: DrawText
    clock: Clock
    origin: str | None

    async def __call__(
        self, workspace_id: WorkspaceId, browser_digest: str, return_to: str, *, chooses: bool
    ) -> str:
        if self.origin is None:
            raise NoPublicAddress
        settings = await self.settings.find(workspace_id)
        if settings is None:
            raise NoCompanySignIn
        provider = await self.providers.discover(settings.issuer)
        state = self.draw()
        attempt = Attempt(
            id=new_id("att"),
            workspace_id=workspace_id,
            issuer=settings.issuer,
            client_id=settings.client_id,
            state_digest=digest_of(state),
            browser_digest=browser_digest,
            nonce=self.draw(),
            verifier=self.draw(),
            return_to=return_to,
            chooses=chooses,
            created_at=self.clock(),
        )
        await self.attempts.add(attempt)
        await self.attempts.keep_newest(workspace_id, MAX_OPEN)
        return attempt.address(provider, state, self.origin + CALLBACK)
