"""Disable the cyclic garbage collector while a large tree is built."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from kit.sizes import MIB


@contextmanager
def gc_paused(size: int) -> Iterator[None]:
    """For `size` bytes of text; not below 1 MiB. A tree has no cycles, and the collector would scan
    all of the growing one again and again: a third of the time for 12 MB.
    """
    if size < MIB or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
