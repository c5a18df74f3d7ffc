"""The six properties of documents and tools, on this repository's documents and on generated ones.

`tests/corpus` asks the same of real documents and of mutations of them: of those that lie beside
the project by `.ci/run`, of npm's thousands at night.
"""

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.tool_forms.definition import Flavour, tool_for
from egress import EgressSettings, parse_server_url
from egress.errors import EgressError
from schema_service.domain.examination import Verdict, examine
from schema_service.domain.examples import EXAMPLES
from schema_service.domain.reading.read_document import read_document
from tests.contract.compiled_documents import DOCUMENTS
from tests.corpus.calls import Calls
from tests.corpus.changes import CHANGES
from tests.corpus.properties import compiled, examined, harmful_repairs, violations

SOME = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
OWN = [*DOCUMENTS.iterdir()]
TEXTS = [*(path.read_text() for path in OWN), *(example.text for example in EXAMPLES)]
NAMES = [*(path.name for path in OWN), *(example.title for example in EXAMPLES)]
CALLABLE = ["https://api.pets.dev", "https://pets.dev/v2", "https://a-b.pets.dev:443"]
REFUSED = [
    *("https://localhost", "https://127.0.0.1", "https://10.0.0.1:8443", "https://pets", ""),
    *(
        "https://pets.local",
        "https://pets.internal",
        "https://YOUR_HOST.pets.dev",
        "/v1",
        "nonsense",
    ),
    *("https://my_host.pets.dev", "http://pets.dev", "ftp://pets.dev", "https://pets.dev:8443"),
    *("https://<your-host>", "https://{{host}}/v1", "https://$HOST", "https://pets.dev/a b"),
]


def document_with(servers=None, **operation):
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Pets", "version": "1"},
        "servers": [{"url": url} for url in servers or ["https://api.pets.dev"]],
        "paths": {
            "/pets": {
                "post": {
                    "operationId": "addPet",
                    "summary": "Add a pet",
                    "responses": {"200": {"description": "OK"}},
                    **operation,
                }
            }
        },
    }
    return json.dumps(document).encode()


def places(tree, path=()):
    if path:
        yield path
    if isinstance(tree, dict | list):
        for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from places(value, (*path, key))


@st.composite
def mutated(draw):
    """A document of this repository in which some values are gone, or others."""
    document = copy.deepcopy(read_document(draw(st.sampled_from(TEXTS)).encode()).document)
    every = [*places(document)]
    for path in draw(st.lists(st.sampled_from(every), min_size=1, max_size=3)):
        here = document
        try:
            for step in path[:-1]:
                here = here[step]
            here[path[-1]]
        except (KeyError, IndexError, TypeError):
            continue
        other = draw(st.none() | st.just({}) | st.just([]) | st.text(max_size=4) | st.just("gone"))
        if other == "gone":
            del here[path[-1]]
        else:
            here[path[-1]] = other
    return json.dumps(document).encode()


@pytest.mark.parametrize("text", TEXTS, ids=NAMES)
def test_all_six_properties_of_our_own_documents(text):
    raw = text.encode()
    found = [*violations(raw), *harmful_repairs(raw)]
    document = read_document(raw).document
    assert found + [each for changes in CHANGES for each in changes(document)] == []


OPERATIONS = [each for text in TEXTS for each in compiled(examined(text.encode())).values()]


@SOME
@given(st.sampled_from(OPERATIONS), st.randoms(use_true_random=False))
def test_property_2_any_arguments_that_fit_a_tool_reach_the_wire(operation, random):
    assert [*Calls(operation, random).refusals()] == []


@SOME
@given(mutated())
def test_properties_1_and_2_of_mutated_documents(raw):
    assert [*violations(raw)] == []


@SOME
@given(mutated())
def test_property_3_of_mutated_documents(raw):
    assert [*harmful_repairs(raw)] == []


@pytest.mark.parametrize("url", REFUSED)
def test_property_1_a_server_that_cannot_be_called_is_an_error(url):
    found = examined(document_with([url]))
    [operation] = found.operations.items()
    [error, *_] = [each for each in found.findings.items() if each["severity"] == "error"]

    assert operation["verdict"] == "blocked"
    assert not found.valid
    assert error["pointer"].startswith("/servers")
    assert error["hint"]


@pytest.mark.parametrize("url", REFUSED)
def test_property_3_no_repair_makes_a_host_up(url):
    assert [*harmful_repairs(document_with([url]))] == []


KEYWORDS = {
    "default": "rex",
    "examples": ["rex", "tom"],
    "format": "date",
    "enum": ["rex", "tom"],
    "description": "How it is called",
    "minLength": 2,
    "maxLength": 9,
    "pattern": "^[a-z]+$",
}


IN_WORDS = {
    "default": 'Default: "rex".',
    "examples": 'Such as: "rex", "tom".',
    "minLength": "Characters, at least: 2.",
    "maxLength": "Characters, at most: 9.",
}
"""Where strict mode has no keyword."""


@pytest.mark.parametrize("strict", [False, True], ids=["plain", "strict"])
@pytest.mark.parametrize("keyword", KEYWORDS)
@pytest.mark.parametrize("deep", ["parameter", "member", "member below", "items", "branch"])
def test_property_4_what_changes_a_value_reaches_the_model(keyword, deep, strict):
    schema = {"type": "string", keyword: KEYWORDS[keyword]}
    body = {
        "member": {"name": schema},
        "member below": {"owner": {"type": "object", "properties": {"name": schema}}},
        "items": {"names": {"type": "array", "items": schema}},
        "branch": {"name": {"oneOf": [schema, {"type": "integer"}]}},
    }
    if deep == "parameter":
        more = {"parameters": [{"name": "name", "in": "query", "schema": schema}]}
    else:
        media = {"schema": {"type": "object", "properties": body[deep]}}
        more = {"requestBody": {"content": {"application/json": media}}}

    [operation] = compiled(examined(document_with(**more))).values()

    tool = tool_for("addPet", operation, Flavour.OPENAI, strict=strict)
    assert tool.strict is strict
    said = {"description": IN_WORDS[keyword]} if strict and keyword in IN_WORDS else None
    expected = said or {keyword: KEYWORDS[keyword]}
    assert json.dumps(expected)[1:-1].removesuffix("]") in json.dumps(tool.definition)


def may_be_called(url):
    try:
        parse_server_url(url, EgressSettings())
    except EgressError:
        return False
    return True


@SOME
@given(st.lists(st.sampled_from([*CALLABLE, *REFUSED]), min_size=1, max_size=5, unique=True))
def test_property_5_the_first_server_that_can_be_called_is_taken(servers):
    found = examined(document_with(servers))
    operations = [*compiled(found).values()]
    [verdict] = [item["verdict"] for item in found.operations.items()]
    callable_ones = [url for url in servers if may_be_called(url)]

    if not callable_ones:
        assert verdict == "blocked"
        return
    assert verdict != "blocked"
    assert [parse_server_url(each.server, EgressSettings()) for each in operations] == [
        parse_server_url(callable_ones[0], EgressSettings())
    ]
    assert found.valid


STEPS = {
    "property": lambda inner: {"type": "object", "properties": {"a": inner}},
    "items": lambda inner: {"type": "array", "items": inner},
    "allOf": lambda inner: {"allOf": [{"type": "object"}, inner]},
    "oneOf": lambda inner: {"oneOf": [{"type": "string"}, inner]},
    "additionalProperties": lambda inner: {"type": "object", "additionalProperties": inner},
}
LOST = ["#/components/schemas/Gone", "https://pets.dev/pet.json", "other.yaml#/Pet", "#gone"]


@SOME
@given(
    st.lists(st.sampled_from([*STEPS]), max_size=4),
    st.sampled_from(LOST),
    st.sampled_from(["whole body", "behind a body", "parameter", "behind a parameter"]),
)
def test_property_6_a_lost_reference_blocks_the_operations_that_need_it(steps, lost, place):
    schemas, inner = {}, {"$ref": lost}
    for number, step in enumerate(steps):
        schemas[f"S{number}"] = STEPS[step](inner)
        inner = {"$ref": f"#/components/schemas/S{number}"}
    content = {"application/json": {"schema": inner}}
    parameter = {"name": "p", "in": "query", "schema": inner}
    needing = {
        "whole body": {"requestBody": {"content": content}},
        "behind a body": {"requestBody": {"$ref": "#/components/requestBodies/B"}},
        "parameter": {"parameters": [parameter]},
        "behind a parameter": {"parameters": [{"$ref": "#/components/parameters/P"}]},
    }
    document = json.loads(document_with(**needing[place]))
    document["paths"]["/free"] = {"get": {"operationId": "free", "summary": "Needs nothing"}}
    document["components"] = {
        "schemas": schemas,
        "requestBodies": {"B": {"content": content}},
        "parameters": {"P": parameter},
    }

    found = examine(read_document(json.dumps(document)))

    verdicts = {each.operation_id: each.verdict for each in found.operations}
    assert verdicts["addPet"] is Verdict.BLOCKED
    assert verdicts["free"] is not Verdict.BLOCKED
    assert [*violations(json.dumps(document).encode())] == []
