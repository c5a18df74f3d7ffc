"""Spaces of another kind that YAML takes for a part of what stands beside them."""

import re
from typing import Any

from schema_service.domain.reading.look_alikes import HIDDEN

_ODD = re.compile(rf"[^\S \t\r\n]|[{HIDDEN}]")


def takes_odd_spaces(document: Any) -> bool:
    """Whether a name holds one, or a text begins with one: in JSON they stood outside the quotes.

    Amid texts they are meant.
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
