"""The hot route, `POST /v1/invocations`: plain ASGI, without FastAPI's layers (`kit.hot`).

Its entry in the OpenAPI document is therefore written by hand, from the same models.
"""

from collections.abc import Callable
from copy import deepcopy
from json import JSONDecodeError
from typing import Any

import orjson
from fastapi import FastAPI

from contracts.errors import Invalid
from contracts.ids import ActionId, GptId
from contracts.principal import Principal, Scope
from contracts.requests import Stage
from contracts.wire import is_media_type
from execution_service.app import ExecutionApp
from execution_service.domain.arguments.exact_json import read_json, read_quickly
from execution_service.domain.invocation import WantedCall
from execution_service.entrypoints.call_limits import CallLimits
from execution_service.entrypoints.capacity import Capacity, memory_of
from execution_service.entrypoints.continued_calls import ContinuedCalls
from execution_service.entrypoints.stored import (
    PATH,
    HttpAnswer,
    outlives_its_request,
    stored_answer,
    stored_request,
)
from execution_service.entrypoints.views import (
    MAX_MEDIA_TYPE_CHARACTERS,
    AcceptedView,
    InvocationBody,
    InvocationView,
    invocation_view,
)
from kit import problems
from kit.cache import Entry
from kit.caller import Verifier, lasting_key
from kit.front import App, Receive, Send
from kit.front import Scope as ASGIScope
from kit.hot import body_bytes, read_body, send_json
from kit.nearest import no_such
from kit.problems import CONTENT as _PROBLEM
from kit.shares import Holding

MEMBERS = frozenset(InvocationBody.model_fields)
STAGES = frozenset(Stage)
MAX_NAME_CHARACTERS = 64


class InvocationInvalid(Invalid):
    code = "execution.request_invalid"

    def __init__(self, sentence: str) -> None:
        super().__init__(
            sentence,
            hint='Send {"gpt_id": "gpt_…", "operation": "name", "arguments": {…}} as JSON.',
        )


def hot_routes(
    app: ExecutionApp,
    verifier: Verifier,
    capacity: Capacity,
    continued: ContinuedCalls,
    limits: CallLimits,
    max_body_bytes: int,
) -> dict[tuple[str, str], App]:
    """A workspace that made the calls of its quota, or has its share of calls or bytes, is refused
    before the body is read.
    """

    async def invoke(scope: ASGIScope, receive: Receive, send: Send) -> None:
        verified = await verifier.hold_of(scope)
        caller = verified.value
        caller.demand(Scope.INVOCATIONS_CREATE)
        workspace = caller.workspace_id
        quotas = await limits.admit(scope, caller)
        turn = capacity.turns.ask(workspace)
        if turn is not None:
            await turn
        with capacity.bytes.holding(workspace) as holding:
            limits.demand_room(workspace, quotas)
            with capacity.calls.held(workspace):
                size = body_bytes(scope, max_body_bytes)
                holding.take(size)
                body = await read_body(receive)
                holding.take(max(memory_of(body) - size, 0))
                answer = await answered(scope, body, verified, holding)
            del body
            holding.becomes(len(answer.body))  # all else is gone, and a slow reader makes it stay
            await send_json(send, answer.body, *answer.headers, status=answer.status)

    async def answered(
        scope: ASGIScope, body: bytes, verified: Entry[str, Principal], holding: Holding
    ) -> HttpAnswer:
        wanted = _read(body, verified.value, lambda: not verified.outdated, holding.count)
        if outlives_its_request(scope):
            stored = stored_request(scope, body, wanted, token_digest=lasting_key(verified))
            if stored is not None:
                take = continued.accept if stored.is_asynchronous else app.invoke_stored
                return stored_answer(await take(stored))
        return HttpAnswer(orjson.dumps(invocation_view(await app.invoke_operation(wanted))))

    return {("POST", PATH): invoke}


def _read(
    unverified: bytes,
    caller: Principal,
    may_call: Callable[[], bool],
    holds: Callable[[int], None],
) -> WantedCall:
    try:
        body, is_exact = read_quickly(unverified)
    except JSONDecodeError as error:
        raise InvocationInvalid(f"The body is not JSON: {error}.") from None
    if not isinstance(body, dict):
        raise InvocationInvalid("The body must be a JSON object.")
    for member in body.keys() - MEMBERS:
        raise InvocationInvalid(no_such("member", member, MEMBERS))
    action_id = body.get("action_id")
    return WantedCall(
        principal=caller,
        gpt_workspace_id=caller.workspace_id,
        gpt_id=GptId(_name(body, "gpt_id")),
        operation=_name(body, "operation"),
        arguments=body.get("arguments", {}),
        read_exactly=None if is_exact else lambda: read_json(unverified)["arguments"],
        action_id=None if action_id is None else ActionId(_name(body, "action_id")),
        stage=_stage(body),
        content_type=_media_type(body, "content_type"),
        accept=_media_type(body, "accept"),
        may_call=may_call,
        holds=holds,
    )


def _stage(body: dict[str, Any]) -> Stage:
    stage = body.get("stage")
    if stage is None and "stage" not in body:
        return Stage.PUBLISHED
    if not isinstance(stage, str) or stage not in STAGES:
        raise InvocationInvalid(f"`stage` must be one of {', '.join(Stage)}.")
    return Stage(stage)


def _media_type(body: dict[str, Any], member: str) -> str | None:
    wanted = body.get(member)
    if wanted is None:
        return None
    wanted = wanted.strip(" \t") if isinstance(wanted, str) else wanted
    if not isinstance(wanted, str) or not is_media_type(wanted):
        raise InvocationInvalid(f"`{member}` must be a media type such as application/json.")
    if len(wanted) > MAX_MEDIA_TYPE_CHARACTERS:
        raise InvocationInvalid(
            f"`{member}` must have {MAX_MEDIA_TYPE_CHARACTERS} characters at most."
        )
    return wanted


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
        for model in (InvocationBody, InvocationView, AcceptedView):
            described = model.model_json_schema(ref_template=template)
            schemas.update(described.pop("$defs", {}))
            schemas[model.__name__] = described
        schema["paths"].setdefault(PATH, {})["post"] = deepcopy(OPERATION)
        problems.document(schema)
        return schema

    api.openapi = openapi  # type: ignore[method-assign]


def _json(model: type) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}


def _header(name: str, description: str) -> dict[str, Any]:
    schema = {"type": "string"}
    return {"in": "header", "name": name, "description": description, "schema": schema}


_RATE_HEADERS = {
    "RateLimit-Policy": {
        "description": 'The quotas that the call counts under: `"workspace";q=100;w=1, '
        '"member";q=20;w=1`, with `q` calls in `w` seconds: a quota is spread over its minute '
        "(`calls_per_minute` of /v1/settings). Also of other answers; none where the workspace's "
        "settings have no quota.",
        "schema": {"type": "string"},
    },
    "RateLimit": {
        "description": 'What is left of each: `"workspace";r=48;t=1, "member";r=19;t=1`. `r` calls '
        "may be made at once; after `t` seconds without one, as many as ever. Of a quota "
        "that refuses, `t` is Retry-After. (draft-ietf-httpapi-ratelimit-headers)",
        "schema": {"type": "string"},
    },
}


OPERATION = {
    "tags": ["invocations"],
    "summary": "Invoke Operation",
    "operationId": "invoke_operation",
    "description": (
        "Call one operation of a published GPT. Where nothing was sent the answer is a problem; "
        "whatever was sent is answered with 200 and its `outcome`: `succeeded`, `failed`, or "
        "`unknown` where the call may have been carried out and nobody can tell. With `Prefer: "
        "respond-async` the call is checked and goes on after a 202, and where its member has to "
        "sign in at the API first, it waits ten minutes for that; with an `Idempotency-Key` the "
        "same request may be sent again for a day, and is answered with what the first one got."
    ),
    "parameters": [
        _header("Idempotency-Key", "1 to 255 visible ASCII characters, new for each call."),
        _header("Prefer", "`respond-async` (RFC 7240): answer 202 and go on without the request."),
        _header(
            "OpenActions-User",
            "A member's id or e-mail address: the call is theirs. For tokens whose `scopes` name "
            "`users:impersonate`; also taken by the other routes of calls and tools.",
        ),
    ],
    "requestBody": {"required": True, "content": _json(InvocationBody)},
    "responses": {
        "200": {
            "description": "How the call ended",
            "content": _json(InvocationView),
            "headers": _RATE_HEADERS,
        },
        "202": {
            "description": "The call goes on; `Location` says where to read how it ends",
            "content": _json(AcceptedView),
        },
        "401": {"description": "`identity.token_invalid`", "content": _PROBLEM},
        "403": {
            "description": "Refused by policy, with its code and sentence; or "
            "`auth.sign_in_required`, where `sign_in` is the page at which the member signs in",
            "content": _PROBLEM,
        },
        "404": {"description": "`execution.operation_not_found`", "content": _PROBLEM},
        "409": {"description": "`execution.key_in_progress` and others", "content": _PROBLEM},
        "422": {"description": "`execution.invalid_arguments` and others", "content": _PROBLEM},
        "429": {
            "headers": _RATE_HEADERS,
            "description": "`platform.rate_limited`, where the workspace or the member made the "
            "calls of its quota, `platform.share_exceeded` and others; Retry-After",
            "content": _PROBLEM,
        },
        "503": {"description": "Something needed is away; Retry-After", "content": _PROBLEM},
    },
}
