"""An operation made ready to be called: everything that does not depend on the arguments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

from contracts.operation import Location, Operation
from execution_service.domain.arguments.argument_schema import ArgumentSchema
from execution_service.domain.errors import OperationUnusable
from execution_service.domain.wire.body import Payload, body_writer
from execution_service.domain.wire.parameter import Slot, slots
from execution_service.domain.wire.path_template import PathTemplate

BASE_BYTES = 4_000
SLOT_BYTES = 2_000


@dataclass(frozen=True, slots=True, weakref_slot=True)
class CompiledOperation:
    """Immutable and safe to share; compile it once per `digest` and keep it.

    It keeps nothing of the operation that calls do not use: its schemas, as Python objects, take
    seven times the bytes of their text.
    """

    name: str
    digest: str
    method: str
    consequential: bool
    anonymous: bool
    constants: Mapping[str, Any]
    schema: ArgumentSchema
    origin: str
    path: PathTemplate
    fixed_query: str
    """A query that the document wrote into the path itself."""
    query: tuple[Slot, ...]
    headers: tuple[Slot, ...]
    cookies: tuple[Slot, ...]
    body: Callable[[Mapping[str, Any]], Payload | None] | None

    @property
    def bytes(self) -> int:
        """An estimate of what it takes in memory."""
        slots_kept = len(self.query) + len(self.headers) + len(self.cookies) + len(self.path.slots)
        return BASE_BYTES + SLOT_BYTES * slots_kept + self.schema.bytes

    @classmethod
    def of(cls, operation: Operation) -> Self:
        """Raises OperationUnusable where no arguments could make a request."""
        origin, base = _server(operation.server)
        # A fragment in a path only tells operations apart; it is never sent.
        path, _, fixed_query = operation.path.partition("#")[0].partition("?")
        parameters = operation.parameters
        return cls(
            name=operation.name,
            digest=operation.digest,
            method=operation.method,
            consequential=operation.consequential,
            anonymous=operation.anonymous,
            constants=operation.constants,
            schema=ArgumentSchema.of(operation.arguments),
            origin=origin,
            path=PathTemplate.of(base, path, slots(parameters, Location.PATH)),
            fixed_query=_fixed(fixed_query),
            query=slots(parameters, Location.QUERY, Location.QUERYSTRING),
            headers=tuple(
                # OAS 4.8.12.1: the body's media type decides, whatever a parameter says.
                slot
                for slot in slots(parameters, Location.HEADER)
                if slot.name.lower() != "content-type"
            ),
            cookies=slots(parameters, Location.COOKIE),
            body=_body(operation),
        )


def _body(operation: Operation) -> Callable[[Mapping[str, Any]], Payload | None] | None:
    if operation.body is None:
        return None
    elsewhere = frozenset(parameter.argument for parameter in operation.parameters)
    return body_writer(operation.body, operation.arguments.get("properties", {}), elsewhere)


def _server(url: str) -> tuple[str, str]:
    """Origin and base path. What the origin may be is for policy and egress to say."""
    try:
        parts = urlsplit(url)
        named = parts.hostname is not None and parts.port != 0
    except ValueError:
        raise _unusable(url) from None
    if not named or parts.scheme not in ("https", "http") or "@" in parts.netloc:
        raise _unusable(url)
    if parts.query or parts.fragment or "{" in url or not url.isascii() or not url.isprintable():
        raise _unusable(url)
    return f"{parts.scheme}://{parts.netloc.lower()}", parts.path


def _fixed(query: str) -> str:
    if "{" in query or not query.isascii() or not query.isprintable() or " " in query:
        raise OperationUnusable(
            "The path's query cannot be sent as it is written.",
            hint="Declare query parameters in the schema instead of writing them into the path.",
        )
    return query


def _unusable(url: str) -> OperationUnusable:
    return OperationUnusable(
        f"{url[:200]!r} is not a server that can be called.",
        hint="A server is an absolute URL without credentials, variables, query or fragment.",
    )
