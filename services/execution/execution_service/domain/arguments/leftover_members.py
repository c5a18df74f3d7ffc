"""Members that `unevaluatedProperties` refuses (JSON Schema 2020-12, Core, 11.3).

They are those that no part of the schema took: nobody declares them, or a part that does did not
admit the object, or what all others must be is not what their value is.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from contracts.error_place import name_of
from execution_service.domain.arguments.applied_schemas import applied_schemas
from execution_service.domain.arguments.fault import Fault, fault, place

CODE: Final = "unevaluated_properties"
MAX_PARTS = 200


def about_value(
    root: Any, keyword: Sequence[str | int], name: str, path: Sequence[str | int]
) -> Fault | None:
    """What is wrong with the value of the member `name` of the object at `path`; None where nobody
    declares it. `keyword` is the place of `unevaluatedProperties` within the schema `root`.
    """
    where = (*path, name)
    schema = _at(root, keyword[:-1])
    others = schema.get(keyword[-1]) if isinstance(schema, Mapping) else None
    if any(name in part.get("properties", ()) for part in _parts(schema, root)):
        text = f"{place(where)} does not fit, or does not go with the members beside it."
    elif isinstance(others, Mapping):
        members = f"members of {place(path)}" if path else "arguments"
        text = f"{place(where)} is not what other {members} must be{_of(others)}."
    else:
        return None
    return fault(CODE, where, text)


def _of(others: Mapping[str, Any]) -> str:
    kinds = others.get("type", ())
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return f": of type {' or '.join(kinds)}" if kinds else ""


def _parts(schema: Any, root: Any) -> Iterator[Mapping[str, Any]]:
    definitions = root.get("$defs", {})
    return applied_schemas(schema, definitions, most=MAX_PARTS, conditional=True)


def _at(schema: Any, path: Sequence[str | int]) -> Any:
    for step in path:
        if isinstance(schema, Mapping):
            schema = schema.get(name_of(step, schema))
        elif isinstance(schema, list) and isinstance(step, int) and step < len(schema):
            schema = schema[step]
        else:
            return None
    return schema


def without_doubles(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Without those about members whose value another one explains."""
    explained = [each.pointer for each in faults if not _is_leftover(each)]
    return tuple(
        each
        for each in faults
        if not _is_leftover(each)
        or not any(f"{other}/".startswith(f"{each.pointer}/") for other in explained)
    )


def _is_leftover(each: Fault) -> bool:
    return each.code == f"argument.{CODE}"
