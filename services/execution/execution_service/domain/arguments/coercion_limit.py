"""Whether arguments hold more values than one call looks at to take them for what they mean."""

from typing import Any

from execution_service.domain.arguments.branches import MAX_VALUES
from execution_service.domain.arguments.fault import Fault, fault


def too_many_to_convert(arguments: dict[str, Any]) -> Fault | None:
    """Values beyond the limit stay as they are: that one is of another type is then no slip of its
    own, as those before it were converted.
    """
    waiting: list[Any] = [arguments]
    seen = 0
    while waiting and seen <= MAX_VALUES:
        value = waiting.pop()
        seen += 1
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    if seen + len(waiting) <= MAX_VALUES:
        return None
    return fault(
        "too_many_to_convert",
        (),
        f"Only {MAX_VALUES:,} values of a call are converted to the types that the operation wants,"
        ' and these are more. Give every value in its own type, such as 1 in place of "1", or '
        "give fewer of them in one call.",
    )
