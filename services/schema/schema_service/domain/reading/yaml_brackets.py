"""A list or an object in brackets, on one line of YAML: what keeps it from being read."""

import re
from collections.abc import Iterator

from schema_service.domain.reading.yaml_line import Line, Proposal

# A quote behind a backslash opens no text: else each one in an unclosed text would be read from to
# the end of the line.
_WHOLE = re.compile(r"(?<!\\)\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'")
_FLOW = re.compile(r"[\[{]\s*(?:[\[{]\s*)*(?:[\w$./-]+|\"[^\"]*\"|'[^']*')\s*:(?:\s|$|[\[{\"'])")
_GLUED = re.compile(
    r"((?<!\\)\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*')|(?<=[{,\s])([A-Za-z_$][\w$-]*):(?=[^\s/:,}\]])"
)
_BARE_REFERENCE = re.compile(r"(?<=[{,\s])([\"']?\$ref[\"']?[ \t]*+:[ \t]++)(#/[^\s,}\]\"']++)")
_CLOSERS = {"[": "]", "{": "}"}
_OF_PARAMETERS = re.compile(
    r"[,\s](?:name|in|required|schema|style|explode|description|operationId|responses):"
)


def is_flow(value: str) -> bool:
    """Whether it begins as an object does, or a list of them; else it may be a text."""
    return _FLOW.match(value) is not None


def bracket_proposals(lines: list[str], index: int, line: Line) -> Iterator[Proposal]:
    """Where it is an object beyond doubt and no proposal mends it, it is left out, unsurely."""
    yield from _reference(lines, index, line)
    yield from _glued(lines, index, line)
    yield from _unclosed(lines, index, line)
    if is_flow(line.value):
        yield Proposal(
            index,
            line.at,
            f"what stands in brackets behind {line.named} cannot be read: a bracket, a comma or a "
            "colon is missing in it, or is one too many",
            "Give each { and [ its } or ], or write each member on a line of its own.",
            "",
            {index: _with_value(lines[index], line, "null")},
            is_sure=False,
        )


def _reference(lines: list[str], index: int, line: Line) -> Iterator[Proposal]:
    """What YAML takes for a comment up to the end of the line, its brackets with it."""
    bare = _BARE_REFERENCE.search(lines[index], line.at)
    if bare is not None:
        yield Proposal(
            index,
            bare.start(2),
            "without quotes, # begins a comment in YAML, so that the reference behind $ref: and "
            "all that follows it are lost",
            f'Put it in quotes: $ref: "{bare[2]}"',
            "Put the references in quotes",
            {index: _BARE_REFERENCE.sub(r'\1"\2"', lines[index])},
        )


def _glued(lines: list[str], index: int, line: Line) -> Iterator[Proposal]:
    names = [each for each in _GLUED.finditer(line.value) if each[2]]
    if names:
        first, value = names[0], _GLUED.sub(_spaced, line.value)
        yield Proposal(
            index,
            line.at + first.start(),
            f"no space stands behind the colon of {first[2]}, so that it is no key",
            f"Write a space behind the colon: {first[2]}: …",
            f"Put a space behind {first[2]}:",
            {index: _with_value(lines[index], line, value)},
        )


def _spaced(found: re.Match[str]) -> str:
    return f"{found[2]}: " if found[2] else found[0]


def _unclosed(lines: list[str], index: int, line: Line) -> Iterator[Proposal]:
    closed, last = _closed(line.value)
    if closed == line.value:
        return
    missing = len(closed) - len(line.value)
    yield Proposal(
        index,
        line.at,
        f"the {line.value[0]} behind {line.named} is not closed"
        if closed.startswith(line.value)
        else f"a bracket in what stands behind {line.named} is not closed",
        f"Close it: …{closed[-20:]}",
        f"Close it with {closed[-missing:]}" if closed.startswith(line.value) else "Close it",
        {index: _with_value(lines[index], line, closed)},
        is_sure=_OF_PARAMETERS.search(last) is None,
    )


def _closed(value: str) -> tuple[str, str]:
    """With the brackets that are missing before others or at its end; and the innermost object
    that was closed last: the missing bracket may have belonged before any comma in it.
    """
    bare = _WHOLE.sub(lambda text: "x" * len(text[0]), value)
    stack: list[tuple[str, int]] = []
    pieces: list[str] = []
    last = 0, 0
    for at, character in enumerate(bare):
        if character in _CLOSERS:
            stack.append((character, at))
        elif character in "]}":
            while stack and _CLOSERS[stack[-1][0]] != character:
                opener, start = stack.pop()
                last = last if any(last) else (start, at)
                pieces.append(_CLOSERS[opener])
            if stack:
                opener, start = stack.pop()
                last = (start, at) if opener == "{" else last
        pieces.append(value[at])
    if stack:
        last = last if any(last) else (stack[-1][1], len(bare))
        pieces.extend(_CLOSERS[opener] for opener, _ in reversed(stack))
    return "".join(pieces), bare[slice(*last)]


def _with_value(text: str, line: Line, value: str) -> str:
    return text[: line.at] + value + line.rest
