"""Companies' sign-ins, through the only way out: what they say of themselves is kept for minutes.

Configurations and keys are public, and fetched from the issuer's own address: all workspaces share
what is kept. At most `MAX_ISSUERS` are, the least used go first; and as many that somebody only
tries, which push no others out. Bounds hold for each process.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from cachetools import LRUCache

from egress import (
    AddressRefused,
    Egress,
    EgressError,
    HostRefused,
    OutboundRequest,
    OutboundResponse,
    Target,
)
from identity_service.domain.oidc.errors import (
    PUBLIC_ISSUER,
    ProviderRefused,
    ProviderUnreachable,
    ProviderUnsuitable,
)
from identity_service.domain.oidc.provider import Provider, configuration_address, error_code
from identity_service.domain.oidc.signed_token import Key, keys_of
from identity_service.ports import CodeExchange, Tokens
from kit.json_text import read_json
from kit.oauth.client_authentication import authenticated

OK, BAD_REQUEST, UNAUTHORIZED = 200, 400, 401
KEPT_SECONDS = 600.0
AGAIN_SECONDS = 5.0
"""After no answer nobody asks again so soon: whoever sends tokens could make us ask and ask."""
UNSUITABLE_SECONDS = 60.0
"""The same after one that does not suit."""
KEYS_AGAIN_SECONDS = 60.0
"""Between two questions for an issuer's keys, whoever asks and whatever came of it."""
OLDEST_KEYS_SECONDS = 3_600.0
"""How old keys may be while their issuer does not answer."""
MAX_ISSUERS = 200
MAX_BYTES = 256 * 1024
TIMEOUT_SECONDS = 10.0
SHARED = "sign_in"
"""The pool of connections for what is public."""
FORM = "application/x-www-form-urlencoded"
ACCEPT = (("accept", "application/json"), ("user-agent", "OpenActions/0.1.0"))


@dataclass(frozen=True, slots=True)
class _Failure:
    error: ProviderUnreachable | ProviderUnsuitable
    at: float

    def is_recent(self, now: float) -> bool:
        for_ = UNSUITABLE_SECONDS if isinstance(self.error, ProviderUnsuitable) else AGAIN_SECONDS
        return now - self.at < for_


@dataclass(slots=True)
class _Known:
    """Of one issuer. Times are the process's; whoever asks waits for who asked before."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    provider: Provider | None = None
    provider_at: float = 0
    keys: tuple[Key, ...] = ()
    keys_at: float = 0
    keys_of: str = ""
    keys_asked_at: float | None = None
    keys_asked_of: str = ""
    failed: _Failure | None = None
    keys_failed: _Failure | None = None

    def may_ask_for_keys(self, now: float) -> bool:
        return self.keys_asked_at is None or now - self.keys_asked_at >= KEYS_AGAIN_SECONDS

    def keys_age(self, address: str, now: float) -> float:
        """In seconds, of those from that address; infinite where there are none."""
        return now - self.keys_at if self.keys_of == address else inf


class EgressProviders:
    def __init__(self, egress: Egress, now: Callable[[], float] = monotonic) -> None:
        """`now` is in seconds since whenever."""
        self._egress, self._now = egress, now
        self._known: LRUCache[str, _Known] = LRUCache(MAX_ISSUERS)
        self._tried: LRUCache[str, _Known] = LRUCache(MAX_ISSUERS)

    async def discover(self, issuer: str, *, anew: bool = False) -> Provider:
        known = self._of(issuer, is_tried=anew)
        async with known.lock:
            now = self._now()
            kept = known.provider
            if kept is not None and not anew and now - known.provider_at < KEPT_SECONDS:
                return kept
            if known.failed is not None and not anew and known.failed.is_recent(now):
                raise known.failed.error.with_traceback(None)
            try:
                known.provider, known.provider_at = await self._configured(issuer), now
            except (ProviderUnreachable, ProviderUnsuitable) as error:
                known.failed = _Failure(error, now)
                raise
            known.failed = None
            return known.provider

    async def keys(self, provider: Provider, *, anew: bool = False) -> Sequence[Key]:
        known = self._of(provider.issuer, is_tried=True)
        async with known.lock:
            now, address = self._now(), provider.jwks_uri
            if known.may_ask_for_keys(now) and (
                anew or known.keys_age(address, now) >= KEPT_SECONDS
            ):
                await self._ask_for_keys(known, address)
            if known.keys_age(address, now) < OLDEST_KEYS_SECONDS:
                return known.keys
            raise _no_keys(known, address)

    async def _ask_for_keys(self, known: _Known, address: str) -> None:
        """A failure is remembered: what is kept may do."""
        now = known.keys_asked_at = self._now()
        known.keys_asked_of = address
        known.keys_failed = None
        try:
            found = keys_of(await self._read(address))
        except (ProviderUnreachable, ProviderUnsuitable) as error:
            known.keys_failed = _Failure(error, now)
        except ValueError:
            unsuitable = ProviderUnsuitable("its keys cannot be read.")
            known.keys_failed = _Failure(unsuitable, now)
        else:
            known.keys, known.keys_at, known.keys_of = found, now, address

    async def _configured(self, issuer: str) -> Provider:
        provider = Provider.of(await self._read(configuration_address(issuer)), issuer)
        for name, address in provider.addresses.items():
            self._target(address, name)
        return provider

    async def exchange(self, provider: Provider, exchange: CodeExchange) -> Tokens:
        client = authenticated(exchange.client_id, exchange.client_secret, provider.authentication)
        fields = {
            "grant_type": "authorization_code",
            "code": exchange.code,
            "redirect_uri": exchange.redirect_uri,
            "code_verifier": exchange.verifier,
            **client.fields,
        }
        request = OutboundRequest(
            "POST",
            self._target(provider.token_endpoint, "token_endpoint"),
            (*ACCEPT, ("content-type", FORM), *client.headers.items()),
            urlencode(fields).encode(),
            pool_key=exchange.pool_key,
            timeout_seconds=TIMEOUT_SECONDS,
            max_bytes=MAX_BYTES,
            repeatable=False,
        )
        answer = await self._send(request, "token_endpoint")
        if answer.status in (BAD_REQUEST, UNAUTHORIZED):
            raise ProviderRefused(_error_of(answer))
        document = _document(answer, "token_endpoint")
        id_token, access_token = (document.get(name) for name in ("id_token", "access_token"))
        if not isinstance(id_token, str) or not isinstance(access_token, str):
            raise ProviderUnreachable("its token endpoint gave no ID token.")
        if not (access_token.isascii() and access_token.isprintable()):  # RFC 6749, A.12
            raise ProviderUnreachable("its token endpoint gave an access token that is none.")
        return Tokens(id_token, access_token)

    async def userinfo(
        self, provider: Provider, access_token: str, pool_key: str
    ) -> Mapping[str, Any]:
        if provider.userinfo_endpoint is None:
            return {}
        request = OutboundRequest(
            "GET",
            self._target(provider.userinfo_endpoint, "userinfo_endpoint"),
            (*ACCEPT, ("authorization", f"Bearer {access_token}")),
            pool_key=pool_key,
            timeout_seconds=TIMEOUT_SECONDS,
            max_bytes=MAX_BYTES,
        )
        return _document(await self._send(request, "userinfo_endpoint"), "userinfo_endpoint")

    def _of(self, issuer: str, *, is_tried: bool) -> _Known:
        known = self._known.get(issuer)
        if known is not None:
            return known
        known = self._tried.pop(issuer, None) or _Known()
        (self._tried if is_tried else self._known)[issuer] = known
        return known

    async def _read(self, address: str) -> Mapping[str, Any]:
        request = OutboundRequest(
            "GET",
            self._target(address, "configuration"),
            ACCEPT,
            pool_key=SHARED,
            timeout_seconds=TIMEOUT_SECONDS,
            max_bytes=MAX_BYTES,
        )
        return _document(await self._send(request, address), address)

    def _target(self, address: str, name: str) -> Target:
        try:
            return Target.parse(address, self._egress.settings)
        except EgressError as error:
            raise ProviderUnsuitable(
                f"its {name} cannot be called: {error.sentence}", hint=_hint_of(error) or error.hint
            ) from None

    async def _send(self, request: OutboundRequest, name: str) -> OutboundResponse:
        try:
            return await self._egress.send(request)
        except EgressError as error:
            sentence = f"{name}: {error.sentence}"
            raise ProviderUnreachable(sentence, hint=_hint_of(error)) from None


def _hint_of(error: EgressError) -> str:
    """Of what is refused for where it is: egress speaks of APIs there."""
    return PUBLIC_ISSUER if isinstance(error, (AddressRefused, HostRefused)) else ""


def _no_keys(known: _Known, address: str) -> Exception:
    if known.keys_failed is not None and known.keys_asked_of == address:
        return known.keys_failed.error.with_traceback(None)
    return ProviderUnreachable("it was asked for its keys less than a minute ago.")


def _document(answer: OutboundResponse, name: str) -> Mapping[str, Any]:
    if answer.status != OK:
        raise ProviderUnreachable(f"{name} answered {answer.status}.")
    found = _parsed(answer.body)
    if found is None:
        raise ProviderUnreachable(f"{name} did not answer a JSON object.")
    return found


def _parsed(body: bytes) -> dict[str, Any] | None:
    try:
        found = read_json(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _error_of(answer: OutboundResponse) -> str:
    """Its code (RFC 6749, 5.2), of whose letters nothing can be made but a code."""
    found = _parsed(answer.body) or {}
    return error_code(found.get("error")) or str(answer.status)
