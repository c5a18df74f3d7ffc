"""One request under way, and what has to be known about it when it breaks off."""

import asyncio
from dataclasses import dataclass, field
from typing import Final

from aiohttp import ClientError
from aiohttp.http_exceptions import HttpProcessingError

from egress.errors import ConnectionLost, EgressError, ResponseMalformed, Withdrawn
from egress.message import OutboundRequest
from egress.wire.answer import Bounds
from egress.wire.head import HeadScreen

BROKEN: Final = (OSError, ClientError, HttpProcessingError)


@dataclass(slots=True)
class Exchange:
    """Until the head of the answer is there."""

    request: OutboundRequest
    wire: bytes
    bounds: Bounds
    began: float
    deadline: float
    timer: asyncio.Timeout
    screen: HeadScreen = field(init=False)
    sent: bool = False
    waiting_for: str = "The API could not be reached in time."

    def ensure_wanted(self) -> None:
        """Raises `Withdrawn` where the request's own check says no."""
        still_wanted = self.request.still_wanted
        if still_wanted is not None and not still_wanted():
            raise Withdrawn("The request was withdrawn before it was sent.")

    @property
    def silent(self) -> bool:
        """Nothing came back: a connection that had been idle may have been dead already."""
        return not self.screen.started


def network_error(error: Exception, *, sent: bool) -> EgressError:
    if isinstance(error, HttpProcessingError):
        return ResponseMalformed("The API's answer is not well-formed HTTP/1.1.", sent=True)
    return ConnectionLost(
        "The API closed the connection before its answer was complete.", sent=sent
    )
