"""The request body in the one media type that calls use (OAS 3.1, 4.8.13 and 4.8.14)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.operation import PropertyEncoding
from contracts.wire import is_media_type
from schema_service.domain.compiling import rules
from schema_service.domain.compiling.references import Broken, Path, References
from schema_service.domain.finding import Finding

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
JSON = "application/json"
_PREFERRED = (JSON, FORM, MULTIPART, "text/plain", "application/octet-stream")


@dataclass(frozen=True, slots=True)
class Payload:
    """A body as the document declares it; `required` is None where it does not say."""

    media_type: str
    required: bool | None
    schema: Any
    path: Path
    encoding: dict[str, PropertyEncoding] = field(default_factory=dict)

    @property
    def has_members(self) -> bool:
        """Whether the media type is made of named members."""
        return is_json(self.media_type) or is_form(self.media_type)


@dataclass(frozen=True, slots=True)
class Payloads:
    payload: Payload | None = None
    found: tuple[Finding, ...] = ()
    broken: bool = False


def payload_of(node: Any, path: Path, references: References) -> Payloads:
    """Of an OpenAPI 3 operation's `requestBody`."""
    if node is None:
        return Payloads()
    target = references.follow(node, path)
    if isinstance(target, Broken):
        return Payloads(None, (target.at((*path, "$ref")),), broken=True)
    body = target.value
    content = body.get("content") if isinstance(body, dict) else None
    media_type = preferred(content) if isinstance(content, dict) else None
    if media_type is None or not isinstance(content, dict):
        return Payloads(None, (rules.BODY_MEDIA_MISSING.at(target.path),))
    if not is_media_type(_concrete(media_type)):
        path_of_it = (*target.path, "content", media_type)
        invalid = rules.BODY_MEDIA_INVALID.at(path_of_it, media_type=media_type[:80])
        return Payloads(None, (invalid,))
    media = content[media_type] if isinstance(content[media_type], dict) else {}
    required = body.get("required")
    where = (*target.path, "content", media_type)
    as_text = not (is_json(media_type) or is_form(media_type))
    payload = Payload(
        _concrete(media_type),
        required if isinstance(required, bool) else None,
        {"type": "string"} if as_text else media.get("schema", True),
        (*where, "schema"),
        _encodings(media.get("encoding")),
    )
    return Payloads(payload)


def preferred(media_types: Iterable[Any]) -> str | None:
    """JSON before forms before text; otherwise the first."""
    names = [str(name) for name in media_types]
    names = [name for name in names if is_media_type(_concrete(name))] or names
    plain = {_essence(name): name for name in reversed(names)}
    for wanted in _PREFERRED:
        if wanted in plain:
            return plain[wanted]
        if wanted == JSON:
            json_like = [name for name in names if is_json(name)]
            if json_like:
                return json_like[0]
    return names[0] if names else None


def is_json(media_type: str) -> bool:
    """RFC 6838 4.2.8: the structured suffix; a range is taken to allow JSON."""
    essence = _essence(media_type)
    return essence in (JSON, "text/json", "*/*", "application/*") or essence.endswith("+json")


def is_form(media_type: str) -> bool:
    return _essence(media_type) in (FORM, MULTIPART)


def _essence(media_type: str) -> str:
    return media_type.split(";", 1)[0].strip().lower()


def _concrete(media_type: str) -> str:
    return JSON if "*" in media_type else media_type.strip()


def _encodings(node: Any) -> dict[str, PropertyEncoding]:
    if not isinstance(node, dict):
        return {}
    return {name: _encoding(each) for name, each in node.items() if isinstance(each, dict)}


def _encoding(node: Mapping[str, Any]) -> PropertyEncoding:
    media_type, style, explode = node.get("contentType"), node.get("style"), node.get("explode")
    return PropertyEncoding(
        content_type=media_type.split(",")[0].strip() if isinstance(media_type, str) else None,
        style=style if isinstance(style, str) else None,
        explode=explode if isinstance(explode, bool) else None,
        allow_reserved=node.get("allowReserved") is True,
    )
