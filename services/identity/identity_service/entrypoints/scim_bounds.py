"""How much one SCIM request may ask for, in steps of our own counting: the library walks through
every entry of an attribute for every comparison, and nothing else runs meanwhile.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from scim2_models import InvalidSyntaxException, TooManyException

MAX_VALUES = 10_000
"""JSON values in a body; a group of 1,000 members with four attributes each has half as many."""
MAX_DEPTH = 20
"""Objects and lists within each other; a patch of a bulk request has six."""
MAX_STEPS = 6_000
"""Of a patch, where one is a comparison with one entry: about a tenth of a second of one core."""
STEPS_A_VALUE = 10
"""What reading a value, or looking at an operation, takes beside one comparison."""
MAX_PATH = 500
"""Characters of a path or a name."""
SHOWN = 60
"""Characters of a name that a refusal repeats."""
JOINED = re.compile(r"\b(?:and|or)\b", re.IGNORECASE)
"""Also within a text that is compared with: too many are counted rather than too few."""


class AsksTooMuch(TooManyException):
    status = 413


def demand_few_values(body: Any) -> None:
    if values_of(body) > MAX_VALUES:
        raise AsksTooMuch(
            detail=f"The body has more than {MAX_VALUES:,} values. Send less in one request: "
            "members of a group can be added and removed by several patches."
        )


def demand_shallow(body: Any) -> None:
    """Deeper ones are read, but can be neither compared nor written."""
    level = [body]
    for _ in range(MAX_DEPTH):
        level = [each for outer in level for each in _members_of(outer)]
        if not level:
            return
    raise InvalidSyntaxException(
        detail=f"The body is nested deeper than {MAX_DEPTH} objects and lists. No attribute is: "
        "send it as /scim/v2/Schemas says."
    )


def demand_short(names: Iterable[str]) -> None:
    """Longer ones are looked up nowhere: what was looked up is kept for the next time."""
    if any(len(each) > MAX_PATH for each in names):
        raise InvalidSyntaxException(
            detail=f"A name or a path has at most {MAX_PATH} characters. Send those that "
            "/scim/v2/Schemas lists."
        )


def shown(name: str) -> str:
    """As refusals repeat it."""
    return name if len(name) <= SHOWN else f"{name[:SHOWN]}…"


def demand_few_steps(steps: int) -> None:
    if steps > MAX_STEPS:
        raise AsksTooMuch(
            detail="The patch compares more than one request may. Send its operations in several "
            'requests, and remove members by members[value eq "…"].'
        )


def values_of(body: Any) -> int:
    """JSON values in it, itself included."""
    return sum(1 for _ in _within(body))


def steps_of(operation: dict[str, Any], entries: int) -> int:
    """At most so many, where no attribute that it is about has more than so many entries."""
    values = [*_within(operation.get("value"))]
    names = names_in(operation.get("value"))  # a name may be a path, too
    paths = (str(operation.get("path") or ""), *names)
    terms = sum(len(JOINED.findall(path)) + 1 for path in paths if "[" in path)
    if str(operation.get("op")).lower() == "remove" and operation.get("value") is not None:
        terms += len(values)  # each is compared with
    return STEPS_A_VALUE * (1 + len(values)) + terms * entries


def names_in(body: Any) -> Iterator[str]:
    """Of the members of all objects in it."""
    return (name for each in _within(body) if isinstance(each, dict) for name in each)


def names_beside_lists(body: Any) -> Iterator[str]:
    """Of the members of an object, and of objects in it, but for those in lists."""
    waiting = [body]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield from value
            waiting.extend(value.values())


def _members_of(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _within(body: Any) -> Iterator[Any]:
    """Without recursion: bodies may be nested as deep as the reader allows."""
    waiting = [body]
    while waiting:
        value = waiting.pop()
        yield value
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
