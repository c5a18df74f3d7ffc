"""How much one SCIM request may ask for, in steps of our own counting: the library walks through
every entry of an attribute for every comparison, and nothing else runs meanwhile.
"""

import re
from collections.abc import Iterator
from typing import Any

from scim2_models import TooManyException

MAX_VALUES = 10_000
"""JSON values in a body; a group of 1,000 members with four attributes each has half as many."""
MAX_STEPS = 6_000
"""Of a patch, where one is a comparison with one entry: about a tenth of a second of one core."""
STEPS_A_VALUE = 10
"""What reading a value, or looking at an operation, takes beside one comparison."""
JOINED = re.compile(r"\s(?:and|or)\s", re.IGNORECASE)


class AsksTooMuch(TooManyException):
    status = 413


def demand_few_values(body: Any) -> None:
    if values_of(body) > MAX_VALUES:
        raise AsksTooMuch(
            detail=f"The body has more than {MAX_VALUES:,} values. Send less in one request: "
            "members of a group can be added and removed by several patches."
        )


def demand_few_steps(steps: int) -> None:
    if steps > MAX_STEPS:
        raise AsksTooMuch(
            detail="The patch compares more than one request may. Send its operations in several "
            'requests, and remove members by members[value eq "…"].'
        )


def values_of(body: Any) -> int:
    """JSON values in it, itself included."""
    count, waiting = 0, [body]
    while waiting:
        value = waiting.pop()
        count += 1
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return count


def steps_of(operation: dict[str, Any], entries: int) -> int:
    """At most so many, where no attribute that it is about has more than so many entries."""
    value = operation.get("value")
    values = values_of(value)
    texts = (str(operation.get("path") or ""), *_names_in(value))
    terms = sum(len(JOINED.findall(text)) + 1 for text in texts if "[" in text)
    if str(operation.get("op")).lower() == "remove" and value is not None:
        terms += values  # each is compared with
    return STEPS_A_VALUE * (1 + values) + terms * entries


def _names_in(value: Any) -> Iterator[str]:
    """A name may be a path with a filter, too."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from _names_in(each)
