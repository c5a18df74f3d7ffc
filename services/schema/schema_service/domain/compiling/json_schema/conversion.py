"""One schema of OpenAPI 2.0, 3.0, 3.1 or 3.2 as JSON Schema 2020-12.

What cannot be part of a valid schema is left out with a finding, so that what comes out always
compiles: older drafts' booleans, `nullable`, unknown types, patterns that need backtracking.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson

from schema_service.domain.compiling import rules
from schema_service.domain.compiling.json_schema import keywords
from schema_service.domain.compiling.json_schema.finishing import LIMITS, finished
from schema_service.domain.compiling.json_schema.nullable import is_nullable, with_null
from schema_service.domain.compiling.json_schema.patterns import Patterns
from schema_service.domain.compiling.references import Broken, Path, References, Target
from schema_service.domain.finding import Edit, Finding, Rule, Severity

Schema = dict[str, Any] | bool

MAX_EACH = 500
MAX_PATH = 80
"""Steps from the document's root to the deepest schema: a JSON writer gives up at 254 levels,
and `nullable` may make three of one."""


@dataclass(slots=True)
class Compiled:
    """A converted schema, the definitions it names, and what is to say against it."""

    schema: Schema = True
    uses: dict[str, None] = field(default_factory=dict)
    broken: bool = False
    warned: bool = False
    _size: int | None = None

    @property
    def size(self) -> int:
        """Bytes as JSON."""
        if self._size is None:
            self._size = len(orjson.dumps(self.schema))
        return self._size


class Converter:
    """`name` gives what a reference leads to its place in `$defs`."""

    def __init__(
        self,
        references: References,
        found: list[Finding],
        name: Callable[[Target], str],
        *,
        alone: bool,
    ) -> None:
        self._references = references
        self._found = found
        self._name = name
        self._said: Counter[str] = Counter()
        self._patterns = Patterns()
        self._refs_stand_alone = alone

    def convert(self, node: Any, path: Path) -> Compiled:
        compiled, known = Compiled(), len(self._found)
        compiled.schema = self._schema(node, path, compiled)
        compiled.warned = any(f.severity is not Severity.NOTE for f in self._found[known:])
        return compiled

    def _schema(self, node: Any, path: Path, into: Compiled) -> Schema:
        if isinstance(node, bool):
            return node
        if not isinstance(node, dict):
            self._note(rules.WRONG_TYPE, path, name="A schema", wanted="an object")
            return True
        if len(path) > MAX_PATH:
            self._note(rules.SCHEMA_DEEP, path)
            return True
        result: dict[str, Any] = {}
        reference = node.get("$ref", node.get("$dynamicRef"))
        if reference is not None:
            self._refer(reference, path, result, into)
            if self._refs_stand_alone:
                node = {key: node[key] for key in _HONOURED if key in node}
        for keyword, value in node.items():
            self._keyword(keyword, value, (*path, keyword), result, into)
        finished(node, result)
        if result.get("type") == "array" and not ("items" in result or "prefixItems" in result):
            self._note(rules.ITEMS_MISSING, path)
        return with_null(result) if is_nullable(node) else result

    def _refer(self, reference: Any, path: Path, to: dict[str, Any], into: Compiled) -> None:
        target = self._references.target(reference)
        if isinstance(target, Broken):
            if self._may_say(target.rule):
                self._found.append(target.at((*path, "$ref")))
            into.broken = True
            return
        name = self._name(target)
        into.uses[name] = None
        to["$ref"] = f"#/$defs/{name}"

    def _keyword(
        self, keyword: str, value: Any, path: Path, to: dict[str, Any], into: Compiled
    ) -> None:
        if keyword in keywords.SIMPLE:
            self._simple(keyword, value, path, to)
        elif keyword in keywords.ONE_SCHEMA:
            to[keyword] = self._schema(value, path, into)
        elif keyword in keywords.SCHEMA_LISTS:
            self._list(keyword, value, path, to, into)
        elif keyword in keywords.SCHEMA_MAPS:
            self._map(keyword, value, path, to, into)
        elif keyword == "items":
            self._items(value, path, to, into)
        elif keyword == "type":
            self._type(value, path, to)
        elif keyword == "pattern":
            self._pattern(value, path, to)

    def _simple(self, keyword: str, value: Any, path: Path, to: dict[str, Any]) -> None:
        looks_right, wanted = keywords.SIMPLE[keyword]
        if looks_right(value):
            to[keyword] = value
        elif not (keyword in LIMITS and isinstance(value, bool)):
            self._ignored(keyword, wanted, path)

    def _ignored(self, keyword: str, wanted: str, path: Path) -> None:
        if self._may_say(rules.KEYWORD_IGNORED):
            finding = rules.KEYWORD_IGNORED.at(path, keyword=keyword, wanted=wanted)
            edit = Edit("remove", finding.pointer)
            self._found.append(finding.repaired_by(f"Remove {keyword}", edit))

    def _list(
        self, keyword: str, value: Any, path: Path, to: dict[str, Any], into: Compiled
    ) -> None:
        if isinstance(value, list) and value:
            to[keyword] = [self._schema(each, (*path, i), into) for i, each in enumerate(value)]
        else:
            self._note(rules.KEYWORD_IGNORED, path, keyword=keyword, wanted="a list of schemas")

    def _map(
        self, keyword: str, value: Any, path: Path, to: dict[str, Any], into: Compiled
    ) -> None:
        if not isinstance(value, dict):
            self._note(rules.KEYWORD_IGNORED, path, keyword=keyword, wanted="an object of schemas")
            return
        to[keyword] = {
            name: self._schema(each, (*path, name), into)
            for name, each in value.items()
            if not (keyword == "patternProperties" and self._refused(name, (*path, name)))
            and not self._read_only(each)
        }

    def _items(self, value: Any, path: Path, to: dict[str, Any], into: Compiled) -> None:
        if isinstance(value, list):  # a tuple, before 2020-12
            self._list("prefixItems", value, path, to, into)
        else:
            to["items"] = self._schema(value, path, into)

    def _type(self, value: Any, path: Path, to: dict[str, Any]) -> None:
        wanted = value if isinstance(value, list) else [value]
        types = list(dict.fromkeys(t for t in map(keywords.known_type, wanted) if t))
        if types != wanted and not (wanted == ["file"] and types == ["string"]):
            self._type_unknown(value, types, path)
        if types:
            to["type"] = types if len(types) > 1 else types[0]

    def _type_unknown(self, value: Any, types: list[str], path: Path) -> None:
        if self._may_say(rules.TYPE_UNKNOWN):
            used = ", ".join(types) or "any type"
            finding = rules.TYPE_UNKNOWN.at(path, found=value, used=used)
            edit = Edit("replace", finding.pointer, types if len(types) > 1 else used)
            self._found.append(finding.repaired_by(f"Write {used}", edit) if types else finding)

    def _pattern(self, value: Any, path: Path, to: dict[str, Any]) -> None:
        if not self._refused(value, path):
            to["pattern"] = value

    def _refused(self, pattern: Any, path: Path) -> bool:
        reason = self._patterns.refusal(pattern)
        if reason:
            self._note(rules.PATTERN_UNSUPPORTED, path, reason=reason)
        return bool(reason)

    def _read_only(self, node: Any) -> bool:
        """Such members are only ever received (OAS 3.0.4, 4.7.24.2): nobody is asked for them."""
        target = self._references.follow(node, ())
        places = (node, target.value if isinstance(target, Target) else None)
        return any(isinstance(place, dict) and place.get("readOnly") is True for place in places)

    def _note(self, rule: Rule, path: Path, **gaps: object) -> None:
        if self._may_say(rule):
            self._found.append(rule.at(path, **gaps))

    def _may_say(self, rule: Rule) -> bool:
        """A hundred thousand faults of one kind are reported five hundred times."""
        self._said[rule.code] += 1
        return self._said[rule.code] <= MAX_EACH


_HONOURED = ("title", "description", "default", "nullable", "x-nullable")
"""Beside a `$ref` even where the specification ignores them: their authors mean them."""
