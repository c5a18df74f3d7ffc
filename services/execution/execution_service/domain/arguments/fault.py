"""What is wrong with one argument, in words for whoever has to correct it."""

from collections.abc import Sequence
from dataclasses import dataclass

MAX_FAULTS = 20
MAX_ECHOED_CHARACTERS = 80
"""Longer values are described, not repeated: they may be secret, and are read by a model."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`argument` is the flat argument's name, empty where the arguments as a whole are at fault."""

    code: str
    argument: str
    pointer: str
    """RFC 6901, into the arguments object."""
    message: str

    def as_finding(self) -> dict[str, str]:
        return {
            "severity": "error",
            "code": self.code,
            "argument": self.argument,
            "pointer": self.pointer,
            "message": self.message,
        }


def fault(code: str, path: Sequence[str | int], message: str) -> Fault:
    """A fault at `path`, whose first step is the argument's name."""
    argument = clipped(str(path[0])) if path else ""
    return Fault(f"argument.{code}", argument, pointer(path), message)


def pointer(path: Sequence[str | int]) -> str:
    return "".join(f"/{_escaped(clipped(str(step)))}" for step in path)


def place(path: Sequence[str | int]) -> str:
    return shown(".".join(str(step) for step in path)) if path else "The arguments"


def shown(name: str) -> str:
    return f"'{clipped(name)}'"


def clipped(text: str) -> str:
    """At most as much of `text` as may be echoed, always encodable as UTF-8."""
    if len(text) > MAX_ECHOED_CHARACTERS:
        text = text[: MAX_ECHOED_CHARACTERS - 1] + "…"
    return text.encode("utf-8", "backslashreplace").decode()


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")
