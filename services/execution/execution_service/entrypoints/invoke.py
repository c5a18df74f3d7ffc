"""The hot route, `POST /v1/invocations`: plain ASGI, without FastAPI's layers (`kit.hot`).

Its entry in the OpenAPI document is therefore written by hand, from the same models.
"""

from collections.abc import Callable
from typing import Any

import orjson
from fastapi import FastAPI

from contracts.errors import Invalid
from contracts.ids import ActionId, GptId
from contracts.principal import Principal, Scope
from execution_service.app import ExecutionApp
from execution_service.domain.invocation import WantedCall
from execution_service.entrypoints.capacity import Capacity
from execution_service.entrypoints.views import InvocationBody, InvocationView, invocation_view
from kit.caller import Verifier
from kit.front import App, Receive, Send
from kit.front import Scope as ASGIScope
from kit.hot import body_bytes, header_of, read_body, send_json

PATH = "/v1/invocations"
MEMBERS = frozenset(InvocationBody.model_fields)
MAX_NAME_CHARACTERS = 64


class InvocationInvalid(Invalid):
    code = "execution.request_invalid"

    def __init__(self, sentence: str) -> None:
        super().__init__(
            sentence,
            hint='Send {"gpt_id": "gpt_…", "operation": "name", "arguments": {…}} as JSON.',
        )


def hot_routes(
    app: ExecutionApp, verifier: Verifier, capacity: Capacity, max_body_bytes: int
) -> dict[tuple[str, str], App]:
    """A workspace that has its share of calls or bytes is refused before the body is read."""

    async def invoke(scope: ASGIScope, receive: Receive, send: Send) -> None:
        verified = await verifier.hold(header_of(scope, b"authorization"))
        caller = verified.value
        caller.demand(Scope.INVOCATIONS_CREATE)
        workspace = caller.workspace_id
        turn = capacity.turns.ask(workspace)
        if turn is not None:
            await turn
        size = body_bytes(scope, max_body_bytes)
        with capacity.calls.held(workspace), capacity.bytes.held(workspace, size):
            wanted = _read(await read_body(receive), caller, lambda: not verified.outdated)
            # As text it is a fraction of the size, and a slow reader makes it stay.
            answer = orjson.dumps(invocation_view(await app.invoke_operation(wanted)))
            await send_json(send, answer)

    return {("POST", PATH): invoke}


def _read(unverified: bytes, caller: Principal, may_call: Callable[[], bool]) -> WantedCall:
    try:
        body: Any = orjson.loads(unverified)
    except orjson.JSONDecodeError as error:
        raise InvocationInvalid(f"The body is not JSON: {error}.") from None
    if not isinstance(body, dict):
        raise InvocationInvalid("The body must be a JSON object.")
    for member in body.keys() - MEMBERS:
        raise InvocationInvalid(f"There is no member {member[:MAX_NAME_CHARACTERS]!r}.")
    action_id = body.get("action_id")
    return WantedCall(
        workspace_id=caller.workspace_id,
        member_id=caller.member_id,
        gpt_id=GptId(_name(body, "gpt_id")),
        operation=_name(body, "operation"),
        arguments=body.get("arguments", {}),
        action_id=None if action_id is None else ActionId(_name(body, "action_id")),
        may_call=may_call,
    )


def _name(body: dict[str, Any], member: str) -> str:
    value = body.get(member)
    if not isinstance(value, str) or not 0 < len(value) <= MAX_NAME_CHARACTERS:
        raise InvocationInvalid(
            f"`{member}` must be a text of 1 to {MAX_NAME_CHARACTERS} characters."
        )
    return value


def describe(api: FastAPI) -> None:
    """Put the route into FastAPI's document."""
    generate = api.openapi

    def openapi() -> dict[str, Any]:
        schema = generate()
        template = "#/components/schemas/{model}"
        schemas = schema.setdefault("components", {}).setdefault("schemas", {})
        for model in (InvocationBody, InvocationView):
            described = model.model_json_schema(ref_template=template)
            schemas.update(described.pop("$defs", {}))
            schemas[model.__name__] = described
        schema["paths"].setdefault(PATH, {})["post"] = OPERATION
        return schema

    api.openapi = openapi  # type: ignore[method-assign]


def _json(model: type) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}


_PROBLEM = {"application/problem+json": {"schema": {"type": "object"}}}
OPERATION = {
    "tags": ["invocations"],
    "summary": "Invoke Operation",
    "operationId": "invoke_operation",
    "description": (
        "Call one operation of a published GPT. Where nothing was sent the answer is a problem; "
        "whatever was sent is answered with 200 and its `outcome`: `succeeded`, `failed`, or "
        "`unknown` where the call may have been carried out and nobody can tell."
    ),
    "requestBody": {"required": True, "content": _json(InvocationBody)},
    "responses": {
        "200": {"description": "How the call ended", "content": _json(InvocationView)},
        "401": {"description": "`identity.token_invalid`", "content": _PROBLEM},
        "403": {"description": "Refused by policy; its code and sentence", "content": _PROBLEM},
        "404": {"description": "`execution.operation_not_found`", "content": _PROBLEM},
        "422": {"description": "`execution.invalid_arguments` and others", "content": _PROBLEM},
        "429": {
            "description": "`platform.share_exceeded` and others; Retry-After",
            "content": _PROBLEM,
        },
        "503": {"description": "Something needed is away; Retry-After", "content": _PROBLEM},
    },
}
