"""Security schemes of a document, and what an action can do with them (OAS 3.1, 4.8.30)."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from schema_service.domain.finding import Finding
from schema_service.domain.linting import rules

MAX_GROUPS = 10
Requirement = tuple[Any, Sequence[str | int]]
"""The value of a `security`, and where it stands."""


def security_several(
    schemes: dict[str, Any], path: Sequence[str], requirements: Iterable[Requirement]
) -> Iterator[Finding]:
    """Schemes that are needed together are no alternatives, and alternatives are not together."""
    sets: dict[frozenset[str], Sequence[str | int]] = {}
    for security, where in requirements:
        for index, entry in enumerate(security if isinstance(security, list) else ()):
            names = frozenset(entry) & schemes.keys() if isinstance(entry, dict) else frozenset()
            if names:
                sets.setdefault(frozenset(names), (*where, index))
    groups = [each for each in sets if len(each) > 1][:MAX_GROUPS]
    yield from (_together(group, sets[group], schemes) for group in groups)
    if len(schemes) > 1 and (len(sets) > 1 or not groups):
        yield rules.SECURITY_SEVERAL.at(path, names=", ".join(schemes))


def _together(
    group: frozenset[str], where: Sequence[str | int], schemes: dict[str, Any]
) -> Finding:
    names = [name for name in schemes if name in group]
    headers = [_header(schemes[name]) for name in names]
    if all(headers):
        hint = f"Set them as several headers in the action's authentication: {', '.join(headers)}."
    else:
        hint = (
            "An action has one authentication, and several headers are the only ones that can be "
            "set together: ask the API for one key, or leave out what it can do without."
        )
    return rules.SECURITY_TOGETHER.at(where, names=" and ".join(names), hint=hint)


def _header(scheme: Any) -> str:
    """The header that a scheme is sent in; empty where it is none of a fixed value."""
    if not isinstance(scheme, dict):
        return ""
    if scheme.get("type") == "apiKey" and scheme.get("in") == "header":
        return str(scheme.get("name") or "")
    fixed = scheme.get("type") == "basic" or (
        scheme.get("type") == "http" and str(scheme.get("scheme")).lower() in ("basic", "bearer")
    )
    return "Authorization" if fixed else ""
