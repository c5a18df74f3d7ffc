"""Who renews a token set, and when: at most one request at a time, however many callers and
replicas there are.

Whoever renews holds a lease, which is stored beside the tokens and outlasts the request. What it
stores carries the lease's fence: a holder that comes too late changes nothing, and reads again.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from auth_service.domain.oauth.lifetime import refresh_at

REQUEST_SECONDS = 20.0
"""Of a token request, at most, with all it takes."""
LEASE = timedelta(seconds=40)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
GIVES_UP_AFTER = timedelta(days=4)
REJECTED_AGAIN_AFTER = timedelta(seconds=60)
"""A token that is younger and refused by the API is not renewed: the API means something else."""
GIVES_UP_WITH_FAILURES = 10
"""At least: where nobody calls for days, two failures say little."""
ATTEMPTS_AT_ONCE = 2
"""Of one refresh token, whose outcome is not known: servers allow one repetition (FAPI 2.0)."""


class WhyLost(StrEnum):
    REFUSED = "refused"
    """The provider ended the grant (`invalid_grant`)."""
    EXPIRED = "expired"
    """And nothing is there to renew it with."""
    GAVE_UP = "gave_up"
    """Every attempt of at least four days failed."""


class Waits(StrEnum):
    FOR_HOLDER = "for_holder"
    """Another caller renews: read again when it is done, or at that time."""
    FOR_PROVIDER = "for_provider"
    """The provider failed: nobody asks it before that time."""


@dataclass(frozen=True, slots=True)
class Use:
    """The stored tokens, of this generation."""

    generation: int


@dataclass(frozen=True, slots=True)
class Wait:
    until: datetime
    why: Waits


@dataclass(frozen=True, slots=True)
class Refresh:
    """Store a lease with this fence; whoever stored it sends the request."""

    fence: int


@dataclass(frozen=True, slots=True)
class Lost:
    why: WhyLost


Decision = Use | Wait | Refresh | Lost


@dataclass(frozen=True, slots=True)
class Lease:
    owner: str
    fence: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Call:
    """One that needs a token."""

    began_at: datetime
    rejected: int | None = None
    """The generation of the token that the API refused (401)."""
    jitter: float = 0.0
    """From -1 to 1, drawn once for each call."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What was said of a request that failed, cleaned, for whoever asks before the next one."""

    code: str
    sentence: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Renewal:
    """Of one token set. Times are of the replicas' clocks."""

    obtained_at: datetime
    expires_at: datetime | None = None
    """None: until the API answers 401."""
    generation: int = 1
    renewable: bool = True
    """Whether there is a refresh token, or the grant needs none."""
    fence: int = 0
    """Of the last lease."""
    lease: Lease | None = None
    unknown: int = 0
    """Requests with these tokens whose outcome is not known."""
    failures: int = 0
    first_failed_at: datetime | None = None
    not_before: datetime | None = None
    lost: WhyLost | None = None
    last_failure: Failure | None = None
    """Since the tokens were obtained."""

    def decide(self, call: Call, now: datetime) -> Decision:
        if self.lost:
            return Lost(self.lost)
        usable = not self._is_over(call, now)
        if usable and not self._is_due(call, now):
            return Use(self.generation)
        if not self.renewable:
            return Use(self.generation) if usable else Lost(WhyLost.EXPIRED)
        current = self.after_silence(now)
        wait = current.wait_at(now)
        if wait is None:
            return Refresh(current.fence + 1)
        return Use(self.generation) if usable else wait

    def leased(self, owner: str, fence: int, now: datetime) -> "Renewal | None":
        """With the lease of whoever got `Refresh(fence)`; None where another one has it by now."""
        current = self.after_silence(now)
        if current.lost or current.lease or fence != current.fence + 1:
            return None
        return replace(current, fence=fence, lease=Lease(owner, fence, now + LEASE))

    def renewed(
        self, fence: int, now: datetime, expires_at: datetime | None, *, renewable: bool
    ) -> "Renewal | None":
        """With new tokens, which are stored before anyone uses them; None where the lease is
        another's: they are discarded, and the stored ones used.
        """
        if not self.holds(fence):
            return None
        return Renewal(now, expires_at, self.generation + 1, renewable, self.fence)

    def refused(self, fence: int) -> "Renewal | None":
        """The provider ended the grant; None where the lease is another's, whose tokens count."""
        if not self.holds(fence):
            return None
        return replace(self, lease=None, lost=WhyLost.REFUSED)

    def failed(self, fence: int, now: datetime) -> "Renewal | None":
        """The provider did no such thing, and said so, or was not reached; None as above."""
        return self.backed_off(now) if self.holds(fence) else None

    def left_unknown(self, fence: int, now: datetime) -> "Renewal | None":
        """The request may have reached the provider, and no answer came of it; None as above. The
        same tokens are tried once more at once, and then as after failures.
        """
        return self._after_unknown(now) if self.holds(fence) else None

    def after_silence(self, now: datetime) -> "Renewal":
        """A lease that ran out was of somebody who never said what came of its request."""
        if self.lease is None or now < self.lease.until:
            return self
        return self._after_unknown(self.lease.until)

    def _after_unknown(self, at: datetime) -> "Renewal":
        counted = replace(self, unknown=self.unknown + 1)
        if counted.unknown < ATTEMPTS_AT_ONCE:
            return replace(counted, lease=None)
        return counted.backed_off(at)

    def backed_off(self, at: datetime) -> "Renewal":
        """Without a lease; after 30 s, then twice as long each time up to an hour, the next."""
        since = self.first_failed_at or at
        wait = min(FIRST_WAIT * 2 ** min(self.failures, 10), LONGEST_WAIT)
        is_over = self.expires_at is None or self.expires_at <= at
        is_long = at - since >= GIVES_UP_AFTER and self.failures + 1 >= GIVES_UP_WITH_FAILURES
        return replace(
            self,
            lease=None,
            failures=self.failures + 1,
            first_failed_at=since,
            not_before=at + wait,
            lost=WhyLost.GAVE_UP if is_over and is_long else None,
        )

    def wait_at(self, now: datetime) -> Wait | None:
        """Why nobody else may send a request at that time; None: somebody may."""
        if self.lease is not None:
            return Wait(self.lease.until, Waits.FOR_HOLDER)
        if self.not_before is not None and now < self.not_before:
            return Wait(self.not_before, Waits.FOR_PROVIDER)
        return None

    def holds(self, fence: int) -> bool:
        """Whether the lease with that fence goes on."""
        return self.lease is not None and self.lease.fence == fence and not self.lost

    def _is_fresh(self, call: Call) -> bool:
        """Obtained since the call began: it is used, however short its life is."""
        return self.obtained_at >= call.began_at

    def _is_over(self, call: Call, now: datetime) -> bool:
        if call.rejected == self.generation:
            return now - self.obtained_at >= REJECTED_AGAIN_AFTER
        if self._is_fresh(call):
            return False
        return self.expires_at is not None and self.expires_at <= now

    def _is_due(self, call: Call, now: datetime) -> bool:
        if self.expires_at is None or self._is_fresh(call) or call.rejected == self.generation:
            return False
        return now >= refresh_at(self.obtained_at, self.expires_at, call.jitter)
