"""What Pydantic finds wrong with a request, in sentences that name the member and what it takes."""

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
    "string_type": "a text",
}
WITHOUT_CONTROL_CHARACTERS = frozenset({r"^\P{Cc}*$", r"^[^\x00-\x1f\x7f]*$"})
PYDANTIC = "Input should "


def sentence_of(fault: Fault, known: Collection[str] = ()) -> str:
    """`known` are the members that an object has of which another is not known."""
    kind, where = fault["type"], _where(fault["loc"])
    if kind == "extra_forbidden":
        return no_such("member", str(fault["loc"][-1]), known)
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
    return "is not of the form that this member has"


def _must_be(where: str, fault: Fault) -> str:
    if wanted := MUST_BE.get(fault["type"]):
        return f"{where} must be {wanted}."
    said: str = fault["msg"]
    if said.startswith(PYDANTIC):
        return _ended(f"{where} must {said.removeprefix(PYDANTIC)}")
    return _ended(f"{where}: {said}")


def _where(place: tuple[str | int, ...]) -> str:
    """`limit`, `listed.0.level`; the body where it is about all of it."""
    head, *parts = place
    if not parts:
        return f"The {head}"
    return f"`{'.'.join(str(part)[:MAX_SHOWN] for part in parts)}`"


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."
