"""References within one document (OAS 4.8.23, RFC 3986, RFC 6901). Nothing is ever fetched."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeGuard
from urllib.parse import unquote, urljoin

from schema_service.domain import pointers
from schema_service.domain.bundling.addresses import same_origin
from schema_service.domain.compiling import rules
from schema_service.domain.compiling.reference_slips import meant
from schema_service.domain.finding import Edit, Finding, Rule

Path = tuple[str | int, ...]
PLACE = "x-bundled"
"""Of a document's root, where the documents stand that were fetched into it."""
_COPY = (
    "Copy the part into components, and write where it is there, such as #/components/schemas/Pet: "
    "`bundle` fetches only from the origin of the document itself."
)
_BUNDLE = "Import the document from its URL with `bundle`, or copy the part into components."
_BUNDLED = (
    "It could not be fetched into this bundle: correct it there and fetch the document again, or "
    "copy the part into components."
)
MAX_GUESSES = 500
"""Each may look at all components of one section."""
MAX_LOOKUPS = 5_000
"""Scalars whose characters are looked up in the text: each takes a tenth of a millisecond."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a chain of references ends."""

    value: Any
    path: Path


@dataclass(frozen=True, slots=True)
class Broken:
    """A reference that leads nowhere, and why."""

    rule: Rule
    reference: str
    meant: str = ""
    """What leads somewhere and differs by a slip of the pen."""
    place: Path | None = None
    """Where it stands, if it is not the reference that was followed but one on its way."""
    way: str = ""
    """What to do where it leads out of the document."""

    def at(self, path: Path) -> Finding:
        """The finding about a reference that stands at `path`."""
        finding = self.rule.at(path, reference=self.reference, meant=self.meant, way=self.way)
        if not self.meant:
            return finding
        edit = Edit("replace", pointers.join(self.place or path), self.meant)
        return finding.repaired_by(f"Write {self.meant}", edit)


class References:
    """Follows each distinct reference once."""

    def __init__(
        self,
        document: dict[str, Any],
        own_uris: Iterable[str] = (),
        written: Callable[[Path], str | None] = lambda _path: None,
    ) -> None:
        """`own_uris` are the document's names for itself: where it came from, its `$self`.

        `written` gives the characters of the scalar at a place of its text.
        """
        self.document = document
        self._written = written
        self._lookups = MAX_LOOKUPS
        self._own_uris = tuple(own_uris)
        self._targets: dict[str, Target | Broken] = {}
        self._anchors: dict[str, Path] | None = None
        self._guesses = MAX_GUESSES

    def written(self, path: Path) -> str | None:
        """The characters of the scalar at a place; None where the text does not show it."""
        self._lookups -= 1
        return self._written(path) if self._lookups >= 0 else None

    def follow(self, node: Any, path: Path) -> Target | Broken:
        """The node itself, or what its `$ref` leads to in the end."""
        if not isinstance(node, dict) or "$ref" not in node:
            return Target(node, path)
        return self.target(node["$ref"])

    def target(self, reference: Any) -> Target | Broken:
        """Where what stands under a `$ref` leads."""
        if not isinstance(reference, str):
            shown = "nothing" if reference is None else str(reference)
            return Broken(rules.REFERENCE_NOT_TEXT, shown)
        if reference not in self._targets:
            self._resolve(reference)
        return self._targets[reference]

    def passed(self, reference: str) -> Iterable[str]:
        """The references on the way, itself the first, as far as each leads to another one."""
        seen: set[str] = set()
        current: Any = reference
        while isinstance(current, str) and current not in seen:
            seen.add(current)
            yield current
            end = self._step(current)
            current = (
                end.value["$ref"] if isinstance(end, Target) and _is_alias(end.value) else None
            )

    def _resolve(self, reference: str) -> None:
        """Everything on the way has the same end, so that a long chain is walked only once."""
        passed: dict[str, None] = {}
        current = reference
        place_of_next: Path | None = None
        while current not in passed and current not in self._targets:
            passed[current] = None
            place, end = place_of_next, self._step(current)
            if isinstance(end, Broken):
                end = replace(end, place=place)
                break
            if not _is_alias(end.value):
                break
            current, place_of_next = end.value["$ref"], (*end.path, "$ref")
        else:
            end = self._targets.get(current) or Broken(rules.REFERENCE_CYCLE, current)
            if isinstance(end, Broken) and end.place is None:
                end = replace(end, place=place_of_next)
        for each in passed:
            self._targets[each] = Broken(end.rule, each) if _is_cycle(end) else end
        if isinstance(end, Broken) and not _is_cycle(end) and current in passed:
            self._targets[current] = replace(end, place=None)

    def _step(self, reference: str) -> Target | Broken:
        uri, _, fragment = reference.partition("#")
        is_own = not uri or self._is_own(uri)
        if is_own and not fragment:
            return Broken(rules.REFERENCE_TO_DOCUMENT, reference)
        path = self._path_of(unquote(fragment)) if is_own else None
        value = pointers.MISSING if path is None else pointers.look_up(self.document, path)
        if path is not None and value is not pointers.MISSING:
            return Target(value, path)
        self._guesses -= 1
        written = meant(reference, self.document) if self._guesses >= 0 else None
        if written is not None:
            return Broken(rules.REFERENCE_MISSPELT, reference, written)
        if is_own:
            return Broken(rules.REFERENCE_DANGLING, reference)
        return Broken(rules.REFERENCE_REMOTE, reference, way=self._way_to(uri))

    def _way_to(self, uri: str) -> str:
        """Bundles have what is at the document's own origin, where it was imported from."""
        if "://" in uri and not any(same_origin(uri, own) for own in self._own_uris):
            return _COPY
        return _BUNDLED if PLACE in self.document else _BUNDLE

    def _is_own(self, uri: str) -> bool:
        """A relative one is resolved first (RFC 3986, 5.2)."""
        try:
            return any(urljoin(own, uri) == own for own in self._own_uris)
        except ValueError:
            return False

    def _path_of(self, fragment: str) -> Path | None:
        if not fragment or fragment.startswith("/"):
            return tuple(pointers.split(fragment))
        if self._anchors is None:
            self._anchors = dict(_anchors(self.document))
        return self._anchors.get(fragment)


def _is_alias(node: Any) -> bool:
    """A reference and nothing else, so that what it points to can stand for it."""
    return (
        isinstance(node, dict)
        and isinstance(node.get("$ref"), str)
        and all(key in ("$ref", "description", "summary") for key in node)
    )


def _is_cycle(end: Target | Broken) -> TypeGuard[Broken]:
    return isinstance(end, Broken) and end.rule is rules.REFERENCE_CYCLE


def _anchors(document: dict[str, Any]) -> Iterable[tuple[str, Path]]:
    """Every `$anchor` and `$dynamicAnchor` (JSON Schema 2020-12, 8.2.2) with its place."""
    stack: list[tuple[Any, Path]] = [(document, ())]
    while stack:
        node, path = stack.pop()
        if isinstance(node, dict):
            for keyword in ("$anchor", "$dynamicAnchor"):
                if isinstance(node.get(keyword), str):
                    yield node[keyword], path
            stack += [(value, (*path, key)) for key, value in node.items()]
        elif isinstance(node, list):
            stack += [(value, (*path, index)) for index, value in enumerate(node)]
