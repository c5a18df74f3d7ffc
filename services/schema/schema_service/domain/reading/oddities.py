"""What reads well and was hardly meant: keys that swallowed a value, tags, NUL, lists as keys."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from schema_service.domain import pointers
from schema_service.domain.finding import Edit, Finding
from schema_service.domain.position.lines import place_of
from schema_service.domain.position.splices import Splice
from schema_service.domain.reading import rules
from schema_service.domain.reading.json_reader import Unreadable
from schema_service.domain.reading.reading import Reading
from schema_service.domain.reading.trails import Trail, path_of

MAX_EACH = 50
MAX_ALONE = 5
"""Tags that are looked at one by one, where some of them stand inside texts."""
_SWALLOWED = re.compile(r"[A-Za-z_$][\w$.-]*:(?=[{\[\"'])|[A-Za-z_$][\w$-]*:(?=[\w\"'{\[])")
_GATE = re.compile(r":(?<=[\w$]:)[^\s/:]")
"""It begins with the character that is searched for, which makes it fast."""
_TAG = re.compile(r"!(?<![^\s\[{,]!)(?!!)[\w:/.,@-]*(?:<[^<>\n]*>)?(?=\s)")
"""As `_GATE`; what stands before it is looked at by `_opens_value`."""
_BEFORE = 200
"""Spaces that may stand between a tag and what it belongs to."""
_COMPLEX = re.compile(
    r"^[ \t]*(?:-[ \t]+)*(\?)(?=\s)|([\[{][^\[\]{}\n]*[\]}])[ \t]*:(?=\s)", re.MULTILINE
)
_OPENING = frozenset({"", "\n", "[", "{", ","})
_NULS_OF_JSON = (b"\\u0000",)
_NULS = (*_NULS_OF_JSON, b"\0", b"\\0", b"\\x00", b"\\U00000000")
_NOT_STRUCTURE = frozenset({"scopes", "example", "examples", "default", "enum", "mapping", "const"})


def keys_without_space(reading: Reading) -> list[Finding]:
    """`content:{type: string}` is a key `content:{type` with a value `string}`."""
    if not _GATE.search(reading.text):
        return []
    found = []
    for path, meant in _swallowing(reading.document):
        key = path[-1]
        finding = rules.KEY_WITHOUT_SPACE.at(path, key=key, meant=meant)
        member = reading.locator.exact(finding.pointer)
        if member is not None and reading.text[member.key_offset] in "'\"":
            continue
        at = -1 if member is None else reading.text.find(f"{meant}:", member.key_offset)
        if member is not None and member.key_offset <= at < member.key_end:
            end = at + len(meant) + 1
            edit = Edit.of_text(Splice(end, end, " "))
            finding = finding.repaired_by(f"Put a space behind {meant}:", edit)
        found.append(finding)
        if len(found) >= MAX_EACH:
            break
    return found


def _swallowing(document: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    """Paths of such keys, and the names they were meant as."""
    stack: list[tuple[Any, Trail]] = [(document, None)]
    while stack:
        node, trail = stack.pop()
        if type(node) is list:
            stack += [(item, (trail, i)) for i, item in enumerate(node) if _deep(item)]
            continue
        for key, value in node.items():
            if ":" in key and (swallowed := _SWALLOWED.match(key)):
                opened = key[swallowed.end()] in "{[\"'"
                if (opened and not isinstance(value, dict | list)) or value is None:
                    yield path_of((trail, key)), swallowed[0][:-1]
            kind = type(value)
            if (kind is dict or kind is list) and value and key not in _NOT_STRUCTURE:
                stack.append((value, (trail, key)))


def _deep(value: Any) -> bool:
    return isinstance(value, dict | list) and bool(value)


def custom_tags(text: str, root: Any, tree_of: Callable[[str], Any]) -> list[Finding]:
    """Tags are read without: where one stands inside a text, leaving it out changes the tree."""
    if "!" not in text:
        return []
    tags = [tag for tag in _TAG.finditer(text) if _opens_value(text, tag.start())]
    if not tags:
        return []
    if tree_of(_without(text, tags)) == root:
        return [_tagged(text, tag) for tag in tags[:MAX_EACH]]
    alone = (tag for tag in tags[:MAX_ALONE] if tree_of(_without(text, [tag])) == root)
    return [_tagged(text, tag) for tag in alone]


def _opens_value(text: str, at: int) -> bool:
    """Whether a value may begin there: on a line of its own, or behind what announces one."""
    before = text[max(0, at - _BEFORE) : at]
    bare = before.rstrip(" \t")
    return bare[-1:] in _OPENING or (bare[-1] in ":-" and len(bare) < len(before))


def _without(text: str, tags: list[re.Match[str]]) -> str:
    pieces, done = [], 0
    for tag in tags:
        pieces += [text[done : tag.start()], " " * len(tag[0])]
        done = tag.end()
    return "".join([*pieces, text[done:]])


def _tagged(text: str, tag: re.Match[str]) -> Finding:
    finding = rules.TAG_UNKNOWN.at("", tag=tag[0]).placed(*place_of(text, tag.start()))
    end = tag.end()
    end += len(text[end:]) - len(text[end:].lstrip(" ")) if text[end : end + 1] == " " else 0
    edit = Edit.of_text(Splice(tag.start(), end, ""))
    return finding.repaired_by("Leave the tag out", edit)


def nul_characters(raw: bytes, root: dict[str, Any], *, is_json: bool) -> list[Finding]:
    """In texts and in names, however they are written; strict JSON has one way."""
    if not any(mark in raw for mark in (_NULS_OF_JSON if is_json else _NULS)):
        return []
    found: list[Finding] = []
    stack: list[tuple[Any, tuple[str | int, ...]]] = [(root, ())]
    while stack and len(found) < MAX_EACH:
        node, path = stack.pop()
        members = node.items() if isinstance(node, dict) else enumerate(node)
        for key, value in members:
            here = (*path, key)
            if "\0" in str(key) or (isinstance(value, str) and "\0" in value):
                found.append(_nul(here, value))
            if _deep(value):
                stack.append((value, here))
    return found


def _nul(path: tuple[str | int, ...], value: Any) -> Finding:
    finding = rules.NUL.at(path)
    if "\0" in str(path[-1]) or not isinstance(value, str):
        return finding
    edit = Edit("replace", pointers.join(path), value.replace("\0", ""))
    return finding.repaired_by("Remove the NUL characters", edit)


def raw_nul(text: str) -> Unreadable | None:
    """YAML does not allow it (1.2.2, 5.1), and the reader would leave out what follows it."""
    at = text.find("\0")
    if at < 0:
        return None
    reason = "it holds a NUL character (U+0000), which nobody sees"
    return Unreadable(reason, *place_of(text, at))


def complex_key(text: str) -> Unreadable:
    """Where a list or an object is a key, which JSON does not have (YAML 1.2.2, 3.2.1.1)."""
    reason = "a list or an object stands where the name of a member belongs"
    hint = "Write a text as the name, in quotes if it holds brackets."
    found = _COMPLEX.search(text)
    if not found:
        return Unreadable(reason, hint=hint)
    at = found.start(1) if found[1] else found.start(2)
    return Unreadable(reason, *place_of(text, at), hint)
