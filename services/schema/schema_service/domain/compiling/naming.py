"""What an operation is called: by its document, by models, and whether calling it matters."""

from dataclasses import dataclass, field

from schema_service.domain.compiling import rules
from schema_service.domain.compiling.context import Context
from schema_service.domain.compiling.json_schema.typed import as_declared
from schema_service.domain.compiling.kept import Known
from schema_service.domain.compiling.names import (
    MAX_NAME,
    function_name,
    generated_operation_id,
)
from schema_service.domain.compiling.places import Place
from schema_service.domain.finding import Edit, Finding

MAX_OPERATION_ID = 300
"""Characters; longer ones are a mistake, and every list of operations would repeat them."""
READING = frozenset({"GET", "HEAD", "QUERY"})


@dataclass(frozen=True, slots=True)
class Named:
    operation_id: str
    name: str
    found: list[Finding] = field(default_factory=list)


def named(place: Place, context: Context, kept: Known | None = None) -> Named:
    """The declared operationId, made unique, or a generated one; and the function's name.

    An operation that has both already keeps them.
    """
    declared = place.node.get("operationId")
    where = (*place.pointer, "operationId")
    if isinstance(declared, str) and declared.strip():
        operation_id, found = _unrepeated(declared.strip(), place, context, kept)
    elif isinstance(declared, int | float):
        text = str(as_declared(declared, ["string"], where, context.references.written))
        operation_id, found = _unrepeated(text, place, context, kept)
        finding = rules.OPERATION_ID_NOT_TEXT.at(where, found=text, name=operation_id)
        found.append(_renamed(finding, place, operation_id))
    else:
        operation_id, found = _generated(place, context, kept)
    name = kept.name if kept else function_name(operation_id, context.names)
    if not operation_id.isascii():
        found.append(rules.OPERATION_RENAMED.at(place.pointer, found=operation_id, name=name))
    elif MAX_NAME < len(operation_id) <= MAX_OPERATION_ID:
        found.append(rules.OPERATION_ID_LONG.at(place.pointer, found=operation_id, name=name))
    return Named(operation_id, name, found)


def _unrepeated(
    declared: str, place: Place, context: Context, kept: Known | None
) -> tuple[str, list[Finding]]:
    first = context.used_ids.setdefault(declared, place)
    if first is place:
        return (kept.operation_id if kept else declared), []
    new = kept.operation_id if kept else context.operation_ids.take(declared)
    where = (*place.pointer, "operationId")
    if first.pointer == place.pointer:
        return new, [rules.OPERATION_ID_SHARED.at(where, found=declared, name=new)]
    finding = rules.OPERATION_ID_REPEATED.at(where, found=declared, name=new)
    return new, [_renamed(finding, place, new)]


def _generated(place: Place, context: Context, kept: Known | None) -> tuple[str, list[Finding]]:
    if kept:
        new = kept.operation_id
    else:
        new = generated_operation_id(place.method, place.path_as_written, context.operation_ids)
    where = (*place.pointer, "operationId")
    finding = rules.OPERATION_ID_MISSING.at(
        where, path=place.path_as_written, method=place.key, name=new
    )
    return new, [_renamed(finding, place, new)]


def _renamed(finding: Finding, place: Place, operation_id: str) -> Finding:
    """What is shared cannot have a name for each path that shares it."""
    if place.shared:
        return finding
    known = "operationId" in place.node
    edit = Edit("replace" if known else "add", finding.pointer, operation_id)
    return finding.repaired_by(f"Name it {operation_id}", edit)


def consequential(place: Place, found: list[Finding]) -> bool:
    """Absent: only a call that reads is not. Whatever is no boolean: it is, for a text may not
    turn consent off (facts of the original, section 4.5).
    """
    flag = place.node.get("x-openai-isConsequential")
    if isinstance(flag, bool):
        return flag
    if flag is None:
        asks = place.method not in READING
        if asks and "x-openai-isConsequential" in place.node:
            where = (*place.pointer, "x-openai-isConsequential")
            found.append(rules.CONSEQUENTIAL_NOT_BOOLEAN.at(where))
        return asks
    pointer = (*place.pointer, "x-openai-isConsequential")
    finding = rules.CONSEQUENTIAL_NOT_BOOLEAN.at(pointer)
    meant = _FLAGS.get(str(flag).strip().lower())
    if meant is not None:
        edit = Edit("replace", finding.pointer, meant)
        finding = finding.repaired_by(f"Write {'true' if meant else 'false'}", edit)
    found.append(finding)
    return True


_FLAGS = {"true": True, "yes": True, "on": True, "1": True, "false": False}
"""What a repair writes: `no` and the like may have been meant as either, and only false itself
takes consent away.
"""
