"""`default`s that their own schema refuses: models do not see them, and no call sends them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs

from contracts.json_schema import names_in
from schema_service.domain.compiling import schema_rules
from schema_service.domain.compiling.json_schema.patterns import PATTERN_OPTIONS
from schema_service.domain.compiling.json_schema.typed import fits
from schema_service.domain.compiling.references import Path
from schema_service.domain.finding import Finding

MAX_CHECKED = 2_000
"""Of one document, those beside more than a type: compiling a schema takes up to a millisecond."""
_SAYS_NOTHING = frozenset(
    {"type", "default", "title", "description", "examples", "deprecated", "format", "xml"}
    | {"contentEncoding", "contentMediaType"}
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """The default of a schema with references, and what it is a part of."""

    schema: dict[str, Any]
    path: Path
    doubt: Callable[[], None]
    """To be called if it is refused."""
    copies: list[dict[str, Any]] = field(default_factory=list)
    """Schemas that were made of it meanwhile: what goes here goes there, too."""


class Defaults:
    """Of one document. Those that need a definition wait until there are definitions."""

    def __init__(self) -> None:
        self._waiting: dict[int, Waiting] = {}
        """By the identity of the schema, and of each of its copies: they are held here."""
        self._left = MAX_CHECKED

    def checked(
        self, schema: dict[str, Any], path: Path, doubt: Callable[[], None]
    ) -> Finding | None:
        """Takes a refused default out of the schema, and says why.

        So goes null where it is no value: tools write it for *no default*, so nothing is said.
        """
        if schema.keys() <= _SAYS_NOTHING:
            kinds = schema.get("type", ())
            kinds = [kinds] if isinstance(kinds, str) else kinds
            if not kinds or fits(schema["default"], kinds):
                return None
        elif next(iter(names_in(schema)), None) is not None:
            self._waiting[id(schema)] = Waiting(schema, path, doubt)
            return None
        return self._settled(schema, {}, path)

    def copied(self, schema: Any, copy: Any) -> None:
        """A copy is made of a schema whose default may wait; else whoever comes first to a schema
        that many share would keep a default that the others do not see.
        """
        waiting = self._waiting.get(id(schema))
        if waiting is not None and copy is not schema and isinstance(copy, dict):
            waiting.copies.append(copy)
            self._waiting[id(copy)] = waiting

    def next_waiting(self) -> Waiting | None:
        """The last one, until it is settled."""
        return next(reversed(self._waiting.values()), None)

    def settled(self, waiting: Waiting, definitions: dict[str, Any]) -> Finding | None:
        """As `checked`, with all that its references lead to."""
        schema = waiting.schema
        for each in (schema, *waiting.copies):
            self._waiting.pop(id(each), None)
        refused = self._settled(schema, definitions, waiting.path)
        if "default" not in schema:
            for each in waiting.copies:
                each.pop("default", None)
        return refused

    def _settled(
        self, schema: dict[str, Any], definitions: dict[str, Any], path: Path
    ) -> Finding | None:
        if self._left <= 0 or "default" not in schema:
            return None
        self._left -= 1
        reason = _reason_against(schema, definitions)
        if reason is None:
            return None
        if schema.pop("default") is None:
            return None
        return schema_rules.DEFAULT_REFUSED.at((*path, "default"), reason=reason)


def _reason_against(schema: dict[str, Any], definitions: dict[str, Any]) -> str | None:
    whole = {**schema, "$defs": definitions} if definitions else schema
    try:
        validator = jsonschema_rs.Draft202012Validator(
            whole, offline=True, pattern_options=PATTERN_OPTIONS
        )
        fault = next(validator.iter_errors(schema["default"]), None)
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError):
        return None
    return None if fault is None else str(fault.message)
