"""What is logged of an outage: each error once, and at its end how long it was."""

from time import monotonic

from kit import logs

log = logs.logger("kit.outage")
MAX_LOGGED = 20
"""Lines of one outage, whatever differs in its errors."""


class Outage:
    """One at a time, as one service has it: services that share a process, and its log, each have
    connections of their own.
    """

    def __init__(self, service: str, end: str) -> None:
        self._service = service
        self._end = end
        self._logged: set[tuple[str, ...]] = set()
        self._errors = 0
        self._since = 0.0

    def report(self, event: str, **what: str) -> None:
        """The first begins an outage; later errors of the same outage are only counted."""
        if not self._errors:
            self._since = monotonic()
        self._errors += 1
        line = (event, *what.values())
        if line not in self._logged and len(self._logged) < MAX_LOGGED:
            self._logged.add(line)
            log.warning(event, service=self._service, **what)

    def over(self) -> None:
        """Log its end, with how many errors there were; nothing where there was none."""
        if not self._errors:
            return
        seconds = round(monotonic() - self._since, 1)
        log.info(self._end, service=self._service, seconds=seconds, errors=self._errors)
        self._logged.clear()
        self._errors = 0
