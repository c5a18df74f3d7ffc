"""Hosts that documents write in place of the real one.

Only what nobody's host is called is refused: `your-server.de` and `todo.acme.com` are somebody's,
and a name that merely looks like a placeholder is worth a note and no more.
"""

import re
from functools import lru_cache
from typing import Final

from egress.domain_name import registrable_domain

_ADDRESS: Final = frozenset(
    (
        *("company", "domain", "domainname", "endpoint", "hostname", "instance", "org"),
        *("organisation", "organization", "subdomain", "tenant", "uri", "url"),
    )
)
"""What an address consists of: `your-domain.com` is nobody's, wherever it stands."""
_PART: Final = frozenset(("api", "app", "application", "backend", "host", "server", "service"))
"""What a name below another one stands for; alone it may be a firm's: `your-server.de`."""
_HOSTED: Final = frozenset(
    (
        *("account", "actual", "aws", "azure", "base", "bucket", "cloud", "code", "custom"),
        *("deployed", "deployment", "firm", "function", "functions", "gateway", "heroku", "hosted"),
        *("http", "https", "id", "ip", "name", "netlify", "ngrok", "own", "plugin", "portal"),
        *("prod", "production", "project", "proxy", "public", "railway", "real", "region"),
        *("render", "repl", "replit", "resource", "shop", "site", "slug", "space", "store", "sub"),
        *("supabase", "team", "tunnel", "user", "username", "vercel", "web", "webapp", "website"),
        *("worker", "workspace"),
    )
)
"""What a name at a firm that hosts others' APIs stands for: `your-project.vercel.app`."""
_WORDS: Final = _ADDRESS | _PART | _HOSTED
_UNMISTAKABLE: Final = frozenset(("subdomain", "uri", "url", "hostname", "domainname", "endpoint"))
_NO_TOP_LEVEL: Final = frozenset(("api", "domain", "endpoint", "hostname", "server", "tld", "url"))
"""In `https://your.domain` they end a host, and no host ends so."""
_MY: Final = frozenset(("domain", "subdomain", "hostname", "domainname", "endpoint"))
"""What a `my-` makes a placeholder of; without the hyphen it is a firm's name."""
_VERBS: Final = frozenset(("enter", "fill", "insert", "put", "replace"))
_BARE: Final = re.compile(r"todo|tbd|fixme|your|hostname|subdomain|x{3,}|xx+-xx+")
_CROSSES: Final = re.compile(r"x+(?:-x+){2,}")
"""Such as `xxxx-xx-xx`."""
_FILL_IN: Final = re.compile(
    r"(?:.*-)?(?:(?:change|replace)-?(?:me|this))(?:-.*)?|placeholder"
    rf"|placeholder-(?:{'|'.join(sorted(_WORDS))})|(?:{'|'.join(sorted(_WORDS))})-placeholder"
)
_WORD: Final = re.compile("|".join(sorted({*_WORDS, "here"}, key=len, reverse=True)))
_GLUED: Final = re.compile(f"(?:{_WORD.pattern})+")
_CERTAIN: Final = _ADDRESS | {"here"}
_FILLERS: Final = frozenset(("a", "here", "in", "my", "the", "with", "your"))
_SECOND_LEVELS: Final = frozenset(("com", "net", "org", "edu", "gov", "mil", "nom", "web"))
_HOSTING_CODES: Final = frozenset(("ai", "co", "dev", "io", "me", "sh"))
"""Top levels of two letters under which firms host others' APIs."""
_SHORT: Final = 2
_PHRASE: Final = 3
"""Words of a label that are more than a name."""

_TEXT: Final = re.compile(
    # YOUR_API, YOUR-SERVER, <your-domain>, [host], %HOST%, MY_HOST_NAME, {{host}}
    r"<[^<>]*>|\[[A-Za-z_ -]+\]|%+[A-Za-z_]+%+|\{\{[^{}]*\}\}|\bYOUR[-_][\w-]*"
    rf"|\bYOUR(?:{'|'.join(sorted(_ADDRESS | _PART)).upper()})+\b|\b[A-Z]+(?:_[A-Z0-9]+)+\b"
)

_IN_PATH: Final = re.compile(
    # <stage>, [stage], /YOUR_PATH, /$STAGE, %STAGE%; brackets stand in no path (RFC 3986, 3.3)
    r"<[^<>/]*>|\[[A-Za-z_ -]+\]|\bYOUR[-_][\w-]*|(?<=/)\$[A-Z][A-Z0-9_]+|%+[A-Z_]{3,}%+"
)

_OF_ANOTHER_TOOL: Final = re.compile(r"\{\{[^{}]*\}\}|[$@%]\{[^{}]*\}")
"""`{{host}}` of Postman and its like, `${HOST}` of a shell: no server variables of OpenAPI."""


_OF_PROGRAMS: Final = re.compile(r"\$[A-Za-z_]\w*|%+[A-Za-z_]\w*%+|%[sd](?![0-9A-Fa-f])")
"""What stands for a host in programs: `$HOST`, `%HOST%`, `%s`."""


def another_tools(url: str) -> str | None:
    """The first placeholder of another tool in a URL, wherever in it."""
    found = _OF_ANOTHER_TOOL.search(url) or _OF_PROGRAMS.search(_authority(url))
    return found[0] if found else None


def written_placeholder(url: str) -> str | None:
    """The part of a URL, as it is written, that stands for a host or a path to be put there."""
    authority = _authority(url)
    found = _TEXT.search(authority)
    if found:
        return found[0]
    return placeholder_in_host(authority.partition(":")[0].lower()) or path_placeholder(url)


def path_placeholder(url: str) -> str | None:
    """The first part of a URL's path, whole or relative, that stands for another."""
    found = _IN_PATH.search(url.partition("://")[2] or url, len(_authority(url)))
    return found[0] if found else None


def shouted_placeholder(url: str) -> str | None:
    """The same of a URL that could be called: a `YOUR-SERVER` that stands out by its capitals."""
    authority = _authority(url)
    found = None if authority.isupper() else _TEXT.search(authority)
    return found[0] if found else path_placeholder(url)


@lru_cache(maxsize=4_096)
def placeholder_in_host(host: str) -> str | None:
    """The label of a host, in lower case, that no real host has."""
    labels = host.removesuffix(".").split(".")
    if _is_split(labels):
        return f"{labels[0]}.{labels[1]}"
    return next((each for each in labels[:-1] if _stands_for_another(each, host)), None)


@lru_cache(maxsize=4_096)
def resembling_placeholder(host: str) -> str | None:
    """The label of a host that may be somebody's, and is more often a placeholder."""
    labels = host.removesuffix(".").split(".")[:-1]
    return next((each for each in labels if _BARE.fullmatch(each) or _your(each)), None)


def _authority(url: str) -> str:
    return url.partition("://")[2].partition("/")[0]


def _is_split(labels: list[str]) -> bool:
    """`your.domain`, `your.company.com`."""
    if labels[0] not in ("your", "my") or len(labels) < _SHORT:
        return False
    known = _ADDRESS | _PART if labels[0] == "your" else _MY
    return labels[1] in (_NO_TOP_LEVEL if len(labels) == _SHORT else known)


def _stands_for_another(label: str, host: str) -> bool:
    words = re.split("[-_]+", label)
    if _FILL_IN.fullmatch("-".join(words)) or _CROSSES.fullmatch(label) or _is_order(words):
        return True
    if words[0] == "my" and _MY & {*words[1:]} and {*words[1:]} <= _WORDS:
        return True
    said = _your(label)
    if not said or said & _CERTAIN:
        return bool(said)
    if _is_hosted(host):
        return True
    return label != _registered(host) and (len(words) >= _PHRASE or bool(said & _PART))


def _your(label: str) -> frozenset[str]:
    """The words behind a `your`, where all of them are ones of addresses; empty elsewhere."""
    if not label.startswith("your"):
        return frozenset()
    rest = [word for word in re.split("[-_]+", label.removeprefix("your")) if word]
    if all(_GLUED.fullmatch(word) for word in rest):
        return frozenset(each for word in rest for each in _WORD.findall(word))
    is_apart = label[len("your")] in "-_"
    return frozenset(rest[-1:]) & _UNMISTAKABLE if is_apart else frozenset()


def _is_order(words: list[str]) -> bool:
    """`insert-host-here`, `replace-with-your-domain`, `enter-your-url`; no `enter-media`."""
    if words[0] not in _VERBS or len(words) < _PHRASE:
        return False
    said = {*words[1:]} - _FILLERS
    return said <= _WORDS and (words[-1] == "here" or bool(_ADDRESS & said))


def _registered(host: str) -> str:
    return (registrable_domain(host) or host).partition(".")[0]


def _is_hosted(host: str) -> bool:
    """Whether its owner has a name below the one of a firm that hosts others' APIs, which is so
    where the public suffix is longer than a country's own.
    """
    suffix = (registrable_domain(host) or host).partition(".")[2]
    above, _, top = suffix.rpartition(".")
    second = above.rpartition(".")[2]
    if len(second) <= _SHORT or second in _SECOND_LEVELS:
        return False
    return len(top) > _SHORT or top in _HOSTING_CODES
