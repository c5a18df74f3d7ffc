"""One walk over the whole tree: how deep it is, how many keys it has, which references it makes."""

from dataclasses import dataclass
from typing import Any

from schema_service.domain.reading.limits import MAX_DEPTH


@dataclass(frozen=True, slots=True)
class Survey:
    depth: int
    keys: int
    references: frozenset[str]
    """Every text under a key `$ref`, wherever it stands: also in examples."""
    has_ids: bool = False
    """Whether anything has an `$id`, or the whole a `$self`: bases of references."""


def survey(root: Any) -> Survey:
    """Level by level, at most one level more than is allowed."""
    depth, keys = 0, 0
    references: set[str] = set()
    has_ids = "$self" in root if type(root) is dict else False
    level = [root] if type(root) is dict or type(root) is list else []
    while level and depth <= MAX_DEPTH:
        depth += 1
        below: list[Any] = []
        for node in level:
            if type(node) is dict:
                keys += len(node)
                if "$ref" in node and type(node["$ref"]) is str:
                    references.add(node["$ref"])
                has_ids = has_ids or "$id" in node
                children: Any = node.values()
            else:
                children = node
            below += [child for child in children if type(child) is dict or type(child) is list]
        level = below
    return Survey(depth, keys, frozenset(references), has_ids)
