"""The request body in the one media type that calls use (OAS 3.1, 4.8.13 and 4.8.14)."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from contracts.media_type import is_json_sequence
from contracts.operation import PropertyEncoding
from contracts.wire import is_media_type
from schema_service.domain import pointers
from schema_service.domain.compiling import body_rules
from schema_service.domain.compiling.dialect import Dialect
from schema_service.domain.compiling.inputs.encodings import Encodings
from schema_service.domain.compiling.inputs.media_types import (
    FORM,
    JSON,
    MULTIPART,
    is_form,
    is_json,
    is_multipart,
    parts_by_position,
    preferred,
)
from schema_service.domain.compiling.inputs.misplaced_schemas import (
    Misplaced,
    at_body,
    at_media_type,
    at_reference,
    fields_of_media_type,
    is_of_body,
)
from schema_service.domain.compiling.inputs.part_types import parts_as_json
from schema_service.domain.compiling.json_schema.slips import rewritten
from schema_service.domain.compiling.references import Broken, Path, References, Target
from schema_service.domain.finding import Edit, Finding

MAX_MEDIA_TYPES = 20
MAX_MEMBERS_SEEN = 1_000
_SHORT = {
    "json": JSON,
    "xml": "application/xml",
    "form": FORM,
    "text": "text/plain",
    "multipart": MULTIPART,
}
"""What people write for short."""


@dataclass(frozen=True, slots=True)
class Payload:
    """A body as the document declares it; `required` is None where it does not say."""

    media_type: str
    required: bool | None
    schema: Any
    path: Path
    encoding: dict[str, PropertyEncoding] = field(default_factory=dict)
    inner_delimiters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Of lists within a list of a form, by its property."""
    sent_by_default: frozenset[str] = frozenset()
    """Members that were parameters, of which a call that leaves them out sends the default."""
    xml: dict[str, Any] = field(default_factory=dict)
    """What its schema says of the root of an XML document, as the document has it."""
    xml_namespaces: dict[str, str] = field(default_factory=dict)
    """What an XML document declares at its root besides, by prefix."""
    items: Any = None
    """The schema of each item of a sequence (OAS 3.2, 4.14, `itemSchema`), beside `schema`."""
    by_position: str = ""
    """The member that describes parts by their position, which are not made."""
    description: str = ""
    """What the document says of the body beside its schema (OAS 3.1, 4.8.13)."""
    others: tuple["Payload", ...] = ()
    """In the other media types, of which the document offers the same body or another one."""

    @property
    def has_members(self) -> bool:
        """Whether the media type is made of named members."""
        return is_json(self.media_type) or is_form(self.media_type)


@dataclass(frozen=True, slots=True)
class Payloads:
    payload: Payload | None = None
    found: tuple[Finding, ...] = ()
    broken: bool = False


def payload_of(node: Any, path: Path, references: References, dialect: Dialect) -> Payloads:
    """Of an OpenAPI 3 operation's `requestBody`."""
    if node is None:
        return Payloads()
    target = references.follow(node, path)
    if isinstance(target, Broken):
        return Payloads(None, (target.at((*path, "$ref")),), broken=True)
    body = target.value
    misplaced = _misplaced(node, path, target, references)
    if misplaced is not None:
        bare = Payload(JSON, _required(body), misplaced.schema, misplaced.path)
        return Payloads(bare, (misplaced.finding,))
    content, where, found = _content(body, target.path)
    names = [name for name in content if isinstance(name, str)] if isinstance(content, dict) else []
    if not names or not isinstance(content, dict):
        return Payloads(None, (body_rules.BODY_MEDIA_MISSING.at(target.path),))
    offered = [name for name in names if is_media_type(name)][:MAX_MEDIA_TYPES]
    if not offered:
        # What has no slash was not meant as one: the whole body is described in the wrong place.
        needed = body.get("required") is True or "/" not in names[0]
        rule = body_rules.BODY_MEDIA_UNKNOWN if needed else body_rules.BODY_MEDIA_INVALID
        finding = rule.at((*where, names[0]), media_type=names[0][:80])
        meant = _SHORT.get(names[0].strip().lower())
        if meant is not None:
            edit = Edit("rename", finding.pointer, meant)
            finding = finding.repaired_by(f"Write {meant}", edit)
        return Payloads(None, (finding,), broken=needed)
    every = [
        _payload(
            Payload(name.strip(), _required(body), {}, (*where, name)),
            content[name],
            references,
            dialect,
            found,
        )
        for name in offered
    ]
    made = [each for each in every if not each.by_position]
    found += _by_position(every, made, required=body.get("required") is True)
    if not made:
        return Payloads(None, tuple(found), broken=body.get("required") is True)
    chosen = replace(_chosen(made, references), description=_description(node, body))
    return Payloads(chosen, tuple(found))


def _by_position(every: list[Payload], made: list[Payload], *, required: bool) -> Iterator[Finding]:
    """Of each media type whose parts have no names; `made` are those that bodies are made in."""
    for each in every:
        if each.by_position:
            where = (*each.path[:-1], each.by_position)
            if made:
                so = "the body is sent as another media type that stands beside it"
            else:
                so = "the operation cannot be called" if required else "the body is left out"
            blocks = required and not made
            rule = body_rules.PARTS_BY_POSITION if blocks else body_rules.PARTS_LEFT_OUT
            yield rule.at(where, media_type=each.media_type, so=so)


def _description(node: Any, body: Any) -> str:
    """That beside a reference to the body wins over its own (OAS 3.1, 4.8.23)."""
    said = (each.get("description") for each in (node, body) if isinstance(each, dict))
    return next((each for each in said if isinstance(each, str) and each), "")


def _content(body: Any, path: Path) -> tuple[Any, Path, list[Finding]]:
    """The media types of a body, and where they stand: `content` may have been forgotten."""
    if not isinstance(body, dict) or "content" in body:
        content = body.get("content") if isinstance(body, dict) else None
        return content, (*path, "content"), []
    bare = {name: each for name, each in body.items() if isinstance(each, dict) and "/" in name}
    if not bare or not all(map(is_media_type, bare)):
        return None, path, []
    edits = [Edit("add", pointers.join((*path, "content")), bare)]
    edits += [Edit("remove", pointers.join((*path, name))) for name in bare]
    rule = body_rules.BODY_CONTENT_MISSING
    found = [rule.at((*path, name), media_type=name) for name in bare]
    return bare, path, [rewritten(each, "Put it below content", edits) for each in found]


def _misplaced(node: Any, path: Path, target: Target, references: References) -> Misplaced | None:
    if target.path != path and not is_of_body(target.path):
        return at_reference(node, path, target.value)
    body = target.value
    return at_body(body, target.path, references) if isinstance(body, dict) else None


def _required(body: dict[str, Any]) -> bool | None:
    required = body.get("required")
    return required if isinstance(required, bool) else None


def _payload(
    bare: Payload, media: Any, references: References, dialect: Dialect, found: list[Finding]
) -> Payload:
    """`bare` has the media type's place."""
    misplaced = at_media_type(media, bare.path, references)
    if misplaced is not None:
        found.append(misplaced.finding)
        return replace(bare, schema=misplaced.schema, path=misplaced.path)
    target = references.follow(media, bare.path)
    if isinstance(target, Broken):
        return replace(bare, schema=media)  # of which compiling says so
    media = target.value if isinstance(target.value, dict) else {}
    found += fields_of_media_type(media, target.path)
    if is_multipart(bare.media_type):
        found += parts_as_json(media, target.path, references)
    encodings = Encodings(references, dialect, is_multipart(bare.media_type))
    return replace(
        bare,
        schema=media.get("schema", True),
        items=media.get("itemSchema") if is_json_sequence(bare.media_type) else None,
        by_position=parts_by_position(bare.media_type, media),
        path=(*target.path, "schema"),
        encoding=encodings.of(media.get("encoding")),
    )


def _chosen(every: list[Payload], references: References) -> Payload:
    """Files go into a multipart body where there is one."""
    wanted = preferred(each.media_type for each in every)
    chosen = next(each for each in every if each.media_type == wanted)
    multipart = next((each for each in every if is_multipart(each.media_type)), chosen)
    is_free = multipart is not chosen and chosen.has_members
    if is_free and _has_files(multipart.schema, references):
        chosen = multipart
    return replace(chosen, others=tuple(each for each in every if each is not chosen))


def _has_files(schema: Any, references: References) -> bool:
    target = references.follow(schema, ())
    node = None if isinstance(target, Broken) else target.value
    properties = node.get("properties") if isinstance(node, dict) else None
    members = properties.values() if isinstance(properties, dict) else ()
    for member in islice(members, MAX_MEMBERS_SEEN):
        items = member.get("items") if isinstance(member, dict) else None
        if any(isinstance(e, dict) and e.get("format") == "binary" for e in (member, items)):
            return True
    return False
