"""Spaces of another kind that YAML takes for a part of what stands beside them."""

import re
from typing import Any

from schema_service.domain.reading.look_alikes import HIDDEN

_ODD = re.compile(rf"[^\S \t\r\n]|[{HIDDEN}]")
_QUOTED = re.compile(
    rf"(?<![^\s\[{{,:{HIDDEN}])"
    r"(?:\"[^\"\\]*+(?:\\.[^\"\\]*+)*+\"|'[^']*+(?:''[^']*+)*+')",
    re.DOTALL,
)


def without_quoted(text: str) -> str:
    """The text with an `x` for each odd space inside single or double quotes, where it is meant."""
    return _QUOTED.sub(lambda quoted: _ODD.sub("x", quoted[0]), text)


def takes_odd_spaces(document: Any) -> bool:
    """Whether a name holds one, or a text begins with one: in JSON they stood outside the quotes.

    Amid texts they are meant. `document` is that of a text `without_quoted`.
    """
    stack, seen = [document], set()
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            if _ODD.match(node):
                return True
        elif isinstance(node, dict | list) and id(node) not in seen:
            seen.add(id(node))  # an alias stands in several places
            if isinstance(node, dict):
                if any(_ODD.search(name) for name in node):
                    return True
                stack.extend(node.values())
            else:
                stack.extend(node)
    return False
