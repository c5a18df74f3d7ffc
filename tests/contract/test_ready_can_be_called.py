"""What the schema service calls *ready*, the execution service can call (B11, B24)."""

import pytest

from contracts.headers import RESERVED, is_reserved, is_token
from contracts.wire import PLACEHOLDER
from egress import EgressSettings, parse_server_url
from execution_service.domain.admission import Admitted, admit
from execution_service.domain.compiled_operation import CompiledOperation
from execution_service.domain.outbound_request import build_request
from schema_service.domain.examination import examine
from schema_service.domain.reading.reading import Reading, Syntax

CALLABLE = [
    "https://api.example.com",
    "https://API.Example.com:443/v1/",
    "https://bücher.example.com/v1",
    "https://api.example.com./v1",
    "https://api.example.com/a%20b",
    "https://api.example.com/a..b/.well-known",
]
BLOCKED = [
    "https://api.example.com/größe",
    "https://my_api.example.com",
    "https://api.example.com/a b",
    "https://api.example.com/%zz",
    "https://0x7f.1",
    "https://api.example.com:0",
    "https://-a.example.com",
    "https://a..example.com",
    "https://" + "a" * 64 + ".example.com",
    "https://api.example.com/../a",
    "https://api.example.com/a/./b",
    "https://api.example.com/%2e%2E/b",
    "https://api.example.com/a%00b",
]
PATHS_BLOCKED = ["/a/../b", "/./b", "/%2e%2e/b", "/a%00", "/{id}/..;/b", "/a%0d%0ab"]
HEADERS = [*sorted(RESERVED), "Accept", "OpenAI-Organization", "X-Version", "X Version", "Größe"]


def ready(server, *, header="X-Version", path="/a", **more):
    parameter = {"name": header, "in": "header", "required": True, "schema": {"type": "string"}}
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in PLACEHOLDER.findall(path)
    ]
    operation = {"operationId": "a", "summary": "A", "parameters": [parameter, *in_path], **more}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": server}],
        "paths": {path: {"post": operation}},
    }
    examination = examine(Reading(b"{}", Syntax.JSON, document))
    return [found.operation for found in examination.operations if found.operation is not None]


def call(operation):
    compiled = CompiledOperation.of(operation)
    required = operation.arguments.get("required", [])
    admitted = admit(compiled, dict.fromkeys(required, "x"))
    assert isinstance(admitted, Admitted)
    return build_request(compiled, admitted)


@pytest.mark.parametrize("server", CALLABLE)
def test_b11_a_server_that_is_ready_can_be_called(server):
    [operation] = ready(server)

    assert call(operation).raw_path_and_query.endswith("/a")
    assert parse_server_url(operation.server, EgressSettings()).origin


@pytest.mark.parametrize("server", BLOCKED)
def test_b11_a_server_that_cannot_be_called_is_not_ready(server):
    assert ready(server) == []


@pytest.mark.parametrize("path", PATHS_BLOCKED)
def test_b11_a_path_that_is_read_as_another_one_is_not_ready(path):
    assert ready("https://api.example.com", path=path) == []


def test_b11_a_body_of_no_media_type_is_left_out():
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    body = {"content": {"text/odd thing": {"schema": schema}}}
    [operation] = ready("https://api.example.com", requestBody=body)

    assert call(operation).body is None


def test_b11_an_international_name_is_ready():
    [operation] = ready("https://bücher.example.com/v1")

    assert operation.server == "https://xn--bcher-kva.example.com/v1"
    assert call(operation).raw_path_and_query == "/v1/a"


@pytest.mark.parametrize("header", HEADERS)
def test_b24_a_required_header_that_is_ready_can_be_sent(header):
    # The platform sets these itself (OAS 3.1, 4.8.12.1), so the operation is ready without them.
    left_out = is_reserved(header) or header == "Accept"
    sendable = is_token(header) and not left_out
    found = ready("https://api.example.com", header=header)

    assert len(found) == (1 if sendable or left_out else 0)
    for operation in found:
        assert dict(call(operation).headers) == ({header: "x"} if sendable else {})


@pytest.mark.parametrize(
    "header",
    [
        *("User-Agent", "traceparent", "Date", "Accept-Encoding", "Host", "Content-Length"),
        *("Connection", "OpenAI-Organization", "openai-beta", "OPENACTIONS-x", "Sec-Fetch-Mode"),
    ],
)
def test_d10_a_header_that_nobody_but_the_platform_sets_is_dropped_and_never_sent(header):
    [operation] = ready("https://api.example.com", header=header)

    assert operation.parameters == ()
    assert header.lower() not in {name.lower() for name, _ in call(operation).headers}


@pytest.mark.parametrize(
    "server", ["https://bücher.example.com", "https://xn--bcher-kva.example.com"]
)
def test_d10_an_international_server_is_called_by_its_ascii_name(server):
    [operation] = ready(server)
    assert parse_server_url(operation.server, EgressSettings()).host == "xn--bcher-kva.example.com"


@pytest.mark.parametrize(
    "server", ["https://a\u0301pi.example.com", "https://\u0430pple.example.com"]
)
def test_d10_an_international_name_that_cannot_be_looked_up_is_not_ready(server):
    assert ready(server) == []


@pytest.mark.parametrize("media_type", ["", "nonsense", "text/odd thing", "a/b\r\nx: y"])
def test_d10_a_media_type_that_cannot_be_sent_is_left_out(media_type):
    body = {"content": {media_type: {"schema": {"type": "object"}}}}
    for operation in ready("https://api.example.com", requestBody=body):
        assert operation.body is None
