"""What the schema service calls *ready*, the execution service can call (B11, B24)."""

import pytest

from contracts.headers import RESERVED
from execution_service.domain.admission import Admitted, admit
from execution_service.domain.compiled_operation import CompiledOperation
from execution_service.domain.outbound_request import build_request
from schema_service.domain.examination import examine
from schema_service.domain.reading.reading import Reading, Syntax

SERVERS = [
    "https://api.example.com",
    "https://API.Example.com:443/v1/",
    "https://bücher.example.com/v1",
    "https://api.example.com./v1",
    "https://my_api.example.com",
    "https://api.example.com/größe",
    "https://api.example.com/a b",
    "https://api.example.com/a%20b",
    "https://api.example.com/%zz",
    "https://[2001:db8::1]/v1",
    "https://192.0.2.1",
    "https://0x7f.1",
    "https://api.example.com:0",
    "https://-a.example.com",
    "https://a..example.com",
    "https://" + "a" * 64 + ".example.com",
]
HEADERS = [*sorted(RESERVED), "Accept", "OpenAI-Organization", "X-Version", "X Version", "Größe"]


def ready(server, *, header="X-Version"):
    parameter = {"name": header, "in": "header", "required": True, "schema": {"type": "string"}}
    operation = {"operationId": "a", "summary": "A", "parameters": [parameter]}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": server}],
        "paths": {"/a": {"get": operation}},
    }
    examination = examine(Reading(b"{}", Syntax.JSON, document))
    return [found.operation for found in examination.operations if found.operation is not None]


def call(operation):
    compiled = CompiledOperation.of(operation)
    required = operation.arguments.get("required", [])
    admitted = admit(compiled, dict.fromkeys(required, "x"))
    assert isinstance(admitted, Admitted)
    return build_request(compiled, admitted)


@pytest.mark.parametrize("server", SERVERS)
def test_b11_a_server_that_is_ready_can_be_called(server):
    for operation in ready(server):
        assert call(operation).raw_path_and_query.endswith("/a")


def test_b11_an_international_name_is_ready():
    [operation] = ready("https://bücher.example.com/v1")

    assert operation.server == "https://xn--bcher-kva.example.com/v1"
    assert call(operation).raw_path_and_query == "/v1/a"


@pytest.mark.parametrize("header", HEADERS)
def test_b24_a_required_header_that_is_ready_can_be_sent(header):
    for operation in ready("https://api.example.com", header=header):
        sent = call(operation)
        assert dict(sent.headers) == ({"X-Version": "x"} if header == "X-Version" else {})
