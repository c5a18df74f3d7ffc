"""Where a document refers to something: `$ref` (OAS 3.1, 4.8.23) and discriminators' mappings."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_ANY_VALUE = frozenset({"example", "examples", "default", "enum", "const", "value"})
"""Below these, `$ref` is an ordinary member."""
_NAMED = frozenset(
    {
        *("properties", "patternProperties", "$defs", "definitions", "dependentSchemas"),
        *("schemas", "responses", "parameters", "headers", "requestBodies", "callbacks", "links"),
        *("pathItems", "paths", "webhooks", "x-bundled"),
    }
)
"""Below these, keys are names that people chose: a response may be called `default`."""
_ENDINGS = (".json", ".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Mention:
    """`path` leads to the text of the reference itself."""

    path: tuple[str, ...]
    text: str


def mentions(tree: Any) -> Iterator[Mention]:
    """In the order of the document."""
    stack: list[tuple[Any, tuple[str, ...]]] = [(tree, ())]
    while stack:
        node, path = stack.pop()
        if isinstance(node, dict):
            yield from _of(node, path)
            members = [(value, (*path, key)) for key, value in node.items()]
            stack += reversed([each for each in members if not is_any_value(each[1])])
        elif isinstance(node, list):
            stack += reversed([(item, (*path, str(i))) for i, item in enumerate(node)])


def _of(node: dict[str, Any], path: tuple[str, ...]) -> Iterator[Mention]:
    if isinstance(node.get("$ref"), str):
        yield Mention((*path, "$ref"), node["$ref"])
    if path[-2:] == ("discriminator", "mapping"):
        for key, value in node.items():
            if isinstance(value, str) and is_address(value):
                yield Mention((*path, key), value)


def is_any_value(path: tuple[str, ...]) -> bool:
    return path[-1] in _ANY_VALUE and not (len(path) > 1 and path[-2] in _NAMED)


def is_address(mapped: str) -> bool:
    """A mapping's value may also be the plain name of a schema (OAS 3.1, 4.8.25)."""
    return "#" in mapped or "/" in mapped or mapped.endswith(_ENDINGS)
