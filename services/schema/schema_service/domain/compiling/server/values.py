"""Which values server variables may have (OAS 3.1, 4.8.6): one rule for what a document says and
for what a builder chooses.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from typing import Any, Protocol

from contracts.operation import MAX_SERVER_VALUE, ServerVariable
from contracts.wire import PLACEHOLDER

MAX_LENGTH = 2_000
"""Characters of a URL, before and after its variables are filled in."""
MAX_CHOICES = 200
"""Of a closed list, in a compiled operation."""
MAX_KEPT = 4_000
"""Characters of all names, defaults and lists of one URL, in a compiled operation."""
_ENDS_A_HOST = frozenset("/?#@:\\ ")
_BEFORE_THE_PATH = re.compile(r"(?:[^/]*:)?//[^/]*")
_WHOLE_ORIGIN = re.compile(
    # {base}, https://{host}, {scheme}://{host}:{port}
    r"(?:(?:https?|\{[^{}]*\})://)?\{[^{}]*\}(?::(?:[0-9]+|\{[^{}]*\}))?(?=/|$)"
)
_HOSTS = frozenset({"api", "app", "www"})
"""What a variable may be called after, and a host too."""


class Unfit(Enum):
    OPEN = auto()
    """There is none, or only one that stands for another."""
    UNLISTED = auto()
    ENDS_HOST = auto()


class Variable(Protocol):
    """With `enum`, the value is one of these, unless the document lists `more`."""

    @property
    def default(self) -> str | None: ...
    @property
    def enum(self) -> Sequence[str]: ...
    @property
    def more(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Declared:
    """A variable as the document has it, with its whole list."""

    default: str | None = None
    enum: Sequence[str] = ()
    more: bool = False

    @classmethod
    def of(cls, variable: Any) -> "Declared":
        """Whatever stands where a variable should; of a compiled operation it is one already."""
        if isinstance(variable, Declared):
            return variable
        described = variable if isinstance(variable, dict) else {}
        listed, default = described.get("enum"), described.get("default")
        closed = [str(value) for value in listed] if isinstance(listed, list) else []
        return cls(None if default is None else str(default), closed)


@dataclass(frozen=True, slots=True)
class Value:
    """`text` is what was tried where it does not fit."""

    text: str
    unfit: Unfit | None = None


@dataclass(frozen=True)
class Template:
    """A server's URL with variables in braces."""

    text: str

    @cached_property
    def names(self) -> list[str]:
        return list(dict.fromkeys(PLACEHOLDER.findall(self.text[:MAX_LENGTH])))

    def value(self, name: str, variable: Variable, chosen: str | None) -> Value:
        """The builder's choice, else the document's default, else the first of its list."""
        text = variable.default if chosen is None else chosen
        if text is None and variable.enum:
            text = variable.enum[0]
        if text is None:
            return Value("", Unfit.OPEN)
        listed = text in variable.enum
        if variable.enum and not listed and not variable.more:
            return Value(text, Unfit.UNLISTED)
        if chosen is None and not listed and self._holds(name) and names_itself(name, text):
            return Value(text, Unfit.OPEN)
        if self._leads_out(name, variable, text):
            return Value(text, Unfit.ENDS_HOST)
        return Value(text)

    def filled(self, values: Mapping[str, str]) -> str:
        """A value behind the first slash of a path is no host (RFC 3986, 4.2)."""
        text = PLACEHOLDER.sub(lambda gap: values.get(gap[1], gap[0]), self.text)
        is_path = self.text.startswith("/") and not self.text.startswith("//")
        return "/" + text.lstrip("/") if is_path else text

    def _holds(self, name: str) -> bool:
        return name in self._names_before_path

    @cached_property
    def _names_before_path(self) -> frozenset[str]:
        return frozenset(re.findall(r"\{([^{}]*)\}", self._before_path))

    @cached_property
    def _before_path(self) -> str:
        found = _BEFORE_THE_PATH.match(self.text)
        return found[0] if found else ""

    def _leads_out(self, name: str, variable: Variable, text: str) -> bool:
        """Whether a part of scheme or host would end them. A document may do so behind the last
        letter of its host (`https://{host}`, `https://{host}{base}`); then a choice may, too.
        """
        if not _ENDS_A_HOST & {*text} or not self._holds(name):
            return False
        if re.search(rf"\{{{re.escape(name)}\}}(?:[\w.-]|:?//)", self._before_path):
            return True
        own = (variable.default or "", *variable.enum)
        return not any(_ENDS_A_HOST & {*each} for each in own)


def names_itself(name: str, default: str) -> bool:
    """`tenant`, `<tenant>`, `your-tenant`, `YOUR_TENANT` stand for a tenant, and are none."""
    bare = re.sub(r"[^a-z0-9]", "", default.lower())
    own = re.sub(r"[^a-z0-9]", "", name.lower())
    return bool(own) and own not in _HOSTS and bare in (own, f"your{own}", f"my{own}")


def behind_origin(template: str) -> str | None:
    """What stands in a server's URL behind variables that are its whole origin; None where they
    are not. A base URL takes their place.
    """
    found = _WHOLE_ORIGIN.match(template[:MAX_LENGTH])
    return template[found.end() :] if found else None


def only_begins(base_url: str, template: str) -> bool:
    """Whether a base URL is what the server's URL has itself, before a variable of its path."""
    base = base_url.rstrip("/") + "/"
    return template.lower().startswith(base.lower()) and "{" in template[len(base) :]


def part_filled(reference: str, variables: Any, choices: Mapping[str, str]) -> str:
    """A part of a server's URL with the values that a builder chose or the document has; empty
    where one is open.
    """
    declared = variables if isinstance(variables, dict) else {}
    part = Template(reference)
    values = {
        name: part.value(name, Declared.of(declared.get(name)), choices.get(name))
        for name in part.names
    }
    if any(each.unfit is not None for each in values.values()):
        return ""
    whole = part.filled({name: each.text for name, each in values.items()})
    return whole if len(whole) <= MAX_LENGTH else ""


def kept(template: str, variables: Any) -> dict[str, ServerVariable]:
    """What a compiled operation holds of the template's variables, by name: as much as there is
    room for, because each operation of the document repeats it.
    """
    declared = variables if isinstance(variables, dict) else {}
    result: dict[str, ServerVariable] = {}
    names = Template(template).names
    room = MAX_KEPT - sum(map(len, names))
    for name in names:
        variable = Declared.of(declared.get(name))
        default, *_ = *_fitting([variable.default or ""], room), None
        room -= len(default or "")
        listed = tuple(_fitting(variable.enum[:MAX_CHOICES], room))
        room -= sum(map(len, listed))
        result[name] = ServerVariable(
            default=None if variable.default is None else default,
            enum=listed,
            more=len(listed) < len(variable.enum),
        )
    return result


def _fitting(values: Sequence[str], room: int) -> Iterator[str]:
    for value in values:
        if len(value) <= min(room, MAX_SERVER_VALUE):
            room -= len(value)
            yield value
