"""References to what the document itself names by a URI: `$self` (OAS 3.2, 4.1.2.2.1) and the
`$id` of its schemas (JSON Schema 2020-12, 8.2.1; OAS 3.1, 4.6). They lead into the document, and
nothing is asked of anybody.

A reference that leads nowhere by these rules keeps its text: documents have an `$id` that nobody
meant as a base, with references from the document's root beside it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

from schema_service.domain import pointers
from schema_service.domain.bundling.mentions import is_address, is_any_value

Path = tuple[str, ...]
_REFERENCES = ("$ref", "$dynamicRef")
_ANCHORS = ("$anchor", "$dynamicAnchor")


@dataclass(frozen=True, slots=True)
class _Resource:
    """The schema, or document, that references are resolved against, and where it stands."""

    uri: str
    path: Path = ()


@dataclass(slots=True)
class _Named:
    """What a document names, and the references that it makes."""

    resources: dict[str, Path] = field(default_factory=dict)
    anchors: dict[tuple[str, str], Path] = field(default_factory=dict)
    references: list[tuple[Path, str, _Resource]] = field(default_factory=list)


def own_references(document: dict[str, Any], base_url: str | None) -> dict[Path, str]:
    """The references that lead into the document by its `$self` or an `$id`, by the place of their
    text, each as `#` and a JSON pointer. `base_url` is where the document came from.
    """
    named = _named(document, base_url)
    found = {}
    for path, text, base in named.references:
        pointer = _pointer_of(text, base, named, document)
        if pointer is not None and pointer != text:
            found[path] = pointer
    return found


def redirected(document: Any, texts: Mapping[Path, str]) -> Any:
    """A copy with these texts; what has none of them below it is shared with the original."""
    if not texts:
        return document
    if () in texts:
        return texts[()]
    below: dict[str, dict[Path, str]] = {}
    for path, text in texts.items():
        below.setdefault(path[0], {})[path[1:]] = text
    if isinstance(document, list):
        items = enumerate(document)
        return [redirected(item, below.get(str(index), {})) for index, item in items]
    return {key: redirected(value, below.get(key, {})) for key, value in document.items()}


def _named(document: dict[str, Any], base_url: str | None) -> _Named:
    named = _Named()
    if base_url:
        named.resources[base_url] = ()
    own = document.get("$self")
    root = _resolved(base_url or "", own) if isinstance(own, str) else base_url or ""
    if root:
        named.resources.setdefault(root, ())
    stack: list[tuple[Any, Path, _Resource]] = [(document, (), _Resource(root))]
    while stack:
        node, path, base = stack.pop()
        if isinstance(node, dict):
            base = _base_of(node, path, base, named)
            named.references += [(*each, base) for each in _texts(node, path)]
            members = (((*path, key), value) for key, value in node.items())
            stack += [(value, to, base) for to, value in members if not is_any_value(to)]
        elif isinstance(node, list):
            stack += [(item, (*path, str(i)), base) for i, item in enumerate(node)]
    return named


def _base_of(node: dict[str, Any], path: Path, base: _Resource, named: _Named) -> _Resource:
    identifier = node.get("$id")
    if isinstance(identifier, str) and not identifier.startswith("#"):
        uri = _resolved(base.uri, identifier)
        if uri:
            base = _Resource(uri, path)
            named.resources.setdefault(uri, path)
    for keyword in _ANCHORS:
        anchor = node.get(keyword)
        if isinstance(anchor, str):
            named.anchors.setdefault((base.uri, anchor), path)
    return base


def _texts(node: dict[str, Any], path: Path) -> Iterator[tuple[Path, str]]:
    for keyword in _REFERENCES:
        if isinstance(node.get(keyword), str):
            yield (*path, keyword), node[keyword]
    if path[-2:] == ("discriminator", "mapping"):
        for key, value in node.items():
            if isinstance(value, str) and is_address(value):
                yield (*path, key), value


def _pointer_of(text: str, base: _Resource, named: _Named, document: Any) -> str | None:
    uri, _, fragment = text.partition("#")
    if not uri and not base.path:
        return None
    whole = base.uri if not uri else _resolved(base.uri, uri)
    start = base.path if not uri else named.resources.get(whole)
    if start is None:
        return None
    path: Path | None
    if not fragment or fragment.startswith("/"):
        path = (*start, *pointers.split(unquote(fragment)))
    else:
        path = named.anchors.get((whole, unquote(fragment)))
    if not path or pointers.look_up(document, path) is pointers.MISSING:
        return None
    return f"#{_escaped(pointers.join(path))}"


def _escaped(pointer: str) -> str:
    """What a fragment says when it is read again: a percent sign begins an escape there."""
    return pointer.replace("%", "%25")


def _resolved(base: str, reference: str) -> str:
    """Without its fragment; empty for what is no URI."""
    try:
        return urldefrag(urljoin(base, reference)).url
    except ValueError:
        return ""
