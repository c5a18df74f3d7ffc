"""Make a connection to a checked address and to nothing else.

The order of the checks is the guarantee: resolve once, check every answer, connect to an address
(never to a name), look at who answered, then TLS by name.
"""

import asyncio
import errno
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv6Address, ip_address

import certifi
from aiohappyeyeballs import AddrInfoType, start_connection

from egress.address import Address
from egress.errors import AddressRefused, ConnectFailed, Overloaded, TimedOut, TlsFailed
from egress.resolver import Resolver, checked_addresses
from egress.settings import EgressSettings
from egress.target import Target
from egress.wire.connection import Connection

HAPPY_EYEBALLS_SECONDS = 0.25  # RFC 8305 section 8
_NO_ROOM = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL})

_CERTIFICATE_FAULTS = {  # X509_verify_cert error codes, openssl/x509_vfy.h
    10: "it has expired",
    9: "it is not valid yet",
    18: "it is self-signed",
    19: "its chain ends in a certificate that is not trusted",
    20: "its issuer is not trusted",
    21: "its issuer is not trusted",
    23: "it has been revoked",
    62: "it is for another name",
    64: "it is for another name",
    66: "its key is too weak",
    68: "its signature is too weak",
}


Connect = Callable[[Sequence[AddrInfoType]], Awaitable[socket.socket]]
"""A connected socket to one of these addresses, in the form of `getaddrinfo`; OSError if none."""


async def connect_fastest(addresses: Sequence[AddrInfoType]) -> socket.socket:
    """Happy Eyeballs (RFC 8305): a dead address delays the next one by a quarter of a second."""
    return await start_connection(
        addresses, happy_eyeballs_delay=HAPPY_EYEBALLS_SECONDS, interleave=1
    )


class Dialler:
    def __init__(self, settings: EgressSettings, resolver: Resolver, connect: Connect) -> None:
        self._settings = settings
        self._resolver = resolver
        self._connect_to = connect
        self._tls = tls_context(settings)

    async def dial(self, target: Target) -> Connection:
        """A fresh connection for this target's origin; nothing of a request is sent yet."""
        addresses = await self._addresses(target)
        connected = await self._connect(addresses, target)
        return await self._start_protocol(connected, target)

    async def _addresses(self, target: Target) -> Sequence[Address]:
        allowed_address = self._settings.allowed_origins.get(target.origin)
        if allowed_address is not None:
            return [allowed_address]
        if target.scheme != "https":
            raise AddressRefused("Plain http cannot be called.")
        return await checked_addresses(target.host, self._resolver, self._settings)

    async def _connect(self, addresses: Sequence[Address], target: Target) -> socket.socket:
        try:
            async with asyncio.timeout(self._settings.connect_seconds):
                connected = await self._connect_to(
                    [_addr_info(address, target.port) for address in addresses]
                )
        except TimeoutError:
            raise TimedOut("The API did not accept a connection in time.") from None
        except OSError as error:
            raise connect_error(error) from None
        if _peer(connected) not in addresses:
            connected.close()
            raise AddressRefused("The connection led to another address than the one checked.")
        return connected

    async def _start_protocol(self, connected: socket.socket, target: Target) -> Connection:
        loop = asyncio.get_running_loop()
        tls = target.scheme == "https"
        try:
            async with asyncio.timeout(self._settings.tls_seconds):
                _, connection = await loop.create_connection(
                    lambda: Connection(loop),
                    sock=connected,
                    ssl=self._tls if tls else None,
                    server_hostname=_server_name(target) if tls else None,
                )
        except TimeoutError:
            connected.close()
            raise TimedOut("The API did not finish the TLS handshake in time.") from None
        except (ssl.SSLError, OSError) as error:
            connected.close()
            raise tls_error(error) from None
        return connection


def tls_context(settings: EgressSettings) -> ssl.SSLContext:
    """TLS 1.2 and newer, certificates by name, bundled public authorities.

    Built by hand because `ssl.create_default_context` obeys SSLKEYLOGFILE and SSL_CERT_FILE.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.hostname_checks_common_name = False
    context.set_alpn_protocols(["http/1.1"])
    context.load_verify_locations(certifi.where())
    if settings.ca_file is not None:
        context.load_verify_locations(settings.ca_file)
    return context


def connect_error(error: OSError) -> ConnectFailed | Overloaded:
    if error.errno in _NO_ROOM:
        return Overloaded("The platform has no connection to spare.")
    return ConnectFailed("The API could not be reached.")


def tls_error(error: OSError) -> TlsFailed:
    if isinstance(error, ssl.SSLCertVerificationError):
        fault = _CERTIFICATE_FAULTS.get(error.verify_code, "it is not trusted")
        return TlsFailed(f"The API's certificate is refused: {fault}.")
    return TlsFailed("No TLS connection with the API came about.")


def _addr_info(address: Address, port: int) -> AddrInfoType:
    if isinstance(address, IPv6Address):
        place: tuple[str, int] | tuple[str, int, int, int] = (str(address), port, 0, 0)
        return socket.AF_INET6, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", place
    return socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (str(address), port)


def _peer(connected: socket.socket) -> Address | None:
    try:
        return ip_address(connected.getpeername()[0])
    except OSError:
        return None


def _server_name(target: Target) -> str:
    return target.host.removeprefix("[").removesuffix("]")
