"""One schema of OpenAPI 2.0, 3.0, 3.1 or 3.2 as JSON Schema 2020-12.

What cannot be part of a valid schema is left out with a finding, so that what comes out always
compiles: older drafts' booleans, `nullable`, unknown types, patterns that need backtracking.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from schema_service.domain.compiling import rules, schema_rules
from schema_service.domain.compiling.json_schema import enums, examples, keywords
from schema_service.domain.compiling.json_schema.alternatives import are_alike
from schema_service.domain.compiling.json_schema.compiled import Compiled, Schema
from schema_service.domain.compiling.json_schema.composed import NOTHING, Composed
from schema_service.domain.compiling.json_schema.defaults import Defaults
from schema_service.domain.compiling.json_schema.discriminator import (
    UNIONS,
    Branch,
    Discriminators,
    branch_of,
    member_of,
    property_of,
    union_of,
)
from schema_service.domain.compiling.json_schema.finishing import LIMITS, finished
from schema_service.domain.compiling.json_schema.held import held_by
from schema_service.domain.compiling.json_schema.inlining import (
    MAX_BRANCHES_DEEP,
    MAX_PARTS_DEEP,
    Inlining,
)
from schema_service.domain.compiling.json_schema.misplaced import (
    is_misplaced,
    mended_keyword,
    misplaced_required,
)
from schema_service.domain.compiling.json_schema.nullable import is_nullable, with_null
from schema_service.domain.compiling.json_schema.patterns import Patterns
from schema_service.domain.compiling.json_schema.slips import as_meant, type_named
from schema_service.domain.compiling.json_schema.type_slips import in_slashes, other_type
from schema_service.domain.compiling.references import Broken, Path, References, Target
from schema_service.domain.finding import Finding, Rule, Severity

MAX_EACH = 500
MAX_PATH = 80
"""Steps from the document's root to the deepest schema: a JSON writer gives up at 254 levels,
and `nullable` may make three of one."""


@dataclass(slots=True)
class _Here:
    """Where a schema is converted, what of it is being made, and what is left out of it."""

    node: dict[str, Any]
    path: Path
    to: dict[str, Any]
    into: Compiled
    absent: frozenset[str]
    """Members that are read-only: they are neither asked for nor required."""


class Converter:
    """`name` gives what a reference leads to its place in `$defs`; a parent that stands for the
    schemas which extend it has two, one for itself.
    """

    def __init__(
        self,
        references: References,
        found: list[Finding],
        name: Callable[[Target, bool], str],
        *,
        alone: bool,
    ) -> None:
        self._references = references
        self._found = found
        self._name = name
        self._said: Counter[str] = Counter()
        self._patterns = Patterns()
        self._refs_stand_alone = alone
        self._doubted = False
        self._members: dict[Path, Compiled] = {}
        self._inlining = Inlining[Compiled]()
        self.composed = Composed(references)
        self.discriminators = Discriminators(references, self.composed)
        self.defaults = Defaults()

    @property
    def is_exhausted(self) -> bool:
        """Whether the document combines schemas in more ways than are worked out."""
        return self._inlining.is_exhausted or self.composed.is_exhausted

    def convert(self, node: Any, path: Path, *, plain: bool = False) -> Compiled:
        """`plain` of a parent is the schema itself, without those that extend it."""
        compiled = Compiled()
        self._doubted = False
        compiled.schema = self._schema(node, path, compiled, plain=plain)
        compiled.warned = self._doubted
        return compiled

    def member(self, node: Any, path: Path) -> Compiled:
        """As `convert`, of what may become a part of several wholes, once."""
        known = self._members.get(path)
        if known is None:
            known = self._members[path] = self.convert(node, path)
        return known

    def _schema(
        self,
        node: Any,
        path: Path,
        into: Compiled,
        absent: frozenset[str] = NOTHING,
        *,
        plain: bool = False,
    ) -> Schema:
        if isinstance(node, bool):
            return node
        if not isinstance(node, dict):
            return self._no_schema(node, path)
        if len(path) > MAX_PATH:
            self._note(rules.SCHEMA_DEEP, path)
            return True
        if "discriminator" in node:
            self._say(self.discriminators.broken_mappings(node, path))
            if not plain and self.discriminators.is_parent(node, path):
                return self._parent(node, path, into)
        if plain and "discriminator" in node:  # its alternatives extend it
            node = {key: node[key] for key in node if key not in UNIONS}
        return self._own(node, path, into, absent)

    def _no_schema(self, node: Any, path: Path) -> Schema:
        meant = type_named(node, path)
        if meant is not None:
            self._say([meant[1]])
            return meant[0]
        found = "nothing" if node is None else "a list" if isinstance(node, list) else node
        self._note(schema_rules.SCHEMA_NOT_AN_OBJECT, path, found=found)
        return True

    def _own(
        self, node: dict[str, Any], path: Path, into: Compiled, absent: frozenset[str]
    ) -> Schema:
        result: dict[str, Any] = {}
        self._inlining.count_schema()
        node, slips = as_meant(node, path)
        self._say(slips)
        if "$ref" in node or "$dynamicRef" in node:
            keyword = "$ref" if "$ref" in node else "$dynamicRef"
            self._refer(node[keyword], (*path, keyword), result, into)
            if self._refs_stand_alone:
                node = {key: node[key] for key in _HONOURED if key in node}
        if "properties" in node or "required" in node:
            self._say(misplaced_required(node, path))
        absent = absent | self.composed.read_only(node)
        here = _Here(node, path, result, into, absent)
        for keyword, value in node.items():
            self._keyword(keyword, value, here)
        unwrapped = finished(node, result, absent)
        made = self._completed(node, path, result, into)
        if "default" not in node:
            self.defaults.copied(unwrapped, made)
        return made

    def _completed(
        self, node: dict[str, Any], path: Path, result: dict[str, Any], into: Compiled
    ) -> dict[str, Any]:
        """With its values as its type says, once all that limits them is known."""
        if not enums.LISTED.isdisjoint(result):
            self._say(enums.settled(node, result, path, self._references.written))
        if result.get("type") == "array" and not ("items" in result or "prefixItems" in result):
            self._note(rules.ITEMS_MISSING, path)
        if not examples.KEYWORDS.isdisjoint(node):
            values = examples.of_node(node, path, self._references)
            result, changed = examples.with_examples(result, values)
            self._say(examples.about(changed, path))
        result = with_null(result) if is_nullable(node) else result
        if "default" in result and "default" in node:
            refused = self.defaults.checked(result, path, into.doubt)
            self._say([] if refused is None else [refused])
        return result

    def _refer(self, reference: Any, path: Path, to: dict[str, Any], into: Compiled) -> None:
        target = self._references.target(reference)
        if isinstance(target, Broken):
            self._say([target.at(path)])
            into.broken = True
            return
        target, slips = held_by(target, reference, path)
        self._say(slips)
        plain = path[-3:-2] == ("allOf",)
        to |= self._named(target, into, plain=plain)

    def _named(self, target: Target, into: Compiled, *, plain: bool) -> dict[str, str]:
        plain = plain and self.discriminators.is_extended(target.value, target.path)
        name = self._name(target, plain)
        into.uses[name] = None
        return {"$ref": f"#/$defs/{name}"}

    def _keyword(self, keyword: str, value: Any, here: _Here) -> None:
        path, to, into = (*here.path, keyword), here.to, here.into
        if keyword in keywords.SIMPLE:
            self._simple(keyword, value, here)
        elif keyword in keywords.ONE_SCHEMA:
            within = here.absent if keyword in ("if", "then", "else") else NOTHING
            to[keyword] = self._schema(value, path, into, within)
        elif keyword in keywords.SCHEMA_LISTS:
            self._list(keyword, value, here)
        elif keyword in keywords.SCHEMA_MAPS:
            self._map(keyword, value, path, to, into)
        elif keyword == "items":
            self._items(value, here)
        elif keyword == "type":
            self._type(value, here)
        elif keyword == "pattern":
            self._pattern(value, path, to)

    def _simple(self, keyword: str, value: Any, here: _Here) -> None:
        looks_right, _ = keywords.SIMPLE[keyword]
        if looks_right(value):
            here.to[keyword] = value
        elif keyword in LIMITS and isinstance(value, bool):
            return
        elif not (keyword == "required" and is_misplaced(value, here.path)):
            self._ignored(keyword, here.node, (*here.path, keyword))

    def _ignored(self, keyword: str, node: dict[str, Any], path: Path) -> None:
        wanted = keywords.SIMPLE[keyword][1]
        finding = rules.KEYWORD_IGNORED.at(path, keyword=keyword, wanted=wanted)
        self._say([mended_keyword(finding, keyword, node)])

    def _list(self, keyword: str, value: Any, here: _Here) -> None:
        path, to, into = (*here.path, keyword), here.to, here.into
        if not isinstance(value, list) or not value:
            self._note(rules.KEYWORD_IGNORED, path, keyword=keyword, wanted="a list of schemas")
        elif keyword in UNIONS and property_of(here.node) is not None:
            branches = self.discriminators.alternatives(here.node, here.path, keyword)
            to |= self._alternatives(branches, property_of(here.node) or "", here.into)
        elif keyword == "prefixItems":
            to[keyword] = [self._schema(each, (*path, i), into) for i, each in enumerate(value)]
        else:
            if keyword == "oneOf" and "anyOf" not in here.node:
                keyword = self._decided(value, path)
            to[keyword] = [
                self._part(each, (*path, i), into, here.absent) for i, each in enumerate(value)
            ]

    def _decided(self, branches: list[Any], path: Path) -> str:
        """`oneOf` only where its branches can be told apart."""
        if not are_alike(branches, path, self.composed):
            return "oneOf"
        self._note(schema_rules.ALTERNATIVES_ALIKE, path)
        return "anyOf"

    def _part(self, node: Any, path: Path, into: Compiled, absent: frozenset[str]) -> Schema:
        """One of `allOf`, `anyOf`, `oneOf`. What requires a member that is left out around it
        stands here itself instead of a reference to it.
        """
        target = self._references.follow(node, path)
        if absent and isinstance(target, Target) and target.value is not node:
            value = target.value
            if isinstance(value, dict) and self._inlining.may_hold(target.path, MAX_PARTS_DEEP):
                left = absent - self.composed.read_only(value)
                if left & self.composed.required(value):
                    return self._inlined(target, into, left, plain=True)
        return self._schema(node, path, into, absent)

    def _parent(self, node: dict[str, Any], path: Path, into: Compiled) -> Schema:
        """One branch for each schema that extends it. Without a mapping its name is all that tells
        which is meant, so what fits the parent alone goes, too.
        """
        branches = self.discriminators.subtypes(node, path)
        if not self.discriminators.has_mapping(node):
            extending = [each for each in branches if each.path != path]
            theirs = tuple(value for each in extending for value in each.values)
            branches = [*extending, Branch(node, path, others=theirs)]
        union = self._union(branches, property_of(node) or "", into)
        about: dict[str, Any] = {key: node[key] for key in ("title", "description") if key in node}
        union = {**about, **union}
        return with_null(union) if is_nullable(node) else union

    def _alternatives(self, branches: list[Branch], name: str, into: Compiled) -> dict[str, Any]:
        """A list of the same references is the same list: `Discriminators.alternatives`."""
        if self._inlining.is_exhausted or not all(each.referred for each in branches):
            return self._union(branches, name, into)
        key = ("alternatives", id(branches), self._inlining.around)
        made = self._once(key, into, lambda part: self._union(branches, name, part))
        return made if isinstance(made, dict) else {}

    def _inlined(
        self, target: Target, into: Compiled, absent: frozenset[str], *, plain: bool
    ) -> Schema:
        def write(part: Compiled) -> Schema:
            with self._inlining.of(target.path):
                return self._schema(target.value, target.path, part, absent, plain=plain)

        # `plain` follows from the path: only a branch in its own place ends with a number
        key = ("schema", target.path, absent, self._inlining.around)
        return self._once(key, into, write)

    def _once(self, key: Hashable, into: Compiled, make: Callable[[Compiled], Schema]) -> Schema:
        part = self._inlining.known(key)
        if part is None:
            part, around, self._doubted = Compiled(), self._doubted, False
            with self._inlining.making(key, part):
                part.schema = make(part)
            part.warned, self._doubted = self._doubted, around
        into.take(part)
        self._doubted = self._doubted or part.warned
        return part.schema

    def _union(self, branches: list[Branch], name: str, into: Compiled) -> dict[str, Any]:
        """A branch without a discriminator value stays a reference."""
        if self._inlining.is_exhausted:
            branches = [replace(each, values=(), others=()) for each in branches]
        schemas: list[Any] = []
        for each in branches:
            if each.referred and not self._inlining.may_hold(each.path, MAX_BRANCHES_DEEP):
                reference = self._named(Target(each.node, each.path), into, plain=True)
                schemas.append({**branch_of({}, name, each), **reference})
            elif each.referred and not (each.values or each.others):
                schemas.append(self._named(Target(each.node, each.path), into, plain=True))
            else:
                target = Target(each.node, each.path)
                schema = self._inlined(target, into, NOTHING, plain=each.referred)
                self._inlining.count_values(len(each.values) + len(each.others))
                schemas.append(branch_of(schema, name, each))
                self.defaults.copied(schema, schemas[-1])
                self.defaults.copied(member_of(schema, name), member_of(schemas[-1], name))
        return union_of(branches, schemas)

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
            and not self.composed.is_read_only(each)
        }

    def _items(self, value: Any, here: _Here) -> None:
        if isinstance(value, list):  # a tuple, before 2020-12
            self._list("prefixItems", value, here)
        else:
            here.to["items"] = self._schema(value, (*here.path, "items"), here.into)

    def _type(self, value: Any, here: _Here) -> None:
        path, to = (*here.path, "type"), here.to
        wanted = value if isinstance(value, list) else [value]
        types = list(dict.fromkeys(t for t in map(keywords.known_type, wanted) if t))
        if types != wanted or not wanted or any(map(keywords.is_file, wanted)):
            said = next(filter(None, map(keywords.format_named, wanted)), None)
            self._say([other_type(value, types, said, here.node, path)])
            if said is not None and types:
                to.setdefault("format", said)
        if types:
            to["type"] = types if len(types) > 1 else types[0]

    def _pattern(self, value: Any, path: Path, to: dict[str, Any]) -> None:
        slashed = in_slashes(value, path)
        if slashed is not None:
            self._say([slashed.finding])
            value = slashed.pattern
        if value is not None and not self._refused(value, path):
            to["pattern"] = value

    def _refused(self, pattern: Any, path: Path) -> bool:
        reason = self._patterns.refusal(pattern)
        if reason:
            self._note(rules.PATTERN_UNSUPPORTED, path, reason=reason)
        return bool(reason)

    def _note(self, rule: Rule, path: Path, **gaps: object) -> None:
        self._say([rule.at(path, **gaps)])

    def _say(self, findings: Iterable[Finding]) -> None:
        """A hundred thousand faults of one kind are reported five hundred times."""
        for finding in findings:
            self._doubted = self._doubted or finding.severity is not Severity.NOTE
            self._said[finding.code] += 1
            if self._said[finding.code] <= MAX_EACH:
                self._found.append(finding)


_HONOURED = ("title", "description", "default", "example", "examples", "nullable", "x-nullable")
"""Beside a `$ref` even where the specification ignores them: their authors mean them."""
