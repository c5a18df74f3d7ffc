"""Under which address people's browsers reach the installation, and what follows from it: which
origin their pages have, and what the cookie of a session is called.
"""

import ipaddress
import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator
from pydantic_settings import BaseSettings, SettingsConfigDict

_ORIGIN = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])"
    r"(?::(?P<port>[0-9]{1,5}))?/?"
)
_OWN_PORT = {"https": "443", "http": "80"}
LAST_PORT = 65_535


def _is_loopback(host: str) -> bool:
    """Browsers treat these as safe without TLS (W3C Secure Contexts, 3.1)."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _as_browsers_write_it(unverified: str) -> str:
    """The origin as browsers send it: lower case, without the scheme's own port; empty: none."""
    if not unverified:
        return ""
    found = _ORIGIN.fullmatch(unverified.strip().lower())
    if found is None or int(found["port"] or 0) > LAST_PORT:
        raise ValueError(
            "is the address that people open, such as https://actions.example.com: `https://`, a "
            "host (in ASCII) and, if need be, a port; no path"
        )
    scheme, host, port = found.group("scheme", "host", "port")
    if scheme == "http" and not _is_loopback(host):
        raise ValueError(
            "begins with https://: without TLS anybody on the way could take over sessions (only "
            "for localhost and 127.0.0.1 may it be http://)"
        )
    has_port = port is not None and port.lstrip("0") != _OWN_PORT[scheme]
    return f"{scheme}://{host}:{int(port)}" if has_port else f"{scheme}://{host}"


class OpenActionsSettings(BaseSettings):
    """`OPENACTIONS_…`: the same for every service of an installation."""

    model_config = SettingsConfigDict(
        env_prefix="OPENACTIONS_",
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
        title="OpenactionsSettings",
    )

    public_url: Annotated[str, AfterValidator(_as_browsers_write_it)] = ""
    """The address that people open. Empty: nobody signs in, and no cookie is looked at."""

    @property
    def address(self) -> "PublicAddress | None":
        return PublicAddress(self.public_url) if self.public_url else None


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """`origin` as browsers write it in the header of that name (RFC 6454, 6.1)."""

    origin: str

    @property
    def is_secure(self) -> bool:
        return self.origin.startswith("https:")

    @property
    def host(self) -> str:
        """As browsers send it in the header of that name (RFC 9110, 7.2)."""
        return self.origin.partition("://")[2]

    @property
    def cookie(self) -> str:
        """The name of a session's cookie. With `__Host-` a browser takes it from this very host
        only, and never without TLS (RFC 6265bis, 4.1.3.2).
        """
        return "__Host-openactions" if self.is_secure else "openactions"
