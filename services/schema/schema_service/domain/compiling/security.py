"""Which security schemes may apply to an operation (OAS 4.8.30)."""

from typing import Any

from schema_service.domain.compiling import rules
from schema_service.domain.compiling.context import Context
from schema_service.domain.compiling.places import Place
from schema_service.domain.compiling.references import Path
from schema_service.domain.compiling.wrong_types import wrong_type
from schema_service.domain.finding import Finding

MAX_SCHEMES = 100
"""Of one operation: each of them is stored with every operation that names it."""


def schemes_of(document: dict[str, Any], *, is_swagger: bool) -> dict[str, Any]:
    """The security schemes by name; one that is no object is as good as none."""
    place = document if is_swagger else document.get("components")
    key = "securityDefinitions" if is_swagger else "securitySchemes"
    found = place.get(key) if isinstance(place, dict) else None
    return found if isinstance(found, dict) else {}


def credentials_of(schemes: dict[str, Any]) -> frozenset[tuple[str, str]]:
    """Where API keys are sent: location and lower-case name (OAS 4.8.27)."""
    keys = (each for each in schemes.values() if isinstance(each, dict))
    return frozenset(
        (str(each.get("in")), str(each.get("name")).lower())
        for each in keys
        if each.get("type") == "apiKey"
    )


def anonymous(operation: dict[str, Any]) -> bool:
    """Whether the operation itself has an empty `security`; a whole document that has one counts as
    one that declares nothing.
    """
    security = operation.get("security")
    return isinstance(security, list) and all(entry == {} for entry in security)


def scheme_names(place: Place, context: Context) -> tuple[tuple[str, ...], list[Finding]]:
    """The first `MAX_SCHEMES` names of all alternatives, in the order of the document; those of the
    document itself are listed once for all operations.
    """
    if "security" in place.node:
        return _listed(place.node["security"], (*place.pointer, "security"), context.schemes)
    if context.security is None:
        declared = context.document.get("security", [])
        context.security = _listed(declared, ("security",), context.schemes)
    return context.security


def _listed(
    security: Any, where: Path, known: dict[str, Any]
) -> tuple[tuple[str, ...], list[Finding]]:
    if not isinstance(security, list):
        wanted = "a valid list, such as []"
        return (), [wrong_type(where, name="security", wanted=wanted)]
    listed = (name for entry in security if isinstance(entry, dict) for name in entry)
    every = [*dict.fromkeys(listed)]
    names = tuple(every[:MAX_SCHEMES])
    found = [rules.SECURITY_UNKNOWN.at(where, name=n) for n in names if n not in known]
    if len(every) > MAX_SCHEMES:
        found.append(rules.SECURITY_TOO_LONG.at(where, count=len(every), limit=MAX_SCHEMES))
    return names, found
