"""What people get wrong most often in YAML: where a text stops making sense, tries what was meant.

A slip is what makes the reader come further, so that each proposal is tried before it is made.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from schema_service.domain.finding import Edit, Finding
from schema_service.domain.linting.strays import has_strays
from schema_service.domain.position.splices import Splice
from schema_service.domain.reading import rules
from schema_service.domain.reading.block_texts import block_proposals
from schema_service.domain.reading.flow_texts import flow_proposals
from schema_service.domain.reading.guesses import each_made, made
from schema_service.domain.reading.headings import heading_proposals
from schema_service.domain.reading.json_reader import Unreadable
from schema_service.domain.reading.look_alikes import (
    HIDDEN,
    hint,
    look_alikes,
    may_have_look_alikes,
    mended,
    sentence,
)
from schema_service.domain.reading.loose_lines import loose_proposals
from schema_service.domain.reading.lost_entries import Entries, are_moved, held, looking_alike
from schema_service.domain.reading.outdented import outdented_proposals
from schema_service.domain.reading.plain_reasons import plain_yaml
from schema_service.domain.reading.trailing import trailing_proposals
from schema_service.domain.reading.yaml_alike import alike, glued_alike
from schema_service.domain.reading.yaml_layout import layout_proposals
from schema_service.domain.reading.yaml_line import Proposal, width
from schema_service.domain.reading.yaml_many import many_colons
from schema_service.domain.reading.yaml_quoting import quoting_proposals

TITLE = "Write them as YAML has them"
MAX_SLIPS = 20
MAX_CHARACTERS = 8_000_000
"""How much text all tries together may read: a try costs as much as reading the text."""
MAX_TRIES = 200

_LOSES = "paths or operations of the text would be lost"
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_UNSEEN = re.compile(f"[{HIDDEN}]")
Reads = Callable[[str], Unreadable | None]
"""None where a text can be read."""


@dataclass(slots=True)
class _Search:
    lines: list[str]
    """As they came; `changed` are those that a slip was mended in."""
    reads: Reads
    tree_of: Callable[[str], Any]
    entries: Entries
    """What the text seems to have."""
    characters: int
    changed: dict[int, str] = field(default_factory=dict)
    tries: int = 0
    loses: bool = False
    """Whether a proposal was refused because entries of the document would be lost."""

    def line(self, index: int) -> str:
        return self.changed.get(index, self.lines[index])

    def with_(self, proposal: Proposal) -> list[str]:
        lines = self.now()
        for index, line in proposal.lines.items():
            lines[index] = line
        return lines

    def moves(self, proposal: Proposal) -> bool:
        """Whether a member would be in another object then than it seems to be in: to whom looks,
        what nobody sees takes no column.
        """
        seen = [_UNSEEN.sub("", line) for line in self.now()]
        return are_moved(seen, self.with_(proposal))

    def now(self) -> list[str]:
        return [self.line(index) for index in range(len(self.lines))]

    def tried(self, proposal: Proposal) -> Unreadable | None:
        """Why the text cannot be read with it; also where paths or operations were lost then."""
        text = "".join(self.with_(proposal))
        self.tries += 1
        left = self.reads(text)
        if left is None and self._loses(self.tree_of(text), proposal):
            self.loses = True
            return Unreadable(_LOSES, 1, 1)
        return left

    def _loses(self, tree: Any, proposal: Proposal) -> bool:
        """Whether something would be lost, or stand where nothing reads it because of a line that
        was moved.
        """
        if not self.entries.are_kept_in(held(tree)):
            return True
        changed = self.changed | dict(proposal.lines)
        is_moved = any(width(self.lines[index]) != width(line) for index, line in changed.items())
        return is_moved and has_strays(tree)

    @property
    def spent(self) -> bool:
        return self.tries >= MAX_TRIES or (self.tries + 1) * self.characters > MAX_CHARACTERS


def yaml_slips(
    text: str, why: Unreadable, reads: Reads, tree_of: Callable[[str], Any]
) -> list[Finding]:
    """A finding for each slip in turn, with its repair; of what is left, the reader's own reason.

    `why` is what the reader says of `text` now. The reader's reason is all there is where the tries
    lead to fewer paths or operations than the text seems to have.
    """
    lines = _LINE.findall(text)
    search = _Search(lines, reads, tree_of, looking_alike(lines), max(1, len(text)))
    found: list[Finding] = []
    left: Unreadable | None = why
    while left is not None and len(found) < MAX_SLIPS:
        step = _next(search, left)
        if step is None:
            if search.loses:
                return [rules.unparsable(made(partial(plain_yaml, why, text), why))]
            return [*found, _of_reader(search, left)]
        proposal, left = _with_alike(search, *step)
        found.append(_finding(search, proposal))
        search.changed |= proposal.lines
    return found if left is None else [*found, _of_reader(search, left)]


def _of_reader(search: _Search, left: Unreadable) -> Finding:
    now = "".join(search.now())
    return rules.unparsable(made(partial(plain_yaml, left, now), left))


def _next(search: _Search, why: Unreadable) -> tuple[Proposal, Unreadable | None] | None:
    """The first proposal after which the text can be read, or read on for more than a line; of
    those that lead to the next line, the first.
    """
    if why.line is None or not 0 < why.line <= len(search.lines) + 1:
        return None
    best: tuple[Proposal, Unreadable | None] | None = None
    refused = False  # then it is the line itself that stands wrong, and not one above it
    for proposal in _proposals(search.now(), why):
        if search.spent:
            break
        left = search.tried(proposal)
        is_far = left is None or (left.line or 0) > why.line + 1
        if not is_far and (best is not None or not _is_further(left, why, proposal)):
            continue
        is_before = refused and max(proposal.lines) + 1 < why.line
        if is_before or (proposal.is_sure and search.moves(proposal)):
            refused = True
            continue
        if is_far:
            return proposal, left
        best = proposal, left
    return best


def _with_alike(
    search: _Search, proposal: Proposal, left: Unreadable | None
) -> tuple[Proposal, Unreadable | None]:
    """With all lines that have the same slip, if the text can then be read further still."""
    many = None
    if left is not None and not search.spent:
        many = made(lambda: alike(search.now(), proposal, search.reads), None)
    if many is None or left is None:
        return proposal, left
    after = search.tried(many)
    better = after is None or (after.line or 0) > (left.line or 0)
    return (many, after) if better else (proposal, left)


def _is_further(left: Unreadable | None, why: Unreadable, proposal: Proposal) -> bool:
    """Also where the same line has a slip of its own, and the proposal was about one above it."""
    if left is None:
        return True
    here = why.line or 0
    if left.line != here:
        return (left.line or 0) > here
    other = (left.column, left.reason) != (why.column, why.reason)
    return other and max(proposal.lines) + 1 < here


def _proposals(lines: list[str], why: Unreadable) -> Iterator[Proposal]:
    line, reason = (why.line or 1) - 1, why.reason
    yield from each_made(
        _look_alikes(lines),
        many_colons(lines, line),
        glued_alike(lines, line),
        flow_proposals(lines, line),
        heading_proposals(lines, line),
        outdented_proposals(lines, line),
        block_proposals(lines, line),
        loose_proposals(lines, line),
        trailing_proposals(lines, line),
        layout_proposals(lines, line, reason, before=True),
        quoting_proposals(lines, line, reason),
        layout_proposals(lines, line, reason, before=False),
    )


def _look_alikes(lines: list[str]) -> Iterator[Proposal]:
    """All at once: whoever copied one of them copied more."""
    spots = look_alikes(lines) if may_have_look_alikes("".join(lines)) else []
    if spots:
        first, changed = spots[0], mended(lines, spots)
        yield Proposal(
            first.line, first.splice.start, f"it has {sentence(spots)}", hint(spots), TITLE, changed
        )


def about_look_alikes(text: str, root: Any, tree_of: Callable[[str], Any]) -> Finding | None:
    """Of a text that can be read: what would read differently without them."""
    if not may_have_look_alikes(text):
        return None
    lines = _LINE.findall(text)
    spots = look_alikes(lines)
    if not spots:
        return None
    changed = mended(lines, spots)
    meant = tree_of("".join(changed.get(index, line) for index, line in enumerate(lines)))
    if not isinstance(meant, dict) or meant == root:
        return None
    edits = _edits(lines, changed)
    rule = rules.LOOK_ALIKE if isinstance(root, dict) else rules.UNPARSABLE
    found = rule.at("", reason=f"it has {sentence(spots)}", hint=hint(spots))
    return found.placed(spots[0].line + 1, spots[0].splice.start + 1).repaired_by(TITLE, *edits)


def _edits(old: list[str], changed: Mapping[int, str]) -> list[Edit]:
    starts = _starts(old)
    return [
        Edit.of_text(_shortest(starts[index], old[index], line))
        for index, line in sorted(changed.items())
    ]


def _finding(search: _Search, proposal: Proposal) -> Finding:
    edits = _edits(search.lines, proposal.lines)
    finding = rules.UNPARSABLE.at("", reason=proposal.reason, hint=proposal.hint)
    placed = finding.placed(proposal.line + 1, proposal.column + 1)
    if not proposal.is_sure:
        return placed
    return placed.repaired_by(proposal.title, *edits)


def _starts(lines: list[str]) -> list[int]:
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line)
    return starts


def _shortest(start: int, old: str, new: str) -> Splice:
    """Only what differs, so that repairs of one line do not get in each other's way."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return Splice(start + head, start + len(old) - tail, new[head : len(new) - tail])
