"""*Ready* reaches the wire: the request of each operation for arguments that fit its tool."""

import json
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import jsonschema_rs
import orjson

from contracts.headers import is_cookie_value
from contracts.operation import Kind, Location, Operation, Parameter
from contracts.tool_forms.definition import Flavour, tool_for
from egress import EgressSettings, OutboundRequest, parse_server_url
from egress.message import request_bytes
from execution_service.domain.admission import Admitted, Refused, admit
from execution_service.domain.compiled_operation import CompiledOperation
from execution_service.domain.errors import HeaderRefused, PathEscapes
from execution_service.domain.outbound_request import BuiltRequest, build_request
from execution_service.domain.platform_headers import platform_headers
from schema_service.domain.compiling.json_schema.patterns import PATTERN_OPTIONS
from tests.corpus.fitting import NoneFits, fitting
from tests.corpus.generated import generated

OF_VALUES = {f"argument.{each}" for each in ("name_taken", "not_base64", "file_type", "path_empty")}
"""Refusals that no schema foresees: a member that repeats another parameter of the operation, a
file that is none, an empty list in a path.
"""
TRIES = 3
"""Random arguments for each of an operation's two tools."""
TARGET = parse_server_url("https://api.acme.dev", EgressSettings())
"""The path is what is looked at: some servers are refused by the settings alone."""


class Calls:
    """All calls of one operation that are to reach the wire; `counted` says how many were made."""

    def __init__(self, operation: Operation, random: Random | None = None) -> None:
        self.operation = operation
        self.prepared = CompiledOperation.of(operation)
        self.random = random or Random(operation.digest)
        tool = tool_for(operation.name, operation, Flavour.OPENAI, strict=True)
        self.strict = tool.definition["function"]["parameters"] if tool.strict else None
        self.counted: dict[str, int] = {}

    def refusals(self) -> Iterator[str]:
        for case, arguments in self._arguments():
            self.counted[case] = self.counted.get(case, 0) + 1
            for each in self._refusals(arguments):
                shown = orjson.dumps(arguments)[:300].decode()
                yield f"{self.operation.name}, {case}: {shown} {each}"

    def _arguments(self) -> Iterator[tuple[str, dict[str, Any]]]:
        own = self.operation.arguments
        for case, full in (("minimal", False), ("full", True)):
            for value in self._fitting(own, lambda full=full: fitting(own, full=full)):
                yield case, value
                for whole in self._demanded(value):
                    yield f"strict, {case}", whole
        for schema in (own, self.strict):
            case = "any" if schema is own else "any of strict"
            for _ in range(TRIES if schema else 0):
                for value in self._fitting(schema, lambda schema=schema: self._any(schema)):
                    if schema is own or self._fits_in_all(value):
                        yield case, value

    def _any(self, schema: Mapping[str, Any]) -> Any:
        return generated(schema, self.random)

    def _fitting(self, schema: Mapping[str, Any], make: Any) -> Iterator[dict[str, Any]]:
        try:
            value = make()
        except (NoneFits, RecursionError):
            self.counted["no arguments known"] = self.counted.get("no arguments known", 0) + 1
            return
        if jsonschema_rs.is_valid(schema, value, pattern_options=PATTERN_OPTIONS):
            yield value
        else:
            key = "no fitting arguments known"
            self.counted[key] = self.counted.get(key, 0) + 1

    def _fits_in_all(self, value: dict[str, Any]) -> bool:
        """Strict mode has words, and no keywords, for lengths and for alternatives that exclude
        each other: whether they are kept, too.
        """
        own = self.operation.arguments
        if jsonschema_rs.is_valid(own, without_nulls(value), pattern_options=PATTERN_OPTIONS):
            return True
        self.counted["fits by keywords only"] = self.counted.get("fits by keywords only", 0) + 1
        return False

    def _demanded(self, arguments: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The same, with null for each member that a strict tool demands beside."""
        if self.strict is None:
            return
        whole = Demanded(self.strict).of(arguments, self.strict)
        if jsonschema_rs.is_valid(self.strict, whole, pattern_options=PATTERN_OPTIONS):
            yield whole

    def _refusals(self, arguments: dict[str, Any]) -> Iterator[str]:
        admitted = admit(self.prepared, arguments, tolerant=True)
        if isinstance(admitted, Refused):
            if not {fault.code for fault in admitted.faults} <= OF_VALUES:
                yield f"{admitted.faults[0]}"
            return
        try:
            yield from self._on_the_wire(admitted)
        except Exception as refusal:  # noqa: BLE001 - any refusal is one too many
            if not self._cannot_be_sent(refusal, arguments):
                yield f"{refusal!r}"

    def _cannot_be_sent(self, refusal: Exception, arguments: Mapping[str, Any]) -> bool:
        """What no schema says of a text: headers are ASCII, and paths have no dot segments."""
        for parameter in self.operation.parameters:
            value = arguments.get(parameter.argument)
            text = json.dumps(value, ensure_ascii=False)
            if isinstance(refusal, PathEscapes):
                is_none = parameter.location is Location.PATH and "." in text
            else:
                is_none = isinstance(refusal, HeaderRefused) and _is_refused(parameter, value)
            if is_none:
                return True
        return False

    def _on_the_wire(self, admitted: Admitted) -> Iterator[str]:
        built = build_request(self.prepared, admitted)
        own = [*built.headers, *platform_headers("gpt_1", built.headers)]
        request = OutboundRequest(
            method=built.method,
            target=TARGET.at(built.raw_path_and_query),
            headers=tuple(own),
            body=built.body,
            pool_key="corpus",
        )
        yield from malformed(request_bytes(request), own, built.body)
        yield from self._lost(admitted.arguments, built)

    def _lost(self, arguments: Mapping[str, Any], built: BuiltRequest) -> Iterator[str]:
        """Of a JSON body made of members: each as it was given."""
        body = self.operation.body
        if body is None or body.members is None or body.whole.kind not in (None, Kind.JSON):
            return
        if "json" not in body.media_type or built.body is None:
            return
        sent = orjson.loads(built.body)
        for argument, member in body.members.items():
            if argument in arguments and sent.get(member) != arguments[argument]:
                yield f"sent {sent.get(member)!r} for {argument}"


def _is_refused(parameter: Parameter, value: Any) -> bool:
    """A text that no header can hold, or no cookie that is sent as it is; of lists and objects, one
    within.
    """
    if parameter.location is Location.HEADER:
        return not json.dumps(value, ensure_ascii=False).isascii()
    if parameter.location is not Location.COOKIE or parameter.is_encoded:
        return False
    inner = [*value, *value.values()] if isinstance(value, dict) else value
    several = inner if isinstance(inner, list) else [inner]
    return not all(is_cookie_value(each) for each in several if isinstance(each, str))


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_nulls(each) for name, each in value.items() if each is not None}
    return [without_nulls(each) for each in value] if isinstance(value, list) else value


class Demanded:
    """Nulls for what a strict tool requires and arguments leave out."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._definitions: Mapping[str, Any] = root.get("$defs", {})

    def of(self, value: Any, schema: Mapping[str, Any], depth: int = 0) -> Any:
        if "$ref" in schema:
            schema = self._definitions[schema["$ref"].removeprefix("#/$defs/")]
        if "anyOf" in schema:
            tried = (self.of(value, branch, depth + 1) for branch in schema["anyOf"])
            return next(
                (w for w, b in zip(tried, schema["anyOf"], strict=True) if self._fits(w, b)), value
            )
        if isinstance(value, dict) and "properties" in schema:
            members = schema["properties"]
            nothing = dict.fromkeys(members)
            inner = {k: self.of(v, members.get(k, {}), depth + 1) for k, v in value.items()}
            return {**nothing, **inner}
        if isinstance(value, list) and "items" in schema:
            return [self.of(each, schema["items"], depth + 1) for each in value]
        return value

    def _fits(self, value: Any, schema: Mapping[str, Any]) -> bool:
        whole = {**schema, "$defs": self._definitions}
        return jsonschema_rs.is_valid(whole, value, pattern_options=PATTERN_OPTIONS)


def malformed(sent: bytes, headers: list[tuple[str, str]], body: bytes | None) -> Iterator[str]:
    """A request whose head is not what was meant (RFC 9112, 2.1): as many lines as headers."""
    head, _, rest = sent.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    if first.count(b" ") != 2 or not first.isascii():
        yield f"the request line {first[:200]!r}"
    framing = {"host", "connection", "accept-encoding", "content-length"}
    names = {line.partition(b":")[0].decode().lower() for line in lines}
    if names - framing != {name.lower() for name, _ in headers} - framing:
        yield f"the headers {sorted(names)}"
    if rest != (body or b""):
        yield f"the body {rest[:200]!r}"
