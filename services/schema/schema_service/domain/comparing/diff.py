"""What changed between two versions, for those who call the operations of the older one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from contracts.operation import Operation
from schema_service.domain.comparing.change import Change, Impact
from schema_service.domain.comparing.schemas_compared import SchemaComparison

_MESSAGES = {
    Impact.BREAKING: "no longer accepts everything it accepted",
    Impact.ADDITIVE: "accepts more than before",
    Impact.WORDING: "is described differently",
}


def differences(old: Sequence[Operation], new: Sequence[Operation]) -> list[Change]:
    """In the order of the new version, what was removed at the end."""
    pairs = _paired(old, new)
    changes = [*_servers(pairs), *(c for each in pairs for c in _between(*each))]
    kept = {id(before) for before, _ in pairs if before is not None}
    removed = (operation for operation in old if id(operation) not in kept)
    return [*changes, *(_change(Impact.BREAKING, each, "", "was removed") for each in removed)]


def _paired(
    old: Sequence[Operation], new: Sequence[Operation]
) -> list[tuple[Operation | None, Operation]]:
    """By operationId, or else by method and path."""
    by_id = {operation.operation_id: operation for operation in old}
    ids = {operation.operation_id for operation in new}
    free = {(o.method, o.path): o for o in old if o.operation_id not in ids}
    return [(by_id.get(o.operation_id) or free.pop((o.method, o.path), None), o) for o in new]


def _servers(pairs: Iterable[tuple[Operation | None, Operation]]) -> Iterator[Change]:
    moves = {(before.server, after.server) for before, after in pairs if before}
    for before, after in sorted(moves):
        if before != after:
            yield Change(Impact.BREAKING, "", "server", f"{before} became {after}")


def _between(old: Operation | None, new: Operation) -> Iterator[Change]:
    if old is None:
        yield _change(Impact.ADDITIVE, new, "", "is new")
        return
    if old.digest == new.digest:
        return
    if old.operation_id != new.operation_id:
        yield _change(Impact.BREAKING, new, "", f"was called {old.operation_id}")
    yield from _call(old, new)
    yield from _arguments(old, new)
    for where in ("summary", "description"):
        if getattr(old, where) != getattr(new, where):
            yield _change(Impact.WORDING, new, where, _MESSAGES[Impact.WORDING])


def _call(old: Operation, new: Operation) -> Iterator[Change]:
    """Where it goes, with which credentials, and whether the user is asked."""
    if (old.method, old.path) != (new.method, new.path):
        message = f"{old.method} {old.path} became {new.method} {new.path}"
        yield _change(Impact.BREAKING, new, "path", message)
    if (old.security, old.anonymous) != (new.security, new.anonymous):
        yield _change(Impact.BREAKING, new, "security", "needs other credentials")
    if old.consequential != new.consequential:
        impact = Impact.BREAKING if new.consequential else Impact.ADDITIVE
        message = "is now consequential" if new.consequential else "is no longer consequential"
        yield _change(impact, new, "x-openai-isConsequential", message)
    if (old.body and old.body.media_type) != (new.body and new.body.media_type):
        yield _change(Impact.BREAKING, new, "requestBody", "has a body of another media type")


def _arguments(old: Operation, new: Operation) -> Iterator[Change]:
    comparison = SchemaComparison(old.arguments.get("$defs", {}), new.arguments.get("$defs", {}))
    before, after = old.arguments["properties"], new.arguments["properties"]
    for name in dict.fromkeys([*after, *before]):
        if name not in after:
            yield _change(Impact.BREAKING, new, name, "was removed")
        elif name not in before:
            required = name in new.arguments.get("required", ())
            message = "is new and required" if required else "is new"
            yield _change(Impact.BREAKING if required else Impact.ADDITIVE, new, name, message)
        else:
            yield from _argument(old, new, name, comparison)
    if (old.arguments["additionalProperties"] is not False) != (
        new.arguments["additionalProperties"] is not False
    ):
        more = new.arguments["additionalProperties"] is not False
        impact = Impact.ADDITIVE if more else Impact.BREAKING
        message = "other arguments are " + ("now allowed" if more else "no longer allowed")
        yield _change(impact, new, "additionalProperties", message)


def _argument(
    old: Operation, new: Operation, name: str, comparison: SchemaComparison
) -> Iterator[Change]:
    impact = comparison.impact(old.arguments["properties"][name], new.arguments["properties"][name])
    if impact:
        yield _change(impact, new, name, _MESSAGES[impact])
    was, now = (name in each.arguments.get("required", ()) for each in (old, new))
    if was != now:
        message = "is now required" if now else "is no longer required"
        yield _change(Impact.BREAKING if now else Impact.ADDITIVE, new, name, message)
    if _way(old, name) != _way(new, name):
        yield _change(Impact.BREAKING, new, name, "is sent in another way")


def _way(operation: Operation, argument: str) -> Mapping[str, Any] | None:
    for parameter in operation.parameters:
        if parameter.argument == argument:
            return parameter.model_dump(exclude={"required"})
    return None


def _change(impact: Impact, operation: Operation, where: str, message: str) -> Change:
    return Change(impact, operation.operation_id, where, message)
