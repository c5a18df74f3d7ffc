from dataclasses import dataclass

from identity_service.domain.oidc.attempt import Attempt, FromBrowser
from identity_service.domain.oidc.errors import AttemptOver
from identity_service.domain.oidc.ports import (
    AttemptSeal,
    EarlierAttemptStore,
    EndedAttemptStore,
)
from identity_service.ports import Clock
from kit.caller import digest_of


@dataclass(frozen=True, slots=True)
class EndAttempt:
    """The attempt whose state a browser brings back, which nobody else can end any more.

    `AttemptOver` unless it is this browser's, and nobody ended it before.
    """

    seal: AttemptSeal
    ended: EndedAttemptStore
    earlier: EarlierAttemptStore
    clock: Clock

    async def __call__(self, state: str, browser: FromBrowser) -> Attempt:
        attempt = self.seal.open(state, browser.secret)
        if attempt is None:
            return await self._of_the_release_before(state, browser)
        now = self.clock()
        if not attempt.live(now) or not await self.ended.end(attempt, now):
            raise AttemptOver
        return attempt

    async def _of_the_release_before(self, state: str, browser: FromBrowser) -> Attempt:
        attempt = await self.earlier.find(digest_of(state), browser.digest)
        if attempt is None or not attempt.live(self.clock()):
            raise AttemptOver
        if not await self.earlier.use_up(attempt):
            raise AttemptOver
        return attempt
