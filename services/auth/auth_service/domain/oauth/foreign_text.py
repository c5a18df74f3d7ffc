"""Texts that a provider wrote, before they are part of a sentence of ours."""

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote_plus

from kit.live_secrets import spellings
from kit.sealing import Secret

MAX_CHARACTERS = 300
MAX_CODE_CHARACTERS = 60
MAX_READ = 16 * 1024
"""Characters that are looked at: what comes after is never shown."""
HIDDEN = "…"
_CODE = re.compile(r"[A-Za-z0-9_.\-]+", re.ASCII)
_INVISIBLE = {"Cf", "Cs", "Co", "Cn"}
"""Unicode's categories, among them what turns the direction of a text; these leave no gap."""
_SPACES = {"Cc", "Zl", "Zp", "Zs"}


def cleaned(
    unverified: object, hide: Iterable[Secret[str]] = (), most: int = MAX_CHARACTERS
) -> str:
    """One line of at most `most` characters that are seen; empty for what is no text.

    `hide` are the secrets that the provider was sent and could repeat; each is replaced, in all
    spellings that `kit.live_secrets` knows, and as form fields are encoded. What is shown is text
    still: whoever makes HTML of it escapes it.
    """
    if not isinstance(unverified, str):
        return ""
    seen = "".join(map(_seen, unverified[:MAX_READ]))
    for form in _forms(hide):
        seen = seen.replace(form, HIDDEN)
    line = " ".join(seen.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def code_of(unverified: object, hide: Iterable[Secret[str]] = ()) -> str:
    """A code of a refusal (RFC 6749, 5.2), of letters from which nothing else can be made."""
    text = cleaned(unverified, hide, MAX_CODE_CHARACTERS + 1)
    fits = len(text) <= MAX_CODE_CHARACTERS and _CODE.fullmatch(text)
    return text if fits else ""


def _seen(character: str) -> str:
    category = unicodedata.category(character)
    if category in _INVISIBLE:
        return ""
    return " " if category in _SPACES else character


def _forms(secrets: Iterable[Secret[str]]) -> list[str]:
    """The longest first: one may contain another."""
    forms = set()
    for secret in secrets:
        text = secret.reveal().encode("utf-8", "replace").decode()
        forms |= {"".join(map(_seen, text)), quote_plus(text), *spellings(text)}
    return sorted(filter(None, forms), key=len, reverse=True)
