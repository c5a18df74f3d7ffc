"""Every refusal of an HTTP route leaves as a problem document (RFC 9457).

So does what nobody expected: `kit.front` stands around all routes and sees to that.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from contracts.errors import MAX_FINDINGS, Invalid, NotFound, PlatformError
from kit.errors import (
    NOTHING_HERE,
    BadRequest,
    BodyTooLarge,
    MethodNotAllowed,
    Unexpected,
    UnsupportedMediaType,
    status_of,
)
from kit.front import AS_HEAD, PROBLEM_JSON, problem_response
from kit.known_members import KnownMembers
from kit.sentences import sentence_of
from kit.strict import UnknownParameter

HINT = "The OpenAPI document shows the form of each request; /docs shows it as a page."
PATHS_HINT = "Paths start with /v1/; /docs lists them."


class RequestInvalid(Invalid):
    code = "platform.request_invalid"


class PathNotFound(NotFound):
    code = "platform.not_found"


PARSING_FAILED = "There was an error parsing the body"
"""FastAPI's words for whatever it met while it read a body; the cause is our sentence."""


def problem(error: PlatformError) -> Response:
    status, headers, body = problem_response(error)
    response = Response(body, status)
    response.raw_headers = headers
    return response


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, PlatformError)  # noqa: S101 - registered for that class only
    return problem(error)


async def _unreadable(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    faults, route = error.errors(), request.scope.get("route")
    known = KnownMembers(route) if isinstance(route, APIRoute) else None
    findings = [
        {
            "pointer": "/" + "/".join(str(part) for part in fault["loc"]),
            "message": sentence_of(fault, _known_beside(fault, known)),
        }
        for fault in faults[:MAX_FINDINGS]
    ]
    first = findings[_first_shown(faults)]["message"]
    more = f" {len(faults) - 1} more in `findings`." if len(faults) > 1 else ""
    rest = len(faults) - len(findings)
    refusal = RequestInvalid(f"{first}{more}", hint=HINT, findings=findings, more_findings=rest)
    return problem(refusal)


def _first_shown(faults: Sequence[Mapping[str, Any]]) -> int:
    """Which finding becomes `detail`: a misspelt member before the one that is missing."""
    kinds = [fault["type"] for fault in faults[:MAX_FINDINGS]]
    return kinds.index("extra_forbidden") if "extra_forbidden" in kinds else 0


def _known_beside(fault: Mapping[str, Any], known: KnownMembers | None) -> Collection[str]:
    """The members of the object that has one too many."""
    head, *place = fault["loc"]
    if fault["type"] != "extra_forbidden" or head != "body" or known is None:
        return ()
    return known.at(place[:-1])


async def _http(request: Request, error: Exception) -> Response:
    """What the framework refuses: a path, a method, a body that cannot be read."""
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    if isinstance(error.__cause__, PlatformError):
        return problem(error.__cause__)  # FastAPI makes a 400 of any failure to read a body
    match error.status_code:
        case 400:
            return problem(BadRequest(_what_was_wrong(error), hint=HINT))
        case 404:
            return problem(PathNotFound(NOTHING_HERE, hint=PATHS_HINT))
        case 405:
            return problem(MethodNotAllowed(_allowed(request, error)))
    raise error  # no route of ours and nothing of the framework's raises it: 500, and the log


def _what_was_wrong(error: HTTPException) -> str:
    if isinstance(error.__cause__, UnicodeDecodeError):
        return "The body is not UTF-8 text."
    if isinstance(error.__cause__, RecursionError):
        return "The body is nested too deeply."
    if error.detail == PARSING_FAILED:
        return "The body cannot be read."
    return str(error.detail)


def _allowed(request: Request, error: HTTPException) -> Collection[str]:
    """The methods of all routes of this path; the framework names those of one route."""
    allowed: Allowed | None = getattr(request.app.state, "allowed", None)
    of_the_first = (error.headers or {}).get("Allow", "").split(", ")
    return (allowed(request.scope["path"]) if allowed else ()) or of_the_first


def refuse_head(request: Request) -> None:
    """A dependency of routes whose GET uses something up, such as a secret that is good for once:
    whoever sends HEAD, such as a program that looks at links, wants nothing to happen.
    """
    if AS_HEAD in request.scope:
        allowed: Allowed = request.app.state.allowed
        raise MethodNotAllowed(allowed(request.scope["path"]))


@dataclass(frozen=True, slots=True)
class Allowed:
    """Which methods a path takes, whichever router or hot route has it."""

    routes: Sequence[APIRoute]
    hot: Collection[tuple[str, str]]
    """Method and path."""

    def __call__(self, path: str) -> set[str]:
        found = {method for method, hot in self.hot if hot == path}
        for route in self.routes:
            if route.path_regex.match(path):
                found |= self.of(route)
        return found | ({"HEAD"} if any(each == ("GET", path) for each in self.hot) else set())

    def of(self, route: APIRoute) -> set[str]:
        """HEAD is answered wherever GET is, but where that uses something up."""
        methods = {*(route.methods or ())}
        refuses = any(each.call is refuse_head for each in route.dependant.dependencies)
        return methods | {"HEAD"} if "GET" in methods and not refuses else methods


def install(api: FastAPI) -> None:
    api.add_exception_handler(PlatformError, _refused)
    api.add_exception_handler(RequestValidationError, _unreadable)
    api.add_exception_handler(HTTPException, _http)


PROBLEM = {
    "type": "object",
    "description": "A problem document (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code", "hint", "trace_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for people."},
        "code": {"type": "string", "description": "Permanent."},
        "hint": {"type": "string", "description": "What to do next."},
        "trace_id": {"type": "string", "description": "Quote it to the operator: the log has it."},
        "findings": {"type": "array", "items": {"type": "object"}, "maxItems": MAX_FINDINGS},
        "more_findings": {"type": "integer"},
        "revision": {"type": "integer"},
        "sign_in": {"type": "string", "description": "Where to sign in first, then repeat it."},
    },
}
CONTENT = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
OF_EVERY_ROUTE = {
    "401": "`identity.token_invalid`, `identity.session_ended`, `identity.session_renewal`",
    "403": "What the caller may not do, `platform.cross_site`; the code says why",
    "422": f"`{RequestInvalid.code}`, `{UnknownParameter.code}`",
    "429": "`platform.share_exceeded` and others; Retry-After",
    "500": f"`{Unexpected.code}`",
    "503": "Something needed is away; Retry-After",
}
WITH_A_BODY = {
    "400": f"`{BadRequest.code}`",
    "413": f"`{BodyTooLarge.code}`",
    "415": f"`{UnsupportedMediaType.code}`",
}
WITH_AN_ID = {"404": f"`{PathNotFound.code}`"}
OF_THE_FRAMEWORKS_MODELS = ("HTTPValidationError", "ValidationError")


def document(schema: dict[str, Any]) -> None:
    """Describe refusals in an OpenAPI document; FastAPI's own description of 422 is not true."""
    models = schema["components"].setdefault("schemas", {})
    for model in OF_THE_FRAMEWORKS_MODELS:
        models.pop(model, None)
    models["Problem"] = PROBLEM
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            refusals = OF_EVERY_ROUTE | (WITH_AN_ID if "{" in path else {})
            refusals |= WITH_A_BODY if "requestBody" in operation else {}
            _describe(operation["responses"], refusals)


def _describe(responses: dict[str, Any], refusals: Mapping[str, str]) -> None:
    if responses.get("422", {}).get("description") == "Validation Error":
        del responses["422"]
    for status, about in refusals.items():
        responses.setdefault(status, {"description": about, "content": CONTENT})


def problems(*errors: type[PlatformError]) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: which codes it may refuse with, by status."""
    described: dict[int | str, dict[str, Any]] = {}
    for error in errors:
        status = status_of(error.__new__(error))
        entry = described.setdefault(status, {"description": "", "content": CONTENT})
        entry["description"] = ", ".join(filter(None, [entry["description"], f"`{error.code}`"]))
    return described
