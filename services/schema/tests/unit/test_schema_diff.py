import copy

import pytest

from schema_service.domain.comparing.change import Impact
from schema_service.domain.comparing.diff import differences
from schema_service.domain.examination import examine
from schema_service.domain.reading.reading import Reading, Syntax

DOCUMENT = {
    "openapi": "3.1.0",
    "servers": [{"url": "https://a.example"}],
    "paths": {
        "/pets": {
            "get": {
                "operationId": "listPets",
                "summary": "Lists pets",
                "parameters": [
                    {"name": "kind", "in": "query", "schema": {"enum": ["cat", "dog"]}},
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 9}},
                ],
            },
            "post": {
                "operationId": "addPet",
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}
                    }
                },
            },
        }
    },
    "components": {
        "schemas": {
            "Pet": {
                "type": "object",
                "required": ["name"],
                "properties": {"name": {"type": "string"}, "owner": {"$ref": "#/$defs/Owner"}},
            }
        }
    },
    "$defs": {
        "Owner": {
            "type": "object",
            "properties": {"age": {"type": "integer"}, "pet": {"$ref": "#/$defs/Owner"}},
        }
    },
}


def operations(document):
    found = examine(Reading(b"{}", Syntax.JSON, document)).operations
    return [detected.operation for detected in found]


def changes(change):
    after = copy.deepcopy(DOCUMENT)
    change(after)
    return [
        (found.impact, found.operation, found.where)
        for found in differences(operations(DOCUMENT), operations(after))
    ]


def parameter(document, index):
    return document["paths"]["/pets"]["get"]["parameters"][index]


def pet(document):
    return document["components"]["schemas"]["Pet"]


def owner(document):
    return document["$defs"]["Owner"]["properties"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(lambda d: None, [], id="nothing"),
        pytest.param(
            lambda d: d["paths"]["/pets"].pop("post"),
            [(Impact.BREAKING, "addPet", "")],
            id="removed",
        ),
        pytest.param(
            lambda d: d["paths"].update({"/new": {"get": {"operationId": "new"}}}),
            [(Impact.ADDITIVE, "new", "")],
            id="new",
        ),
        pytest.param(
            lambda d: d["paths"]["/pets"]["get"].update(operationId="getPets"),
            [(Impact.BREAKING, "getPets", "")],
            id="renamed",
        ),
        pytest.param(
            lambda d: d["paths"].update({"/animals": d["paths"].pop("/pets")}),
            [(Impact.BREAKING, "listPets", "path"), (Impact.BREAKING, "addPet", "path")],
            id="moved",
        ),
        pytest.param(
            lambda d: d["servers"][0].update(url="https://b.example"),
            [(Impact.BREAKING, "", "server")],
            id="another server",
        ),
        pytest.param(
            lambda d: d["paths"]["/pets"]["get"].update(summary="Lists all pets"),
            [(Impact.WORDING, "listPets", "summary")],
            id="summary",
        ),
        pytest.param(
            lambda d: d["paths"]["/pets"]["get"].update({"x-openai-isConsequential": True}),
            [(Impact.BREAKING, "listPets", "x-openai-isConsequential")],
            id="consequential",
        ),
        pytest.param(
            lambda d: d["paths"]["/pets"]["post"].update(security=[]),
            [(Impact.BREAKING, "addPet", "security")],
            id="security",
        ),
        pytest.param(
            lambda d: parameter(d, 0)["schema"]["enum"].append("bird"),
            [(Impact.ADDITIVE, "listPets", "kind")],
            id="more values",
        ),
        pytest.param(
            lambda d: parameter(d, 0)["schema"].update(enum=["cat", "bird"]),
            [(Impact.BREAKING, "listPets", "kind")],
            id="other values",
        ),
        pytest.param(
            lambda d: parameter(d, 1)["schema"].update(maximum=10),
            [(Impact.ADDITIVE, "listPets", "limit")],
            id="a higher limit",
        ),
        pytest.param(
            lambda d: parameter(d, 1)["schema"].update(maximum=8),
            [(Impact.BREAKING, "listPets", "limit")],
            id="a lower limit",
        ),
        pytest.param(
            lambda d: parameter(d, 1)["schema"].update(type="number"),
            [(Impact.ADDITIVE, "listPets", "limit")],
            id="a wider type",
        ),
        pytest.param(
            lambda d: parameter(d, 1).update(required=True),
            [(Impact.BREAKING, "listPets", "limit")] * 1,
            id="required",
        ),
        pytest.param(
            lambda d: parameter(d, 1).update(description="How many"),
            [(Impact.WORDING, "listPets", "limit")],
            id="description",
        ),
        pytest.param(
            lambda d: parameter(d, 0).update({"in": "header"}),
            [(Impact.BREAKING, "listPets", "kind")],
            id="in a header",
        ),
        pytest.param(
            lambda d: pet(d)["properties"].update(age={"type": "integer"}),
            [(Impact.ADDITIVE, "addPet", "age")],
            id="a new member",
        ),
        pytest.param(
            lambda d: (pet(d)["properties"].update(age={}), pet(d)["required"].append("age")),
            [(Impact.BREAKING, "addPet", "age")],
            id="a new required member",
        ),
        pytest.param(
            lambda d: pet(d)["required"].clear(),
            [(Impact.ADDITIVE, "addPet", "name")],
            id="no longer required",
        ),
        pytest.param(
            lambda d: owner(d).pop("age"),
            [(Impact.BREAKING, "addPet", "owner")],
            id="deep removal",
        ),
        pytest.param(
            lambda d: owner(d)["age"].update(title="Age"),
            [(Impact.WORDING, "addPet", "owner")],
            id="deep wording",
        ),
        pytest.param(
            lambda d: pet(d).update(additionalProperties=True),
            [(Impact.ADDITIVE, "addPet", "additionalProperties")],
            id="other arguments",
        ),
    ],
)
def test_a_change_has_the_impact_it_has_on_callers(change, expected):
    assert changes(change) == expected
