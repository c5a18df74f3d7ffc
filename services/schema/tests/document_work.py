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
