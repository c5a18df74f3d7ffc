"""Generated documents whose schemas share what is worked out once: unions, parents, defaults."""

import json

from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document
from services.schema.tests.rule_documents import INFO, OK, SERVERS

OBJECTS = [f"S{i}" for i in range(6)]
PARENTS = ["P0", "P1"]
PLAIN = ["T0", "T1", "T2"]
NAMES = [*OBJECTS, *PARENTS, *PLAIN]
LISTS = ["S0 S1", "S0 S2", "S2 S3 T0", "S4 S5", "P0 S3", "P1 S1", "T0 T1", "T0 T2", "T0 S1"]
"""Few, so that several unions list the same schemas, or begin alike."""


def reference(name):
    return {"$ref": f"#/components/schemas/{name}"}


def _mapping(rng, names):
    """Some of the names with words of their own, which other unions have not."""
    return {f"{rng.choice('xyz')}{name}": reference(name)["$ref"] for name in names}


def union(rng, keyword="oneOf"):
    names = rng.choice(LISTS).split()
    node = {keyword: [reference(name) for name in names]}
    if rng.random() < 0.6:
        node["discriminator"] = {"propertyName": rng.choice(["kind", "sort", "free"])}
        if rng.random() < 0.4:
            node["discriminator"]["mapping"] = _mapping(rng, names)
    if rng.random() < 0.2:
        node[keyword].append({"type": "object", "properties": {"kind": {"const": "own"}}})
    return node


def member(rng):
    made = rng.choice(
        [
            {"type": "string"},
            {"type": "integer", "readOnly": True},
            {"type": "string", "nullable": True},
            reference(rng.choice(NAMES)),
            union(rng),
            union(rng, "anyOf"),
            {"type": "array", "items": union(rng)},
            {"allOf": [reference(rng.choice(NAMES))], "description": "d"},
        ]
    )
    return {**made, "default": rng.choice([5, {}])} if rng.random() < 0.2 else made


def _component(rng, name):
    properties = {f"m{i}": member(rng) for i in range(rng.randint(1, 3))}
    sorts = [f"sort{name}"] if rng.random() < 0.5 else [name, rng.choice(NAMES)]
    properties |= {"kind": {"const": name}, "sort": {"enum": sorts}, "free": {"type": "string"}}
    node = {"type": "object", "required": ["kind", "m0"], "properties": properties}
    if rng.random() < 0.2:
        node["default"] = {"kind": name, "m0": 5}
    if rng.random() < 0.5:
        node = {"allOf": [reference(rng.choice([*OBJECTS, *PARENTS, *PARENTS])), node]}
    return node


def _parent(rng):
    node = {"type": "object", "properties": {"free": {"type": "string"}, "m1": member(rng)}}
    node["discriminator"] = {"propertyName": "free"}
    if rng.random() < 0.4:
        node["discriminator"]["mapping"] = _mapping(rng, rng.sample(OBJECTS, 2))
    return node


def _plain(rng):
    return rng.choice(
        [
            {"type": "string"},
            {"type": "object"},
            {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]},
        ]
    )


def document_of(rng):
    """Four operations with two members each; all that they say is worked out once."""
    paths = {}
    for i in range(4):
        properties = {"p": rng.choice([reference(rng.choice(NAMES)), member(rng), union(rng)])}
        properties["q"] = union(rng)
        content = {"application/json": {"schema": {"type": "object", "properties": properties}}}
        operation = {"operationId": f"o{i}", "requestBody": {"content": content}, "responses": OK}
        paths[f"/p{i}"] = {"post": operation}
    schemas = {name: _component(rng, name) for name in OBJECTS}
    schemas |= {name: _parent(rng) for name in PARENTS} | {name: _plain(rng) for name in PLAIN}
    whole = {"openapi": "3.1.0", "info": INFO, "servers": SERVERS}
    return {**whole, "paths": paths, "components": {"schemas": schemas}}


def examined(document, paths):
    text = json.dumps({**document, "paths": {path: document["paths"][path] for path in paths}})
    return examine(read_document(text))


def with_member(document, path, name):
    """The document with this one operation, whose body has this one member."""
    copy = json.loads(json.dumps({**document, "paths": {path: document["paths"][path]}}))
    content = copy["paths"][path]["post"]["requestBody"]["content"]
    schema = content["application/json"]["schema"]
    schema["properties"] = {name: schema["properties"][name]}
    return copy
