"""Follow redirects where a person asked for a document, such as importing a schema by its URL.

Never used for calls: there a redirect is the API's answer. Each hop is parsed, checked, resolved
and dialled like a first request.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from time import monotonic
from typing import Final
from urllib.parse import urljoin

from egress.errors import EgressError, RedirectRefused, RequestInvalid
from egress.message import Headers, OutboundRequest, OutboundResponse
from egress.settings import EgressSettings
from egress.target import Target
from egress.transport import Egress
from egress.uri import check_text, has_scheme

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


async def follow(
    egress: Egress,
    request: OutboundRequest,
    max_hops: int = MAX_HOPS,
    *,
    before: Callable[[Target], Awaitable[None]] | None = None,
) -> Followed:
    """Send a GET or HEAD and follow at most `max_hops` redirects, never from https to http.

    The request's time is for all hops together. `before` is awaited with each target, the first
    included, before anything is sent to it; what it raises ends the request.
    """
    if request.method not in ("GET", "HEAD") or request.body is not None:
        raise RequestInvalid("Only a GET or HEAD without a body can follow redirects.")
    deadline = monotonic() + (request.timeout_seconds or egress.settings.total_seconds)
    step = request
    for _ in range(max_hops + 1):
        if before is not None:
            await before(step.target)
        step = replace(step, timeout_seconds=max(deadline - monotonic(), 0.001))
        async with egress.stream(step) as answer:  # what a redirect says beside is left unread
            if answer.status not in _REDIRECTS:
                return Followed(await answer.response(), step.target)
            location = answer.header("location") or ""
        following = next_target(step.target, location, egress.settings)
        headers = carried_headers(step.headers, step.target, following)
        step = replace(step, target=following, headers=headers)
    raise RedirectRefused(f"The API redirects more than {max_hops} times.", sent=True)


def next_target(target: Target, location: str, settings: EgressSettings) -> Target:
    """Where a Location header leads, resolved against the target that sent it (RFC 9110 10.2.2)."""
    if not location or len(location) > _MAX_LOCATION:
        raise RedirectRefused("The API redirects without saying where to.", sent=True)
    try:
        following = Target.parse(_absolute(target, location.partition("#")[0]), settings)
    except EgressError as why:
        sentence = f"The API's redirect is refused. {why.sentence}"
        raise RedirectRefused(sentence, sent=True) from None
    if target.scheme == "https" and following.scheme != "https":
        raise RedirectRefused("The API redirects from https to http.", sent=True)
    return following


def _absolute(target: Target, reference: str) -> str:
    """RFC 3986 5.2. `urljoin` sees nothing but paths: it drops tabs and line feeds unasked."""
    check_text(reference)
    if has_scheme(reference):
        return reference
    if reference.startswith("//"):
        return f"{target.scheme}:{reference}"
    return target.origin + urljoin(target.path_and_query, reference)


def carried_headers(headers: Headers, target: Target, following: Target) -> Headers:
    """The headers that may go on: all of them on the same origin, harmless ones elsewhere."""
    if following.origin == target.origin:
        return headers
    return tuple(pair for pair in headers if pair[0].lower() in _HARMLESS)
