"""A compiled operation is stored for years: its form changes only together with COMPILER."""

import copy

import pytest

from contracts.operation import Operation
from tests.contract.compiled_documents import compiled_documents, promised, unannounced


@pytest.fixture(scope="module")
def now():
    return compiled_documents()


def test_nothing_is_compiled_otherwise_unless_the_compilers_version_rises(now):
    assert unannounced(promised(), now) == []


def test_every_golden_document_is_as_it_is_compiled_now(now):
    assert promised() == now, "run ./openactions contracts"


def test_every_golden_operation_is_read_as_it_was_written(now):
    forms = [form for golden in now.values() for form in golden["operations"]]

    assert len(forms) > 15
    assert [Operation.model_validate(form).model_dump(mode="json") for form in forms] == forms


def test_a_changed_form_is_reported_with_what_to_do(now):
    before = copy.deepcopy(now)
    name = next(name for name, golden in before.items() if golden["operations"])
    before[name]["operations"][0]["summary"] = "Another"

    [fault] = unannounced(before, now)

    assert fault.startswith(name)
    assert "raise COMPILER" in fault


def test_a_changed_form_of_a_higher_version_is_announced(now):
    before = copy.deepcopy(now)
    for golden in before.values():
        golden["compiler"] -= 1
        golden["operations"] = []

    assert unannounced(before, now) == []
