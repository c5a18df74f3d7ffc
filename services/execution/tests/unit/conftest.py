"""Operations and requests made from the few words that a test is about."""

from types import SimpleNamespace

import pytest

from contracts.operation import Body, Operation, Parameter
from execution_service.domain.admission import Admitted, admit
from execution_service.domain.compiled_operation import CompiledOperation
from execution_service.domain.outbound_request import build_request
from services.execution.tests.fakes import World, callable_of
from services.execution.tests.stored_replica import Replica

STYLE_OF = {
    "path": "simple",
    "query": "form",
    "querystring": "form",
    "header": "simple",
    "cookie": "form",
}


def parameter(name, location="query", **fields):
    style = fields.pop("style", STYLE_OF[location])
    explode = fields.pop("explode", style == "form")
    fields = {"argument": name, "required": location == "path", **fields}
    return Parameter(name=name, location=location, style=style, explode=explode, **fields)


def operation(*parameters, **fields):
    """Any argument of any type is admitted unless `schema` says otherwise."""
    schema = {
        "type": "object",
        "properties": {each.argument: {} for each in parameters},
        "additionalProperties": False,
        **fields.pop("schema", {}),
    }
    body = fields.get("body")
    if isinstance(body, Body):
        for argument in body.members or [body.argument]:
            schema["properties"].setdefault(argument, {})
        if body.extra_members:
            schema["additionalProperties"] = True
    required = {
        "operation_id": "listPets",
        "name": "listPets",
        "method": "GET",
        "path": "/pets",
        "server": "https://api.example.com",
        "consequential": False,
        "digest": "0" * 64,
    }
    return Operation(**{**required, "parameters": parameters, "arguments": schema, **fields})


def compiled(*parameters, **fields):
    return CompiledOperation.of(operation(*parameters, **fields))


def request(call, **arguments):
    """The request for arguments that must be admitted."""
    admitted = admit(call, arguments)
    assert isinstance(admitted, Admitted), admitted
    return build_request(call, admitted)


def sent_path(template, *parameters, **arguments):
    return request(compiled(*parameters, path=template), **arguments).raw_path_and_query


@pytest.fixture(scope="session")
def calls():
    return SimpleNamespace(
        parameter=parameter,
        operation=operation,
        compiled=compiled,
        request=request,
        sent_path=sent_path,
    )


@pytest.fixture
def world(calls):
    """One operation that takes `id`, a whole number, and is allowed; a test makes it fail."""

    def with_method(method="GET", **fields):
        compiled = calls.compiled(
            calls.parameter("id"),
            method=method,
            schema={"properties": {"id": {"type": "integer"}}},
            **fields,
        )
        return World(operation=callable_of(compiled))

    return with_method


@pytest.fixture
def replica(world):
    """Of a call that changes something."""
    return Replica(world("POST"))


@pytest.fixture
def reading(world):
    return Replica(world("GET"))
