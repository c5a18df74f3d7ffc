"""A tool as the text that a model's API takes."""

from dataclasses import dataclass
from typing import Final, NamedTuple, Self

import orjson

from contracts.errors import PlatformError
from contracts.operation import Operation
from contracts.tool_forms.definition import Flavour, tool_for
from egress.settings import EgressSettings
from egress.target import parse_server_url
from execution_service.domain.compiled_operation import check_request


class Wording(NamedTuple):
    flavour: Flavour = Flavour.OPENAI
    strict: bool = False
    """OpenAI's structured form, where the arguments can be said in it."""


OPENAI: Final = Wording()


@dataclass(frozen=True, slots=True)
class ToolText:
    text: bytes
    """JSON: the definition."""
    tokens: int
    """An estimate."""
    origin: str
    """Where a call goes."""

    @classmethod
    def of(cls, operation: Operation, name: str, wording: Wording, egress: EgressSettings) -> Self:
        """Refused where a call would be, whatever its arguments. The schema of the arguments is not
        compiled: that takes several times as long as all else.
        """
        target = parse_server_url(operation.server, egress)
        check_request(operation)
        form = tool_for(name, operation, wording.flavour, strict=wording.strict)
        return cls(orjson.dumps(form.definition), form.tokens, target.origin)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A tool of the release that nobody can call at the moment, and why."""

    name: str
    text: bytes
    """JSON: name, code, detail and hint."""

    @classmethod
    def of(cls, name: str, why: PlatformError) -> Self:
        told = {"name": name, "code": why.code, "detail": why.sentence, "hint": why.hint}
        return cls(name, orjson.dumps(told))
