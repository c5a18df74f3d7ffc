"""What a text may mean beyond what it says: an error in working that out ends no examination."""

import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

_T = TypeVar("_T")


class GuessFailed(RuntimeWarning):
    """A fault of ours: workers write it to the service's log, each once; a test fails by it."""


def made(guess: Callable[[], _T], otherwise: _T) -> _T:
    """What it comes to, or `otherwise`."""
    try:
        return guess()
    except MemoryError:
        raise  # the limit of a worker process
    except Exception as error:  # noqa: BLE001 - whatever a text provokes in a guess at it
        _warn(error)
        return otherwise


def each_made(*guesses: Iterable[_T]) -> Iterator[_T]:
    """All that they come to in turn; of one that fails, what came before."""
    for guess in guesses:
        try:
            yield from guess
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - as above
            _warn(error)


def _warn(error: Exception) -> None:
    """Without the error's text, which may hold some of the document's."""
    trace, line = error.__traceback__, 0
    name = ""
    while trace is not None:
        name, line = trace.tb_frame.f_globals.get("__name__", ""), trace.tb_lineno
        trace = trace.tb_next
    what = f"{type(error).__name__} at line {line} of {name}"
    warnings.warn(f"A guess at what a text means failed: {what}.", GuessFailed, stacklevel=3)
