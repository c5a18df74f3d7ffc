"""What a model sees of an operation, in the forms that models' APIs take."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic_core import to_json

from contracts.operation import SAFE_METHODS, Operation
from contracts.tool_forms.schema_shown import shown
from contracts.tool_forms.strict import strict_schema
from contracts.tool_forms.text import MAX_DESCRIPTION, cut, joined

_BYTES_PER_TOKEN = 4
_REMOVES = "A member that is null is removed; one that is left out stays as it is."
_REPEATABLE = SAFE_METHODS | {"PUT", "DELETE"}
"""RFC 9110, 9.2.1 and 9.2.2."""

Json = dict[str, Any]


class Flavour(StrEnum):
    OPENAI = "openai"
    """Chat Completions; the Responses API takes the inner object with `type` beside it."""
    ANTHROPIC = "anthropic"
    MCP = "mcp"


@dataclass(frozen=True, slots=True)
class ToolForm:
    """`tokens` is an estimate; `strict` says that the model's API enforces the schema."""

    name: str
    definition: Json
    tokens: int
    strict: bool = False


def tool_for(
    name: str,
    operation: Operation,
    flavour: Flavour,
    *,
    strict: bool = False,
    hidden: Collection[str] = (),
) -> ToolForm:
    """`name` is what callers call it: unique where the tool is offered, so not always the
    operation's own. Arguments in `hidden` are not asked for, and neither are constants.

    With `strict`, OpenAI's structured form where the schema can be said in it. A model then gives
    null for what it leaves out; a merge patch, where null removes, has no such form.
    """
    schema = shown(operation.arguments, {*operation.constants, *hidden})
    may_be_strict = strict and flavour is Flavour.OPENAI and not _is_patch(operation)
    stricter = strict_schema(schema) if may_be_strict else None
    about = _about(operation)
    definition = _FORMS[flavour](name, operation, about, stricter or schema)
    if stricter:
        definition["function"]["strict"] = True
    return ToolForm(name, definition, tokens_of(definition), strict=stricter is not None)


def _about(operation: Operation) -> str:
    """An operationId that the name cannot say comes first: people ask for it."""
    described = joined(operation.summary, operation.description)
    known = operation.operation_id.isascii() or operation.operation_id in described
    about = described if known else joined(operation.operation_id, described)
    if not _is_patch(operation):
        return cut(about, MAX_DESCRIPTION)
    return joined(cut(about, MAX_DESCRIPTION - len(_REMOVES) - 2), _REMOVES)


def _is_patch(operation: Operation) -> bool:
    return operation.body is not None and operation.body.is_merge_patch


def tokens_of(definition: Json) -> int:
    """About one token for four bytes of JSON, which is what tokenizers make of English."""
    return -(-len(to_json(definition)) // _BYTES_PER_TOKEN)


def _openai(name: str, _: Operation, about: str, schema: Json) -> Json:
    function = {"name": name, "description": about, "parameters": schema}
    return {"type": "function", "function": function}


def _anthropic(name: str, _: Operation, about: str, schema: Json) -> Json:
    return {"name": name, "description": about, "input_schema": schema}


def _mcp(name: str, operation: Operation, about: str, schema: Json) -> Json:
    """MCP 2025-11-25, server/tools."""
    safe = operation.method in SAFE_METHODS and not operation.consequential
    return {
        "name": name,
        "title": cut(operation.summary, MAX_DESCRIPTION)
        or cut(operation.operation_id, MAX_DESCRIPTION),
        "description": about,
        "inputSchema": schema,
        "annotations": {
            "readOnlyHint": safe,
            "destructiveHint": not safe and operation.method != "POST",
            "idempotentHint": operation.method in _REPEATABLE,
            "openWorldHint": True,
        },
    }


_FORMS: Mapping[Flavour, Callable[[str, Operation, str, Json], Json]] = {
    Flavour.OPENAI: _openai,
    Flavour.ANTHROPIC: _anthropic,
    Flavour.MCP: _mcp,
}
