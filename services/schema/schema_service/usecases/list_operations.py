from dataclasses import dataclass
from typing import Any

from kit.pages import CursorInvalid
from schema_service.domain.stored_schema import StoredSchema


@dataclass(frozen=True, slots=True)
class ListOperations:
    """A document's operations in its order, after the one of that name: up to `limit + 1`."""

    async def __call__(
        self, schema: StoredSchema, limit: int, after: str | None
    ) -> list[dict[str, Any]]:
        operations: list[dict[str, Any]] = schema.operations.items()
        if after is None:
            return operations[: limit + 1]
        for position, operation in enumerate(operations, start=1):
            if operation["name"] == after:
                return operations[position : position + limit + 1]
        raise CursorInvalid(
            "This schema has no operation where this cursor begins.",
            hint="Use `next_cursor` of the previous page of this schema.",
        )
