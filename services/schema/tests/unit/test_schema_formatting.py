import pytest

from schema_service.domain.examination import examine
from schema_service.domain.examples import BLANK, EXAMPLES, PET_STORE, WEATHER
from schema_service.domain.formatting import formatted
from schema_service.domain.reading.read_document import read_document


def test_json_is_indented_by_two():
    text = '{"a":{"b":[1,{"c":[]}],"d":{}},"e":"x{,:}\\"y"}'
    assert formatted(text) == (
        '{\n  "a": {\n    "b": [\n      1,\n      {\n        "c": []\n      }\n    ],\n'
        '    "d": {}\n  },\n  "e": "x{,:}\\"y"\n}\n'
    )


def test_json_keeps_its_numbers_and_repeated_keys():
    assert formatted('{"a":1.10,"a":100000000000000000000000}') == (
        '{\n  "a": 1.10,\n  "a": 100000000000000000000000\n}\n'
    )


def test_yaml_keeps_comments_order_and_quotes():
    text = "b:   1 # one\n# two\na:\n- 'x'\n-   c: \"d\"\n"
    assert formatted(text) == "b: 1   # one\n# two\na:\n  - 'x'\n  - c: \"d\"\n"


@pytest.mark.parametrize("text", ["{", "", "a: b: c", "[1]"])
def test_what_cannot_be_read_is_left_alone(text):
    assert formatted(text) == text


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.key)
def test_examples_are_formatted_already(example):
    assert formatted(example.text) == example.text


@pytest.mark.parametrize(
    ("example", "names"),
    [
        (WEATHER, ["GetCurrentWeather"]),
        (PET_STORE, ["getInventory", "findPetsByStatusPending", "getPetById"]),
    ],
    ids=["weather", "pet store"],
)
def test_examples_are_without_fault_and_call_nothing_that_matters(example, names):
    examination = examine(read_document(example.text))
    assert examination.findings == ()
    assert [operation.operation_id for operation in examination.operations] == names
    assert not any(operation.consequential for operation in examination.operations)


def test_the_blank_template_asks_for_what_it_lacks():
    examination = examine(read_document(BLANK.text))
    assert "schema.paths_missing" in [finding.code for finding in examination.findings]
