"""From a document and arguments to the request that leaves, through both services' domains."""

from dataclasses import dataclass
from email import message_from_bytes
from email.policy import HTTP

from contracts.operation import Operation
from execution_service.domain.admission import Admitted, Refused, admit
from execution_service.domain.compiled_operation import CompiledOperation
from execution_service.domain.outbound_request import BuiltRequest, build_request
from execution_service.domain.platform_headers import platform_headers
from schema_service.domain.examination import examine
from schema_service.domain.reading.reading import Reading, Syntax

SERVER = {"url": "https://api.example.com"}


def of_operation(node, *, method="post", path="/a", version="3.1.0", **members):
    node = {"operationId": "a", "summary": "s", "responses": {"200": {"description": "d"}}, **node}
    return {
        "openapi": version,
        "info": {"title": "t", "version": "1"},
        "servers": [SERVER],
        "paths": {path: {method: node}},
        **members,
    }


def of_parameters(*parameters, method="get", **more):
    return of_operation({"parameters": list(parameters)}, method=method, **more)


def of_body(media_type, schema=None, *, encoding=None, **more):
    media = {} if schema is None else {"schema": schema}
    if encoding is not None:
        media["encoding"] = encoding
    body = {"required": True, "content": {media_type: media}}
    return of_operation({"requestBody": body}, **more)


def of_swagger(parameters, *, path="/a", method="post", **node):
    operation = {"operationId": "a", "summary": "s", "parameters": parameters, **node}
    operation["responses"] = {"200": {"description": "d"}}
    return {
        "swagger": "2.0",
        "info": {"title": "t", "version": "1"},
        "host": "api.example.com",
        "paths": {path: {method: operation}},
    }


def examined(document):
    return examine(Reading(b"{}", Syntax.JSON, document))


def operation_of(document) -> Operation:
    found = examined(document)
    [detected] = found.operations
    assert detected.operation is not None, found.findings
    return detected.operation


@dataclass
class Wire:
    """What left."""

    request: BuiltRequest

    @property
    def target(self):
        return self.request.raw_path_and_query

    @property
    def query(self):
        return self.target.partition("?")[2]

    @property
    def headers(self):
        return {name.lower(): value for name, value in self.request.headers}

    @property
    def body(self):
        return self.request.body

    @property
    def content_type(self):
        return self.headers.get("content-type")

    @property
    def parts(self):
        text = f"content-type: {self.content_type}\r\n\r\n".encode() + self.body
        return list(message_from_bytes(text, policy=HTTP).iter_parts())


def admission_of(document, arguments, content_type=None):
    compiled = CompiledOperation.of(operation_of(document))
    return admit(compiled, arguments, chosen=compiled.chosen(content_type, None))


def sent(document, arguments=None, content_type=None) -> Wire:
    compiled = CompiledOperation.of(operation_of(document))
    admitted = admit(compiled, arguments or {}, chosen=compiled.chosen(content_type, None))
    assert isinstance(admitted, Admitted), admitted
    return Wire(build_request(compiled, admitted))


def accept_of_call(document) -> str:
    compiled = CompiledOperation.of(operation_of(document))
    admitted = admit(compiled, {})
    assert isinstance(admitted, Admitted), admitted
    own = build_request(compiled, admitted).headers
    every = [*platform_headers("gpt_1", own, compiled.accept(admitted.chosen)), *own]
    [value] = [value for name, value in every if name.lower() == "accept"]
    return value


def refusal(document, arguments) -> list[str]:
    """The codes of the faults."""
    answer = admission_of(document, arguments)
    assert isinstance(answer, Refused), answer
    return [each.code for each in answer.faults]
