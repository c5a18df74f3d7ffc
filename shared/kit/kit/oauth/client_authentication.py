"""How a client says who it is at a token endpoint (RFC 6749, 2.3.1)."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import quote

from kit.sealing import Secret


class ClientAuthentication(StrEnum):
    """By their registered names (RFC 8414, 2: `token_endpoint_auth_methods_supported`)."""

    BASIC = "client_secret_basic"
    POST = "client_secret_post"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Authenticated:
    """What a request carries for it: header fields, and members of the body."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def secrets(self) -> tuple[Secret[str], ...]:
        """Of the header: a server that repeats it gives the client secret away with it, in a
        spelling that none of the secret alone has.
        """
        credentials = self.headers.get("authorization", "").partition(" ")[2]
        return (Secret(credentials),) if credentials else ()


def authenticated(
    client_id: str,
    secret: Secret[str] | None,
    method: ClientAuthentication,
    *,
    is_raw: bool = False,
    id_name: str = "client_id",
) -> Authenticated:
    """Id and secret stand in the header or in the body, never in both.

    A client without a secret is a public one, whatever the method. `is_raw` leaves out the encoding
    that the RFC wants in the header; then the id must hold no colon (RFC 7617, 2). `id_name` is
    what the body calls the id. `ValueError` where there is no such header: half a character
    (U+D800 to U+DFFF), or that colon.
    """
    if secret is None or method is ClientAuthentication.NONE:
        return Authenticated(fields={id_name: client_id})
    if method is ClientAuthentication.POST:
        return Authenticated(fields={id_name: client_id, "client_secret": secret.reveal()})
    return Authenticated(headers={"authorization": _basic(client_id, secret.reveal(), is_raw)})


def _basic(client_id: str, secret: str, is_raw: bool) -> str:  # noqa: FBT001 - private
    if is_raw and ":" in client_id:
        raise ValueError("a client id with a colon cannot be sent without encoding")
    pair = (client_id, secret) if is_raw else (_encoded(client_id), _encoded(secret))
    return "Basic " + base64.b64encode(":".join(pair).encode()).decode()


def _encoded(text: str) -> str:
    """As form fields are, but a space is `%20` rather than `+`: who reads forms takes either, and
    servers that read the pair as parts of a URL (Authlib) take no `+`.
    """
    return quote(text, safe="")
