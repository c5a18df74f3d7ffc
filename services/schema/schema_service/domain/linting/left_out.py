"""What a document says about bodies, answers and servers, and calls do without.

Each place is looked at once, however many operations refer to it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from contracts.media_type import is_json_sequence
from contracts.wire import is_media_type
from schema_service.domain.compiling import body_rules, server_rules
from schema_service.domain.compiling.dialect import Dialect
from schema_service.domain.compiling.inputs.bodies import MAX_MEDIA_TYPES
from schema_service.domain.compiling.inputs.encodings import MAX_HEADERS, Encodings, names_in
from schema_service.domain.compiling.inputs.media_types import (
    is_form,
    is_multipart,
    parts_by_position,
)
from schema_service.domain.compiling.places import Place
from schema_service.domain.compiling.references import Broken, Path, References
from schema_service.domain.finding import Finding
from schema_service.domain.linting import rules

MAX_FINDINGS = 50
SHOWN = 80
_COMBINED = frozenset(
    {"allOf", "anyOf", "oneOf", "patternProperties", "if", "unevaluatedProperties"}
)
_OF_STREAMS = ("itemSchema", "prefixEncoding", "itemEncoding")
"""Members of a media type that OpenAPI 3.2 added (4.14)."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    document: dict[str, Any]
    dialect: Dialect
    references: References

    def findings(self, places: Iterable[Place]) -> Iterator[Finding]:
        """The first `MAX_FINDINGS`."""
        once = [*{place.pointer: place for place in places}.values()]
        yield from islice(self._findings(once), MAX_FINDINGS)

    def _findings(self, places: list[Place]) -> Iterator[Finding]:
        if self.dialect is Dialect.SWAGGER_2:
            yield from self._swagger(places)
            return
        for path, body in self._each(places, "requestBody", "requestBodies"):
            yield from self._body(body, path)
        for path, answers in _members(places, "responses"):
            yield from _answers(answers, path)
        yield from _answers(self._components("responses"), ("components", "responses"))
        yield from self._servers(places)
        yield from self._not_read(places)

    def _components(self, section: str) -> dict[str, Any]:
        return _object(_object(self.document.get("components")).get(section))

    def _each(
        self, places: list[Place], member: str, section: str
    ) -> Iterator[tuple[Path, dict[str, Any]]]:
        """Where they are written: those that are referred to stand among the components."""
        yield from _members(places, member)
        for name, node in self._components(section).items():
            yield ("components", section, name), _object(node)

    def _body(self, body: dict[str, Any], path: Path) -> Iterator[Finding]:
        content = {k: v for k, v in _object(body.get("content")).items() if isinstance(k, str)}
        offered = [name for name in content if is_media_type(name)]
        if not offered:
            return  # said where the body is compiled
        for name, media in content.items():
            where = (*path, "content", name)
            if name not in offered:
                why = "that is not a media type"
            elif name in offered[MAX_MEDIA_TYPES:]:
                why = f"a body has at most {MAX_MEDIA_TYPES}"
            else:
                yield from self._media(name, _object(media), where)
                continue
            yield body_rules.BODY_MEDIA_LEFT_OUT.at(where, media_type=name[:SHOWN], why=why)

    def _media(self, name: str, media: dict[str, Any], path: Path) -> Iterator[Finding]:
        if parts_by_position(name, media):
            return  # said where the body is compiled
        for member in _OF_STREAMS:
            if member in media and not (member == "itemSchema" and is_json_sequence(name)):
                why = "no list is made of such items or parts"
                hint = "Say in the description of requestBody how they look and are separated."
                yield rules.NOT_READ.at((*path, member), name=member, why=why, hint=hint)
        encodings = Encodings(self.references, self.dialect, is_multipart(name))
        for member, encoding in _object(media.get("encoding")).items():
            where = (*path, "encoding", member)
            why, hint = self._unused(name, member, media.get("schema"))
            if why:
                yield body_rules.ENCODING_LEFT_OUT.at(where, name=member, why=why, hint=hint)
            elif isinstance(encoding, dict):
                yield from self._encoding(encoding, where, encodings)

    def _unused(self, media_type: str, member: str, schema: Any) -> tuple[str, str]:
        """Why nothing of an encoding counts, and what to do; empty where it does."""
        if not is_form(media_type):
            return (
                f"a body of {media_type[:SHOWN]} is sent whole",
                "Remove it, or name multipart/form-data if the API takes parts.",
            )
        target = self.references.follow(schema, ())
        node = {} if isinstance(target, Broken) else _object(target.value)
        known = _object(node.get("properties"))
        is_open = node.get("additionalProperties", False) is not False or node.keys() & _COMBINED
        if not known or is_open or member in known:
            return "", ""
        return "the body has no such property", "Give it the name of a property of the schema."

    def _encoding(
        self, encoding: dict[str, Any], path: Path, encodings: Encodings
    ) -> Iterator[Finding]:
        content_type = encoding.get("contentType")
        if isinstance(content_type, str):
            wrong = [each for each in names_in(content_type) if not is_media_type(each)]
            if wrong:
                found = f'"{", ".join(wrong)[:SHOWN]}"'
                yield body_rules.ENCODING_TYPE_LEFT_OUT.at((*path, "contentType"), found=found)
        yield from self._style(encoding, path, encodings)
        for member in (*_OF_STREAMS[1:], "encoding"):
            if member in encoding:
                why = "parts within a part are not made"
                hint = "Describe the part as JSON, or send its members as parts of their own."
                yield rules.NOT_READ.at((*path, member), name=member, why=why, hint=hint)
        yield from self._headers(encoding, path, encodings)

    def _headers(
        self, encoding: dict[str, Any], path: Path, encodings: Encodings
    ) -> Iterator[Finding]:
        for number, (name, node) in enumerate(_object(encoding.get("headers")).items()):
            if not encodings.is_multipart:
                why = "only parts of multipart/form-data have headers"
            elif number >= MAX_HEADERS:
                why = f"a part has at most {MAX_HEADERS} headers"
            else:
                why = encodings.header(name, node).why
            if why:
                where = (*path, "headers", name)
                yield body_rules.PART_HEADER_LEFT_OUT.at(where, name=name, why=why)

    def _style(
        self, encoding: dict[str, Any], path: Path, encodings: Encodings
    ) -> Iterator[Finding]:
        styles = [key for key in ("style", "explode", "allowReserved") if key in encoding]
        is_old = self.dialect is Dialect.OPENAPI_30
        if is_old and styles == ["style"] and encoding["style"] == "form":
            return  # generators write the default
        if not styles or not encodings.is_multipart:
            return
        name = str(path[-1])
        if is_old:
            why = f"in OpenAPI 3.0 {styles[0]} counts in application/x-www-form-urlencoded alone"
            hint = f"Remove {' and '.join(styles)}; contentType says how a part is sent."
            yield body_rules.ENCODING_LEFT_OUT.at((*path, styles[0]), name=name, why=why, hint=hint)
        elif "contentType" in encoding:
            why = f"contentType does not count beside {styles[0]} (OpenAPI 3.1, 4.8.15)"
            hint = f"Keep either contentType or {' and '.join(styles)}."
            where = (*path, "contentType")
            yield body_rules.ENCODING_LEFT_OUT.at(where, name=name, why=why, hint=hint)

    def _servers(self, places: list[Place]) -> Iterator[Finding]:
        listed = dict(level[::-1] for place in places for level in place.servers)
        for path, servers in listed.items():
            for position, server in enumerate(servers if isinstance(servers, list) else ()):
                node = _object(server)
                url = node.get("url")
                for name in _object(node.get("variables")):
                    if isinstance(url, str) and f"{{{name}}}" not in url:
                        where = (*path, str(position), "variables", name)
                        yield server_rules.SERVER_VARIABLE_IDLE.at(where, name=name, url=url)

    def _not_read(self, places: list[Place]) -> Iterator[Finding]:
        """Each kind once, at the first place."""
        if _object(self.document.get("webhooks")):
            yield _asked_by_the_api(("webhooks",))
        callbacks = next(_members(places, "callbacks"), None)
        if callbacks and callbacks[1]:
            yield _asked_by_the_api(callbacks[0])
        answers = (
            ((*path, status, "links"), answer)
            for path, each in _members(places, "responses")
            for status, answer in each.items()
            if _object(_object(answer).get("links"))
        )
        for path, _ in islice(answers, 1):
            why = "a model sees the answer, and calls the next operation by itself"
            hint = "Nothing needs to change; say in the descriptions which call follows."
            yield rules.NOT_READ.at(path, name="links", why=why, hint=hint)

    def _swagger(self, places: list[Place]) -> Iterator[Finding]:
        levels = [((), self.document), *((place.pointer, place.node) for place in places)]
        for path, node in levels:
            for member, rule in _SWAGGER.items():
                names = node.get(member)
                for position, name in enumerate(names if isinstance(names, list) else ()):
                    if isinstance(name, str) and not is_media_type(name):
                        where = (*path, member, str(position))
                        why = "that is not a media type"
                        yield rule.at(where, media_type=name[:SHOWN], why=why)


_SWAGGER = {
    "consumes": body_rules.BODY_MEDIA_LEFT_OUT,
    "produces": body_rules.ANSWER_MEDIA_LEFT_OUT,
}


def _asked_by_the_api(path: Path) -> Finding:
    why = "the API sends these requests itself, so no tool is made of them"
    hint = "Nothing needs to change."
    return rules.NOT_READ.at(path, name=str(path[-1]), why=why, hint=hint)


def _answers(answers: dict[str, Any], path: Path) -> Iterator[Finding]:
    for status, answer in answers.items():
        for name in _object(_object(answer).get("content")):
            if isinstance(name, str) and not is_media_type(name):
                where = (*path, status, "content", name)
                yield body_rules.ANSWER_MEDIA_LEFT_OUT.at(where, media_type=name[:SHOWN])


def _members(places: Iterable[Place], member: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    for place in places:
        node = _object(place.node.get(member))
        if node:
            yield (*place.pointer, member), node


def _object(node: Any) -> dict[str, Any]:
    return node if isinstance(node, dict) else {}
