"""Where else a line may stand: in an entry of a map with names of the document's own, such as
`headers`, or beside that map.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, takewhile

from schema_service.domain.reading import openapi_names
from schema_service.domain.reading.yaml_levels import (
    APART,
    OF_SWAGGER,
    Level,
    is_of_swagger,
    levels,
)
from schema_service.domain.reading.yaml_line import (
    Proposal,
    is_blank,
    line_of,
    where_to_begin,
    width,
)

MAX_LINES = 2_000
"""How far an object is gone through for its members, upwards and downwards."""
MAX_MOVED = 50
"""Moved lines of one proposal that are looked at."""

_TEXTS = frozenset(
    {"description", "summary", "title", "type", "format", "name", "in", "pattern", "operationId"}
    | {"url", "contentType", "propertyName", "scheme", "$ref", "bearerFormat"}
)
"""Members whose value is never an object."""
_BESIDE_REF = frozenset(
    {
        "description",
        "summary",
        "title",
        "default",
        "deprecated",
        "readOnly",
        "writeOnly",
        "nullable",
    }
)
"""What documents write beside a reference."""
_OF_TYPES: Mapping[str, frozenset[str]] = {
    "object": frozenset(
        {"properties", "required", "additionalProperties", "patternProperties", "discriminator"}
        | {"minProperties", "maxProperties", "propertyNames", "unevaluatedProperties"}
    ),
    "array": frozenset({"items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"}),
    "string": frozenset({"minLength", "maxLength", "pattern", "format"}),
    "number": frozenset(
        {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "format"}
    ),
}
"""What schemas of one type alone have (JSON Schema 2020-12, Validation, 6)."""
_OF_ONE_TYPE = frozenset().union(*_OF_TYPES.values())


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is moved, and what is open where it stands, the innermost first."""

    lines: Sequence[str]
    index: int
    levels: list[Level]

    @property
    def text(self) -> str:
        return self.lines[self.index]

    @property
    def key(self) -> str:
        return (line_of(self.text).key or "").strip("\"'")


def fitting(
    lines: list[str], index: int, ranked: list[int], open_ones: Mapping[int, Level]
) -> list[int]:
    """Without those columns whose objects have such a member already, or cannot have it beside
    what they have, where others may.
    """
    here = _Line(lines, index, [*open_ones.values()])
    nearest = open_ones.get(ranked[0])
    if here.key not in openapi_names.ALL or nearest is None:
        return ranked
    if not (nearest.takes(here.key) or nearest.names) or _fits(here, nearest):
        return ranked
    others = [each for each in here.levels if _fits(here, each)]
    if nearest.names:
        beside = _beyond_map(here.levels[here.levels.index(nearest) :])
        others = [each for each in beside if each in others]
    return [c for c in ranked if any(each.column == c for each in others)] or ranked


def unless_doubtful(before: list[str], after: list[str], proposal: Proposal) -> Proposal:
    """The proposal; without a repair, with both places, where a line that it moves may belong to
    an entry of a map as well as to what that map is in.
    """
    if not proposal.is_sure:
        return proposal
    moved = [i for i in sorted(proposal.lines) if width(before[i]) != width(after[i])]
    keyed = (i for i in moved if line_of(after[i]).key is not None)
    for index in islice(keyed, MAX_MOVED):
        other = _other_column(before, after, index)
        if other is not None:
            return _open(proposal, after, index, other)
    return proposal


def _open(proposal: Proposal, after: list[str], index: int, other: int) -> Proposal:
    key, here = line_of(after[index]).key, width(after[index])
    deeper, outer = max(here, other), min(here, other)
    entry = _holder(after, index, deeper)
    named = _holder(after, entry, _inside(after[entry]))
    hint = (
        f"{where_to_begin(deeper)} if {key} belongs to {line_of(after[entry]).key}. "
        f"{where_to_begin(outer)} if it stands beside {line_of(after[named]).key}. "
        "Both are possible, so that no repair writes it."
    )
    return replace(proposal, hint=hint, is_sure=False)


def _holder(lines: list[str], index: int, column: int) -> int:
    """The nearest line above whose key is further left than the column."""
    above = range(index - 1, max(-1, index - MAX_LINES), -1)
    found = (i for i in above if not is_blank(lines[i]) and _inside(lines[i]) < column)
    return next(found, index)


def _other_column(before: list[str], after: list[str], index: int) -> int | None:
    """Of the nearest other object that it may be a member of, beyond one map."""
    column = _inside(after[index])
    deepest = max(map(width, after[max(0, index - MAX_LINES) : index]), default=0)
    probe = " " * (max(deepest, column) + 2) + "x: y\n"
    here = _Line(after, index, levels([*after[:index], probe], index))
    at = next((i for i, each in enumerate(here.levels) if each.column == column), None)
    if at is None:
        return None
    target = here.levels[at]
    if target.names and here.key not in openapi_names.ALL and target.may_hold(here.text):
        return None
    inner = _beyond_map(here.levels[at::-1])
    outer = _beyond_map(here.levels[at:])
    if _moves_with_its_parent(before, after, index):
        inner, outer = [], outer if target.names else []
    found = [each.column for each in (*outer, *inner) if _fits(here, each)]
    from_ = _inside(before[index])
    return next((each for each in found if not _is_clear(from_, column, each)), None)


def _is_clear(from_: int, column: int, other: int) -> bool:
    """Whether a slip of one column tells which of the two is meant: not between the two, as far as
    an entry of the map goes.
    """
    is_near = abs(from_ - column) == 1
    return is_near and (column < other or from_ > column)


def _beyond_map(found: Sequence[Level]) -> list[Level]:
    """The object next to the first map that is met from the first of the levels on."""
    for at, each in enumerate(found[:-1]):
        if each.names:
            return [found[at + 1]]
    return []


def _moves_with_its_parent(before: list[str], after: list[str], index: int) -> bool:
    column = width(after[index])
    above = range(index - 1, -1, -1)
    holder = next((i for i in above if not is_blank(after[i]) and width(after[i]) < column), None)
    if holder is None:
        return False
    return width(after[holder]) - width(before[holder]) == column - width(before[index])


def _fits(here: _Line, level: Level) -> bool:
    key = here.key
    if not level.takes(key) or level.names or not _is_of_its_shape(here):
        return False
    if _is_of_2(level, key) and not is_of_swagger(here.lines):
        return False
    if not _closes_nothing(here, level.column):
        return False
    siblings = {*_siblings(here, level.column)}
    names = {name for name, _ in siblings}
    if key in names or ("$ref" in names and key not in _BESIDE_REF):
        return False
    if APART.get(key) in names:
        return False
    return _is_of_type(key, dict(siblings).get("type", ""))


def _is_of_2(level: Level, key: str) -> bool:
    """Whether only Swagger 2.0 has such a member there: in the document, or in an answer."""
    if not level.column:
        return key in OF_SWAGGER
    return key in ("schema", "examples") and level.takes("links") and level.takes("headers")


def _is_of_type(key: str, declared: str) -> bool:
    named = "number" if declared == "integer" else declared.strip("\"'")
    known = _OF_TYPES.get(named)
    return key not in _OF_ONE_TYPE or known is None or key in known


def _is_of_its_shape(here: _Line) -> bool:
    """A text has a value in its line."""
    return here.key not in _TEXTS or line_of(here.text).value[:1] not in ("", "{")


def _closes_nothing(here: _Line, column: int) -> bool:
    """Whether the line behind its block may stand there, if the line is in that column: it goes on
    with the object or with one around it, and what has no value has members.
    """
    block = width(here.text)
    after = (each for each in here.lines[here.index + 1 :] if not is_blank(each))
    first = next(after, "")
    has_block = width(first) > block
    if not line_of(here.text).value and not has_block:
        is_item = first.lstrip().startswith("- ")
        return width(first) > column or (is_item and width(first) == column)
    rest = first if not has_block else next((x for x in after if width(x) <= block), "")
    return width(rest) <= column


def _siblings(here: _Line, column: int) -> Iterator[tuple[str, str]]:
    """Key and value of the other lines of the object in that column."""
    above = reversed(here.lines[max(0, here.index - MAX_LINES) : here.index])
    below = here.lines[here.index + 1 : here.index + MAX_LINES]
    for lines, is_above in ((above, True), (below, False)):
        filled = (each for each in lines if not is_blank(each))
        for text in takewhile(lambda each: _inside(each) >= column, filled):
            begins_item = width(text) < column
            line = line_of(text)
            if _inside(text) == column and line.key is not None and (is_above or not begins_item):
                yield line.key.strip("\"'"), line.value
            if begins_item:
                break


def _inside(text: str) -> int:
    """The column of the key, behind dashes."""
    return len(text) - len(text.lstrip(" -"))
