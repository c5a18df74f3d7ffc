"""How the state of a token set's renewal is stored, whosever tokens they are."""

from dataclasses import dataclass
from datetime import datetime

from auth_service.domain.renewal import Failure, Lease, Renewal, WhyLost


@dataclass(frozen=True, slots=True)
class LeaseState:
    owner: str
    fence: int
    until: datetime


@dataclass(frozen=True, slots=True)
class FailureState:
    code: str
    sentence: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class RenewalState:
    obtained_at: datetime
    generation: int
    renewable: bool
    fence: int
    expires_at: datetime | None = None
    lease: LeaseState | None = None
    unknown: int = 0
    failures: int = 0
    first_failed_at: datetime | None = None
    not_before: datetime | None = None
    lost: str | None = None
    last_failure: FailureState | None = None


def read_renewal(state: RenewalState) -> Renewal:
    lease, failure = state.lease, state.last_failure
    return Renewal(
        state.obtained_at,
        state.expires_at,
        state.generation,
        state.renewable,
        state.fence,
        Lease(lease.owner, lease.fence, lease.until) if lease else None,
        state.unknown,
        state.failures,
        state.first_failed_at,
        state.not_before,
        _lost(state.lost),
        Failure(failure.code, failure.sentence, failure.hint) if failure else None,
    )


def _lost(why: str | None) -> WhyLost | None:
    """A later release may have reasons of its own: what it lost is lost, whyever."""
    if not why:
        return None
    return WhyLost(why) if why in frozenset(WhyLost) else WhyLost.REFUSED


def written_renewal(renewal: Renewal) -> RenewalState:
    lease, failure = renewal.lease, renewal.last_failure
    return RenewalState(
        renewal.obtained_at,
        renewal.generation,
        renewal.renewable,
        renewal.fence,
        renewal.expires_at,
        LeaseState(lease.owner, lease.fence, lease.until) if lease else None,
        renewal.unknown,
        renewal.failures,
        renewal.first_failed_at,
        renewal.not_before,
        renewal.lost.value if renewal.lost else None,
        FailureState(failure.code, failure.sentence, failure.hint) if failure else None,
    )
