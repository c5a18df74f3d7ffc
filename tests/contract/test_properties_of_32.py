"""Properties 1 and 2 of documents with closed `allOf`, with values that cannot be sent, and with
what OpenAPI 3.2 added.
"""

import json
from itertools import combinations

import jsonschema_rs
from hypothesis import given
from hypothesis import strategies as st

from schema_service.domain.examination import Verdict, examine
from schema_service.domain.reading.read_document import read_document
from tests.contract.test_document_properties import SOME
from tests.corpus.properties import harmful_repairs, violations

NAMES = ("a", "b", "c")


def document(path="/pets", method="post", **operation):
    node = {"operationId": "addPet", "summary": "s", "responses": {"204": {"description": "d"}}}
    return {
        "openapi": "3.2.0",
        "info": {"title": "Pets", "version": "1"},
        "servers": [{"url": "https://api.pets.dev"}],
        "paths": {path: {method: {**node, **operation}}},
    }


def verdict_of(made):
    """With properties 1 and 2 looked at."""
    raw = json.dumps(made).encode()
    assert [*violations(raw), *harmful_repairs(raw)] == []
    [detected] = examine(read_document(raw)).operations
    return detected.verdict


some_names = st.lists(st.sampled_from(NAMES), unique=True)
part = st.builds(
    lambda names, required, is_closed: {
        "type": "object",
        "properties": {name: {"type": "string"} for name in names},
        "required": required,
        **({"additionalProperties": False} if is_closed else {}),
    },
    some_names,
    some_names,
    st.booleans(),
)


@SOME
@given(st.lists(part, min_size=1, max_size=3), st.booleans())
def test_z9_6_a_body_of_all_of_is_blocked_where_no_object_fits(parts, are_components):
    """What a part requires, it declares: an argument is made of it all the same."""
    for each in parts:
        each["properties"] |= {name: {"type": "string"} for name in each["required"]}
    schema = {"allOf": parts}
    objects = (dict.fromkeys(each, "x") for n in range(4) for each in combinations(NAMES, n))
    fits = any(jsonschema_rs.is_valid(schema, each) for each in objects)
    schemas = {f"P{number}": each for number, each in enumerate(parts)}
    if are_components:
        schema = {"allOf": [{"$ref": f"#/components/schemas/{name}"} for name in schemas]}
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    made = {**document(requestBody=body), "components": {"schemas": schemas}}

    assert (verdict_of(made) is not Verdict.BLOCKED) is fits


SENDABLE = ["a", "b-1", "x_y"]
UNSENDABLE = {
    "header": ["é", "a\nb", "日本"],
    "path": ["..", ".", "a/../b", ""],
    "cookie": ["a b", "a;b", "é", 'a"'],
}


@SOME
@given(st.sampled_from([*UNSENDABLE]), st.booleans(), st.data())
def test_z9_6_a_parameter_is_blocked_where_a_call_needs_it_and_no_value_can_be_sent(
    location, required, data
):
    some = st.sampled_from([*SENDABLE, *UNSENDABLE[location]])
    values = data.draw(st.lists(some, min_size=1, max_size=4, unique=True))
    required = required or location == "path"
    parameter = {"name": "x", "in": location, "required": required, "schema": {"enum": values}}
    if location == "cookie":
        parameter["style"] = "cookie"
    path = "/pets/{x}" if location == "path" else "/pets"

    verdict = verdict_of(document(path, parameters=[parameter]))

    is_lost = required and not set(values) & set(SENDABLE)
    assert (verdict is Verdict.BLOCKED) is is_lost


ITEMS = [
    {"type": "integer"},
    {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}},
    {"$ref": "https://ids.example/pet"},
    {"$ref": "#/components/schemas/Pet"},
]
PET = {"$id": "https://ids.example/pet", "type": "object", "properties": {"of": {"$ref": "#"}}}
SEQUENCES = ["application/jsonl", "application/x-ndjson", "application/json-seq"]


@SOME
@given(st.sampled_from(ITEMS), st.sampled_from(SEQUENCES), st.booleans(), st.booleans())
def test_z9_6_sequences_reach_the_wire(items, media_type, required, has_whole):
    media = {"itemSchema": items, **({"schema": {"type": "array"}} if has_whole else {})}
    body = {"required": required, "description": "d", "content": {media_type: media}}
    made = {**document(requestBody=body), "components": {"schemas": {"Pet": PET}}}

    assert verdict_of(made) is not Verdict.BLOCKED


@SOME
@given(
    st.sampled_from(["COPY", "LOCK", "Mine"]),
    st.sampled_from(["querystring", "cookie"]),
    st.sampled_from(["string", "integer", "array", "object"]),
)
def test_z9_6_methods_and_places_of_3_2_reach_the_wire(method, location, kind):
    schema = {"type": kind, "items": {"type": "integer"}} if kind == "array" else {"type": kind}
    parameter = {"name": "x", "in": location}
    if location == "cookie":
        parameter |= {"style": "cookie", "schema": schema}
    else:
        parameter["content"] = {"application/json": {"schema": schema}}
    made = document(parameters=[parameter])
    item = made["paths"]["/pets"]
    made["paths"]["/pets"] = {"additionalOperations": {method: item["post"]}}

    assert verdict_of(made) is not Verdict.BLOCKED
