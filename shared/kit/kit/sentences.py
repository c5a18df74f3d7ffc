"""What Pydantic finds wrong with a request, in sentences that name the member and what it takes."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from kit.errors import MAX_SHOWN
from kit.nearest import no_such

Fault = Mapping[str, Any]
MUST_BE = {
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "dict_type": "a JSON object",
    "float_parsing": "a number",
    "float_type": "a number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "list_type": "a list",
    "model_attributes_type": "a JSON object",
    "model_type": "a JSON object",
    "none_required": "null",
    "string_type": "a text",
}
WITHOUT_CONTROL_CHARACTERS = frozenset({r"^\P{Cc}*$", r"^[^\x00-\x1f\x7f]*$"})
TIMES = frozenset(
    {"datetime_parsing", "datetime_from_date_parsing", "datetime_type", "timezone_aware"}
)
TYPES_OF_UNIONS = frozenset({"bool", "dict", "float", "int", "none", "str"})
"""Pydantic's names of what a member may be, which it puts behind the member's own."""
_FORM_OF_UNION = re.compile(r"(dict|list|tuple|set|frozenset)\[[\w,\[\]-]*\]")
"""As those, of what has items: `dict[constrained-str,constrained-str]`."""
PYDANTIC = "Input should "


def sentence_of(fault: Fault, known: Collection[str] = ()) -> str:
    """`known` are the members that an object has of which another is not known."""
    kind, where = fault["type"], _where(fault["loc"])
    if kind == "extra_forbidden":
        return no_such("field", str(fault["loc"][-1]), known)
    if kind == "json_invalid":
        return f"The body is not JSON: {fault['ctx']['error']} (character {fault['loc'][-1]})."
    if kind == "value_error":  # ours; `msg` has Pydantic's words in front
        return _ended(f"{where}: {fault['ctx']['error']}")
    if kind == "string_pattern_mismatch":
        return f"{where} {_of_the_pattern(fault['ctx']['pattern'])}."
    return f"{where} is missing." if kind == "missing" else _must_be(where, fault)


def _of_the_pattern(pattern: str) -> str:
    if pattern in WITHOUT_CONTROL_CHARACTERS:
        return "must not have control characters"
    return "is not of the form that this field has"


def _must_be(where: str, fault: Fault) -> str:
    if wanted := MUST_BE.get(fault["type"]):
        return f"{where} must be {wanted}."
    if fault["type"] in TIMES:
        return f"{where} must be a time with its zone, such as 2026-11-26T12:00:00Z."
    if counted := _counted(fault):
        return f"{where} must have {counted}."
    said: str = fault["msg"]
    if said.startswith(PYDANTIC):
        return _ended(f"{where} must {said.removeprefix(PYDANTIC)}")
    return _ended(f"{where}: {said}")


def _counted(fault: Fault) -> str | None:
    """`at most 50 characters`; None where it is not about a length."""
    context = fault.get("ctx", {})
    for member, said in (("max_length", "at most"), ("min_length", "at least")):
        if member in context:
            number = context[member]
            unit = "character" if fault["type"].startswith("string_") else "item"
            return f"{said} {number} {unit}{'' if number == 1 else 's'}"
    return None


def _where(place: tuple[str | int, ...]) -> str:
    """`limit`, `listed.0.level`; the body where it is about all of it."""
    head, *parts = place
    if len(parts) > 1 and parts[-1] in TYPES_OF_UNIONS:
        parts.pop()
    parts = [part for part in parts if not _FORM_OF_UNION.fullmatch(str(part))]
    if not parts:
        return f"The {head}"
    return f"`{'.'.join(str(part)[:MAX_SHOWN] for part in parts)}`"


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."
