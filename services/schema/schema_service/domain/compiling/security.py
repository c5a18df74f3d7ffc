"""Which security schemes may apply to an operation (OAS 4.8.30)."""

from typing import Any

from schema_service.domain.compiling import rules
from schema_service.domain.compiling.references import Path
from schema_service.domain.compiling.wrong_types import wrong_type
from schema_service.domain.finding import Finding


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


def scheme_names(
    operation: dict[str, Any], document: dict[str, Any], path: Path, known: dict[str, Any]
) -> tuple[tuple[str, ...], list[Finding]]:
    """All names of all alternatives, in the order of the document."""
    own = "security" in operation
    security = operation["security"] if own else document.get("security", [])
    where: Path = (*path, "security") if own else ("security",)
    if not isinstance(security, list):
        wanted = "a valid list, such as []"
        return (), [wrong_type(where, name="security", wanted=wanted)]
    names = dict.fromkeys(name for entry in security if isinstance(entry, dict) for name in entry)
    found = [rules.SECURITY_UNKNOWN.at(where, name=n) for n in names if n not in known]
    return tuple(names), found
