"""After a rollback the release before reads what a later compiler made."""

import json
from pathlib import Path

import pytest

from contracts.operation import Operation
from contracts.requests import OperationBrief, ReadOperations

GOLDEN = Path(__file__).parents[2] / "golden" / "operations"
FORMS = [
    pytest.param(form, id=f"{path.stem} {form['name']}")
    for path in sorted(GOLDEN.glob("*.json"))
    for form in json.loads(path.read_text())["operations"]
]
FREE = frozenset({"arguments", "constants", "defaults"})
"""Members whose own members are the document's."""
BY_NAME = frozenset(
    {"encoding", "headers", "inner_delimiters", "members", "namespaces", "server_variables"}
)


def with_more(value, name=""):
    """Each object of a form with a member that nobody knows yet."""
    if name in FREE:
        return value
    if isinstance(value, list):
        return [with_more(each) for each in value]
    if not isinstance(value, dict):
        return value
    grown = {key: with_more(each, key) for key, each in value.items()}
    return grown if name in BY_NAME else {**grown, "of_a_later_compiler": {"a": [1]}}


@pytest.mark.parametrize("form", FORMS)
def test_e_members_of_a_later_compiler_are_ignored(form):
    read = Operation.model_validate(with_more(form))

    assert read == Operation.model_validate(form)


def test_e_questions_and_answers_of_a_later_release_are_read():
    asked = {"workspace_id": "ws_1", "schema_id": "sch_1", "names": ["a"], "later": True}
    brief = {
        **dict.fromkeys(("operation_id", "name", "method", "path", "origin"), "a"),
        "consequential": False,
        "ready": False,
        "later": 1,
        "blocked_by": {"code": "schema.x", "message": "m", "later": []},
    }

    assert ReadOperations.model_validate(asked).names == ("a",)
    assert OperationBrief.model_validate(brief).blocked_by.code == "schema.x"


def test_e_an_operation_of_an_earlier_release_is_asked_for_as_before():
    asked = ReadOperations(workspace_id="ws_1", schema_id="sch_1", names=("a",))

    assert asked.placed
