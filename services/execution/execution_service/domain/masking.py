"""A credential's values are masked in what its API answers (A3, decision 29).

APIs that echo a request, in a debugging route or an error, would hand the credential to the caller
and the model. A value of eight characters or more is found as it is, percent-encoded, escaped as in
JSON or HTML, in base64 at each of the three alignments, and in UTF-16 and UTF-32; a mixture of
these escapes, character by character, is found too. Searching takes one `bytes.find` for each form
where none occurs: for its longest run of letters and digits, around which the rest is compared.
Comparisons are counted, those of one answer together: an answer made of beginnings of the value, or
of one that can be read in many ways, is withheld (`MaskingTooCostly`), because the time of the
search is everybody's.

No regular expression is made of a value: `re` keeps those that it compiled, and the value in them.
"""

import base64
import codecs
import html.entities
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from contracts.secret_values import Pairs, masked_values

MASK_LENGTH = 8
FORM_BYTES, UNIT_BYTES, ANCHOR_BYTES = 400, 12, 250
_MASK_CHARACTERS = "*~!|^"
"""None of them is in an escape or in base64, so with one that no value has, no value can arise."""
_TRIGGERS = (b"%", b"\\u", b"&#", b"\0")
"""An anchor that begins with one of these is only looked for where that is in the text at all."""
_MAX_NAMED = 128
MAX_COMPARISONS = 1_000_000
"""Of a spelling with a place, in one answer: a quarter of a second at most. An echo of a value of
forty characters takes a thousand.
"""

Span = tuple[int, int]
Unit = tuple[bytes, ...]
"""All spellings of one character."""


class MaskingTooCostly(Exception):
    """The answer took MAX_COMPARISONS and may still hold the value: it must not be shown."""


class Effort:
    """How many comparisons one answer may still take, whatever parts of it are searched."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MAX_COMPARISONS

    def spend(self, comparisons: int) -> None:
        self.left -= comparisons
        if self.left < 0:
            raise MaskingTooCostly


@dataclass(frozen=True, slots=True, repr=False)
class _Anchor:
    """A spelling of `units[first:last]` of a form."""

    text: bytes
    first: int
    last: int
    trigger: bytes | None


@dataclass(frozen=True, slots=True, repr=False)
class _Form:
    """One text, each of its characters in any spelling."""

    units: tuple[Unit, ...]
    anchors: tuple[_Anchor, ...]
    longest: int
    """Bytes of the longest spelling."""

    def spans(self, data: bytes, triggers: frozenset[bytes], effort: Effort) -> Iterator[Span]:
        for anchor in self.anchors:
            if anchor.trigger is not None and anchor.trigger not in triggers:
                continue
            at = data.find(anchor.text)
            while at >= 0:
                span = self._around(data, at, anchor, effort)
                if span is not None:
                    yield span
                at = data.find(anchor.text, at + 1)

    def _around(self, data: bytes, at: int, anchor: _Anchor, effort: Effort) -> Span | None:
        """Positions are sets because a character may be read as itself or begin an escape."""
        starts, ends = {at}, {at + len(anchor.text)}
        effort.spend(1)
        for unit in self.units[anchor.last :]:
            effort.spend(len(ends))
            possible = [end for end in ends if data.startswith(unit, end)]
            effort.spend(len(possible) * len(unit))
            ends = {
                end + len(text) for end in possible for text in unit if data.startswith(text, end)
            }
            if not ends:
                return None
        for unit in reversed(self.units[: anchor.first]):
            effort.spend(len(starts))
            possible = [start for start in starts if data.endswith(unit, 0, start)]
            effort.spend(len(possible) * len(unit))
            starts = {
                start - len(text)
                for start in possible
                for text in unit
                if data.endswith(text, 0, start)
            }
            if not starts:
                return None
        return min(starts), max(ends)


@dataclass(frozen=True, slots=True, repr=False)
class Mask:
    """What to look for; made once for a credential, and as long-lived as that."""

    forms: tuple[_Form, ...] = ()
    replacement: bytes = b"*" * MASK_LENGTH
    longest: int = 0
    """Bytes of the longest spelling of any value."""
    anchors: tuple[tuple[bytes | None, tuple[bytes, ...]], ...] = ()
    """Those of all forms, by trigger."""

    @classmethod
    def of(cls, headers: Pairs, query: Pairs) -> "Mask":
        """Of a credential, by what is sent of it."""
        values = masked_values(headers, query)
        forms = tuple(chain.from_iterable(map(_forms, values)))
        free = [each for each in _MASK_CHARACTERS if not any(each in value for value in values)]
        replacement = (free or ["*"])[0].encode() * MASK_LENGTH
        longest = max((form.longest for form in forms), default=0)
        by_trigger = [(each, _anchors_after(each, forms)) for each in (None, *_TRIGGERS)]
        return cls(forms, replacement, longest, tuple(by_trigger))

    @property
    def size(self) -> int:
        """An estimate of its bytes in memory."""
        return sum(
            FORM_BYTES + UNIT_BYTES * len(form.units) + ANCHOR_BYTES * len(form.anchors)
            for form in self.forms
        )

    def may_be_in(self, data: bytes) -> bool:
        """False where nothing is to be masked in what is complete; all that most answers cost."""
        for trigger, anchors in self.anchors:
            if trigger is None or trigger in data:
                for anchor in anchors:
                    if anchor in data:
                        return True
        return False

    def spans(self, data: bytes, effort: Effort) -> list[Span]:
        """Where values are, those that overlap joined; raises `MaskingTooCostly`."""
        if not self.may_be_in(data):
            return []
        triggers = frozenset(trigger for trigger in _TRIGGERS if trigger in data)
        joined: list[Span] = []
        for start, end in sorted(
            chain(*(form.spans(data, triggers, effort) for form in self.forms))
        ):
            if joined and start < joined[-1][1]:
                joined[-1] = joined[-1][0], max(end, joined[-1][1])
            else:
                joined.append((start, end))
        return joined

    def applied_to(self, data: bytes, effort: Effort) -> tuple[bytes, int]:
        """All of a text with its values masked, and how many there were."""
        if not self.forms or not self.may_be_in(data):
            return data, 0
        masker = Masker(self, effort)
        return masker.feed(data) + masker.finish(), masker.count

    def applied_to_text(self, text: str, effort: Effort | None = None) -> tuple[str, int]:
        """The same; text that is of an answer shares the answer's `effort`."""
        if not self.forms or not self.may_be_in(text.encode(errors="surrogatepass")):
            return text, 0
        masker = TextMasker(self, effort or Effort())
        return masker.feed(text) + masker.finish(), masker.count


class Masker:
    """Masks one answer, whatever pieces it comes in. `count` are the values masked so far."""

    def __init__(self, mask: Mask, effort: Effort) -> None:
        self._mask = mask
        self._held = b""
        self._effort = effort
        self.count = 0

    @property
    def held(self) -> int:
        """How many bytes wait for the next chunk."""
        return len(self._held)

    def feed(self, chunk: bytes) -> bytes:
        """The bytes that no value continuing in the next chunk can include."""
        if not self._mask.forms:
            return chunk
        self._held += chunk
        certain = len(self._held) - self._mask.longest + 1
        if certain <= 0:
            return b""
        spans = self._mask.spans(self._held, self._effort)
        for start, end in spans:
            if start < certain < end:
                certain = start  # another value may overlap this one and end in the next chunk
        return self._release(certain, [span for span in spans if span[0] < certain])

    def finish(self, *, complete: bool = True) -> bytes:
        """The rest. Not `complete` where the answer was cut: what may be the beginning of a value
        is left out.
        """
        if not complete:
            self._held = b""
            return b""
        return self._release(len(self._held), self._mask.spans(self._held, self._effort))

    def _release(self, until: int, spans: list[Span]) -> bytes:
        parts: list[bytes] = []
        at = 0
        for start, end in spans:
            parts += (self._held[at:start], self._mask.replacement)
            at = end
        self.count += len(spans)
        parts.append(self._held[at:until])
        self._held = self._held[until:]
        return b"".join(parts)


class TextMasker:
    """The same for text."""

    def __init__(self, mask: Mask, effort: Effort) -> None:
        self._masker = Masker(mask, effort) if mask.forms else None
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")

    @property
    def count(self) -> int:
        return self._masker.count if self._masker else 0

    @property
    def held(self) -> int:
        """How many bytes this takes."""
        return self._masker.held if self._masker else 0

    def feed(self, text: str) -> str:
        if self._masker is None:
            return text
        return self._decoder.decode(self._masker.feed(text.encode(errors="surrogatepass")))

    def finish(self, *, complete: bool = True) -> str:
        if self._masker is None:
            return ""
        return self._decoder.decode(self._masker.finish(complete=complete), final=True)


NO_MASK = Mask()


def _anchors_after(trigger: bytes | None, forms: Iterable[_Form]) -> tuple[bytes, ...]:
    anchors = chain.from_iterable(form.anchors for form in forms)
    return tuple(dict.fromkeys(each.text for each in anchors if each.trigger == trigger))


def _forms(value: str) -> Iterator[_Form]:
    yield _form(value, _spellings)
    for core in _base64_cores(value.encode()):
        yield _form(core, _in_base64)
    for charset in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        # What a zero byte begins or ends is of the neighbours as well: both orders are found.
        text = value.encode(charset).strip(b"\0")
        yield _Form(((text,),), (_Anchor(text, 0, 1, b"\0"),), len(text))


def _form(text: str, spell: Callable[[str], Unit]) -> _Form:
    unit_of = {character: spell(character) for character in set(text)}
    units = tuple([unit_of[character] for character in text])
    first, last = _longest_run(text)
    anchors = []
    if last > first:
        anchors.append(_Anchor(text[first:last].encode(), first, last, None))
    for spelling in units[first]:
        if last == first or spelling != text[first].encode():
            trigger = next((each for each in _TRIGGERS if spelling.startswith(each)), None)
            anchors.append(_Anchor(spelling, first, first + 1, trigger))
    widths = {character: max(map(len, unit)) for character, unit in unit_of.items()}
    return _Form(units, tuple(anchors), sum(widths[character] for character in text))


def _longest_run(text: str) -> Span:
    """Of letters and digits, which are seldom escaped; an empty one where there is none."""
    best, start = (0, 0), 0
    for at in range(len(text) + 1):
        if at == len(text) or not (text[at].isascii() and text[at].isalnum()):
            if at - start > best[1] - best[0]:
                best = start, at
            start = at + 1
    return best


def _base64_cores(value: bytes) -> Iterator[str]:
    """The characters of base64 that depend on the value alone, after 0, 1 and 2 other bytes."""
    for before, foreign in ((0, 0), (1, 2), (2, 3)):
        encoded = base64.b64encode(bytes(before) + value).decode()
        yield encoded[foreign : (before + len(value)) * 8 // 6]


@lru_cache(maxsize=64)
def _in_base64(character: str) -> Unit:
    if character == "+":
        return (*_spellings("+"), *_spellings("-"))
    if character == "/":
        return (*_spellings("/"), *_spellings("_"))
    return (character.encode(),)


@lru_cache(maxsize=1024)
def _spellings(character: str) -> Unit:
    """As it is, percent-encoded (RFC 3986; a space also as in forms), escaped as in JSON, and as in
    HTML; the first two escapes also where they are escaped once more.
    """
    percent = "".join(f"%{byte:02X}" for byte in character.encode())
    pairs = character.encode("utf-16-be").hex(" ", 2).split()
    unicode = "".join(f"\\u{pair}" for pair in pairs)
    code = ord(character)
    escapes = [percent, percent.lower(), unicode, _upper(unicode)]
    escapes += [each.replace("%", "%25").replace("\\", "\\\\") for each in escapes]
    if character in "\"\\/'":
        once = f"\\{character}"
        escapes += [once, once.replace("\\", "\\\\").replace('"', '\\"')]
    if character == " ":
        escapes.append("+")
    escapes += [f"&#{code};", f"&#0{code};", f"&#x{code:x};", f"&#x{code:X};"]
    if code < _MAX_NAMED and (name := html.entities.codepoint2name.get(code)):
        escapes.append(f"&{name};")
    if character == "'":
        escapes.append("&apos;")
    return tuple(dict.fromkeys([character.encode(), *(each.encode() for each in escapes)]))


def _upper(unicode: str) -> str:
    return unicode.upper().replace("\\U", "\\u")
