"""Python's collector of cycles, which trees do not need, at rest while a large one is built."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from kit.sizes import MIB


@contextmanager
def collector_at_rest(size: int) -> Iterator[None]:
    """It would go over all of a growing tree again and again: a third of the time for 12 MB."""
    if size < MIB or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
