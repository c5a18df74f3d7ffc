"""An operation made ready to be called: everything that does not depend on the arguments."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from contracts.headers import ACCEPT
from contracts.operation import Body, Location, Operation
from egress.errors import EgressError
from egress.server_url import ServerUrl
from execution_service.domain.arguments.argument_schema import ArgumentSchema
from execution_service.domain.arguments.declared_members import declared_members
from execution_service.domain.arguments.integers import IntegersOf
from execution_service.domain.chosen import NOTHING_CHOSEN, Chosen, one_of
from execution_service.domain.errors import (
    AnswerTypeFixed,
    AnswerTypeNotOffered,
    MediaTypeNotOffered,
    MediaTypeOfOtherArguments,
    OperationUnusable,
)
from execution_service.domain.platform_headers import MAX_ACCEPTED, accept_of, declared
from execution_service.domain.wire.body import BodyWriter
from execution_service.domain.wire.parameter import Slot, slots
from execution_service.domain.wire.path_template import PathTemplate

BASE_BYTES = 4_000
SLOT_BYTES = 2_000
BYTES_OF_OBJECTS = 7


@dataclass(frozen=True, slots=True, weakref_slot=True)
class CompiledOperation:
    """Immutable and safe to share; compile it once per `digest` and keep it.

    It keeps nothing of the operation that calls do not use. Its schemas, as Python objects, take
    BYTES_OF_OBJECTS times the bytes of their text: they stay only where a body may be XML, which is
    written by them.
    """

    name: str
    digest: str
    consent_digest: str
    method: str
    consequential: bool
    anonymous: bool
    constants: Mapping[str, Any]
    defaults: Mapping[str, Any]
    schema: ArgumentSchema
    path: PathTemplate
    fixed_query: str
    """A query that the document wrote into the path itself."""
    query: tuple[Slot, ...]
    headers: tuple[Slot, ...]
    cookies: tuple[Slot, ...]
    members: Mapping[str, frozenset[str]]
    """By argument of a query or a cookie that is an object: the members that its schema names."""
    body: BodyWriter | None
    alternatives: Mapping[str, BodyWriter]
    """The same body in other media types, by these."""
    answer_types: tuple[str, ...]
    """Media types that a caller may ask for: those that the document declares for its answers."""
    all_accepted: str
    """The header Accept of a call that chooses none of them."""
    fixed_accept: str | None
    """The one value that the document permits for a header parameter Accept."""

    def chosen(self, content_type: str | None, accept: str | None) -> Chosen:
        """Raises MediaTypeNotOffered, MediaTypeOfOtherArguments, AnswerTypeNotOffered or
        AnswerTypeFixed.
        """
        if content_type is None and accept is None:
            return NOTHING_CHOSEN
        return Chosen(self._content_type(content_type), self._answer_type(accept))

    def _content_type(self, wanted: str | None) -> str | None:
        if wanted is None:
            return None
        body = self.body
        offered = [] if body is None else [body.body.media_type, *self.alternatives]
        found = one_of(wanted, offered)
        if found is None:
            if body is not None and one_of(wanted, body.body.other_media_types):
                raise MediaTypeOfOtherArguments(wanted, offered)
            raise MediaTypeNotOffered(wanted, offered)
        return found if found in self.alternatives else None

    def _answer_type(self, wanted: str | None) -> str | None:
        if wanted is None:
            return None
        if self.fixed_accept is not None:
            if one_of(wanted, [self.fixed_accept]) is None:
                raise AnswerTypeFixed(wanted, self.fixed_accept)
            return None
        found = one_of(wanted, self.answer_types)
        if found is None:
            raise AnswerTypeNotOffered(wanted, self.answer_types[:MAX_ACCEPTED])
        return found

    def accept(self, chosen: Chosen) -> str:
        """The value of the header Accept."""
        return self.all_accepted if chosen.accept is None else chosen.accept

    def body_in(self, chosen: Chosen) -> BodyWriter | None:
        if chosen.content_type is None:
            return self.body
        return self.alternatives[chosen.content_type]

    @property
    def bytes(self) -> int:
        """An estimate of what it takes in memory."""
        slots_kept = len(self.query) + len(self.headers) + len(self.cookies) + len(self.path.slots)
        return BASE_BYTES + SLOT_BYTES * slots_kept + self.schema.bytes + self._bytes_for_xml

    @property
    def _bytes_for_xml(self) -> int:
        writers = [*([] if self.body is None else [self.body]), *self.alternatives.values()]
        if all(each.body.xml is None for each in writers):
            return 0
        return BYTES_OF_OBJECTS * len(self.schema.text)

    @classmethod
    def of(cls, operation: Operation) -> Self:
        """Raises OperationUnusable where no arguments could make a request."""
        return cls.with_schema(operation, ArgumentSchema.of(operation.arguments))

    @classmethod
    def with_schema(cls, operation: Operation, schema: ArgumentSchema) -> Self:
        base = _base_path(operation.server)
        # A fragment in a path only distinguishes operations; it is never sent.
        path, _, fixed_query = operation.path.partition("#")[0].partition("?")
        parameters, integers = operation.parameters, IntegersOf(operation.arguments)
        answer_types = declared(operation.response_media_types)
        return cls(
            name=operation.name,
            digest=operation.digest,
            consent_digest=operation.consent_digest,
            method=operation.method,
            consequential=operation.consequential,
            anonymous=operation.anonymous,
            constants=operation.constants,
            defaults=operation.defaults,
            schema=schema,
            path=PathTemplate.of(base, path, slots(parameters, integers, Location.PATH)),
            fixed_query=_fixed(fixed_query),
            query=slots(parameters, integers, Location.QUERY, Location.QUERYSTRING),
            headers=tuple(
                # OAS 4.8.12.1: the body's media type decides, whatever a parameter says.
                slot
                for slot in slots(parameters, integers, Location.HEADER)
                if slot.name.lower() != "content-type"
            ),
            cookies=slots(parameters, integers, Location.COOKIE),
            members=_members(operation),
            body=_body(operation, operation.body),
            alternatives=_alternatives(operation),
            answer_types=answer_types,
            all_accepted=accept_of(answer_types),
            fixed_accept=_fixed_accept(operation),
        )


ANYTHING: Final = ArgumentSchema.of({})


def check_request(operation: Operation) -> None:
    """Raises OperationUnusable where the request could not be built, whatever the arguments.

    Their schema is not compiled, which is nearly all of the time that `CompiledOperation.of` takes.
    """
    CompiledOperation.with_schema(operation, ANYTHING)


def _members(operation: Operation) -> dict[str, frozenset[str]]:
    schemas = operation.arguments.get("properties", {})
    named = {
        each.argument: frozenset(declared_members(schemas.get(each.argument), operation.arguments))
        for each in operation.parameters
        if each.explode and each.location in (Location.QUERY, Location.COOKIE)
    }
    return {argument: members for argument, members in named.items() if members}


def _body(operation: Operation, body: Body | None) -> BodyWriter | None:
    if body is None:
        return None
    elsewhere = frozenset(parameter.argument for parameter in operation.parameters)
    return BodyWriter.of(body, operation.arguments, elsewhere)


def _fixed_accept(operation: Operation) -> str | None:
    values = (
        operation.constants.get(each.argument)
        for each in operation.parameters
        if each.location is Location.HEADER and each.name.lower() == ACCEPT
    )
    return next((value for value in values if isinstance(value, str)), None)


def _alternatives(operation: Operation) -> dict[str, BodyWriter]:
    bodies = operation.body.alternatives if operation.body is not None else ()
    writers = ((body.media_type, _body(operation, body)) for body in bodies)
    return {media_type: writer for media_type, writer in writers if writer is not None}


def _base_path(url: str) -> str:
    """Policy and egress check the origin."""
    try:
        return ServerUrl.parse(url).path
    except EgressError as why:
        raise OperationUnusable(
            f"{url[:200]!r} is not a server that can be called: {why.sentence}", hint=why.hint
        ) from None


def _fixed(query: str) -> str:
    if "{" in query or not query.isascii() or not query.isprintable() or " " in query:
        raise OperationUnusable(
            "The path's query cannot be sent as it is written.",
            hint="Declare query parameters in the schema instead of writing them into the path.",
        )
    return query
