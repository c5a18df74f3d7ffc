"""Whether one part of an operation's schema admits a value, for as many parts as one call may ask
about.
"""

from collections.abc import Mapping
from typing import Any

import jsonschema_rs

from contracts.json_schema import names_in
from execution_service.domain.arguments.exact_json import with_values
from execution_service.domain.arguments.validator import compiled

MAX_CHECKED = 200
"""Of one call; beyond, no part admits or refuses anything, so values stay as they are."""
MAX_VALUES = 5_000
"""That one call has looked at; those beyond stay as they are."""
_DEFINITIONS = "#/$defs/"


class Branches:
    def __init__(self, root: Mapping[str, Any]) -> None:
        self._definitions: Mapping[str, Any] = root.get("$defs", {})
        self._validators: dict[int, jsonschema_rs.Draft202012Validator | None] = {}
        self._nulls: dict[int, bool] = {}
        """Of schemas, by their identity: whether they refuse null."""
        self._left = MAX_CHECKED
        self._values = MAX_VALUES

    def may_look_at_another_value(self) -> bool:
        self._values -= 1
        return self._values >= 0

    @property
    def may_check(self) -> bool:
        return self._left > 0

    def target(self, reference: str) -> Any:
        return self._definitions.get(reference.removeprefix(_DEFINITIONS), True)

    def admit(self, schema: Any, value: Any) -> bool:
        if not isinstance(schema, Mapping):
            return schema is True
        self._left -= 1
        if self._left < 0:
            return False
        if id(schema) not in self._validators:
            self._validators[id(schema)] = self._compiled(schema)
        validator = self._validators[id(schema)]
        return validator is not None and validator.is_valid(with_values(value))

    def refuse_null(self, schema: Any) -> bool:
        """False where nothing may be checked any more: then the null stays. Each schema is asked
        once: a list may have thousands of nulls in the same place.
        """
        known = self._nulls.get(id(schema))
        if known is None:
            known = not self.admit(schema, None)
            if self._left < 0:
                return False
            self._nulls[id(schema)] = known
        return known

    def _compiled(self, schema: Mapping[str, Any]) -> jsonschema_rs.Draft202012Validator | None:
        """None where it has a pattern that cannot be run (`argument_schema`)."""
        waiting, needed = [*names_in(schema)], dict[str, Any]()
        while waiting:
            name = waiting.pop()
            if name not in needed and name in self._definitions:
                needed[name] = self._definitions[name]
                waiting += names_in(needed[name])
        try:
            return compiled({**schema, "$defs": needed})
        except ValueError:
            return None
