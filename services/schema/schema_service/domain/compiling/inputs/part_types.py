"""Parts of a multipart body that are to be XML or YAML, and are made as JSON (OAS 3.1, 4.8.15)."""

from collections.abc import Iterator
from typing import Any

from schema_service.domain.compiling import body_rules
from schema_service.domain.compiling.inputs.media_types import essence, is_xml
from schema_service.domain.compiling.references import Broken, Path, References
from schema_service.domain.finding import Finding


def parts_as_json(media: dict[str, Any], path: Path, references: References) -> Iterator[Finding]:
    """`media` is the media type object of a multipart body, `path` its place."""
    encoding, members = media.get("encoding"), _members(media.get("schema"), references)
    for name, each in encoding.items() if isinstance(encoding, dict) else ():
        declared = each.get("contentType") if isinstance(each, dict) else None
        is_other = isinstance(declared, str) and _is_other(declared)
        if is_other and _is_structured(members.get(name), references):
            where = (*path, "encoding", name, "contentType")
            yield body_rules.PART_AS_JSON.at(where, name=name, media_type=str(declared)[:80])


def _is_other(media_type: str) -> bool:
    return is_xml(media_type) or essence(media_type).endswith(("/yaml", "+yaml", "/x-yaml"))


def _members(schema: Any, references: References) -> dict[str, Any]:
    node = _followed(schema, references)
    properties = node.get("properties")
    return properties if isinstance(properties, dict) else {}


def _is_structured(schema: Any, references: References) -> bool:
    node = _followed(schema, references)
    kind = node.get("type")
    return "properties" in node or kind == "object" or (isinstance(kind, list) and "object" in kind)


def _followed(schema: Any, references: References) -> dict[str, Any]:
    target = references.follow(schema, ())
    if isinstance(target, Broken) or not isinstance(target.value, dict):
        return {}
    return target.value
