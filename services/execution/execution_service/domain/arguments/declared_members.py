"""The members that a schema names, whatever it is combined of."""

from collections.abc import Mapping
from typing import Any

from execution_service.domain.arguments.applied_schemas import applied_schemas

MAX_PARTS = 1_000
"""Of one schema; members of what it is combined of beyond count as not named."""


def declared_members(schema: Any, root: Mapping[str, Any]) -> Mapping[str, Any]:
    """Their schemas by name; `root` is the schema whose `$defs` it refers to."""
    found: dict[str, Any] = {}
    for part in applied_schemas(schema, root.get("$defs", {}), most=MAX_PARTS):
        for name, member in (part.get("properties") or {}).items():
            found.setdefault(name, member)
    return found
