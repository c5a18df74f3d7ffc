"""What a document comes to under a request's values and an operator's settings."""

from dataclasses import dataclass

from contracts.errors import PlatformError
from contracts.requests import ServerChoice
from egress.server_url import ServerUrl
from schema_service.domain.chosen_server import PARTS, chosen_server
from schema_service.domain.examination import DetectedOperation, Examination
from schema_service.domain.needed_values import NO_VALUES
from schema_service.domain.repairing.terms import Terms


@dataclass(frozen=True, slots=True)
class Standing:
    """`errors` with one for each origin that the operator's settings refuse."""

    readable: bool
    operations: int
    callable: int
    errors: int

    def is_worse_than(self, before: "Standing") -> bool:
        """Fewer operations can be called, or there are more errors about the same operations.

        A document that could not be read before shows only now what else is wrong with it.
        """
        if not before.readable:
            return False
        if not self.readable or self.callable < before.callable:
            return True
        return self.operations == before.operations and self.errors > before.errors


def standing(found: Examination, terms: Terms) -> Standing:
    refused = sum(terms.rules.refusal(server.origin) is not None for server in found.servers)
    return Standing(
        readable=found.dialect is not None,
        operations=len(found.operations),
        callable=sum(_is_callable(each, terms) for each in found.operations),
        errors=found.errors + refused,
    )


def _is_callable(operation: DetectedOperation, terms: Terms) -> bool:
    origin = operation.origin
    if origin is not None and terms.rules.refusal(origin) is not None:
        origin = None
    if terms.values != NO_VALUES:
        origin = _chosen(operation, terms, blocked=origin is None) or origin
    return origin is not None and terms.rules.refusal(origin) is None


def _chosen(operation: DetectedOperation, terms: Terms, *, blocked: bool) -> str:
    """The origin at which the request's values have it called; empty where they leave it."""
    form = operation.operation or operation.unplaced
    if form is None:
        return ""
    given = terms.values
    choice = ServerChoice(base_url=given.base_url, server_variables=dict(given.server_variables))
    try:
        data, source = form.model_dump(include={*PARTS}), terms.source_url
        server = chosen_server(data, choice, blocked=blocked, source_url=source)
        return ServerUrl.parse(server).origin if server else ""
    except PlatformError:
        return ""
