"""A document compiled again: what it blocks now goes on as releases have it (decision 39)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from contracts.operation import Operation
from egress.errors import EgressError
from egress.server_url import ServerUrl
from schema_service.domain.blockers import UNSAFE
from schema_service.domain.blocking import Blocking
from schema_service.domain.compiling.operations import digest_of
from schema_service.domain.examination import Verdict
from schema_service.domain.examined import Examined, OperationSummary, examine_text, kept_of
from schema_service.domain.json_list import JsonList
from schema_service.domain.packing import Pack, packs

_Forms = Mapping[str, tuple[Mapping[str, Any], bytes]]
"""By name, also as they are written."""
GONE = Blocking(
    "schema.operation_gone",
    "The document is now read as having no such operation",
    "Correct the document at this operation, bind it to the action again, and publish the GPT.",
)


def compiled_again(
    raw: bytes, source_url: str | None, before: Sequence[OperationSummary], forms: Sequence[bytes]
) -> Examined:
    """`forms` are the JSON texts of the operations that could be called before.

    Names, origins and arguments stay. An operation that is blocked now keeps its form for whoever
    calls it already, or its server where only that blocks it, unless what blocks it is unsafe.
    One that is no longer found stays, blocked, with its form.
    """
    old = {form["name"]: (form, text) for text in forms for form in [orjson.loads(text)]}
    known = kept_of([_called_where_it_was(each, old) for each in before], forms)
    examined = examine_text(raw, source_url=source_url, compiled=True, known=known)
    if not examined.readable:
        return examined
    now = [OperationSummary.of(each) for each in examined.operations.items()]
    blocked = {each.name: each for each in now if each.verdict is Verdict.BLOCKED}
    gone = [*_gone(before, {each.name for each in now}, old)]
    kept = {each.name: old[each.name][1] for each in gone}
    new = _texts(examined.compiled, [name for name in blocked if name in old])
    for name in [name for name in blocked if name in old and not _is_unsafe(blocked[name])]:
        form, text = old[name]
        kept[name] = _with_server(new[name], form["server"]) if name in new else text
    if not kept:
        return examined
    operations = JsonList.of([*now, *gone]) if gone else examined.operations
    compiled = tuple(packs(_texts(examined.compiled) | kept))
    return replace(examined, operations=operations, compiled=compiled)


def _called_where_it_was(operation: OperationSummary, old: _Forms) -> OperationSummary:
    """With the origin of the form that was kept while it was blocked."""
    form, _ = old.get(operation.name, ({}, b""))
    if operation.origin is not None or not form.get("server"):
        return operation
    try:
        return replace(operation, origin=ServerUrl.parse(form["server"]).origin)
    except EgressError:
        return operation


def _gone(
    before: Iterable[OperationSummary], found: set[str], old: _Forms
) -> Iterable[OperationSummary]:
    for each in before:
        if each.name not in found and each.name in old:
            yield replace(
                each, verdict=Verdict.BLOCKED, origin=None, lacks_server=False, blocked_by=GONE
            )


def _is_unsafe(operation: OperationSummary) -> bool:
    return operation.blocked_by is not None and operation.blocked_by.code in UNSAFE


def _with_server(text: bytes, server: str) -> bytes:
    """A form that has none, with the one at which it was called."""
    operation = Operation.model_validate({**orjson.loads(text), "server": server})
    return operation.model_copy(update={"digest": digest_of(operation)}).model_dump_json().encode()


def _texts(compiled: Iterable[Pack], names: Iterable[str] | None = None) -> dict[str, bytes]:
    """By name; all where none are named."""
    found: dict[str, bytes] = {}
    for pack in compiled:
        found |= pack.unpacked(frozenset(pack.names if names is None else names))
    return found
