from functools import lru_cache

from contracts.errors import PlatformError
from egress import EgressError, EgressSettings, parse_server_url

MAX_REMEMBERED = 10_000


class EgressOrigins:
    """What a process's own egress settings say; they do not change while it runs."""

    def __init__(self, settings: EgressSettings) -> None:
        self._settings = settings
        self._refusal = lru_cache(MAX_REMEMBERED)(self._asked)

    def refusal(self, origin: str) -> PlatformError | None:
        return self._refusal(origin)

    def _asked(self, origin: str) -> PlatformError | None:
        try:
            parse_server_url(origin, self._settings)
        except EgressError as refusal:
            return refusal.with_traceback(None)  # which would keep its frames
        return None
