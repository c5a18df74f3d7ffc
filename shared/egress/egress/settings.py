"""What the operator decides about the way out. Unset means deny; unparsable means do not start."""

import json
import logging
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, FilePath, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from contracts.origin import host_of
from egress.address import Address, refusal
from egress.domain_name import a_labels
from egress.errors import DomainInvalid
from egress.origin import LOCALHOST, canonical_literal, exact_origin
from egress.special_purpose import AddressClass

KIB: Final = 1024
MIB: Final = 1024 * KIB

DEPRECATED: Final = (
    "EGRESS_LET_THROUGH is deprecated and goes in the next version: set EGRESS_ALLOWED_ORIGINS."
)
log = logging.getLogger(__name__)

_NEVER: Final = frozenset(
    {
        AddressClass.METADATA,
        AddressClass.LINK_LOCAL,
        AddressClass.UNSPECIFIED,
        AddressClass.MULTICAST,
        AddressClass.BROADCAST,
    }
)


def _pairs(value: Any) -> Any:
    """`origin=address,http://127.0.0.1:9000` or a JSON object, as environment variables hold it."""
    if not isinstance(value, str):
        return value
    if value.strip().startswith("{"):
        return json.loads(value)
    return {
        origin: address
        for entry in _entries(value)
        for origin, address in allowed_by(entry).items()
    }


def allowed_by(entry: str) -> dict[str, str]:
    """The origins that one entry of `allowed_origins` opens, with their addresses.

    An address may be left out where the host is one, or is `localhost`: an origin on loopback is
    opened under both, its address and that name.
    """
    origin, mark, address = entry.rpartition("=")
    if mark:
        return {origin: address}
    exact = exact_origin(entry.removesuffix("/"))
    if exact is None:
        raise ValueError(
            f"{entry!r} is not an exact origin, such as http://127.0.0.1:9000, or"
            " http://weather.lan:8123=192.168.1.20 where its host is a name"
        )
    host = host_of(exact)
    literal = "127.0.0.1" if host == LOCALHOST else canonical_literal(host)
    if literal is None:
        raise ValueError(
            f"{entry!r} does not say to which address it leads: add it, such as"
            f" {exact}=192.168.1.20"
        )
    address = literal.strip("[]")
    if not ip_address(address).is_loopback:
        return {exact: address}
    scheme, port = exact.partition("://")[0], exact.rpartition(":")[2]
    return {f"{scheme}://{name}:{port}": address for name in (literal, LOCALHOST)}


def _items(value: Any) -> Any:
    """`a,b` or a JSON array."""
    if not isinstance(value, str):
        return value
    return json.loads(value) if value.strip().startswith("[") else _entries(value)


def _entries(value: str) -> list[str]:
    return [entry.strip() for entry in value.split(",")] if value.strip() else []


Port = Annotated[int, Field(ge=1, le=65_535)]


class AllowedOrigins(BaseSettings):
    """`allowed_origins` is the only way to a private address, and the only way to plain http.

    It maps an exact origin (`scheme://host:port`, port included) to one literal IP address. No DNS
    is asked for such a host, no other port or scheme of it opens, and no other name that resolves
    to the same address does. Metadata, link-local and multicast addresses cannot be allowed.
    """

    model_config = SettingsConfigDict(
        env_prefix="EGRESS_",
        frozen=True,
        extra="forbid",
        title="EgressSettings",  # after which errors name the variables, in whichever class
    )

    allowed_origins: Annotated[dict[str, Address], NoDecode, BeforeValidator(_pairs)] = {}
    let_through: Annotated[str, NoDecode] = ""
    """Deprecated: the name of `allowed_origins` until the next version. It counts where that one
    is not set."""

    @model_validator(mode="before")
    @classmethod
    def _renamed(cls, values: Any) -> Any:
        """`EGRESS_LET_THROUGH` was what `EGRESS_ALLOWED_ORIGINS` is; an empty one is none."""
        former = values.pop("let_through", "") if isinstance(values, dict) else ""
        if former:
            log.warning(DEPRECATED)
            values.setdefault("allowed_origins", former)
        return values

    @field_validator("allowed_origins")
    @classmethod
    def _exact_origins(cls, table: dict[str, Address]) -> dict[str, Address]:
        for origin, address in table.items():
            if exact_origin(origin) != origin:
                raise ValueError(f"{origin!r} is not an exact origin such as http://demo:8123")
            if refusal(address) in _NEVER:
                raise ValueError(f"{address} can never be allowed")
        return table


class EgressSettings(AllowedOrigins):
    """Everything that the operator decides about the way out."""

    own_hosts: Annotated[frozenset[str], NoDecode, BeforeValidator(_items)] = frozenset()
    """The platform's own public names and addresses: it does not call itself."""
    denied_networks: Annotated[
        tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_items)
    ] = ()
    allowed_ports: Annotated[frozenset[Port], NoDecode, BeforeValidator(_items)] = frozenset({443})
    ca_file: FilePath | None = None
    """PEM file of certificate authorities trusted beside the bundled public ones."""

    resolve_seconds: float = Field(default=2, gt=0, le=10)
    resolve_tries: int = Field(default=2, ge=1, le=3)
    max_answers: int = Field(default=16, ge=1, le=64)
    connect_seconds: float = Field(default=5, gt=0, le=60)
    tls_seconds: float = Field(default=5, gt=0, le=60)
    first_byte_seconds: float = Field(default=30, gt=0, le=600)
    total_seconds: float = Field(default=45, gt=0, le=900)
    max_bytes: int = Field(default=10 * MIB, ge=1, le=1024 * MIB)
    """Of an answer's body, on the wire and decoded alike."""
    max_head_bytes: int = Field(default=64 * KIB, ge=KIB, le=MIB)
    max_head_lines: int = Field(default=100, ge=1, le=1000)
    idle_seconds: float = Field(default=15, ge=0, le=300)
    idle_seconds_unrepeatable: float = Field(default=4, ge=0, le=300)
    """A request that must not be repeated is not risked on a connection idle for longer than this:
    common servers close at 5 s, and a close that crosses the request leaves its fate unknown."""
    max_connections: int = Field(default=512, ge=1, le=65_000)
    max_idle_connections: int = Field(default=256, ge=0, le=65_000)

    @field_validator("own_hosts")
    @classmethod
    def _canonical_hosts(cls, hosts: frozenset[str]) -> frozenset[str]:
        return frozenset(_canonical_own(host) for host in hosts)

    @model_validator(mode="after")
    def _no_contradiction(self) -> "EgressSettings":
        for origin, address in self.allowed_origins.items():
            if self.denies(address) or self.is_own(host_of(origin)):
                raise ValueError(f"{origin} is allowed and denied at the same time")
        return self

    def allows_origin(self, origin: str) -> bool:
        """Whether the operator allowed exactly this origin."""
        return origin in self.allowed_origins

    def is_own(self, host: str) -> bool:
        return host in self.own_hosts

    def denies(self, address: Address) -> bool:
        """Whether the operator's own lists refuse an address."""
        return str(address) in self.own_hosts or any(
            address in network for network in self.denied_networks
        )

    def refusal(self, address: Address) -> AddressClass | None:
        """`address.refusal`, and the operator's own lists after it."""
        return refusal(address) or (AddressClass.DENIED if self.denies(address) else None)


def _canonical_own(host: str) -> str:
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    try:
        return a_labels(host)
    except DomainInvalid as why:
        raise ValueError(f"{host!r} is neither a name nor an address") from why
