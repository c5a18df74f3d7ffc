"""Names of tools: unique in a GPT, and as stable as they can be: conversations refer to them."""

import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

MAX_TOOL_NAME = 64
MAX_SUFFIX = 24
_UNSAFE = re.compile(r"[^A-Za-z0-9]+")


def tool_names(
    operations: Iterable[str], action_name: str, before: Mapping[str, str], taken: AbstractSet[str]
) -> dict[str, str]:
    """The name of each operation's tool: `[A-Za-z0-9_-]{1,64}`.

    It is the one that it had `before`, else the operation's own, else that with the action's name
    behind it, else with a number. `taken` are those of the GPT's other actions.
    """
    chosen: dict[str, str] = {}
    used = {*taken, *before.values()}
    for operation in operations:
        name = before.get(operation)
        if name is None or name in taken:
            name = next(each for each in _candidates(operation, action_name) if each not in used)
        chosen[operation] = name
        used.add(name)
    return chosen


def _candidates(operation: str, action_name: str) -> Iterable[str]:
    yield operation
    suffix = _UNSAFE.sub("_", action_name).strip("_").lower()[:MAX_SUFFIX].strip("_")
    if suffix:
        yield _with(operation, suffix)
    number = 2
    while True:
        yield _with(operation, str(number))
        number += 1


def _with(operation: str, suffix: str) -> str:
    return f"{operation[: MAX_TOOL_NAME - len(suffix) - 1]}_{suffix}"
