"""What repairs did to the documents of a newcomer (nc1)."""

import json

import pytest
import yaml

from schema_service.domain.examined import examine_text
from schema_service.domain.finding import Edit, Repair
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.rounds import repair_all
from services.schema.tests.documents import api, only

OBJECT = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}
TO_S = {"$ref": "#/components/schemas/S"}


def found(document):
    text = document if isinstance(document, str) else json.dumps(document)
    return examine_text(text.encode(), source_url=None)


def repaired(document):
    text = document if isinstance(document, str) else json.dumps(document)
    offered = [each["repair"] for each in found(text).findings.items() if each["repair"]]
    repairs = [Repair.of(each["title"], map(Edit.of, each["edits"])) for each in offered]
    return read_document(repair_all(text, repairs).text).document


def bodies(**components):
    """`wrong` refers to something that is no body; `right` uses it as a schema."""
    right = {"content": {"application/json": {"schema": TO_S}}}
    return api(
        {
            "/wrong": {"post": {"operationId": "wrong", "summary": "s", "requestBody": TO_S}},
            "/right": {"post": {"operationId": "right", "summary": "s", "requestBody": right}},
        },
        components={"schemas": {"S": OBJECT}, **components},
    )


def test_nc1_a_reference_in_place_of_a_body_moves_and_not_what_it_leads_to():
    after = repaired(bodies())
    assert after["components"]["schemas"]["S"] == OBJECT
    body = after["paths"]["/wrong"]["post"]["requestBody"]
    assert body == {"content": {"application/json": {"schema": TO_S}}}


def test_nc1_each_of_two_references_has_its_finding():
    document = bodies()
    document["paths"]["/too"] = {"put": {"operationId": "too", "summary": "s", "requestBody": TO_S}}
    pointers = [
        each["pointer"]
        for each in found(document).findings.items()
        if each["code"] == "schema.body_schema_misplaced"
    ]
    assert pointers == ["/paths/~1wrong/post/requestBody", "/paths/~1too/put/requestBody"]


def test_nc1_a_body_of_components_is_mended_where_it_stands():
    document = bodies(requestBodies={"B": OBJECT})
    document["paths"]["/wrong"]["post"]["requestBody"] = {"$ref": "#/components/requestBodies/B"}
    after = repaired(document)
    assert after["components"]["requestBodies"]["B"] == {
        "content": {"application/json": {"schema": OBJECT}}
    }


def test_nc1_a_component_called_schema_is_no_parameter():
    schemas = {"schema": {"type": "object", "required": True}, "S": OBJECT}
    document = bodies(schemas=schemas)
    document["paths"]["/right"]["post"]["requestBody"]["content"]["application/json"] = {
        "schema": {"$ref": "#/components/schemas/schema"}
    }
    assert "required" not in repaired(document)["components"]["schemas"]


@pytest.mark.parametrize("name", ["ID", "id"])
def test_nc1_an_operation_of_two_paths_has_no_repair_for_one_of_them(name):
    parameter = {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
    get = {"operationId": "a", "summary": "s", "parameters": [parameter]}
    item = {"$ref": "#/components/pathItems/I"}
    document = api(
        {"/a/{id}": item, "/b/{ID}": item, "/c/{other}": item},
        components={"pathItems": {"I": {"get": get}}},
    )
    assert repaired(document)["components"]["pathItems"]["I"]["get"]["parameters"] == [parameter]


def test_nc1_an_example_of_components_is_not_rewritten_for_one_of_its_users():
    uses = [
        {
            "name": name,
            "in": "query",
            "schema": {"type": kind},
            "examples": {"e": {"$ref": "#/components/examples/E"}},
        }
        for name, kind in [("n", "integer"), ("t", "string")]
    ]
    document = api(
        {"/a": {"get": {"operationId": "a", "summary": "s", "parameters": uses}}},
        components={"examples": {"E": {"value": "5"}}},
    )
    codes = [each["code"] for each in found(document).findings.items()]
    assert "schema.example_of_other_type" in codes
    assert repaired(document)["components"]["examples"]["E"]["value"] == "5"


def posted(schema, **components):
    body = {"content": {"application/json": {"schema": schema}}}
    operation = {"operationId": "add", "summary": "s", "requestBody": body}
    return api({"/a": {"post": operation}}, components=components)


def schema_of(document):
    return document["paths"]["/a"]["post"]["requestBody"]["content"]["application/json"]["schema"]


TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
FIELDS = [
    {"a": TEXT, "n": NUMBER},
    {"a": "string", "n": "integer"},
    {"description": "d", "required": ["a"], "a": TEXT, "n": "int"},
    {"a": {"deep": TEXT}, "n": NUMBER},
    {"properties": {"a": TEXT}, "n": NUMBER},
]


@pytest.mark.parametrize("schema", FIELDS)
def test_nc7_fields_without_a_type_are_those_of_an_object(schema):
    result = found(posted(schema))
    assert "schema.member_beside_type" in [each["code"] for each in result.findings.items()]
    assert {*only(posted(schema)).arguments["properties"]} == {"a", "n"}


@pytest.mark.parametrize("schema", FIELDS)
def test_nc7_they_are_moved_below_properties(schema):
    mended = schema_of(repaired(posted(schema)))
    assert mended["type"] == "object"
    assert {*mended["properties"]} == {"a", "n"}
    assert mended["properties"]["n"] == NUMBER


@pytest.mark.parametrize("schema", [{}, {"description": "d"}, {"x-a": TEXT}, {"a": 1}, {"a": "b"}])
def test_nc7_what_has_no_fields_stays_open(schema):
    codes = [each["code"] for each in found(posted(schema)).findings.items()]
    assert "schema.member_beside_type" not in codes


PARAMETER = {"name": "P", "in": "query", "schema": OBJECT}
HOLDERS = {
    "parameters": (PARAMETER, "/schema"),
    "headers": ({"schema": OBJECT}, "/schema"),
    "requestBodies": (
        {"content": {"application/json": {"schema": OBJECT}}},
        "/content/application~1json/schema",
    ),
    "responses": (
        {"description": "d", "content": {"application/json": {"schema": OBJECT}}},
        "/content/application~1json/schema",
    ),
    "schemas": (
        {"content": {"application/json": {"schema": OBJECT}}},
        "/content/application~1json/schema",
    ),
}


@pytest.mark.parametrize("section", HOLDERS)
def test_nc7_a_reference_to_what_holds_a_schema_means_the_schema(section):
    holder, rest = HOLDERS[section]
    schema = {"type": "object", "properties": {"P": {"$ref": f"#/components/{section}/P"}}}
    document = posted(schema, **{section: {"P": holder}})
    codes = [each["code"] for each in found(document).findings.items()]
    assert "schema.reference_to_holder" in codes
    assert '"a"' in json.dumps(only(document).arguments)
    after = repaired(document)
    assert schema_of(after)["properties"]["P"] == {"$ref": f"#/components/{section}/P{rest}"}
    assert after["components"] == document["components"]


LAYOUTS = {
    "JSON": json.dumps,
    "JSON on lines": lambda tree: json.dumps(tree, indent=2),
    "YAML": lambda tree: yaml.safe_dump(tree, sort_keys=False),
    "YAML in order": yaml.safe_dump,
    "braces in YAML": lambda tree: "# braces\n" + yaml.safe_dump(tree, default_flow_style=True),
}
BESIDE = [
    {"type": "object", "a": TEXT},
    {"type": "object", "a": TEXT, "n": NUMBER},
    {"a": TEXT, "n": NUMBER, "type": "object", "z": TEXT},
    {"type": "object", "description": "d", "a": TEXT, "n": NUMBER, "z": TEXT},
    {"a": TEXT, "n": NUMBER},
    {"a": "string", "z": {"type": "array", "items": TEXT}},
    {"type": "object", "properties": {"p": TEXT}, "a": TEXT, "n": NUMBER},
]


@pytest.mark.parametrize("schema", BESIDE)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_nc6_fields_are_moved_below_properties_in_every_layout(layout, schema):
    mended = schema_of(repaired(LAYOUTS[layout](json.loads(json.dumps(posted(schema))))))
    fields = {*schema, *schema.get("properties", {})} - {"type", "description", "properties"}
    assert mended["type"] == "object"
    assert {*mended["properties"]} == fields
    assert {*mended} <= {"type", "properties", "description"}
    assert all(isinstance(each, dict) for each in mended["properties"].values())
