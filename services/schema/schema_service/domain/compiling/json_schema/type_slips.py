"""Types that are another language's, and patterns as JavaScript writes them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schema_service.domain import pointers
from schema_service.domain.compiling import rules, schema_rules
from schema_service.domain.compiling.references import Path
from schema_service.domain.finding import Edit, Finding

_SLASHED = re.compile(r"/(\^.*|.*(?<!\\)\$)/([dgimsuvy]*)", re.DOTALL)
"""Between slashes stands what begins or ends a text: as it is written, nothing could fit."""
_IDLE_FLAGS = frozenset("dguvy")
"""They change nothing about whether a text fits."""


def other_type(
    value: Any, types: Sequence[str], said: str | None, node: Mapping[str, Any], path: Path
) -> Finding:
    """`types` are those that were meant by `value`, and `said` the format that it names."""
    used = ", ".join(types) or "any type"
    if said == "binary":  # Swagger 2.0's `file`; from 3.0 on a file has a format (OAS 3.0.4, 4.7)
        finding = rules.TYPE_FILE.at(path, found=value)
    else:
        whole = used if said is None else f"{used} of format {said}"
        finding = rules.TYPE_UNKNOWN.at(path, found=value, used=whole)
    if not types:
        return finding
    edits = [Edit("replace", finding.pointer, [*types] if len(types) > 1 else types[0])]
    if said is None:
        return finding.repaired_by(f"Write {used}", *edits)
    if "format" not in node:
        edits.append(Edit("add", pointers.join((*path[:-1], "format")), said))
    return finding.repaired_by(f"Write type: {used} and format: {said}", *edits)


@dataclass(frozen=True, slots=True)
class Slashed:
    """`pattern` is None where texts cannot be checked against what is meant."""

    finding: Finding
    pattern: str | None


def in_slashes(pattern: Any, path: Path) -> Slashed | None:
    """`/^a$/`, which JSON Schema (2020-12, 6.3.3) reads with its slashes; None: nothing like it."""
    found = _SLASHED.fullmatch(pattern) if isinstance(pattern, str) else None
    if found is None:
        return None
    inner, flags = found[1].replace("\\/", "/"), found[2]
    if set(flags) <= _IDLE_FLAGS:
        finding = schema_rules.PATTERN_IN_SLASHES.at(path, read="it was read without them")
        edit = Edit("replace", finding.pointer, inner)
        return Slashed(finding.repaired_by(f"Write {inner}", edit), inner)
    read = f"values are not checked against it, as JSON Schema has no flags such as {flags}"
    return Slashed(schema_rules.PATTERN_IN_SLASHES.at(path, read=read), None)
