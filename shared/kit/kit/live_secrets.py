"""Which secrets this process has in use, so that no log line shows one, whatever logs it.

The last line behind the allowlist of fields and the patterns of `kit.logs`. No secret is kept here:
of each text that may stand for one, a randomized hash of its first characters, its length, and a
keyed digest. A text is searched in one pass, with one look-up for each of its characters.
"""

import base64
import json
import os
from collections import OrderedDict
from collections.abc import Iterator
from hashlib import blake2b
from urllib.parse import quote

MIN_CHARACTERS = 8
"""Shorter texts are in many lines that have nothing to do with a secret (decision 29)."""
MAX_CHARACTERS = 16 * 1024
"""Of a spelling; of a longer one so many from its beginning are replaced."""
MAX_SPELLINGS = 40_000
"""The least recently added ones make room: about 100 bytes each."""

Span = tuple[int, int]
_Spelling = tuple[int, bytes]
"""Its length, and the digest."""


class LiveSecrets:
    """Finds secrets as they are, percent-encoded (RFC 3986, 2.1), in JSON, and in base64."""

    def __init__(self, max_spellings: int = MAX_SPELLINGS) -> None:
        self._key = os.urandom(32)
        self._max = max_spellings
        self._spellings: OrderedDict[_Spelling, int] = OrderedDict()
        """With the hash under which each is found."""
        self._by_beginning: dict[int, set[_Spelling]] = {}

    def __len__(self) -> int:
        return len(self._spellings)

    def add(self, secret: str) -> None:
        """Shorter ones than `MIN_CHARACTERS` are left out."""
        if len(secret) < MIN_CHARACTERS:
            return
        for spelling in {text[:MAX_CHARACTERS] for text in spellings(secret)}:
            self._add(spelling)

    def spans(self, text: str) -> list[Span]:
        """Where secrets are, in their order, of the longest where several begin at one character;
        they may overlap.
        """
        if not self._spellings or len(text) < MIN_CHARACTERS:
            return []
        known, last = self._by_beginning, len(text) - MIN_CHARACTERS + 1
        places = [at for at in range(last) if hash(text[at : at + MIN_CHARACTERS]) in known]
        found = ((at, at + self._longest_at(text, at)) for at in places)
        return [span for span in found if span[1] > span[0]]

    def _longest_at(self, text: str, at: int) -> int:
        """Characters of the longest secret that begins there; 0 where none does."""
        found = self._by_beginning.get(hash(text[at : at + MIN_CHARACTERS]), ())
        lengths = (
            length
            for length, digest in found
            if at + length <= len(text) and self._digest(text[at : at + length]) == digest
        )
        return max(lengths, default=0)

    def _add(self, text: str) -> None:
        spelling, beginning = (len(text), self._digest(text)), hash(text[:MIN_CHARACTERS])
        self._spellings[spelling] = beginning
        self._spellings.move_to_end(spelling)
        self._by_beginning.setdefault(beginning, set()).add(spelling)
        if len(self._spellings) > self._max:
            oldest, its_beginning = self._spellings.popitem(last=False)
            others = self._by_beginning[its_beginning]
            others.discard(oldest)
            if not others:
                del self._by_beginning[its_beginning]

    def _digest(self, text: str) -> bytes:
        raw = text.encode(errors="surrogatepass")
        return blake2b(raw, key=self._key, digest_size=16).digest()


def spellings(secret: str) -> Iterator[str]:
    """In which a secret may come back: as it is, percent-encoded, in JSON, and in base64."""
    raw = secret.encode(errors="surrogatepass")
    yield secret
    yield quote(raw, safe="")
    yield json.dumps(secret)[1:-1]
    yield base64.b64encode(raw).decode().rstrip("=")
    yield base64.urlsafe_b64encode(raw).decode().rstrip("=")


LIVE_SECRETS = LiveSecrets()
"""This process's: every `kit.sealing.Secret` of text is in it."""
