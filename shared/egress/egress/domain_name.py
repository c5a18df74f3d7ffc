"""Domain names as the platform compares them: lower-case A-labels, no trailing dot.

IDNA 2008 (RFC 5891) after UTS 46 non-transitional mapping; nothing here touches the network.
"""

import re
import unicodedata
from functools import lru_cache
from ipaddress import IPv6Address
from typing import Final

import idna
from publicsuffixlist import PublicSuffixList

from egress.errors import ALLOW_IT, DomainInvalid, HostRefused

MAX_NAME: Final = 253
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NUMERIC: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")

SPECIAL_USE: Final = frozenset(
    {
        "localhost", "local", "localdomain", "internal", "intranet", "private", "corp", "home",
        "lan", "arpa", "onion", "test", "invalid", "example", "alt",
        "svc", "cluster", "consul", "docker", "intra", "priv", "localnet",
    }
)  # fmt: skip
"""Last labels that never name a public host: IANA's special-use domain names (RFC 6761 and its
successors), ICANN's `internal`, and the labels that routers,
clusters and firms use inside, none of which is a top-level domain."""

METADATA_NAMES: Final = frozenset({"metadata.goog"})
"""Names of cloud metadata services that the other rules would let by."""

_LOCALHOST: Final = "Localhost is the developer's own computer, which nobody else can call."

_CJK: Final = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC"})


def canonical_host(text: str) -> str:
    """The A-label form of a host to call; refuses every name that cannot be a public host."""
    try:
        return _public_name(text)
    except DomainInvalid as why:
        raise HostRefused(f"This host cannot be called: {_lower_first(why.sentence)}") from None


def normalise_domain(text: str) -> str:
    """One entry of a domain list as it is stored and compared, such as `api.example.com`.

    Refuses, with one code and one sentence for each reason: wildcards, IP addresses, public
    suffixes, special-use names, and whatever is no domain name at all.
    """
    stripped = text.strip()
    if "*" in stripped:
        raise DomainInvalid("Wildcards are not accepted.", code="egress.domain_wildcard")
    name = _public_name(stripped)
    if registrable_domain(name) is None:
        raise DomainInvalid(
            "This is a public suffix, under which anyone may register names.",
            code="egress.domain_public_suffix",
        )
    return name


def is_within(host: str, domain: str) -> bool:
    """Whether a canonical host is this canonical domain or one of its subdomains."""
    return host == domain or host.endswith("." + domain)


@lru_cache(maxsize=4096)
def registrable_domain(name: str) -> str | None:
    """The name that its owner registered (`example.co.uk`), by the bundled public suffix list.

    None for a public suffix itself, and for an IP address. Private sections count: `a.github.io`
    and `b.github.io` have different owners.
    """
    if _is_ipv6(name) or _NUMERIC.fullmatch(name.rpartition(".")[2]):
        return None
    return _suffixes().privatesuffix(name)


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def _public_name(text: str) -> str:
    if _is_ipv6(text):
        raise _address()
    name = a_labels(text)
    labels = name.split(".")
    if _NUMERIC.fullmatch(labels[-1]):  # how inet_aton is kept from ever reading a name
        raise _address()
    if labels[-1] in SPECIAL_USE or name in METADATA_NAMES:
        raise DomainInvalid(
            _LOCALHOST if labels[-1] == "localhost" else _special_use(labels),
            hint=f"Enter the domain under which the API is reached publicly. {ALLOW_IT}",
            code="egress.domain_special_use",
        )
    if len(labels) < 2:  # noqa: PLR2004 - a host and the domain it is in
        raise DomainInvalid("A domain name has at least two parts, such as example.com.")
    return name


def a_labels(text: str) -> str:
    """Lower-case A-labels without the trailing dot; the syntax of a name and nothing more."""
    if not text or len(text) > 4 * MAX_NAME:
        raise _malformed()
    if "_" in text:
        raise DomainInvalid("A host name must not hold an underscore.")
    name = text.lower() if text.isascii() else _from_unicode(text)
    name = name.removesuffix(".")
    labels = name.split(".")
    if len(name) > MAX_NAME or not all(_LABEL.fullmatch(label) for label in labels):
        raise _malformed()
    for label in labels:
        if label.startswith("xn--"):
            _check_punycode(label)
    return name


def _from_unicode(text: str) -> str:
    if unicodedata.normalize("NFC", text) != text:
        raise _malformed()
    try:
        return idna.encode(text, uts46=True, std3_rules=True, transitional=False).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise _malformed() from None


def _check_punycode(label: str) -> None:
    """The label must be what IDNA 2008 would make of its text (RFC 5891 5.4), in one script."""
    try:
        readable = idna.ulabel(label)
    except (idna.IDNAError, UnicodeError):
        raise _malformed() from None
    if _mixes_scripts(readable) or readable.isdecimal():
        raise DomainInvalid("This name mixes alphabets or imitates an address.")


def _mixes_scripts(label: str) -> bool:
    """Latin beside Cyrillic or Greek in one label is how homographs are made (UTS 39).

    The first word of a letter's Unicode name is its script; East Asian scripts, which are written
    together and beside Latin, count as one.
    """
    scripts = {
        unicodedata.name(letter, "UNKNOWN").split()[0].split("-")[0]
        for letter in label
        if letter.isalpha()
    }
    if scripts & _CJK:
        return bool(scripts - _CJK - {"LATIN"})
    return len(scripts) > 1


def _is_ipv6(text: str) -> bool:
    if text.startswith("["):
        return True
    try:
        IPv6Address(text)
    except ValueError:
        return False
    return True


def _address() -> DomainInvalid:
    return DomainInvalid(
        "This is an IP address; a domain name is needed.",
        hint=f"Enter a plain domain such as example.com. {ALLOW_IT}",
        code="egress.domain_address",
    )


def _special_use(labels: list[str]) -> str:
    if len(labels) < 2 or labels[-1] not in SPECIAL_USE:  # noqa: PLR2004 - as above
        return "This name is reserved for private or special use."
    return f"Names that end in .{labels[-1]} are reserved for private or special use."


def _malformed() -> DomainInvalid:
    return DomainInvalid("This is not a valid domain name.")


def _lower_first(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
