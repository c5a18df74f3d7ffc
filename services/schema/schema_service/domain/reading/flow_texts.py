"""Texts without quotes in braces that YAML ends too early: `{description: At most 5, such as: 3}`.

In braces a comma ends a text, and brackets and colons mean something (YAML 1.2.2, 7.3.3).
"""

import re
from collections.abc import Iterator
from itertools import islice, takewhile
from typing import Any

from schema_service.domain import pointers
from schema_service.domain.finding import Edit, Finding
from schema_service.domain.position.splices import Splice, spliced
from schema_service.domain.reading import openapi_names, rules
from schema_service.domain.reading.reading import Reading
from schema_service.domain.reading.trails import Trail, path_of
from schema_service.domain.reading.yaml_line import Proposal, quoted, shown_value

MAX_FOUND = 50
MAX_CANDIDATES = 1_000
"""Texts looked at in a document that can be read; then looking ends."""
MAX_NESTED = 20
"""Members in brackets within one another that are looked into: each reads its own text again."""
MAX_LINES = 50
"""Above the line where reading failed, in which the braces may open."""
_TEXTS = ("description", "summary", "title", "example", "default", "pattern")
_MEMBER = re.compile(
    rf"(?<![^{{\[,:\s])(?:([\"']?)(?P<name>{'|'.join(_TEXTS)})\1[ \t]*:[ \t]+(?=[^\s,}}\]])"
    r"|(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*')(?=\s*[,}\]:]))"
)
"""A member with a text, or anything in quotes, within which there is none."""
_WHOLE = re.compile(r"(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*')[ \t]*(?=[,}\]\r\n]|$)")
_BEHIND = re.compile(r"\s*(?:\"([^\"\n]+)\"|'([^'\n]+)'|([\w$-]+))[ \t]*:(?=[ \t\r\n{\[\"'])")
_MEANS_MORE = re.compile(r":(?=[\s\"']|$)|[,\[\]{}]|\s#")
_OPENING = re.compile(r"(?:^|[:\-\[{,])[ \t]*[\[{]")
_TEXT = re.compile(r"[^ \t:]")
_BLANK_REST = re.compile(r"\s*+\Z")
_BRACED = re.compile(r"\{[^\n]*")
_FOLD = re.compile(r"[ \t]*\r?\n\s*")
"""Between two lines of a text, which YAML reads as one space (YAML 1.2.2, 6.5)."""
_AROUND = 200
"""Characters beyond those of a text, for the indentation of its lines and the bracket behind it."""
_NOT_STRUCTURE = frozenset({"example", "examples", "default", "const", "enum", "mapping", "scopes"})


def flow_proposals(lines: list[str], failed: int) -> Iterator[Proposal]:
    """All such texts of what opens in braces nearest to the line where reading failed."""
    last = min(failed, len(lines) - 1)
    for first in range(last, max(-1, failed - MAX_LINES), -1):
        opening = _OPENING.search(lines[first])
        if opening is None:
            continue
        wrong = [(first, *each) for each in _wrong(lines[first], opening.end())]
        if _is_open(lines[first]):
            below = range(first + 1, last + 1)
            wrong += [(index, *each) for index in below for each in _wrong(lines[index], 0)]
        if wrong:
            yield _proposal(lines, wrong)
            return


def _is_open(line: str) -> bool:
    return line.count("{") + line.count("[") > line.count("}") + line.count("]")


def _proposal(lines: list[str], wrong: list[tuple[int, str, int, int]]) -> Proposal:
    index, name, start, end = wrong[0]
    splices: dict[int, list[Splice]] = {}
    for line, _, begin, close in wrong:
        splice = Splice(begin, close, quoted(lines[line][begin:close]))
        splices.setdefault(line, []).append(splice)
    held = _MEANS_MORE.search(lines[index], start, end)
    mark = _NAMES.get(held[0].strip(), "a bracket") if held else ""
    others = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
    return Proposal(
        index,
        start,
        f'the text behind "{name}:" holds {mark}, which means something in braces, where only '
        "quotes say that it belongs to a text",
        f"Put the text in quotes: {name}: {shown_value(lines[index][start:end])}.",
        f"Put the text of {name}{others} in quotes (line {index + 1})",
        {line: spliced(lines[line], each) for line, each in splices.items()},
    )


_NAMES = {":": "a colon", ",": "a comma", "#": "a #"}


def _wrong(text: str, at: int) -> Iterator[tuple[str, int, int]]:
    """The name of each text that needs quotes, and where it begins and ends in the line."""
    around: list[int] = []
    while member := _MEMBER.search(text, max(0, at - 1)):
        at = start = member.end()
        if member["name"] is None or _WHOLE.match(text, start):
            continue
        end = _end(text, start)
        if text[start] in "[{" and _is_closed(text, start, end):
            at = start if _goes_into(around, start, end) else end
            continue
        at = end
        if _MEANS_MORE.search(text, start, end):
            yield member["name"], start, end


def _goes_into(around: list[int], start: int, end: int) -> bool:
    """Whether what stands in brackets from `start` to `end` is looked into; `around` are the ends
    of those that it stands in and that are looked into, the innermost last.
    """
    while around and around[-1] <= start:
        around.pop()
    if len(around) == MAX_NESTED:
        return False
    around.append(end)
    return True


def _is_closed(text: str, start: int, end: int) -> bool:
    """Whether one pair of brackets is all of it: an object or a list, rather than a text."""
    depth = 0
    for at in range(start, end):
        depth += (text[at] in "[{") - (text[at] in "]}")
        if depth == 0:
            return at == end - 1
    return False


def _end(text: str, start: int, ends: str = "\r\n") -> int:
    """Where the text ends: before the next member, before the bracket that it stands in, or before
    one of the characters `ends`.
    """
    depth, at = 0, start
    while at < len(text) and text[at] not in ends:
        if text[at] in "[{(":
            depth += 1
        elif text[at] in "]})":
            if depth == 0 and text[at] != ")":
                break
            depth = max(0, depth - 1)
        elif text[at] == "," and depth == 0 and _begins_member(text, at + 1):
            break
        at += 1
    return start + len(text[start:at].rstrip(" \t\r\n,"))


def _begins_member(text: str, at: int) -> bool:
    if _BLANK_REST.match(text, at):
        return True
    found = _BEHIND.match(text, at)
    if found is None:
        return False
    name = found[1] or found[2] or found[3]
    return found[3] is None or name in openapi_names.ALL or name.startswith("x-")


def flow_texts(reading: Reading) -> list[Finding]:
    """Of a text that can be read: what stands behind the comma became a member without a value."""
    if not any("," in braced[0] for braced in _BRACED.finditer(reading.text)):
        return []
    return list(islice(_cut(reading), MAX_FOUND))


def _cut(reading: Reading) -> Iterator[Finding]:
    whole = reading.text
    for path, value, rest in islice(_split(reading.document), MAX_CANDIDATES):
        member = reading.locator.exact(pointers.join(path))
        if member is None:
            continue
        begin = _TEXT.search(whole, member.value.offset)
        if begin is None or begin[0] in ("'", '"'):
            continue
        start = begin.start()
        room = 2 * sum(map(len, (value, *rest))) + _AROUND
        end = start + _end(whole[start : start + room], 0, ends="")
        text = _FOLD.sub(" ", whole[start:end])
        if [each.strip() for each in text.split(",")] != [value, *rest]:
            continue
        finding = rules.TEXT_CUT_AT_COMMA.at(path, name=path[-1], rest=", ".join(rest))
        edit = Edit.of_text(Splice(start, end, quoted(text)))
        yield finding.repaired_by(f"Put the text of {path[-1]} in quotes", edit)


def _split(document: Any) -> Iterator[tuple[tuple[str | int, ...], str, list[str]]]:
    """Paths of texts, the texts, and what was read as members behind them."""
    stack: list[tuple[Any, Trail]] = [(document, None)]
    while stack:
        node, trail = stack.pop()
        if isinstance(node, dict):
            yield from _of_object(node, trail)
            inner = [(key, each) for key, each in node.items() if key not in _NOT_STRUCTURE]
        elif isinstance(node, list):
            inner = [*enumerate(node)]
        stack += [(each, (trail, key)) for key, each in inner if isinstance(each, dict | list)]


def _of_object(
    node: dict[str, Any], trail: Trail
) -> Iterator[tuple[tuple[str | int, ...], str, list[str]]]:
    if not any(value is None or " " in name for name, value in node.items()):
        return
    names = [*node]
    for at, name in enumerate(names):
        if name in _TEXTS and isinstance(node[name], str):
            members = takewhile(lambda each: _is_of_text(node, each), names[at + 1 :])
            rest = [each if node[each] is None else f"{each}: {node[each]}" for each in members]
            if rest:
                yield path_of((trail, name)), node[name], rest


def _is_of_text(node: dict[str, Any], name: str) -> bool:
    return name not in openapi_names.ALL and isinstance(node[name], str | None)
