"""One OpenAPI document of all services, served at `/openapi.json` by the edge and by `up`."""

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]
SCHEMAS = "#/components/schemas/"
ABOUT = (
    "All services behind one address. Refusals are problem documents (RFC 9457) with a permanent "
    "`code`, a sentence and a hint. Unknown query parameters and members are refused."
)


def combined(documents: Mapping[str, Json]) -> Json:
    """By service. A model that two services name alike and describe differently has the service's
    name in front of its own.
    """
    ambiguous = _ambiguous({name: _models(one) for name, one in documents.items()})
    paths: Json = {}
    models: Json = {}
    for service, document in sorted(documents.items()):
        names = {
            name: f"{service.capitalize()}{name}" if name in ambiguous else name
            for name in _models(document)
        }
        for path, operations in _renamed(document["paths"], names).items():
            if path in paths:
                raise ValueError(f"{path} belongs to two services")
            paths[path] = operations
        models |= {names[n]: _renamed(model, names) for n, model in _models(document).items()}
    any_one = next(iter(documents.values()))
    return {
        "openapi": any_one["openapi"],
        "info": {"title": "OpenActions", "version": any_one["info"]["version"]}
        | {"description": ABOUT},
        "servers": [{"url": "/"}],
        "security": any_one["security"],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(models.items())),
            "securitySchemes": any_one["components"]["securitySchemes"],
        },
    }


def _models(document: Json) -> Json:
    models: Json = document["components"]["schemas"]
    return models


def _ambiguous(models: Mapping[str, Json]) -> set[str]:
    """Names of models that differ between services, themselves or in what they refer to."""
    versions: dict[str, set[str]] = defaultdict(set)
    for of_service in models.values():
        for name, model in of_service.items():
            versions[name].add(json.dumps(model, sort_keys=True))
    found = {name for name, texts in versions.items() if len(texts) > 1}
    while True:
        more = {
            name
            for name, texts in versions.items()
            if name not in found and any(f'"{SCHEMAS}{each}"' in t for each in found for t in texts)
        }
        if not more:
            return found
        found |= more


def _renamed(node: Any, names: Mapping[str, str]) -> Any:
    """The same with references to the new names: `$ref`, and a discriminator's `mapping`."""
    if isinstance(node, dict):
        return {key: _renamed(value, names) for key, value in node.items()}
    if isinstance(node, list):
        return [_renamed(each, names) for each in node]
    if isinstance(node, str) and node.startswith(SCHEMAS):
        name = node.removeprefix(SCHEMAS)
        return f"{SCHEMAS}{names.get(name, name)}"
    return node
