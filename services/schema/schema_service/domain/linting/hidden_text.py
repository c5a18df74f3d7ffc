"""Characters that a model reads and a builder does not see, wherever a document has them (H74)."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from contracts.tool_forms.text import HIDDEN
from schema_service.domain.finding import Edit, Finding
from schema_service.domain.linting import rules

MAX_FINDINGS = 50
MAX_CODES = 8
MAX_REPAIRED = 2_000
"""Characters of a text that a repair writes anew."""
# They begin with what is searched for, which makes them fast: a document has megabytes.
_RAW = (
    re.compile(rb"\xe2\x80[\x8b\x8e\x8f\xaa-\xae]"),
    re.compile(rb"\xe2\x81[\xa0-\xaf]"),
    re.compile(rb"\xe2\x80[\x8c\x8d]\xe2\x80[\x8c\x8d]"),
    re.compile(rb"\xf3\xa0"),
    re.compile(rb"\xef(?:\xbb\xbf|\xbf[\xb0-\xbb]|\xbe\xa0|\xb8[\x80-\x8d])"),
    re.compile(rb"\xef\xb8[\x8e\x8f]\xef\xb8[\x8e\x8f]"),
    re.compile(rb"\xe1(?:\xa0\x8e|\x85[\x9f\xa0]|\x9e[\xb4\xb5])"),
    re.compile(rb"\xe3\x85\xa4"),
    re.compile(rb"\xf0(?:\x9b\xb2[\xa0-\xa3]|\x9d\x85[\xb3-\xba])"),
    re.compile(rb"\xd8\x9c"),
    re.compile(rb"\xcd\x8f"),
    re.compile(rb"\xc2\xad"),
)
"""`HIDDEN` in UTF-8."""
_ESCAPED = re.compile(
    # Letter by letter: to ignore case takes twice as long.
    rb"\\(?:u(?:0(?:0[aA][dD]|34[fF]|61[cC])|1(?:15[fF]|160|7[bB][45]|80[eE])"
    rb"|20(?:0[bBeEfF]|2[a-eA-E]|6[0-9a-fA-F]|0[cCdD](?:\\u200[cCdD]|\xe2\x80[\x8c\x8d]))|3164"
    rb"|[fF](?:[eE](?:0[0-9a-dA-D]|[fF][fF]|0[eEfF](?:\\u[fF][eE]0[eEfF]|\xef\xb8[\x8e\x8f]))"
    rb"|[fF][aA]0|[fF][fF][0-9aAbB])|[dD](?:82[fF]|834|[bB]4[0-3]))"
    rb"|U000(?:0|[eE]|1[bB][cC][aA]|1[dD]17)|x[aA][dD])"
)
"""The same as JSON and YAML may escape it, and a few characters that are seen."""
_NAMED = frozenset(
    ("properties", "patternProperties", "$defs", "definitions", "schemas", "parameters", "headers")
)
"""Below these stand names that the document gives, whatever they mean elsewhere."""
_VALUES = frozenset(("const", "default", "enum", "example", "examples", "value", "x-example"))
_NOT_SHOWN = frozenset(("default", "example", "examples", "value", "x-example"))
"""Models are not given values that hold what nobody sees, but those that they have to choose."""
_ASCII = bytes(range(128))
_STRIPPED = frozenset({"summary", "description"})


def hidden_in_text(path: Sequence[str | int], text: str) -> Finding:
    """Of a text that models get, but without them."""
    found = HIDDEN.findall(text)
    finding = rules.HIDDEN_CHARACTERS.at(path, count=_counted(found), codes=_codes(found))
    if len(text) > MAX_REPAIRED:
        return finding
    edit = Edit("replace", finding.pointer, HIDDEN.sub("", text))
    return finding.repaired_by("Remove them", edit)


def hidden_elsewhere(document: Any, raw: bytes, said: Collection[str]) -> Iterator[Finding]:
    """In all that is no operation's own text; `said` are pointers that have such a finding."""
    # No character of several bytes has one of ASCII in it: the rest is as good, and short.
    rest = b"" if raw.isascii() else raw.translate(None, _ASCII)
    written = any(each.search(rest) for each in _RAW)
    if not written and not _ESCAPED.search(raw):
        return
    count = 0
    for path, key, value in _members(document):
        for finding in _of_member(path, key, value):
            if finding.pointer not in said:
                yield finding
                count += 1
        if count >= MAX_FINDINGS:
            return


def _members(document: Any) -> Iterator[tuple[tuple[str | int, ...], str, Any]]:
    stack: list[tuple[Any, tuple[str | int, ...]]] = [(document, ())]
    while stack:
        node, path = stack.pop()
        members = node.items() if isinstance(node, dict) else enumerate(node)
        below = []
        for key, value in members:
            here = (*path, key)
            if isinstance(value, dict | list):
                below.append((value, here))
            yield here, str(key), value
        stack += reversed(below)


def _of_member(path: tuple[str | int, ...], key: str, value: Any) -> Iterator[Finding]:
    if not key.isascii() and HIDDEN.search(key):
        yield _of_name(path, "name", key)
    elif isinstance(value, str) and not value.isascii() and HIDDEN.search(value):
        inside = _value_keyword(path)
        if key in _STRIPPED and inside is None:
            yield hidden_in_text(path, value)
        else:
            yield _of_name(path, "value", value, shown=inside not in _NOT_SHOWN)


def _value_keyword(path: tuple[str | int, ...]) -> str | None:
    """The keyword whose value, or a part of it, stands there; None elsewhere."""
    above: str | int = ""
    for step in path:
        if step in _VALUES and above not in _NAMED:
            return str(step)
        above = step if above not in _NAMED else ""
    return None


def _of_name(path: tuple[str | int, ...], what: str, text: str, *, shown: bool = True) -> Finding:
    found = HIDDEN.findall(text)
    used = "it is used as it is" + ("" if shown else ", but models are not told of it")
    return rules.HIDDEN_IN_NAME.at(
        path, what=what, count=_counted(found), codes=_codes(found), used=used
    )


def _codes(found: list[str]) -> str:
    """Each code point once, with how often it occurs."""
    counts = Counter(found)
    shown = [
        f"U+{ord(each):04X}" + (f" ({count} times)" if count > 1 else "")
        for each, count in counts.most_common(MAX_CODES)
    ]
    return ", ".join(shown) + (", …" if len(counts) > MAX_CODES else "")


def pointers_of(findings: Collection[Finding]) -> set[str]:
    """Where such a finding is already."""
    return {each.pointer for each in findings if each.code == rules.HIDDEN_CHARACTERS.code}


def _counted(found: Sequence[str]) -> str:
    return f"{len(found)} character{'s' * (len(found) != 1)}"
