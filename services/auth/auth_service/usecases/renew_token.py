import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Generic

from auth_service.domain.errors import TokensLost
from auth_service.domain.oauth.client import OAuthClient
from auth_service.domain.oauth.errors import (
    OutcomeUnknown,
    ProviderUnavailable,
    TokenAnswerUnusable,
    TokenRefused,
)
from auth_service.domain.oauth.lifetime import expires_at
from auth_service.domain.oauth.token_answer import TokenAnswer, read_token_answer
from auth_service.domain.oauth.token_request import OAuthRequest
from auth_service.domain.reference_errors import (
    ReferredSecretUnusable,
    SecretNameNotAllowed,
    SecretNotFound,
)
from auth_service.domain.renewal import Call, Failure, Lost, Refresh, Renewal, Use, Wait, Waits
from auth_service.domain.token_set import TokenSet
from auth_service.ports import Clock, T, TokenEndpoint, TokenStore
from contracts.errors import Denied, PlatformError, Unavailable
from contracts.ids import new_id
from kit.contention import repeated_on_contention
from kit.documents import Overtaken
from kit.key_ring import KeyRing

WAIT_SECONDS = 4.0
"""Of a caller, who is answered before the bus gives up; the request for tokens goes on."""
LOOK_EVERY_SECONDS = 0.1
"""Whether another replica is done."""
CLOSE_SECONDS = 5.0
AGAIN_SECONDS = 5.0
_DENIED = (TokenRefused, SecretNotFound, SecretNameNotAllowed, ReferredSecretUnusable)
DENIED = frozenset(each.code for each in _DENIED)
"""Failures that are said as they were; any other one is something that is away."""


@dataclass(frozen=True, slots=True)
class TokenGrant(Generic[T]):
    """By what new tokens are asked for, and what they become."""

    client: OAuthClient
    request: OAuthRequest
    token_set: Callable[[TokenAnswer], TokenSet]
    can_end: bool
    """Whether a refusal such as `invalid_grant` ends it; client credentials are no grant."""
    renewable: Callable[[TokenSet], bool] = lambda tokens: tokens.refresh_token is not None
    noted: Callable[[T, TokenAnswer], T] = lambda tokens, _: tokens
    """What the answer says beside the tokens, such as other scopes."""


@dataclass(frozen=True, slots=True)
class TokenSource(Generic[T]):
    """Where tokens are kept, and how new ones are asked for."""

    store: TokenStore[T]
    grant: Callable[[T], Awaitable[TokenGrant[T]]]


@dataclass(frozen=True, slots=True)
class _Held(Generic[T]):
    """Tokens on which this process holds the lease."""

    store: TokenStore[T]
    tokens: T


@dataclass(frozen=True, slots=True)
class RenewToken:
    """Tokens that a call can use: the stored ones, or new ones of which one request is sent,
    however many callers and replicas there are (`domain.renewal`).

    Callers of one process share what that request comes to; those of others look at what is
    stored. New tokens are stored before anyone uses them.
    """

    endpoint: TokenEndpoint
    keys: KeyRing
    clock: Clock
    jitter: Callable[[], float]
    """From -1 to 1."""
    wait_seconds: float = WAIT_SECONDS
    owner: str = field(default_factory=partial(new_id, "hol"))
    """Of leases: this process."""
    under_way: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def __call__(self, source: TokenSource[T], seen: T, rejected: int | None) -> T:
        """`rejected` is the generation of a token that the API refused. Raises `TokensLost`, what
        the provider said, and `ProviderUnavailable` where that takes too long.
        """
        call = Call(_stored_time(self.clock()), rejected, self.jitter())
        deadline = monotonic() + self.wait_seconds
        while True:
            now = self.clock()
            match seen.renewal.decide(call, now):
                case Use():
                    return seen
                case Lost(why=why):
                    raise TokensLost(why)
                case Wait(until=until, why=Waits.FOR_PROVIDER):
                    raise _failed(seen.renewal, until - now)
                case Wait():
                    await asyncio.sleep(LOOK_EVERY_SECONDS)
                case Refresh(fence=fence):
                    await self._shared(source, seen, fence, deadline)
            seen = await source.store.again(seen)
            if monotonic() >= deadline:
                return self._usable(seen, call)

    async def close(self) -> None:
        """Requests that are under way may end; what they came to is stored."""
        if self.under_way:
            await asyncio.wait([*self.under_way.values()], timeout=CLOSE_SECONDS)

    def _usable(self, seen: T, call: Call) -> T:
        if isinstance(seen.renewal.decide(call, self.clock()), Use):
            return seen
        raise ProviderUnavailable(
            "it has not answered yet; a token is being asked for",
            retry_after_seconds=AGAIN_SECONDS,
        )

    async def _shared(self, source: TokenSource[T], seen: T, fence: int, deadline: float) -> None:
        """Wait for the process's own request, and begin it where there is none."""
        task = self.under_way.get(seen.id)
        if task is None:
            task = asyncio.create_task(self._renew(source, seen, fence))
            self.under_way[seen.id] = task
            task.add_done_callback(lambda done: self._end(seen.id, done))
        done, _ = await asyncio.wait([task], timeout=max(deadline - monotonic(), 0))
        if done:
            task.result()

    def _end(self, id_: str, done: "asyncio.Task[None]") -> None:
        del self.under_way[id_]
        if not done.cancelled():
            done.exception()  # callers were told, if one still waits

    async def _renew(self, source: TokenSource[T], seen: T, fence: int) -> None:
        leased = seen.renewal.leased(self.owner, fence, self.clock())
        if leased is None:
            return
        try:
            await source.store.replace(seen, seen.with_renewal(leased))
        except Overtaken:
            return
        held = _Held(source.store, await source.store.again(seen))
        if not held.tokens.renewal.holds(fence):
            return  # another sign-in's by now: these tokens are used up by no request of ours
        try:
            granted = await source.grant(held.tokens)
        except PlatformError as error:
            await self._store_failure(held, lambda now: now.failed(fence, self.clock()), error)
            raise
        await self._ask(held, fence, granted)

    async def _ask(self, held: _Held[T], fence: int, granted: TokenGrant[T]) -> None:
        def failed(now: Renewal) -> Renewal | None:
            return now.failed(fence, self.clock())

        def unknown(now: Renewal) -> Renewal | None:
            return now.left_unknown(fence, self.clock())

        pool_key = f"{held.tokens.workspace_id}/{held.tokens.action_id}"
        try:
            answer = await self.endpoint.send(granted.request, pool_key)
            found = read_token_answer(answer, granted.client, granted.request, self.clock())
        except TokenRefused as error:
            ends = error.ends_grant and granted.can_end
            refused = (lambda now: now.refused(fence)) if ends else failed
            await self._store_failure(held, refused, error)
        except (OutcomeUnknown, TokenAnswerUnusable) as error:
            await self._store_failure(held, unknown, error)
        except ProviderUnavailable as error:
            await self._store_failure(held, failed, error)
        else:
            await self._store_tokens(held, fence, granted, found)

    async def _store_tokens(
        self, held: _Held[T], fence: int, granted: TokenGrant[T], found: TokenAnswer
    ) -> None:
        tokens = granted.token_set(found)
        sealed = await self.keys.seal(tokens.for_storage(), held.tokens.place)
        now = _stored_time(self.clock())
        end, renewable = expires_at(now, found.lifetime), granted.renewable(tokens)

        def stored(current: T) -> T | None:
            renewed = current.renewal.renewed(fence, now, end, renewable=renewable)
            if renewed is None:
                return None
            return granted.noted(current.with_renewal(renewed, sealed), found)

        await self._store(held, stored)

    async def _store_failure(
        self, held: _Held[T], change: Callable[[Renewal], Renewal | None], error: PlatformError
    ) -> None:
        failure = Failure(error.code, error.sentence, error.hint)

        def stored(current: T) -> T | None:
            changed = change(current.renewal)
            return current.with_renewal(replace(changed, last_failure=failure)) if changed else None

        await self._store(held, stored)

    async def _store(self, held: _Held[T], change: Callable[[T], T | None]) -> None:
        """What a request came to; nothing where the lease is another's by now."""

        async def store() -> None:
            current = await held.store.again(held.tokens)
            changed = change(current)
            if changed is not None:
                await held.store.replace(current, changed)

        await repeated_on_contention(store)


def _stored_time(at: datetime) -> datetime:
    """As the database keeps it, in milliseconds, so that stored times compare with it."""
    return at.replace(microsecond=at.microsecond // 1_000 * 1_000)


def _failed(renewal: Renewal, wait: timedelta) -> PlatformError:
    """What was said last time, and when somebody asks again."""
    failure, seconds = renewal.last_failure, wait.total_seconds()
    if failure is None:
        return ProviderUnavailable("it failed several times", retry_after_seconds=seconds)
    kind = Denied if failure.code in DENIED else Unavailable
    return kind(failure.sentence, hint=failure.hint, code=failure.code, retry_after_seconds=seconds)
