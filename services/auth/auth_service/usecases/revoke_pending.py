import asyncio
from dataclasses import dataclass

from auth_service.domain.errors import about_credentials
from auth_service.domain.oauth.answer_document import HttpAnswer
from auth_service.domain.oauth.errors import ProviderUnavailable
from auth_service.domain.oauth.profiles import PROFILES
from auth_service.domain.oauth.revocation_request import Outcome, next_attempt, outcome_of
from auth_service.domain.pending_revocation import PendingRevocation, RevocationCall
from auth_service.ports import Clock, Connections, Revocations, TokenEndpoint
from contracts.errors import Denied, Unavailable
from kit import logs
from kit.key_ring import KeyRing

log = logs.logger("auth.revocation")
AT_ONCE = 100
EVERY_SECONDS = 5.0
LONGEST_SECONDS = 5.0
"""Of one request: providers that do not answer keep those of other workspaces waiting."""


@dataclass(frozen=True, slots=True)
class RevokePending:
    """Tell providers which tokens are over (RFC 7009), a few times at most: those who cannot be
    reached let them expire. Our own copies are gone before.
    """

    revocations: Revocations
    connections: Connections
    endpoint: TokenEndpoint
    keys: KeyRing
    clock: Clock
    longest_seconds: float = LONGEST_SECONDS

    async def __call__(self) -> int:
        """Those that are due now; how many there were, up to `AT_ONCE`."""
        due = await self.revocations.due(self.clock(), AT_ONCE)
        await asyncio.gather(*(self._one(each) for each in due))
        return len(due)

    async def _one(self, pending: PendingRevocation) -> None:
        kept = await self.connections.read(pending.workspace_id, pending.connection_id)
        if kept is not None and kept.is_linked:
            if pending.is_void(linked=True, now=self.clock()):
                await self.revocations.done(pending)
            return
        try:
            await self._revoke(pending)
        except Unavailable as error:  # of the keys: what is sealed cannot be read now
            await self._later(pending, None, error.code)
        except Denied as error:
            await self._drop(pending, error.code)
        except (KeyError, ValueError):  # a release that knew more services wrote it
            await self._drop(pending, "unknown")

    async def _drop(self, pending: PendingRevocation, code: str) -> None:
        log.error("revocation_unreadable", revocation_id=pending.id, code=code)
        await self.revocations.done(pending)

    async def _revoke(self, pending: PendingRevocation) -> None:
        with about_credentials():
            opened = await self.keys.open(pending.sealed, pending.place)
        call = RevocationCall.from_storage(opened)
        answer = await self._answer(pending, call)
        outcome = outcome_of(answer, PROFILES[call.preset])
        if outcome is Outcome.LATER:
            await self._later(pending, answer.retry_after_seconds if answer else None, "no answer")
            return
        log.info("tokens_revoked", outcome=outcome.value, connection_id=pending.connection_id)
        await self.revocations.done(pending)

    async def _answer(self, pending: PendingRevocation, call: RevocationCall) -> HttpAnswer | None:
        pool_key = f"{pending.workspace_id}/{pending.action_id}"
        try:
            async with asyncio.timeout(self.longest_seconds):
                return await self.endpoint.send(call.request, pool_key)
        except (
            ProviderUnavailable,
            TimeoutError,
        ):  # also where the outcome is not known: twice does no harm
            return None

    async def _later(self, pending: PendingRevocation, retry_after: float | None, why: str) -> None:
        at = next_attempt(pending.attempts + 1, self.clock(), retry_after)
        if at is None:
            log.warning("revocation_given_up", connection_id=pending.connection_id, why=why)
            await self.revocations.done(pending)
            return
        await self.revocations.later(pending, pending.again(at))
