"""Templates as other frameworks write them: `${id}`, `{id:int}`, `{id:[0-9]+}`, `{id?}`."""

import re

_MARKED = re.compile(r"\$\{([A-Za-z_][\w-]*)\}")
_TYPED = re.compile(
    r"\{(?:(?:int|integer|float|str|string|uuid|path|slug):([A-Za-z_]\w*)"
    r"|([A-Za-z_]\w*)(?::(?:[^{}/]|\{[^{}/]*\})*|<[^{}/]*>|[?*])"
    r"|[*+]([A-Za-z_]\w*))\}"
)


def without_mark(path: str) -> tuple[str, str] | None:
    """The first template with a $ before it, and the path without any; None: there is none."""
    found = _MARKED.search(path)
    return (found[0], _MARKED.sub(r"{\1}", path)) if found else None


def without_type(path: str) -> tuple[str, str] | None:
    """The first template that says more than a name, and the path with names alone."""
    found = _TYPED.search(path)
    return (found[0], _TYPED.sub(_named, path)) if found else None


def _named(found: re.Match[str]) -> str:
    return f"{{{found[1] or found[2] or found[3]}}}"
