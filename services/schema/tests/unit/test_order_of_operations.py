"""What is worked out once for many operations is, for each, what it would be for it alone."""

import json
import random

import pytest

from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document
from services.schema.tests.rule_documents import INFO, OK, SERVERS

NAMES = [f"S{i}" for i in range(7)]


def reference(name):
    return {"$ref": f"#/components/schemas/{name}"}


def union(rng, keyword="oneOf"):
    node = {keyword: [reference(name) for name in rng.sample(NAMES, rng.randint(2, 3))]}
    if rng.random() < 0.7:
        node["discriminator"] = {"propertyName": rng.choice(["kind", "sort"])}
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


def component(rng, name):
    properties = {f"m{i}": member(rng) for i in range(rng.randint(1, 3))}
    properties |= {"kind": {"const": name}, "sort": {"enum": [name, rng.choice(NAMES)]}}
    node = {"type": "object", "required": ["kind", "m0"], "properties": properties}
    if rng.random() < 0.3:
        node = {"allOf": [reference(rng.choice(NAMES)), node]}
    return node


def generated(seed):
    rng = random.Random(seed)
    paths = {}
    for i in range(4):
        schema = rng.choice([reference(rng.choice(NAMES)), member(rng), union(rng)])
        body = {"type": "object", "properties": {"p": schema, "q": union(rng)}}
        content = {"application/json": {"schema": body}}
        operation = {"operationId": f"o{i}", "requestBody": {"content": content}, "responses": OK}
        paths[f"/p{i}"] = {"post": operation}
    schemas = {name: component(rng, name) for name in NAMES}
    whole = {"openapi": "3.1.0", "info": INFO, "servers": SERVERS}
    return {**whole, "paths": paths, "components": {"schemas": schemas}}


def compiled(document, paths):
    """Of each operation what it compiles to, and whether anything is said against it."""
    text = json.dumps({**document, "paths": {path: document["paths"][path] for path in paths}})
    return {
        each.operation_id: (each.operation and each.operation.digest, each.verdict)
        for each in examine(read_document(text)).operations
    }


@pytest.mark.parametrize("seed", range(40))
def test_o9b6_an_operation_is_compiled_alike_alone_among_others_and_in_any_order(seed):
    document = generated(seed)
    paths = list(document["paths"])
    whole = compiled(document, paths)
    assert compiled(document, paths[::-1]) == whole
    alone = {}
    for path in paths:
        alone |= compiled(document, [path])
    assert alone == whole
