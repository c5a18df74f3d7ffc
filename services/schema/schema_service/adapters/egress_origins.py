from functools import lru_cache

from contracts.errors import PlatformError
from contracts.origin import host_of
from egress import EgressError, EgressSettings, parse_server_url
from schema_service.domain.compiling.server.hosts import is_example, refusal_of_placeholder
from schema_service.domain.compiling.server.placeholders import resembling_placeholder

MAX_REMEMBERED = 10_000


class EgressOrigins:
    """What a process's own egress settings say; they do not change while it runs."""

    def __init__(self, settings: EgressSettings) -> None:
        self._settings = settings
        self._refusal = lru_cache(MAX_REMEMBERED)(self._asked)

    def __reduce__(self) -> tuple[type["EgressOrigins"], tuple[EgressSettings]]:
        """Worker processes remember for themselves."""
        return EgressOrigins, (self._settings,)

    def refusal(self, origin: str) -> PlatformError | None:
        return self._refusal(origin)

    def is_example(self, origin: str) -> bool:
        return not self._settings.allows_origin(origin) and is_example(host_of(origin))

    def resembling(self, origin: str) -> str | None:
        if self._settings.allows_origin(origin):
            return None
        return resembling_placeholder(host_of(origin))

    def _asked(self, origin: str) -> PlatformError | None:
        try:
            target = parse_server_url(origin, self._settings)
        except EgressError as refusal:
            return refusal.with_traceback(None)  # which would keep its frames
        if self._settings.allows_origin(target.origin):
            return None
        return refusal_of_placeholder(target.host)
