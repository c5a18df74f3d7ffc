"""Ends a process whose event loop is blocked: whoever supervises it starts another (F40).

A blocked loop answers nobody, not even `/livez`, and nothing inside it can say so. Two witnesses
look from outside, and neither counts time in which the whole process did not run (a frozen
container, a suspended laptop):

- a thread, which adds up the time that it was itself awake to see no heartbeat; it does not see
  code that holds the interpreter's lock, such as a regular expression that never ends, so
- a timer of the processor time that this process used (ITIMER_VIRTUAL) since the last heartbeat.

Both write the stack of every thread to standard error first.
"""

import asyncio
import faulthandler
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

BEAT_SECONDS = 0.5
LOOK_SECONDS = 1.0
MAX_AWAKE_SECONDS = 2 * LOOK_SECONDS
"""A longer time between two looks means that nobody ran, and is not held against the loop."""
EXIT_STATUS = 70
"""EX_SOFTWARE of sysexits.h; with the timer the process ends by SIGVTALRM instead."""


@contextmanager
def watched(seconds: float) -> Iterator[None]:
    """Inside a running loop: end the process once it is blocked for `seconds`; 0 turns this off."""
    if seconds <= 0:
        yield
        return
    watchdog = _Watchdog(asyncio.get_running_loop(), seconds)
    watchdog.start()
    try:
        yield
    finally:
        watchdog.stop()


class _Watchdog:
    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        self._loop = loop
        self._seconds = seconds
        self._beats = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="watchdog", daemon=True)
        self._next: asyncio.TimerHandle | None = None

    def start(self) -> None:
        faulthandler.register(signal.SIGVTALRM, file=2, all_threads=True, chain=True)
        self._beat()
        self._thread.start()

    def stop(self) -> None:
        if self._next is not None:
            self._next.cancel()
        self._over.set()
        self._thread.join()
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        faulthandler.unregister(signal.SIGVTALRM)

    def _beat(self) -> None:
        self._beats += 1
        signal.setitimer(signal.ITIMER_VIRTUAL, self._seconds)
        self._next = self._loop.call_later(BEAT_SECONDS, self._beat)

    def _look(self) -> None:
        seen, looked, blocked = self._beats, monotonic(), 0.0
        while not self._over.wait(LOOK_SECONDS):
            now = monotonic()
            awake, looked = now - looked, now
            if self._beats != seen or awake > MAX_AWAKE_SECONDS:
                seen, blocked = self._beats, 0.0
                continue
            blocked += awake
            if blocked >= self._seconds:
                _end(blocked)


def _end(blocked: float) -> None:
    """Without the log, whose lock the blocked thread may hold."""
    line = f'{{"level":"critical","event":"event_loop_blocked","seconds":{blocked:.1f}}}\n'
    os.write(2, line.encode())
    faulthandler.dump_traceback(file=2, all_threads=True)
    os._exit(EXIT_STATUS)
