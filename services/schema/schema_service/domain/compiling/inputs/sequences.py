"""A body of JSON texts one after the other, as a list (OAS 3.2, 4.14.5)."""

from typing import Any

from schema_service.domain.compiling.inputs.bodies import Payload
from schema_service.domain.compiling.json_schema.compiled import Compiled
from schema_service.domain.compiling.json_schema.schemas import Schemas


def compiled_body(payload: Payload, schemas: Schemas) -> Compiled:
    """Its schema; of a sequence whose items have one, a list of them, for which `schema` holds
    besides.
    """
    whole = schemas.compile(payload.schema, payload.path)
    if payload.items is None:
        return whole
    item = schemas.compile(payload.items, (*payload.path[:-1], "itemSchema"))
    made: dict[str, Any] = {"type": "array", "items": item.schema}
    if isinstance(whole.schema, dict) and whole.schema:
        made = {**made, "allOf": [whole.schema]}
    sequence = Compiled(made, warned=whole.warned or item.warned)
    sequence.take(whole)
    sequence.take(item)
    return sequence
