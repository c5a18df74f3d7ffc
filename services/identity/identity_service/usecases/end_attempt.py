from dataclasses import dataclass

from identity_service.domain.oidc.attempt import Attempt, FromBrowser, ProviderAnswer
from identity_service.domain.oidc.client import is_same_client
from identity_service.domain.oidc.errors import AttemptOver
from identity_service.domain.oidc.sign_in_settings import SignInSettings
from identity_service.ports import (
    AttemptSeal,
    Clock,
    EndedAttemptStore,
    SignInSettingsStore,
)


@dataclass(frozen=True, slots=True)
class EndAttempt:
    """The attempt whose state a browser brings back, which nobody else can end any more.

    `AttemptOver` unless it is this browser's, of the workspace whose redirect URI the answer was
    sent to, whose people sign in with that client, and nobody ended it before.
    """

    seal: AttemptSeal
    ended: EndedAttemptStore
    settings: SignInSettingsStore
    clock: Clock

    async def __call__(self, answer: ProviderAnswer, browser: FromBrowser) -> Attempt:
        attempt, now = self.seal.open(answer.state, browser.secret), self.clock()
        if attempt is None or not attempt.live(now):
            raise AttemptOver
        if attempt.workspace_id != answer.came_to:
            raise AttemptOver  # before its code is sent anywhere: it may be another issuer's
        await self.settings_of(attempt)  # before anything is stored of what a browser may make up
        if not await self.ended.end(attempt, now):
            raise AttemptOver
        return attempt

    async def settings_of(self, attempt: Attempt) -> SignInSettings:
        """How people sign in there. `AttemptOver` where that changed since it was begun."""
        settings = await self.settings.find(attempt.workspace_id)
        if settings is None or not is_same_client(settings, attempt):
            raise AttemptOver
        return settings
