"""Refusals as SCIM says them (RFC 7644, 3.12): a sentence for people, and our code behind it."""

from collections.abc import Callable, Coroutine
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import ValidationError
from scim2_models import Error, InvalidFilterException, SCIMException

from contracts.errors import Kind, PlatformError
from identity_service.domain.directory_errors import GroupNameTaken, UserNameTaken
from identity_service.entrypoints.scim_requests import POLICY
from kit.errors import BadRequest, headers_of, status_of
from kit.sentences import sentence_of
from kit.strict import UnknownParameter

SCIM_JSON = "application/scim+json"
BAD_REQUEST, UNPROCESSABLE = 400, 422
UNIQUENESS = frozenset({UserNameTaken.code, GroupNameTaken.code, "identity.email_taken"})
PARAMETERS = "Leave it out; /scim/v2/ServiceProviderConfig says what this address can do."
"""These routes are in no OpenAPI document."""
MAX_DETAIL = 1_000
"""Characters: the library repeats what it could not read."""


def answer(
    body: dict[str, Any] | None, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    content = b"" if body is None else orjson.dumps(body)
    media_type = None if body is None else SCIM_JSON
    return Response(content, status, headers, media_type)


def refusal(error: PlatformError) -> Error:
    status = status_of(error)
    if status == UNPROCESSABLE:  # SCIM has no such status
        status = BAD_REQUEST
    scim_type = None
    if error.code in UNIQUENESS:
        scim_type = "uniqueness"
    elif error.kind is Kind.INVALID and status == BAD_REQUEST:
        scim_type = "invalidSyntax" if isinstance(error, BadRequest) else "invalidValue"
    hint = PARAMETERS if isinstance(error, UnknownParameter) else error.hint
    detail = f"{error.sentence} {hint} ({error.code})"
    return Error(status=status, scim_type=scim_type, detail=detail)


def refusal_of_library(error: SCIMException | ValidationError) -> Error:
    """Its first fault, in our words where they are Pydantic's."""
    faults = error if isinstance(error, ValidationError) else error.__cause__
    fault = faults.errors(include_url=False)[0] if isinstance(faults, ValidationError) else None
    if isinstance(error, SCIMException):
        shown = error.to_error()
    else:
        shown = Error.from_validation_error(fault or {})
    if isinstance(error, InvalidFilterException) and fault:
        shown.detail = "The filter compares with a value of another type. Compare with a text."
    elif fault and not fault["type"].startswith("scim_"):
        shown.detail = sentence_of({**fault, "loc": ("body", *fault["loc"])})
    shown.detail = f"{(shown.detail or '')[:MAX_DETAIL]} (platform.request_invalid)"
    return shown


class ScimRoute(APIRoute):
    """Whatever is refused on its way leaves as a SCIM error."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                with POLICY:
                    return await handle(request)
            except PlatformError as error:
                return _sent(refusal(error), headers_of(error))
            except (SCIMException, ValidationError) as error:
                return _sent(refusal_of_library(error))
            except RequestValidationError as error:
                fault = error.errors()[0]
                detail = f"{sentence_of(fault)} (platform.request_invalid)"
                return _sent(Error(status=400, scim_type="invalidValue", detail=detail))

        return handled


def _sent(error: Error, headers: dict[str, str] | None = None) -> Response:
    return answer(error.model_dump(), error.status or 400, headers)


def bad_filter(detail: str) -> InvalidFilterException:
    return InvalidFilterException(detail=detail)
