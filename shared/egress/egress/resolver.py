"""Names to addresses. The port, its c-ares adapter, its scripted fake, and the one guarded lookup.

One lookup per new connection, never cached: what was checked is what is dialled.
"""

import asyncio
import socket
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Protocol

import aiodns

from egress.address import Address
from egress.errors import AddressRefused, NameNotResolved
from egress.settings import EgressSettings


class Resolver(Protocol):
    async def resolve(self, host: str) -> Sequence[str]:
        """All A and AAAA answers as text; OSError when there are none or nobody answers."""
        ...

    async def close(self) -> None: ...


class CaresResolver:
    """c-ares through aiodns: no threads that a silent name server could hold (F35).

    Each server gets half of a try's time, so that the second is asked when the first is dead.
    """

    def __init__(self, settings: EgressSettings, name_servers: Sequence[str] | None = None) -> None:
        """`name_servers` as `address:port`; the system's own when None."""
        self._cares = aiodns.DNSResolver(
            name_servers, timeout=settings.resolve_seconds / 2, tries=1
        )

    async def resolve(self, host: str) -> Sequence[str]:
        try:
            found = await self._cares.getaddrinfo(
                host, family=socket.AF_UNSPEC, type=socket.SOCK_STREAM
            )
        except aiodns.error.DNSError as error:
            raise OSError(*error.args) from None
        return [node.addr[0].decode("ascii") for node in found.nodes]

    async def close(self) -> None:
        await self._cares.close()


class ScriptedResolver:
    """A fake: each name has a script, and each lookup takes the next answer, repeating the last.

    An answer is a list of addresses, an exception to raise, or None for a server that never
    answers. `asked` records every lookup.
    """

    def __init__(self, scripts: dict[str, list[Sequence[str] | Exception | None]]) -> None:
        self._scripts = scripts
        self.asked: list[str] = []

    async def resolve(self, host: str) -> Sequence[str]:
        self.asked.append(host)
        script = self._scripts.get(host)
        if not script:
            raise OSError("unknown name")
        answer = script.pop(0) if len(script) > 1 else script[0]
        if answer is None:
            await asyncio.Event().wait()
        if isinstance(answer, Exception):
            raise answer
        return answer or ()

    async def close(self) -> None:
        """Nothing is held."""


async def checked_addresses(
    host: str, resolver: Resolver, settings: EgressSettings
) -> Sequence[Address]:
    """What `host` resolves to right now, if every single answer may be dialled.

    A mixed answer is refused as a whole: it is how a rebinding attack looks. Fails closed on
    silence, errors and floods of answers, within `resolve_tries` times `resolve_seconds`.
    """
    answers = await _answers(host, resolver, settings)
    if len(answers) > settings.max_answers:
        raise AddressRefused(f"The host has more than {settings.max_answers} addresses.")
    return [_checked(text, settings) for text in dict.fromkeys(answers)]


async def _answers(host: str, resolver: Resolver, settings: EgressSettings) -> Sequence[str]:
    for _ in range(settings.resolve_tries):
        try:
            async with asyncio.timeout(settings.resolve_seconds):
                answers = await resolver.resolve(host)
        except (TimeoutError, OSError):
            continue
        if answers:
            return answers
    raise NameNotResolved("The host's name could not be resolved.")


def _checked(answer: str, settings: EgressSettings) -> Address:
    try:
        address = ip_address(answer)
    except ValueError:
        raise NameNotResolved("The host's name leads to something that is no address.") from None
    reason = settings.refusal(address)
    if reason is not None:
        raise AddressRefused(
            "The host leads to an address that must not be called.", address_class=reason
        )
    return address
