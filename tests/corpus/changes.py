"""Properties that compare a document with a slightly changed copy of itself, or with its tools."""

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any

from contracts.operation import Operation
from contracts.tool_forms.definition import Flavour, tool_for
from contracts.tool_forms.examples import MAX_EXAMPLES_LENGTH
from tests.corpus.properties import compiled, examined

Tree = dict[str, Any]
Steps = tuple[str | int, ...]

REFUSED_SERVER = {"url": "https://localhost"}
GONE = "#/components/schemas/NotThereAtAll"
NO_REFERENCES_BELOW = {"example", "examples", "default", "enum", "const", "responses", "callbacks"}
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"}
SAID = ("default", "format", "enum")


def second_server_not_taken(document: Tree) -> Iterator[str]:
    """A server in front that cannot be called changes nothing but a note."""
    servers = document.get("servers")
    if not isinstance(servers, list) or not servers or "openapi" not in document:
        return
    more = {**document, "servers": [REFUSED_SERVER, *servers]}
    before, after = (_called_at(each) for each in (document, more))
    for name, server in before.items():
        if after.get(name) != server:
            yield f"{name}: {after.get(name)} instead of {server} behind a refused server"


def _called_at(document: Tree) -> dict[str, str]:
    found = examined(json.dumps(document).encode())
    ready = {item["name"] for item in found.operations.items() if item["verdict"] != "blocked"}
    return {name: each.server for name, each in compiled(found).items() if name in ready}


def lost_references_without_effect(document: Tree, most: int = 3) -> Iterator[str]:
    """A reference to nothing blocks the operations whose request needs it, and no other."""
    found = [steps for steps in _references(document) if _is_local(document, steps)]
    for steps in found[:: max(1, len(found) // most)][:most]:
        broken = copy.deepcopy(document)
        _at(broken, steps)["$ref"] = GONE
        before, after = (_blocked(each) for each in (document, broken))
        for pointer in after.keys() - before.keys():
            if steps not in _reached(document, pointer):
                yield f"{pointer} is blocked by {'/'.join(map(str, steps))}, which it does not need"
        for pointer, every in _operations(document):
            needed = steps in every and pointer not in before
            if needed and pointer in _known(broken) and pointer not in after:
                yield f"{pointer} is ready without {'/'.join(map(str, steps))}"


def _known(document: Tree) -> set[str]:
    items = examined(json.dumps(document).encode()).operations.items()
    return {item["pointer"] for item in items}


def _blocked(document: Tree) -> dict[str, None]:
    items = examined(json.dumps(document).encode()).operations.items()
    return {item["pointer"]: None for item in items if item["verdict"] == "blocked"}


def _references(tree: Any, steps: Steps = ()) -> Iterator[Steps]:
    if isinstance(tree, dict):
        if isinstance(tree.get("$ref"), str):
            yield steps
        for key, value in tree.items():
            if key not in NO_REFERENCES_BELOW and not str(key).startswith("x-"):
                yield from _references(value, (*steps, key))
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from _references(value, (*steps, index))


def _at(tree: Any, steps: Steps) -> Any:
    for step in steps:
        tree = tree[step]
    return tree


def _target(document: Tree, reference: Any) -> Steps | None:
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return None
    steps: Steps = tuple(
        each.replace("~1", "/").replace("~0", "~") for each in reference[2:].split("/")
    )
    try:
        _at(document, steps)
    except (KeyError, TypeError, IndexError, ValueError):
        return None
    return steps


def _is_local(document: Tree, steps: Steps) -> bool:
    return _target(document, _at(document, steps)["$ref"]) is not None


def _operations(document: Tree) -> Iterator[tuple[str, set[Steps]]]:
    """Pointers of operations whose needs are simple to say, with the references that they need."""
    for path, item in document.get("paths", {}).items():
        for method in METHODS & item.keys() if isinstance(item, dict) else ():
            pointer = f"/paths/{path.replace('~', '~0').replace('/', '~1')}/{method}"
            operation = item[method]
            content = operation.get("requestBody", {}).get("content", {})
            if len(content) <= 1 and "readOnly" not in json.dumps(document):
                yield pointer, _reached(document, pointer)


def _reached(document: Tree, pointer: str) -> set[Steps]:
    """All references below the operation's parameters and body, followed."""
    _, _paths, path, method = pointer.split("/")
    path = path.replace("~1", "/").replace("~0", "~")
    waiting: list[Steps] = [
        ("paths", path, "parameters"),
        ("paths", path, method, "parameters"),
        ("paths", path, method, "requestBody"),
    ]
    seen, reached = set[Steps](), set[Steps]()
    while waiting:
        start = waiting.pop()
        try:
            below = _at(document, start)
        except (KeyError, TypeError, IndexError):
            continue
        for steps in _references(below, start):
            reached.add(steps)
            target = _target(document, _at(document, steps)["$ref"])
            if target is not None and target not in seen:
                seen.add(target)
                waiting.append(target)
    return reached


def values_not_shown(document: Tree) -> Iterator[str]:
    """What a parameter's schema says of its values stands in the tool, or the value is constant."""
    found = examined(json.dumps(document).encode())
    pointers = {item["name"]: item["pointer"] for item in found.operations.items()}
    for name, operation in compiled(found).items():
        shown = tool_for(name, operation, Flavour.OPENAI).definition["function"]["parameters"]
        yield from _not_shown(document, operation, pointers[name], shown)


def _not_shown(
    document: Tree, operation: Operation, pointer: str, shown: Mapping[str, Any]
) -> Iterator[str]:
    _, _, path, method = (each.replace("~1", "/").replace("~0", "~") for each in pointer.split("/"))
    arguments = {(each.location.value, each.name): each.argument for each in operation.parameters}
    for each in document["paths"][path].get(method, {}).get("parameters", ()):
        parameter = _followed(document, each)
        argument = arguments.get((parameter.get("in"), parameter.get("name")))
        schema = _followed(document, parameter.get("schema"))
        if argument is None or argument in operation.constants or "type" not in schema:
            continue
        text = json.dumps([shown["properties"].get(argument), shown.get("$defs")])
        for keyword in SAID:
            if keyword in schema and not _stands_in(schema[keyword], text):
                yield f"{pointer} {argument}: the tool lacks {keyword} {schema[keyword]!r:.80}"
        example = schema.get("example", parameter.get("example"))
        is_exempt = example is None or len(str([example])) >= MAX_EXAMPLES_LENGTH
        if not is_exempt and not _stands_in(example, text):
            yield f"{pointer} {argument}: the tool lacks the example {example!r:.80}"


def _stands_in(value: Any, text: str) -> bool:
    values = value if isinstance(value, list) else [value]
    return all(json.dumps(each) in text or json.dumps(str(each)) in text for each in values)


def _followed(document: Tree, node: Any) -> Tree:
    for _ in range(10):
        if not isinstance(node, dict) or "$ref" not in node:
            break
        target = _target(document, node["$ref"])
        node = _at(document, target) if target else {}
    return node if isinstance(node, dict) else {}
