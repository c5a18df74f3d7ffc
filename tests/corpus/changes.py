"""Properties that compare a document with a slightly changed copy of itself, or with its tools."""

import copy
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from contracts.operation import Operation
from contracts.tool_forms.definition import Flavour, tool_for
from contracts.tool_forms.examples import MAX_EXAMPLES_LENGTH
from tests.corpus.needs import (
    SERVERS,
    Steps,
    Tree,
    followed,
    found_at,
    place_followed,
    pointer_of,
    reached,
    references,
    steps_of,
    target,
)
from tests.corpus.properties import compiled, examined

REFUSED_SERVER = {"url": "https://localhost"}
GONE = "#/components/schemas/NotThereAtAll"
SOURCE_ROOT = "https://docs.acme.dev"
SOURCE = f"{SOURCE_ROOT}/specs/api.json"
SAID = ("default", "format", "enum")
UNREAD = {
    *(
        "schema.member_unknown",
        "schema.member_misspelt",
        "schema.schema_below_schema",
        "schema.value_of_wrong_type",
    ),
    "schema.body_schema_missing",  # at the media type, of which nothing is read then
    *("schema.type_unknown", "schema.keyword_ignored", "schema.body_media_missing"),
}
"""Findings that say that nothing reads what stands at their place."""
UNUSED = {"schema.default_refused", "schema.keyword_ignored", "schema.value_of_wrong_type"}
"""Findings that say of a keyword's value that it is not used."""
OF_FILES = ("binary", "byte", "base64")
"""Formats of texts that a tool asks for in base64."""


def written(document: Tree) -> bytes:
    return json.dumps(document).encode()


def second_server_not_taken(document: Tree) -> Iterator[str]:
    """A server in front that cannot be called changes nothing but a note."""
    servers = document.get("servers")
    if not isinstance(servers, list) or not servers or "openapi" not in document:
        return
    more = {**document, "servers": [REFUSED_SERVER, *servers]}
    before, after = (_called_at(each) for each in (document, more))
    for name, server in before.items():
        if after.get(name) != server:
            yield f"{name}: {after.get(name)} instead of {server} behind a refused server"


def source_not_taken(document: Tree) -> Iterator[str]:
    """Without servers, OpenAPI 3 is called at the root of where the document came from (OAS 3.1,
    4.8.1), Swagger 2.0 there below its base path; a relative server is resolved against it.
    """
    paths = [item for item in document["paths"].values() if isinstance(item, dict)]
    if any("servers" in str(each) for each in paths):
        return
    gone = {*SERVERS, "info", "externaldocs"}
    bare = {key: value for key, value in document.items() if key.casefold() not in gone}
    bare["info"] = {"title": "t", "version": "1"}
    roots: dict[str, Tree] = {SOURCE_ROOT: bare}
    if "openapi" in document:
        roots[f"{SOURCE_ROOT}/v1"] = {**bare, "servers": [{"url": "/v1"}]}
        roots[f"{SOURCE_ROOT}/specs/v1"] = {**bare, "servers": [{"url": "v1"}]}
    else:
        roots[f"{SOURCE_ROOT}/v1"] = {**bare, "basePath": "/v1"}
    named = {**bare, "servers": [{"url": SOURCE_ROOT}]}
    before = named if "openapi" in document else {**bare, "host": urlsplit(SOURCE_ROOT).netloc}
    wanted = _called_at(before).keys()
    for root, each in roots.items():
        found = _called_at(each, SOURCE)
        yield from (
            f"{n}: {found.get(n)} instead of {root}" for n in wanted if found.get(n) != root
        )


def _called_at(document: Tree, source_url: str | None = None) -> dict[str, str]:
    found = examined(written(document), source_url)
    ready = {item["name"] for item in found.operations.items() if item["verdict"] != "blocked"}
    return {name: each.server for name, each in compiled(found).items() if name in ready}


def lost_references_without_effect(document: Tree, most: int = 3) -> Iterator[str]:
    """A reference to nothing blocks the operations whose request needs it, and no other; an error
    stands where the reference does. What a finding says is not read, no request needs.
    """
    found = [steps for steps in references(document) if _is_local(document, steps)]
    before, simple = _found(document), not _has_choices(document)
    for steps in found[:: max(1, len(found) // most)][:most]:
        broken = copy.deepcopy(document)
        found_at(broken, steps)["$ref"] = GONE
        after, place = _found(broken), pointer_of(steps)
        newly = after.blocked - before.blocked
        for pointer in newly:
            if steps not in reached(document, pointer, before.unread)[0]:
                yield f"{pointer} is blocked by {place}, which it does not need"
        if newly and not any(each.startswith(place) for each in after.errors):
            yield f"{place} blocks {min(newly)}, and the errors are at {after.errors[:5]}"
        for pointer in before.known & after.known - before.blocked - after.blocked:
            if simple and steps in reached(document, pointer, before.unread)[0]:
                yield f"{pointer} is ready without {place}"


@dataclass(frozen=True)
class _Found:
    known: set[str]
    blocked: set[str]
    errors: list[str]
    unread: frozenset[str]


def _found(document: Tree) -> _Found:
    found = examined(written(document))
    items, findings = found.operations.items(), found.findings.items()
    return _Found(
        {item["pointer"] for item in items},
        {item["pointer"] for item in items if item["verdict"] == "blocked"},
        [each["pointer"] for each in findings if each["severity"] == "error"],
        frozenset(each["pointer"] for each in findings if each["code"] in UNREAD),
    )


def _is_local(document: Tree, steps: Steps) -> bool:
    return target(document, found_at(document, steps)["$ref"]) is not None


def _has_choices(document: Tree) -> bool:
    """Members or media types that a request leaves out: what they need, it does not."""
    bodies = (
        followed(document, operation.get("requestBody")).get("content", {})
        for item in document["paths"].values()
        for operation in (item.values() if isinstance(item, dict) else ())
        if isinstance(operation, dict)
    )
    return "readOnly" in str(document) or any(len(c) > 1 for c in bodies if isinstance(c, dict))


def values_not_shown(document: Tree) -> Iterator[str]:
    """What a schema says of the values of a parameter, or of a member of a JSON body, stands in the
    tool, or the value is constant, or a finding there says that it is not used. So does the
    original name of what the tool calls otherwise.
    """
    found = examined(written(document))
    pointers = {item["name"]: item["pointer"] for item in found.operations.items()}
    unused = {each["pointer"] for each in found.findings.items() if each["code"] in UNUSED}
    for name, operation in compiled(found).items():
        for strict in (False, True):
            tool = tool_for(name, operation, Flavour.OPENAI, strict=strict).definition
            shown = tool["function"]["parameters"]
            described = _described(document, operation, pointers[name])
            for each in described:
                yield from (f"{pointers[name]} {said}" for said in each.not_in(shown, unused))


@dataclass(frozen=True)
class _Described:
    argument: str
    original: str
    place: Steps
    schema: Tree
    example: Any

    def not_in(self, shown: Mapping[str, Any], unused: set[str]) -> Iterator[str]:
        tool = [shown["properties"].get(self.argument), shown.get("$defs")]
        text = json.dumps(tool, ensure_ascii=False)
        if self.original != self.argument and self.original not in text:
            yield f"{self.argument}: the tool lacks the name {self.original}"
        for keyword in SAID:
            value = self.schema.get(keyword)
            if value in OF_FILES or len(str(value)) >= MAX_EXAMPLES_LENGTH:
                continue
            if isinstance(value, dict) or pointer_of((*self.place, keyword)) in unused:
                continue
            if keyword in self.schema and not _stands_in(self.schema[keyword], text):
                yield f"{self.argument}: the tool lacks {keyword} {self.schema[keyword]!r:.80}"
        example = self.schema.get("example", self.example)
        is_exempt = example is None or len(str([example])) >= MAX_EXAMPLES_LENGTH
        if not is_exempt and not _stands_in(example, text):
            yield f"{self.argument}: the tool lacks the example {example!r:.80}"


def _described(document: Tree, operation: Operation, pointer: str) -> Iterator[_Described]:
    arguments = {(each.location.value, each.name): each.argument for each in operation.parameters}
    own = found_at(document, steps_of(pointer), None)
    if not isinstance(own, dict):
        return
    listed = own.get("parameters")
    for index in range(len(listed) if isinstance(listed, list) else 0):
        place = place_followed(document, (*steps_of(pointer), "parameters", index))
        parameter = followed(document, found_at(document, place))
        argument = arguments.get((parameter.get("in"), parameter.get("name")))
        place = place_followed(document, (*place, "schema"))
        schema = followed(document, parameter.get("schema"))
        if argument is not None and argument not in operation.constants and "type" in schema:
            yield _Described(argument, parameter["name"], place, schema, parameter.get("example"))
    body = operation.body
    if body is None or body.members is None:
        return
    place = place_followed(document, (*steps_of(pointer), "requestBody"))
    place = place_followed(document, (*place, "content", body.media_type, "schema"))
    for argument, member in body.members.items():
        where = place_followed(document, (*place, "properties", member))
        schema = followed(document, found_at(document, where, None))
        if argument not in operation.constants and isinstance(schema.get("type"), str):
            yield _Described(argument, member, where, schema, None)


def _stands_in(value: Any, text: str) -> bool:
    """As itself, or as the text or the number that the schema's type makes of it."""
    values = value if isinstance(value, list) else [value]
    values = [each for each in values if each is value or not isinstance(each, dict | list)]
    forms = (forms_of(leaf) for each in values for leaf in _leaves(each))
    return all(any(form in text for form in each) for each in forms)


def _leaves(value: Any) -> Iterator[Any]:
    """The values of an object's members: each has a type of its own."""
    if not isinstance(value, dict | list):
        yield value
        return
    for each in value.values() if isinstance(value, dict) else value:
        yield from _leaves(each)


def forms_of(value: Any) -> set[str]:
    """In JSON, with and without spaces, within a text, and as what its type makes of it."""
    made = [value, str(value)]
    with suppress(TypeError, ValueError, OverflowError):
        made.append(float(value))
    written = {json.dumps(each, ensure_ascii=False) for each in made}
    written.add(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    within = {json.dumps(each, ensure_ascii=False)[1:-1] for each in (*written, str(value))}
    return written | within | {str(value)}


CHANGES = (
    second_server_not_taken,
    source_not_taken,
    lost_references_without_effect,
    values_not_shown,
)
