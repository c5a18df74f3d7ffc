"""Every refusal of an HTTP route leaves as a problem document (RFC 9457).

So does what nobody expected: `kit.front` stands around all routes and sees to that.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from contracts.errors import MAX_FINDINGS, Invalid, NotFound, PlatformError
from kit.errors import NOTHING_HERE, BadRequest, MethodNotAllowed, status_of
from kit.front import PROBLEM_JSON, problem_response

HINT = "The OpenAPI document of this service lists its paths, methods and bodies."


class RequestInvalid(Invalid):
    code = "platform.request_invalid"


class PathNotFound(NotFound):
    code = "platform.not_found"


OF_THE_FRAMEWORK: Mapping[int, tuple[type[PlatformError], str]] = {
    400: (BadRequest, ""),
    404: (PathNotFound, NOTHING_HERE),
    405: (MethodNotAllowed, "This path does not take this method."),
}
"""By status; the sentence, where it is not the framework's own, which says what was wrong."""


def problem(error: PlatformError) -> Response:
    status, headers, body = problem_response(error)
    response = Response(body, status)
    response.raw_headers = headers
    return response


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, PlatformError)  # noqa: S101 - registered for that class only
    return problem(error)


async def _unreadable(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    faults = error.errors()
    findings = [
        {"pointer": "/" + "/".join(str(part) for part in fault["loc"]), "message": fault["msg"]}
        for fault in faults[:MAX_FINDINGS]
    ]
    return problem(
        RequestInvalid(
            "The request is not of the form that this route takes.",
            hint="Each finding names the member; the OpenAPI document shows the form.",
            findings=findings,
            more_findings=len(faults) - len(findings),
        )
    )


async def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    if isinstance(error.__cause__, PlatformError):
        return problem(error.__cause__)  # FastAPI makes a 400 of any failure to read a body
    if error.status_code not in OF_THE_FRAMEWORK:
        raise error  # no route of ours and nothing of the framework's raises it: 500, and the log
    refusal, sentence = OF_THE_FRAMEWORK[error.status_code]
    refused = problem(refusal(sentence or str(error.detail), hint=HINT))
    if allowed := (error.headers or {}).get("Allow"):
        refused.headers["allow"] = allowed
    return refused


def install(api: FastAPI) -> None:
    api.add_exception_handler(PlatformError, _refused)
    api.add_exception_handler(RequestValidationError, _unreadable)
    api.add_exception_handler(HTTPException, _http)


PROBLEM = {
    "type": "object",
    "description": "A problem document (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code", "hint"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for people."},
        "code": {"type": "string", "description": "Permanent."},
        "hint": {"type": "string", "description": "What to do next."},
        "trace_id": {"type": ["string", "null"]},
        "findings": {"type": "array", "items": {"type": "object"}, "maxItems": MAX_FINDINGS},
        "more_findings": {"type": "integer"},
        "revision": {"type": "integer"},
    },
}
CONTENT = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
OF_EVERY_ROUTE = {
    "401": "`identity.token_invalid`",
    "403": "What the caller may not do; the code says why",
    "429": "`platform.share_exceeded` and others; Retry-After",
    "503": "Something needed is away; Retry-After",
}
OF_THE_FRAMEWORKS_MODELS = ("HTTPValidationError", "ValidationError")


def document(schema: dict[str, Any]) -> None:
    """Say in an OpenAPI document how routes refuse: what FastAPI says of its 422 is not true."""
    models = schema["components"].setdefault("schemas", {})
    for model in OF_THE_FRAMEWORKS_MODELS:
        models.pop(model, None)
    models["Problem"] = PROBLEM
    for methods in schema["paths"].values():
        for operation in methods.values():
            responses = operation["responses"]
            for status, about in OF_EVERY_ROUTE.items():
                responses.setdefault(status, {"description": about, "content": CONTENT})
            if responses.get("422", {}).get("description") == "Validation Error":
                about = f"`{RequestInvalid.code}`"
                responses["422"] = {"description": about, "content": CONTENT}


def problems(*errors: type[PlatformError]) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: which codes it may refuse with, by status."""
    described: dict[int | str, dict[str, Any]] = {}
    for error in errors:
        status = status_of(error.__new__(error))
        entry = described.setdefault(status, {"description": "", "content": CONTENT})
        entry["description"] = ", ".join(filter(None, [entry["description"], f"`{error.code}`"]))
    return described
