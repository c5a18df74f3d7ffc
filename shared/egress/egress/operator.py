"""The way to servers of the operator's own, such as a key service: only to origins that settings
name, with rules of their own.

What `EGRESS_…` allows for actions is not allowed here, and the other way round: a private key
service is reached here, and no action can call it.
"""

from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from egress.errors import EgressError, HostRefused
from egress.message import Headers, OutboundRequest, OutboundResponse
from egress.resolver import Resolver
from egress.settings import KIB, EgressSettings
from egress.target import Target
from egress.transport import Egress
from egress.uri import split_url

MAX_BYTES = 64 * KIB
MAX_CONNECTIONS = 32
POOL = "operator"


class OperatorRules(EgressSettings):
    """Made from its arguments alone: the environment says nothing about it."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - as pydantic-settings calls it
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


class OperatorEgress:
    """Requests to the origins of `urls` and to no other; none is sent twice, no redirect is
    followed.

    `allowed_origins` are those of them that are at private addresses, or without TLS, as
    `EGRESS_ALLOWED_ORIGINS` writes them. Raises `ValueError` for what cannot be called.
    """

    def __init__(
        self,
        urls: Iterable[str],
        *,
        allowed_origins: str = "",
        ca_file: Path | None = None,
        seconds: float = 5,
        resolver: Resolver | None = None,
    ) -> None:
        named = tuple(urls)
        self._rules = _rules(named, allowed_origins, ca_file, seconds)
        self._origins = frozenset(_target(url, self._rules).origin for url in named)
        self._egress = Egress(self._rules, resolver)

    async def start(self) -> None:
        await self._egress.start()

    async def close(self) -> None:
        await self._egress.close()

    async def get(self, url: str, headers: Headers) -> OutboundResponse:
        """Raises an `EgressError` where there is no answer."""
        return await self._send("GET", url, headers, None)

    async def post(self, url: str, headers: Headers, body: bytes) -> OutboundResponse:
        """As `get`."""
        return await self._send("POST", url, headers, body)

    async def _send(
        self, method: str, url: str, headers: Headers, body: bytes | None
    ) -> OutboundResponse:
        target = Target.parse(url, self._rules)
        if target.origin not in self._origins:
            raise HostRefused("This is no server that the operator named.")
        request = OutboundRequest(method, target, headers, body, pool_key=POOL)
        return await self._egress.send(request)


def _rules(
    urls: Iterable[str], allowed_origins: str, ca_file: Path | None, seconds: float
) -> OperatorRules:
    try:
        ports = frozenset(split_url(url).port for url in urls)
        return OperatorRules(
            allowed_origins=allowed_origins,
            allowed_ports=ports,
            ca_file=ca_file,
            total_seconds=seconds,
            first_byte_seconds=seconds,
            connect_seconds=seconds,
            tls_seconds=seconds,
            max_bytes=MAX_BYTES,
            max_connections=MAX_CONNECTIONS,
            max_idle_connections=MAX_CONNECTIONS,
        )
    except ValidationError as error:
        raise ValueError("; ".join(each["msg"] for each in error.errors())) from None
    except EgressError as error:
        raise ValueError(error.sentence) from None


def _target(url: str, rules: OperatorRules) -> Target:
    try:
        return Target.parse(url, rules)
    except EgressError as error:
        raise ValueError(error.sentence) from None
