from dataclasses import dataclass

from identity_service.domain.oidc.attempt import Attempt, FromBrowser
from identity_service.domain.oidc.client import is_same_client
from identity_service.domain.oidc.errors import AttemptOver
from identity_service.domain.oidc.sign_in_settings import SignInSettings
from identity_service.ports import (
    AttemptSeal,
    Clock,
    EarlierAttemptStore,
    EndedAttemptStore,
    SignInSettingsStore,
)
from kit.caller import digest_of


@dataclass(frozen=True, slots=True)
class EndAttempt:
    """The attempt whose state a browser brings back, which nobody else can end any more.

    `AttemptOver` unless it is this browser's, of a workspace whose people sign in with that client,
    and nobody ended it before.
    """

    seal: AttemptSeal
    ended: EndedAttemptStore
    earlier: EarlierAttemptStore
    settings: SignInSettingsStore
    clock: Clock

    async def __call__(self, state: str, browser: FromBrowser) -> Attempt:
        attempt = self.seal.open(state, browser.secret)
        if attempt is None:
            return await self._of_the_release_before(state, browser)
        now = self.clock()
        if not attempt.live(now):
            raise AttemptOver
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

    async def _of_the_release_before(self, state: str, browser: FromBrowser) -> Attempt:
        attempt = await self.earlier.find(digest_of(state), browser.digest)
        if attempt is None or not attempt.live(self.clock()):
            raise AttemptOver
        if not await self.earlier.use_up(attempt):
            raise AttemptOver
        return attempt
