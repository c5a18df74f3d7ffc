"""Documents made to cost much: each gets an answer, and what it keeps stays small."""

import gc
import json
import sys

import orjson
import pytest

from schema_service.domain.examination import MAX_FINDINGS, examine
from schema_service.domain.reading.read_document import read_document

HEAD = {"openapi": "3.0.0", "info": {"title": "t", "version": "1"}}
SERVERS = [{"url": "https://a.example"}]
MANY = 20_000


def document(paths, **members):
    return json.dumps({**HEAD, "servers": SERVERS, "paths": paths, **members})


def paths(count, operation):
    return {f"/{i}": {"post": operation} for i in range(count)}


def body(schema):
    return {"requestBody": {"content": {"application/json": {"schema": schema}}}}


def component(name):
    return {"$ref": f"#/components/schemas/{name}"}


def query(name, schema):
    return {"name": name, "in": "query", "schema": schema}


def nested(levels, wrap):
    node = {"type": "string"}
    for _ in range(levels):
        node = wrap(node)
    return node


def server(url, **variable):
    servers = [{"url": url, "variables": {"x": variable}}]
    return json.dumps({**HEAD, "servers": servers, "paths": paths(10, {})})


BIG = {"type": "object", "properties": {f"p{i}": {"type": "string"} for i in range(MANY)}}
SHARED = {"get": {"parameters": [query(f"p{i}", {}) for i in range(1_000)]}}
HOSTILE = {
    "22,000 operations": lambda: document(paths(22_000, {})),
    "operations with one id": lambda: document(paths(5_000, {"operationId": "same"})),
    "ids of 1,000 characters": lambda: document(paths(3_000, {"operationId": "x" * 1_000})),
    "100,000 references": lambda: document(
        paths(1, body({"properties": {f"p{i}": component(f"S{i % 9}") for i in range(100_000)}})),
        components={"schemas": {f"S{i}": {} for i in range(9)}},
    ),
    "dangling references": lambda: document(
        paths(1, body({"properties": {f"p{i}": component(f"S{i}") for i in range(MANY)}}))
    ),
    "references with one name": lambda: document(
        paths(1, body({"properties": {f"p{i}": {"$ref": f"#/x/{i}/a"} for i in range(MANY)}})),
        x=[{"a": {}} for _ in range(MANY)],
    ),
    "one large schema, 2,000 times": lambda: document(
        paths(2_000, body(component("Big"))), components={"schemas": {"Big": BIG}}
    ),
    "one large body, 2,000 times": lambda: document(
        paths(2_000, {"requestBody": {"$ref": "#/components/requestBodies/B"}}),
        components={"requestBodies": {"B": body(BIG)["requestBody"]}},
    ),
    "one long enum, 2,000 times": lambda: document(
        paths(2_000, {"parameters": [{"$ref": "#/components/parameters/P"}]}),
        components={"parameters": {"P": query("p", {"enum": list(range(MANY))})}},
    ),
    "one path item, 20,000 times": lambda: document(
        {f"/{i}": {"$ref": "#/components/pathItems/I"} for i in range(MANY)},
        components={"pathItems": {"I": SHARED}},
    ),
    "doubling references": lambda: document(
        paths(1, body(component("S0"))),
        components={
            "schemas": {f"S{i}": {"allOf": [component(f"S{i + 1}")] * 2} for i in range(500)}
        },
    ),
    "a mesh": lambda: document(
        {f"/{i}": {"post": body(component(f"S{i}"))} for i in range(100)},
        components={
            "schemas": {
                f"S{i}": {"properties": {f"p{j}": component(f"S{j}") for j in range(100)}}
                for i in range(100)
            }
        },
    ),
    "deep lists": lambda: document(
        paths(1, body(nested(180, lambda d: {"type": "array", "items": d, "nullable": True})))
    ),
    "deep alternatives": lambda: document(
        paths(1, body(nested(90, lambda d: {"anyOf": [d], "nullable": True})))
    ),
    "colliding names": lambda: document(
        paths(1, {"parameters": [query("p" + "!" * i, {}) for i in range(2_000)]})
    ),
    "faults everywhere": lambda: document(paths(3_000, {"parameters": [{"name": 1}], "foo": 2})),
    "faulty schemas": lambda: document(
        paths(1, {}), components={"schemas": {f"S{i}": {"type": 1} for i in range(MANY)}}
    ),
    "many servers": lambda: json.dumps(
        {**HEAD, "servers": [{"url": "http://a.example"}] * MANY, "paths": paths(9, {})}
    ),
    "a long variable": lambda: server("https://a/" + "{x}" * 300, default="y" * 10_000),
    "a long URL": lambda: server("https://a/" + "{x}" * 10_000, default="y"),
    "large patterns": lambda: document(
        paths(
            1,
            {
                "parameters": [
                    query(f"p{i}", {"pattern": f"(a{{999}}){{999}}{i}"}) for i in range(2_000)
                ]
            },
        )
    ),
    "hidden characters": lambda: document(paths(2_000, {"description": "\u202e" * 500})),
    "repeated keys": lambda: document(paths(1, {}))[:-1] + ',"a":1' * MANY + "}",
    "repeated keys in YAML": lambda: "paths:\n" + "  /a:\n    get: {}\n" * MANY,
    "numeric keys": lambda: "x:\n" + "".join(f"  {i}: a\n" for i in range(MANY)),
    "one long text": lambda: document(paths(1, {"description": "x" * 15_000_000})),
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_document_gets_a_bounded_answer(make):
    examination = examine(read_document(make()))
    assert examination.findings
    assert len(examination.findings) <= MAX_FINDINGS
    operations = [detected.operation for detected in examination.operations if detected.operation]
    kept = sum(len(orjson.dumps(o.arguments)) for o in operations)
    assert kept < 100_000_000


def test_the_answer_needs_little_of_the_stack():
    """Python's limit is 1,000 frames, of which a server's own may take a third."""
    text = document(paths(1, body(nested(95, lambda d: {"type": "array", "items": d}))))
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect_stack()) + 600)
    try:
        [detected] = examine(read_document(text)).operations
    finally:
        sys.setrecursionlimit(limit)
    assert detected.operation is not None


def inspect_stack():
    frame, frames = sys._getframe(), []
    while frame:
        frames.append(frame)
        frame = frame.f_back
    return frames


REFERRING = """{
  "openapi": "3.1.0", "x-only-here": true, "info": {"title": "T", "version": "1"},
  "paths": {"/a": {"post": {"requestBody": {"content": {"application/json": {
    "schema": {"$ref": "#/components/schemas/A"}}}}}}},
  "components": {"schemas": {"A": {"type": "object", "properties": {"more": {
    "$ref": "#/components/schemas/A"}}}}}
}"""


@pytest.mark.parametrize("text", [REFERRING, "# YAML\n" + REFERRING], ids=["json", "yaml"])
def test_nothing_of_a_document_outlives_its_examination(text):
    """Cycles would: hundreds of megabytes after a few large documents."""
    gc.collect()
    gc.disable()
    try:
        findings = examine(read_document(text.encode())).findings
        left = [each for each in gc.get_objects() if type(each) is dict and "x-only-here" in each]
    finally:
        gc.enable()
    assert findings
    assert left == []
