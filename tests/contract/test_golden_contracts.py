"""What services say to each other is frozen: a silent change is impossible."""

import copy

import pytest

from contracts.fact import FACTS
from contracts.request import REQUESTS
from tests.contract import golden
from tests.contract.generate import GOLDEN, breaking

EXAMPLE = {
    "request": "policy.decide",
    "owner": "policy",
    "schemas": {
        "request": {
            "properties": {"host": {"type": "string"}, "way": {"$ref": "#/$defs/Way"}},
            "required": ["host"],
            "$defs": {"Way": {"enum": ["in", "out"], "type": "string"}},
        },
        "reply": {"properties": {"title": {"type": "string"}}, "required": ["title"]},
    },
}


def changed(change):
    new = copy.deepcopy(EXAMPLE)
    change(new["schemas"]["request"], new)
    return golden.breaks(EXAMPLE, new)


def test_no_contract_changed_other_than_by_an_optional_field():
    assert breaking() == [], "declare a new class with version=2 and state both"


def test_every_contract_is_frozen():
    frozen = {path.stem for path in GOLDEN.glob("*.json")}

    assert frozen == {*FACTS, *REQUESTS, golden.OPERATION}, "run ./openactions contracts"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda request, _: request["properties"].pop("way"), id="field gone"),
        pytest.param(
            lambda request, _: request["properties"]["host"].update(type="integer"), id="type"
        ),
        pytest.param(
            lambda request, _: request["properties"]["host"].update(maxLength=5), id="narrower"
        ),
        pytest.param(lambda request, _: request["required"].append("way"), id="required"),
        pytest.param(lambda request, _: request["required"].remove("host"), id="not required"),
        pytest.param(lambda request, _: request["$defs"]["Way"]["enum"].append("up"), id="value"),
        pytest.param(lambda request, _: request["$defs"].pop("Way"), id="definition gone"),
        pytest.param(lambda _, new: new.update(owner="catalog"), id="owner"),
        pytest.param(
            lambda _, new: new["schemas"]["reply"]["properties"].pop("title"), id="reply's field"
        ),
        pytest.param(
            lambda request, _: (
                request["properties"].update(new={"type": "string"}),
                request["required"].append("new"),
            ),
            id="new required field",
        ),
    ],
)
def test_a_change_that_somebody_would_notice_is_found(change):
    assert changed(change) != []


def test_an_optional_field_may_come_with_its_definition():
    def add(request, _):
        request["properties"]["new"] = {"$ref": "#/$defs/New", "default": None}
        request["$defs"]["New"] = {"type": "object", "properties": {}}

    assert changed(add) == []


def test_words_are_not_frozen_and_a_field_called_title_is():
    class_ = REQUESTS["request.schema.read_schema.v1"]

    frozen = golden.frozen_request(class_)["schemas"]

    assert "description" not in frozen["reply"]
    assert "title" in frozen["reply"]["properties"]


@pytest.mark.parametrize("subject", sorted(FACTS))
def test_what_travels_as_a_header_is_not_frozen_as_data(subject):
    members = set(golden.schema_of(FACTS[subject])["properties"])

    assert "workspace_id" in members
    assert members.isdisjoint({"id", "time", "traceparent"})
