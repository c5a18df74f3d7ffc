"""What sets OpenAPI 3 apart from Swagger 2.0 where the declared version does not."""

from collections.abc import Iterator
from typing import Any

_OF_OPENAPI_3 = ("components", "servers", "webhooks")
_OF_SWAGGER_2 = (
    *("host", "basePath", "schemes", "definitions", "securityDefinitions", "consumes"),
    *("produces", "parameters", "responses"),
)
_MAX_OPERATIONS = 200
"""That are looked at."""
_SHOWN = 3
_IN_BODY = ("body", "formData")


def openapi_3_members(document: dict[str, Any]) -> tuple[str, ...]:
    """What OpenAPI 3 alone has, of a document that holds nothing of Swagger 2.0; a few at most.

    `servers` alone is a slip within Swagger 2.0, too: something below `paths` has to agree.
    """
    if any(name in document for name in _OF_SWAGGER_2):
        return ()
    at_root = [name for name in _OF_OPENAPI_3 if document.get(name)]
    within: set[str] = set()
    for number, operation in enumerate(_operations(document)):
        if number == _MAX_OPERATIONS:
            break
        marks = {*_marks_of(operation)}
        if None in marks:
            return ()
        within |= {each for each in marks if each}
    return (*at_root, *sorted(within))[:_SHOWN] if within or len(at_root) > 1 else ()


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    paths = document.get("paths")
    for item in paths.values() if isinstance(paths, dict) else ():
        for operation in item.values() if isinstance(item, dict) else ():
            if isinstance(operation, dict):
                yield operation


def _marks_of(operation: dict[str, Any]) -> Iterator[str | None]:
    """Names of members that OpenAPI 3 alone has; None for each that Swagger 2.0 alone has."""
    if "requestBody" in operation:
        yield "requestBody"
    if "consumes" in operation or "produces" in operation:
        yield None
    for parameter in _objects(operation.get("parameters")):
        if parameter.get("in") in _IN_BODY:
            yield None
        elif "schema" in parameter:
            yield "schema of a parameter"
    yield from _marks_of_answers(operation)


def _marks_of_answers(operation: dict[str, Any]) -> Iterator[str | None]:
    answers = operation.get("responses")
    for answer in _objects([*answers.values()] if isinstance(answers, dict) else None):
        if "content" in answer:
            yield "content of a response"
        elif "schema" in answer:
            yield None


def _objects(listed: Any) -> list[dict[str, Any]]:
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
