"""The frozen form of each contract, and whether a change to it is one that nobody notices."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from contracts.fact import FACTS, Fact
from contracts.operation import Operation
from contracts.request import REQUESTS, Request

Frozen = dict[str, Any]
OPERATION = "operation.compiled"
"""Not a message by itself: it is stored, and travels as a text in `schema.read_operations`."""
SAID_ELSEWHERE = ("title", "description")


def frozen() -> dict[str, Frozen]:
    """Every contract by its subject, as its golden file holds it."""
    facts = {subject: frozen_fact(fact) for subject, fact in FACTS.items()}
    requests = {subject: frozen_request(request) for subject, request in REQUESTS.items()}
    return {**facts, **requests, OPERATION: {"schemas": {"operation": schema_of(Operation)}}}


def frozen_fact(fact: type[Fact]) -> Frozen:
    return {"fact": fact.name, "publisher": fact.publisher, "schemas": {"data": schema_of(fact)}}


def frozen_request(request: type[Request[Any]]) -> Frozen:
    schemas = {"request": schema_of(request), "reply": schema_of(request.reply)}
    return {"request": request.name, "owner": request.owner, "schemas": schemas}


def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """What travels as data: without words, and without the attributes that travel as headers."""
    schema = model.model_json_schema()
    for name, field in model.model_fields.items():
        if field.exclude:
            schema["properties"].pop(name)
    bare = _without_words(schema)
    assert isinstance(bare, dict)
    return bare


def _without_words(node: Any, *, names: bool = False) -> Any:
    """`names` where the keys of `node` are names of members, which may be called `title`."""
    if isinstance(node, list):
        return [_without_words(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _without_words(value, names=key in ("properties", "$defs") and not names)
        for key, value in node.items()
        if names or key not in SAID_ELSEWHERE
    }


def breaks(old: Frozen, new: Frozen) -> list[str]:
    """Why `new` may not take the place of `old`; nothing where only optional fields were added."""
    facts = [f"{key} was {old[key]!r}" for key in old if key != "schemas" and new[key] != old[key]]
    parts = (_broken(old["schemas"][part], new["schemas"][part], part) for part in old["schemas"])
    return [*facts, *(fault for part in parts for fault in part)]


def _broken(old: Any, new: Any, place: str) -> Iterator[str]:
    if not isinstance(old, dict) or not isinstance(new, dict):
        if old != new:
            yield f"{place} was {old!r} and is {new!r}"
        return
    for key in sorted({*old, *new} - {"properties", "$defs"}):
        if old.get(key) != new.get(key):
            yield from _broken(old.get(key), new.get(key), f"{place}/{key}")
    yield from _broken_members(old, new, place)


def _broken_members(old: Mapping[str, Any], new: Mapping[str, Any], place: str) -> Iterator[str]:
    """Members that are new may come; what was there stays. `required` is compared above."""
    for group in ("properties", "$defs"):
        for name, was in old.get(group, {}).items():
            if name in new.get(group, {}):
                yield from _broken(was, new[group][name], f"{place}/{group}/{name}")
            else:
                yield f"{place}/{group}/{name} is gone"
