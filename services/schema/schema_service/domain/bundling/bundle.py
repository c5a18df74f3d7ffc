"""One document made of several: each part stands whole below `x-bundled`, and every reference to
it leads there. Nothing is dereferenced, so cycles are no matter and nothing grows.

What leads into a document by its own `$self`, or the `$id` of a schema, is never fetched; as bases
of what is elsewhere they change no addresses here, as they change none for the compiler.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote, unquote

import orjson

from schema_service.domain import pointers
from schema_service.domain.bundling.addresses import address_of, same_origin
from schema_service.domain.bundling.mentions import mentions
from schema_service.domain.bundling.part import Part
from schema_service.domain.bundling.place_names import place_names
from schema_service.domain.bundling.schema_ids import own_references
from schema_service.domain.compiling.names import Names
from schema_service.domain.compiling.references import PLACE
from schema_service.domain.finding import Edit, Repair
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.reading.reading import Reading, Syntax
from schema_service.domain.repairing.repair import repair
from schema_service.domain.repairing.yaml_written import in_block

MAX_SPLICED = 1_000
"""References that are changed within the text; with more, the text is written anew."""
_IN_FRAGMENT = "/~!$&'()*+,;=:@?"


@dataclass(frozen=True)
class _Placed:
    """A document that was read, and the pointer at which the bundle has it."""

    base_url: str
    tree: Any
    pointer: str

    @cached_property
    def anchors(self) -> dict[str, str]:
        """The pointers of plain-name fragments (JSON Schema 2020-12, 8.2.2)."""
        return dict(_anchors(self.tree))


def bundled(root: Part, parts: Sequence[Part]) -> bytes:
    """The root's text with the parts in it; JSON stays JSON and YAML stays YAML.

    Comments and order of the root's text stay too, unless more than a thousand of its references
    change. Comments of parts are lost.
    """
    reading = read_document(root.raw)
    readings = {part.url: (part, read_document(part.raw)) for part in parts}
    readable = {url: each for url, each in readings.items() if each[1].document is not None}
    if reading.document is None or not readable:
        return root.raw
    place = Names(reading.document).take(PLACE)
    names = place_names(list(readable), root.url)
    placed = {
        url: _Placed(part.base_url, one.document, pointers.join([place, names[url]]))
        for url, (part, one) in readable.items()
    }
    whole = _Placed(root.base_url, reading.document, "")
    everything = {**placed, root.url: whole, root.base_url: whole}
    for part in placed.values():
        _redirect(part.tree, _changes(part, everything, root.url))
    trees = {names[url]: part.tree for url, part in placed.items()}
    changes = _changes(whole, everything, root.url)
    return _written(reading, changes, place, trees)


def _changes(
    document: _Placed, everything: dict[str, _Placed], root_url: str
) -> list[tuple[tuple[str, ...], str]]:
    """The references that read differently in the bundle: their places and their new texts."""
    found = []
    own_ids = own_references(document.tree, document.base_url)
    for mention in mentions(document.tree):
        if mention.path in own_ids:
            pointer = own_ids[mention.path].removeprefix("#")
            found.append((mention.path, mention.text, f"#{document.pointer}{pointer}"))
            continue
        address = address_of(mention.text, document.base_url)
        if address is None:
            continue
        own = address.url == document.base_url
        target = document if own else everything.get(address.url)
        if target is not None:
            found.append((mention.path, mention.text, _fragment(target, address.fragment)))
        elif document.pointer and same_origin(address.url, root_url):
            absolute = f"{address.url}#{address.fragment}".removesuffix("#")
            found.append((mention.path, mention.text, absolute))
    return [(path, new) for path, old, new in found if new != old]


def _fragment(target: _Placed, fragment: str) -> str:
    if not fragment or fragment.startswith("/"):
        return f"#{target.pointer}{fragment}"
    anchor = target.anchors.get(unquote(fragment))
    pointer = f"/{fragment}" if anchor is None else quote(anchor, safe=_IN_FRAGMENT)
    return f"#{target.pointer}{pointer}"


def _anchors(tree: Any) -> Iterator[tuple[str, str]]:
    stack: list[tuple[Any, tuple[str | int, ...]]] = [(tree, ())]
    while stack:
        node, path = stack.pop()
        if isinstance(node, dict):
            for keyword in ("$anchor", "$dynamicAnchor"):
                if isinstance(node.get(keyword), str):
                    yield node[keyword], pointers.join(path)
            stack += [(value, (*path, key)) for key, value in node.items()]
        elif isinstance(node, list):
            stack += [(item, (*path, index)) for index, item in enumerate(node)]


def _redirect(tree: Any, changes: list[tuple[tuple[str, ...], str]]) -> None:
    for path, text in changes:
        pointers.look_up(tree, path[:-1])[path[-1]] = text


def _written(
    root: Reading, changes: list[tuple[tuple[str, ...], str]], place: str, trees: dict[str, Any]
) -> bytes:
    if len(changes) <= MAX_SPLICED:
        edits = [Edit("replace", pointers.join(path), text) for path, text in changes]
        title = "Bundle"
        repaired = repair(
            root.text, [Repair(title, (*edits, Edit("add", pointers.join([place]), trees)))]
        )
        if title in repaired.applied:
            return repaired.text.encode()
    _redirect(root.document, changes)
    whole = {**(root.document or {}), place: trees}
    if root.syntax is Syntax.JSON:
        return orjson.dumps(whole, option=orjson.OPT_INDENT_2)
    return "\n".join([*(in_block(key, value, 0) for key, value in whole.items()), ""]).encode()
