"""References of schemas to what holds a schema and is none: a parameter, a body, an answer."""

from typing import Any

from schema_service.domain import pointers
from schema_service.domain.compiling import schema_rules
from schema_service.domain.compiling.json_schema.slips import is_schema
from schema_service.domain.compiling.references import Path, Target
from schema_service.domain.finding import Edit, Finding


def held_by(target: Target, reference: Any, path: Path) -> tuple[Target, list[Finding]]:
    """The schema in it, and what is to say where the reference stands; anything else itself."""
    inner = _held(target)
    if inner is None:
        return target, []
    meant = f"#{pointers.join(inner.path)}"
    finding = schema_rules.REFERENCE_TO_HOLDER.at(path, reference=reference, meant=meant)
    return inner, [finding.repaired_by(f"Write {meant}", Edit("replace", finding.pointer, meant))]


def _held(target: Target) -> Target | None:
    node, path = target.value, target.path
    if not isinstance(node, dict) or is_schema(node):
        return None
    content = node.get("content")
    if "schema" not in node and isinstance(content, dict) and content:
        name = next(iter(content))
        node, path = content[name], (*path, "content", name)
    inner = node.get("schema") if isinstance(node, dict) else None
    if not isinstance(inner, dict) or not ("$ref" in inner or is_schema(inner)):
        return None
    return Target(inner, (*path, "schema"))
