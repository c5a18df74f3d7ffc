"""A tool as the text that a model's API takes."""

from dataclasses import dataclass
from typing import Final, NamedTuple, Self

import orjson

from contracts.errors import PlatformError
from contracts.operation import Location, Operation
from contracts.tool_forms.definition import Flavour, tool_for
from egress.settings import EgressSettings
from egress.target import parse_server_url
from execution_service.domain.admission import NO_NAMES, ReservedNames
from execution_service.domain.compiled_operation import check_request


class Wording(NamedTuple):
    flavour: Flavour = Flavour.OPENAI
    strict: bool = False
    """OpenAI's structured form, where the arguments can be expressed in it."""
    reserved: ReservedNames = NO_NAMES
    """Where the action's credential goes, in lower case: no argument is asked for there."""


OPENAI: Final = Wording()


@dataclass(frozen=True, slots=True)
class ToolText:
    text: bytes
    """JSON: the definition."""
    tokens: int
    """An estimate."""
    origin: str
    """Where a call goes."""
    places: ReservedNames = NO_NAMES
    """What a credential could fill instead of an argument, in lower case; none where a call carries
    no credential."""

    @classmethod
    def of(cls, operation: Operation, name: str, wording: Wording, egress: EgressSettings) -> Self:
        """Refused where a call would be, whatever its arguments. The schema of the arguments is not
        compiled: that takes several times as long as all else.
        """
        target = parse_server_url(operation.server, egress)
        check_request(operation)
        places = {} if operation.anonymous else _places(operation)
        hidden = [places[place] for place in places.keys() & wording.reserved]
        form = tool_for(name, operation, wording.flavour, strict=wording.strict, hidden=hidden)
        return cls(orjson.dumps(form.definition), form.tokens, target.origin, frozenset(places))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A tool of the release that nobody can call at the moment, and why."""

    name: str
    text: bytes
    """JSON: name, code, detail and hint."""

    @classmethod
    def of(cls, name: str, why: PlatformError) -> Self:
        problem = {"name": name, "code": why.code, "detail": why.sentence, "hint": why.hint}
        return cls(name, orjson.dumps(problem))


def _places(operation: Operation) -> dict[tuple[Location, str], str]:
    """Arguments by what they fill, without those of the path and the body."""
    return {
        (each.location, each.name.casefold()): each.argument
        for each in operation.parameters
        if each.location is not Location.PATH
    }
