"""How much a schema lists of what a value may be, all of which is in an error about another one."""

from typing import Any, Final

import orjson

LISTING: Final = ("/enum", "/const")
"""How the place of a keyword ends whose errors repeat what it lists."""
_BYTES_AN_ERROR = 64
"""Of JSON that is copied in the time of one error."""


def cost_of_listing(schema: Any) -> int:
    """Of the longest list of a schema, in errors that list nothing; at least 1. A property that is
    called `const` may count as one.
    """
    longest, waiting = 0, [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            listed = [node["const"]] if "const" in node else []
            listed += node["enum"] if isinstance(node.get("enum"), list) else []
            longest = max(longest, len(orjson.dumps(listed)))
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
    return 1 + longest // _BYTES_AN_ERROR
