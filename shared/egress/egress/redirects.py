"""Follow redirects where a person asked for a document, such as importing a schema by its URL.

Never used for calls: there a redirect is the API's answer. Each hop is parsed, checked, resolved
and dialled like a first request.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from egress.errors import EgressError, RedirectRefused, RequestInvalid
from egress.message import Headers, OutboundRequest, OutboundResponse
from egress.target import Target
from egress.transport import Egress

MAX_HOPS: Final = 3
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_MAX_LOCATION: Final = 2048
_HARMLESS: Final = frozenset({"accept", "accept-language", "user-agent", "traceparent"})
"""The headers that go on to another origin; whatever else there is may be a credential (H50)."""


@dataclass(frozen=True, slots=True)
class Followed:
    response: OutboundResponse
    target: Target
    """Where the answer came from, after the last hop."""


async def follow(egress: Egress, request: OutboundRequest, max_hops: int = MAX_HOPS) -> Followed:
    """Send a GET or HEAD and follow at most `max_hops` redirects, never from https to http."""
    if request.method not in ("GET", "HEAD") or request.body is not None:
        raise RequestInvalid("Only a GET or HEAD without a body can follow redirects.")
    target, headers = request.target, request.headers
    for _ in range(max_hops + 1):
        step = OutboundRequest(
            request.method,
            target,
            headers,
            None,
            request.pool_key,
            request.timeout_seconds,
            request.max_bytes,
        )
        response = await egress.send(step)
        if response.status not in _REDIRECTS:
            return Followed(response, target)
        target, headers = _next_hop(egress, target, headers, response)
    raise RedirectRefused(f"The API redirects more than {max_hops} times.", sent=True)


def _next_hop(
    egress: Egress, target: Target, headers: Headers, response: OutboundResponse
) -> tuple[Target, Headers]:
    location = response.header("location") or ""
    if not location or len(location) > _MAX_LOCATION:
        raise RedirectRefused("The API redirects without saying where to.", sent=True)
    absolute = urljoin(f"{target.origin}{target.path_and_query}", location).partition("#")[0]
    try:
        following = Target.parse(absolute, egress.settings)
    except EgressError as why:
        raise RedirectRefused(f"The API's redirect is refused. {why.sentence}", sent=True) from None
    if target.scheme == "https" and following.scheme != "https":
        raise RedirectRefused("The API redirects from https to http.", sent=True)
    if following.origin != target.origin:
        headers = tuple(pair for pair in headers if pair[0].lower() in _HARMLESS)
    return following, headers
