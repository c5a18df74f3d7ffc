"""What each operation of a document needs: its own place, and what its references lead to.

Read from the document alone, so that it can judge what the compiler says of it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Tree = dict[str, Any]
Steps = tuple[str | int, ...]

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"}
NO_REFERENCES_BELOW = {"example", "examples", "default", "enum", "const", "responses", "callbacks"}
NO_REFERENCES_BELOW |= {"description", "title", "summary", "externalDocs", "xml", "format"}
SERVERS = {"servers", "server", "host", "basepath", "baseurl", "base_url", "schemes"}
"""Members that say where all operations are called, in the places where they are looked for."""
NEAR_THE_TOP = {"info", "components", "externalDocs", "paths"}
_LOST: Any = object()


def steps_of(pointer: str) -> list[str]:
    return [each.replace("~1", "/").replace("~0", "~") for each in pointer.split("/")[1:]]


def pointer_of(steps: Steps) -> str:
    return "".join(f"/{str(each).replace('~', '~0').replace('/', '~1')}" for each in steps)


def found_at(tree: Any, steps: Steps | list[str], otherwise: Any = _LOST) -> Any:
    """Raises KeyError where there is nothing, unless `otherwise` says what to answer then."""
    for step in steps:
        if isinstance(tree, list) and str(step).isdecimal() and int(step) < len(tree):
            tree = tree[int(step)]
        elif isinstance(tree, Mapping) and step in tree:
            tree = tree[step]
        elif otherwise is not _LOST:
            return otherwise
        else:
            raise KeyError(step)
    return tree


def references(
    tree: Any, steps: Steps = (), unread: frozenset[str] = frozenset()
) -> Iterator[Steps]:
    """None at or below the pointers of `unread`."""
    if unread and pointer_of(steps) in unread:
        return
    if isinstance(tree, dict):
        if isinstance(tree.get("$ref"), str):
            yield steps
        for key, value in tree.items():
            if key not in NO_REFERENCES_BELOW and not str(key).startswith("x-"):
                yield from references(value, (*steps, key), unread)
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from references(value, (*steps, index), unread)


def named_by(reference: Any) -> Steps | None:
    """The place in the same document that it names, whether there is one or not."""
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return None
    return tuple(steps_of(reference[1:]))


def target(document: Tree, reference: Any) -> Steps | None:
    steps = named_by(reference)
    if steps is None or found_at(document, steps, None) is None:
        return None
    return steps


def followed(document: Tree, node: Any) -> Tree:
    for _ in range(10):
        if not isinstance(node, dict) or "$ref" not in node:
            break
        steps = target(document, node["$ref"])
        node = found_at(document, steps) if steps else {}
    return node if isinstance(node, dict) else {}


def place_followed(document: Tree, steps: Steps) -> Steps:
    """Where the references that stand at `steps` lead to."""
    for _ in range(10):
        node = found_at(document, steps, None)
        if not isinstance(node, dict) or "$ref" not in node:
            break
        steps = target(document, node["$ref"]) or steps
    return steps


def reached(
    document: Tree, pointer: str, unread: frozenset[str] = frozenset()
) -> tuple[set[Steps], set[Steps]]:
    """The places of all references below the operation's parameters and body, followed; and those
    that they name, also where there is nothing. What stands at or below the pointers of `unread`
    is passed over.
    """
    own = tuple(steps_of(pointer))
    item = own[:2]
    waiting: list[Steps] = [
        (*item, "parameters"),
        (*own, "parameters"),
        (*own, "requestBody"),
    ]
    if isinstance(found_at(document, item, None), dict) and "$ref" in found_at(document, item):
        waiting.append(item)
    places, named = set[Steps](), set[Steps]()
    while waiting:
        start = waiting.pop()
        for steps in references(found_at(document, start, None), start, unread):
            places.add(steps)
            name = named_by(found_at(document, steps)["$ref"])
            for each in (name, *_extending(document, name)) if name is not None else ():
                if each not in named:
                    named.add(each)
                    waiting.append(each)
    return places, named


def _extending(document: Tree, parent: Steps) -> Iterator[Steps]:
    """Schemas that a discriminator stands for (OAS 3.1, 4.8.25): those whose `allOf` names it."""
    named = found_at(document, parent, None)
    if not isinstance(named, dict) or "discriminator" not in named:
        return
    siblings = found_at(document, parent[:-1])
    for name, schema in siblings.items() if isinstance(siblings, dict) else ():
        parts = schema.get("allOf") if isinstance(schema, dict) else None
        for part in parts if isinstance(parts, list) else ():
            if isinstance(part, dict) and named_by(part.get("$ref")) == parent:
                yield (*parent[:-1], name)


def concerns(document: Tree, place: str, operation: str) -> bool:
    """Whether what is wrong at `place` may be why the operation cannot be called."""
    own = steps_of(operation)
    item = pointer_of(tuple(own[:2]))
    if _within(operation, place) or _within(place, operation):
        return True
    if _names_servers(place):
        lists = (found_at(document, (*steps, "servers"), None) for steps in (own, own[:2]))
        return not any(lists)
    if _within(place, item):
        step = place[len(item) + 1 :].partition("/")[0]
        return step not in METHODS | {"additionalOperations"}
    _, named = reached(document, operation)
    return any(_is_needed(document, place, steps) for steps in named)


def _is_needed(document: Tree, place: str, steps: Steps) -> bool:
    """At or below what is named, or on the way to it where there is nothing."""
    at = pointer_of(steps)
    return _within(place, at) or (found_at(document, steps, None) is None and _within(at, place))


def _names_servers(place: str) -> bool:
    """At the top of the document, or misplaced within one of its members."""
    steps = steps_of(place)
    while steps[:1] and steps[0] in NEAR_THE_TOP | {"contact", "license"}:
        steps = steps[1:]
    return bool(steps) and steps[0].casefold() in SERVERS


def _within(place: str, outer: str) -> bool:
    return place == outer or place.startswith(f"{outer}/")
