"""Companies' sign-ins, through the only way out: what they say of themselves is kept for minutes.

Configurations and keys are public, and fetched from the issuer's own address: all workspaces share
what is kept. At most `MAX_ISSUERS` are, the least used go first.
"""

import asyncio
import base64
import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus, urlencode

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
from identity_service.domain.oidc.ports import CodeExchange, Tokens
from identity_service.domain.oidc.provider import (
    BASIC,
    POST,
    Provider,
    configuration_address,
    error_code,
)
from identity_service.domain.oidc.signed_token import Key, keys_of

OK, BAD_REQUEST, UNAUTHORIZED = 200, 400, 401
KEPT_SECONDS = 600.0
AGAIN_SECONDS = 5.0
"""After a failure nobody asks again so soon: whoever sends tokens could make us ask and ask."""
KEYS_ANEW_SECONDS = 60.0
MAX_ISSUERS = 200
MAX_BYTES = 256 * 1024
TIMEOUT_SECONDS = 10.0
SHARED = "sign_in"
"""The pool of connections for what is public."""
FORM = "application/x-www-form-urlencoded"
ACCEPT = (("accept", "application/json"), ("user-agent", "OpenActions/0.1.0"))


@dataclass(slots=True)
class _Known:
    """Of one issuer. Times are the loop's; whoever asks waits for who asked before."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    provider: Provider | None = None
    provider_at: float = 0
    keys: tuple[Key, ...] | None = None
    keys_at: float = 0
    keys_of: str = ""
    asked_at: float | None = None
    failed_at: float | None = None


class EgressProviders:
    def __init__(self, egress: Egress) -> None:
        self._egress = egress
        self._known: OrderedDict[str, _Known] = OrderedDict()

    async def discover(self, issuer: str, *, anew: bool = False) -> Provider:
        known = self._of(issuer)
        async with known.lock:
            now = asyncio.get_running_loop().time()
            if anew or known.provider is None or now - known.provider_at >= KEPT_SECONDS:
                document = await self._read_unless_failed(
                    known, configuration_address(issuer), at_any_rate=anew
                )
                provider = Provider.of(document, issuer)
                for name, address in provider.addresses.items():
                    self._target(address, name)
                known.provider, known.provider_at = provider, now
            return known.provider

    async def keys(self, provider: Provider, *, anew: bool = False) -> Sequence[Key]:
        known = self._of(provider.issuer)
        async with known.lock:
            now = asyncio.get_running_loop().time()
            is_known = known.keys is not None and known.keys_of == provider.jwks_uri
            if is_known and anew and self._may_ask(known, now):
                known.asked_at, is_known = now, False
            if not is_known or now - known.keys_at >= KEPT_SECONDS:
                document = await self._read_unless_failed(known, provider.jwks_uri)
                try:
                    known.keys = keys_of(document)
                except ValueError:
                    raise ProviderUnsuitable("its keys cannot be read.") from None
                known.keys_at, known.keys_of = now, provider.jwks_uri
            return known.keys or ()

    def _may_ask(self, known: _Known, now: float) -> bool:
        """Tokens with invented keys cannot make it ask more often than once a minute."""
        return known.asked_at is None or now - known.asked_at >= KEYS_ANEW_SECONDS

    async def exchange(self, provider: Provider, exchange: CodeExchange) -> Tokens:
        fields = {
            "grant_type": "authorization_code",
            "code": exchange.code,
            "redirect_uri": exchange.redirect_uri,
            "code_verifier": exchange.verifier,
        }
        headers = [*ACCEPT, ("content-type", FORM)]
        secret = exchange.client_secret
        how = provider.authentication(has_secret=secret is not None)
        if how == BASIC and secret is not None:
            headers.append(("authorization", _basic(exchange.client_id, secret.reveal())))
        else:
            fields["client_id"] = exchange.client_id
        if how == POST and secret is not None:
            fields["client_secret"] = secret.reveal()
        request = OutboundRequest(
            "POST",
            self._target(provider.token_endpoint, "token_endpoint"),
            tuple(headers),
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

    def _of(self, issuer: str) -> _Known:
        known = self._known.setdefault(issuer, _Known())
        self._known.move_to_end(issuer)
        while len(self._known) > MAX_ISSUERS:
            self._known.popitem(last=False)
        return known

    async def _read_unless_failed(
        self, known: _Known, address: str, *, at_any_rate: bool = False
    ) -> Mapping[str, Any]:
        now = asyncio.get_running_loop().time()
        failed = known.failed_at is not None and now - known.failed_at < AGAIN_SECONDS
        if failed and not at_any_rate:
            raise ProviderUnreachable("it failed a few seconds ago.")
        try:
            document = await self._read(address)
        except ProviderUnreachable:
            known.failed_at = now
            raise
        known.failed_at = None
        return document

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


def _basic(client_id: str, secret: str) -> str:
    """RFC 6749, 2.3.1: both are encoded as in a form first."""
    pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


def _document(answer: OutboundResponse, name: str) -> Mapping[str, Any]:
    if answer.status != OK:
        raise ProviderUnreachable(f"{name} answered {answer.status}.")
    found = _parsed(answer.body)
    if found is None:
        raise ProviderUnreachable(f"{name} did not answer a JSON object.")
    return found


def _parsed(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _error_of(answer: OutboundResponse) -> str:
    """Its code (RFC 6749, 5.2), of whose letters nothing can be made but a code."""
    found = _parsed(answer.body) or {}
    return error_code(found.get("error")) or str(answer.status)
