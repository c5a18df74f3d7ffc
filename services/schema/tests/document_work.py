"""What worker processes do in tests. They import little: each begins with the first document."""

import os
import signal
import time
from pathlib import Path

from kit.sizes import MIB
from schema_service.domain.submission import BodyNotUnderstood


def pause():
    time.sleep(0.01)


def where():
    return os.getpid()


def hang():
    time.sleep(600)


def rest(seconds):
    time.sleep(seconds)
    return "done"


def compute():
    while True:
        pass


def compute_in_one_call():
    """No code of Python's runs meanwhile."""
    return sum(range(10**15))


def spend(seconds):
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass
    return "done"


def allocate(mebibytes):
    return len(bytearray(mebibytes * MIB))


def turned_round(*texts):
    return list(texts[::-1])


def refuse():
    raise BodyNotUnderstood("Nonsense.")


def die():
    os._exit(1)


def killed():
    os.kill(os.getpid(), signal.SIGKILL)


def killed_once(mark):
    if not Path(mark).exists():
        Path(mark).touch()
        killed()
    return "done"


def ended_politely():
    os.kill(os.getpid(), signal.SIGTERM)


def without_server(mark):
    """Kills what it was forked from; the mark says who did."""
    Path(mark).write_text(str(os.getpid()))
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(600)


def without_server_once(mark):
    if not Path(mark).exists():
        without_server(mark)
    return "done"
