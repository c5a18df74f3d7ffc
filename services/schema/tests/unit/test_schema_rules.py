"""Each rule with the smallest document that trips it, and a neighbour of it that does not."""

import json

import pytest

from schema_service.domain.bundling import rules as bundling_rules
from schema_service.domain.compiling import body_rules, path_rules, schema_rules, server_rules
from schema_service.domain.compiling import rules as compiling_rules
from schema_service.domain.examination import examine
from schema_service.domain.finding import Rule
from schema_service.domain.linting import rules as linting_rules
from schema_service.domain.reading import rules as reading_rules
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.verification import rules as verification_rules
from services.schema.tests.reading_documents import UNREADABLE
from services.schema.tests.rule_documents import (
    BODY_SLIPS,
    FINE,
    JSON_BODY,
    LEFT_OUT,
    OK,
    SCHEMA_SLIPS,
    SERVER_SLIPS,
    SLIPS,
    body,
    document,
    in_path,
    in_swagger_path,
    nested,
    parameter,
    schema,
    swagger,
    unions,
    without,
)


def form(kind, **more):
    return body({"content": {"multipart/form-data": {"schema": {"type": kind}}}, **more})


ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
TEMPLATED = in_path("/{id}", ID)
PAIR = document(item={"post": {"operationId": "b", "summary": "s", "responses": OK}})
KEY = {"type": "apiKey", "in": "query", "name": "x"}
BIG = {"type": "string", "description": "x" * 300_000}


TRIPS = SLIPS | {
    **UNREADABLE,
    # the document
    "schema.version_missing": (without(FINE, "openapi"), FINE),
    "schema.version_unknown": (document(version="4.0.0"), document(version="3.2.0")),
    "schema.swagger_converted": (swagger(paths={}), FINE),
    "schema.paths_missing": (without(FINE, "paths"), FINE),
    "schema.wrong_type": (document(paths=[]), FINE),
    "schema.components_schemas": (document(components={"schemas": []}), FINE),
    "schema.security_several": (
        document(components={"securitySchemes": {"a": KEY, "b": KEY}}),
        document(components={"securitySchemes": {"a": KEY}}),
    ),
    # paths and methods
    "schema.path_without_slash": (document(path="a"), FINE),
    "schema.path_names_method": (document(path="GET /a"), document(path="/get/a")),
    "schema.path_names_host": (document(path="api.foo.dev/a"), document(path="a.json/b")),
    "schema.path_not_plain": (document(path="/a?b=c"), FINE),
    "schema.path_query_open": (document(path="/a?b={c}d"), document(path="/a?b={c}")),
    "schema.path_white_space": (document(path=" /a"), FINE),
    "schema.path_is_url": (document(path="https://a.example/b"), document(path="/a/http:b")),
    "schema.path_template_broken": (document(path="/a{}"), in_path("/{id}", ID)),
    "schema.path_template_foreign": (document(path="/a/:id"), document(path="/a:cancel")),
    "schema.paths_equal": (
        TEMPLATED.replace('"/{id}"', '"/{x}": {"get": {}}, "/{id}"'),
        TEMPLATED.replace('"/{id}"', '"/{x}": {"put": {}}, "/{id}"'),
    ),
    "schema.path_leads_elsewhere": (document(path="/a/../b"), document(path="/a..b")),
    "schema.method_unknown": (document(item={"trace": {}}), document(item={"x-trace": {}})),
    "schema.method_case": (document(method="GET"), FINE),
    "schema.member_beside_methods": (document(item={"operationId": "a"}), FINE),
    "schema.path_inside_path": (document(item={"/b": {"get": {}}}), FINE),
    "schema.operations_too_many": (
        json.dumps({"paths": {f"/{i}": {"get": {}} for i in range(6_001)}}),
        FINE,
    ),
    # references
    "schema.reference_dangling": (
        schema({"$ref": "#/components/schemas/A"}),
        document(components={"schemas": {"B": {"$ref": "#/components/schemas/A"}}}),
    ),
    "schema.reference_broken_elsewhere": (
        document(components={"schemas": {"B": {"$ref": "#/components/schemas/A"}}}),
        document(components={"schemas": {"B": {"default": {"$ref": "#/x"}}}}),
    ),
    "schema.reference_remote": (schema({"$ref": "a.json"}), schema({"$ref": "#/info"})),
    "schema.required_misplaced": (
        schema({"properties": {"a": {"required": True}}}),
        schema({"properties": {"a": {}}, "required": ["a"]}),
    ),
    "schema.body_required_misplaced": (
        body({"content": {"text/plain": {"schema": {"required": True}}}}),
        body({"content": {"text/plain": {"schema": {"required": ["a"]}}}}),
    ),
    "schema.parameter_required_misplaced": (
        schema({"type": "string", "required": True}),
        schema({"required": ["a"]}),
    ),
    "schema.enum_of_other_type": (
        schema({"type": "string", "enum": [1]}),
        schema({"type": "string", "enum": ["1", None]}),
    ),
    "schema.operation_id_not_text": (
        document({"operationId": 12}),
        document({"operationId": "12"}),
    ),
    "schema.status_unknown": (
        document({"responses": {"2xx": {"description": "d"}}}),
        document({"responses": {"2XX": {"description": "d"}}}),
    ),
    "schema.body_second": (
        document(
            {"parameters": [{"name": n, "in": "body", "schema": {}} for n in "ab"]}, method="post"
        ),
        document({"parameters": [{"name": "a", "in": "body", "schema": {}}]}, method="post"),
    ),
    "schema.body_as_text": (
        body({"content": {"text/csv": {"schema": {"type": "object"}}}}),
        body({"content": {"text/csv": {"schema": {"type": "string"}}}}),
    ),
    "schema.form_of_no_object": (form("string", required=True), form("object", required=True)),
    "schema.form_left_out": (form("string"), form("object")),
    "schema.argument_impossible": (
        parameter(required=True, schema={"type": "string", "enum": [None]}),
        parameter(required=True, schema={"type": ["string", "null"], "enum": ["a", None]}),
    ),
    "schema.combined_too_often": (unions(100), unions(5)),
    "schema.alternatives_alike": (
        schema({"oneOf": [{"type": "string"}, {"type": "string", "format": "date"}]}),
        schema({"oneOf": [{"type": "string"}, {"type": "integer"}]}),
    ),
    "schema.body_schema_misplaced": (
        body({"content": {"application/json": {"type": "string"}}}),
        body({"content": {"application/json": {"schema": {"type": "string"}}}}),
    ),
    **SCHEMA_SLIPS,
    "schema.enum_value_lost": (
        schema({"type": "integer", "enum": [1, "a"]}),
        schema({"type": "integer", "enum": [1, 2.0]}),
    ),
    "schema.enum_type_ignored": (
        schema({"type": "integer", "enum": ["a"]}),
        schema({"type": ["integer", "string"], "enum": ["a"]}),
    ),
    "schema.enum_of_items": (
        schema({"type": "array", "items": {}, "enum": ["a"]}),
        schema({"type": "array", "items": {}, "enum": [["a"]]}),
    ),
    "schema.discriminator_mapping": (
        schema({"discriminator": {"propertyName": "a", "mapping": {"x": "#/nowhere"}}}),
        schema({"discriminator": {"propertyName": "a", "mapping": {"x": "#/info"}}}),
    ),
    "schema.operation_renamed": (document({"operationId": "天气"}), FINE),
    "schema.argument_renamed": (parameter(name="城市"), FINE),
    "schema.reference_misspelt": (
        json.dumps(
            {
                **json.loads(schema({"$ref": "#components/schemas/A"})),
                "components": {"schemas": {"A": {"type": "string"}}},
            }
        ),
        FINE,
    ),
    "schema.reference_not_text": (schema({"$ref": 5}), schema({"properties": {"$ref": {}}})),
    "schema.reference_to_document": (schema({"$ref": ""}), FINE),
    "schema.reference_cycle": (
        json.dumps(
            {
                **json.loads(schema({"$ref": "#/components/schemas/A"})),
                "components": {"schemas": {"A": {"$ref": "#/components/schemas/A"}}},
            }
        ),
        schema({"items": {"$ref": "#/paths/~1a/get/parameters/0/schema"}}),
    ),
    # names
    "schema.operation_id_missing": (document({"operationId": ""}), FINE),
    "schema.operation_id_repeated": (PAIR.replace('"b"', '"a"'), PAIR),
    "schema.operation_id_shared": (
        FINE.replace('"paths": {', '"paths": {"/b": {"$ref": "#/paths/~1a"}, '),
        FINE.replace('"paths": {', '"paths": {"/b": {"$ref": "#/info"}, '),
    ),
    "schema.operation_id_long": (
        document({"operationId": "a" * 65}),
        document({"operationId": "a" * 64}),
    ),
    "schema.operation_id_too_long": (
        document({"operationId": "a" * 301}),
        document({"operationId": "a" * 300}),
    ),
    # parameters
    "schema.parameter_makes_body": (
        document({"parameters": [{"name": "x", "in": "body", "schema": {}}]}, method="post"),
        document(
            {"requestBody": JSON_BODY, "parameters": [{"name": "x", "in": "body"}]}, method="post"
        ),
    ),
    "schema.parameter_broken": (parameter(name=1), parameter()),
    "schema.parameter_repeated": (
        in_path("/{id}", ID, ID),
        in_path("/{id}", ID, {**ID, "in": "query"}),
    ),
    "schema.parameter_reserved": (
        parameter(**{"in": "header", "name": "Host"}),
        parameter(**{"in": "header", "name": "X-Host"}),
    ),
    "schema.header_name_invalid": (
        parameter(**{"in": "header", "name": "X Host", "required": True}),
        parameter(**{"in": "header", "name": "X Host"}),
    ),
    "schema.header_name_left_out": (
        parameter(**{"in": "header", "name": "X Host"}),
        parameter(**{"in": "header", "name": "X-Host"}),
    ),
    "schema.parameter_unsupported": (
        parameter(**{"in": "matrix", "required": True}),
        parameter(**{"in": "matrix"}),
    ),
    "schema.parameter_left_out": (
        parameter(**{"in": "matrix"}),
        parameter(**{"in": "matrix", "required": True}),
    ),
    "schema.parameter_is_credential": (
        json.dumps(
            {**json.loads(parameter()), "components": {"securitySchemes": {"key": KEY}}},
        ),
        parameter(),
    ),
    "schema.credential_parameter": (parameter(name="api_key"), parameter(name="key_id")),
    "schema.path_parameter_undeclared": (document(path="/{id}"), in_path("/{id}", ID)),
    "schema.path_parameter_unused": (in_path("/a", ID), in_path("/{id}", ID)),
    "schema.path_parameter_misspelt": (in_path("/{Id}", ID), in_path("/{id}", ID)),
    "schema.path_parameter_optional": (
        in_path("/{id}", {**ID, "required": False}),
        in_path("/{id}", ID),
    ),
    "schema.style_unknown": (parameter(style="matrix"), parameter(style="form")),
    "schema.style_undefined": (
        parameter(style="deepObject", schema={"type": "array", "items": {"type": "string"}}),
        parameter(style="deepObject", schema={"properties": {"a": {"type": "string"}}}),
    ),
    # bodies
    **BODY_SLIPS,
    **LEFT_OUT,
    "schema.schema_in_schema": (
        schema({"schema": {"type": "string"}}),
        schema({"type": "object", "properties": {"schema": {"type": "string"}}}),
    ),
    "schema.schema_below_schema": (
        schema({"schema": {"schema": {"type": "string"}}}),
        schema({"type": "object", "properties": {"schema": {"type": "string"}}}),
    ),
    "schema.body_schema_missing": (
        document(
            {"requestBody": {"content": {"application/json": {"name": "string"}}}}, method="post"
        ),
        document(
            {"requestBody": {"content": {"application/json": {"example": "string"}}}}, method="post"
        ),
    ),
    # servers
    "schema.server_query_other": (
        document(servers=[{"url": "http://localhost"}, {"url": "https://{t}.acme.io?k=1"}]),
        document(servers=[{"url": "https://{t}.acme.io?k=1"}]),
    ),
    **SERVER_SLIPS,
    # security and switches
    "schema.security_unknown": (document({"security": [{"a": []}]}), document({"security": [{}]})),
    "schema.consequential_not_boolean": (
        document({"x-openai-isConsequential": "false"}),
        document({"x-openai-isConsequential": False}),
    ),
    # schemas
    "schema.keyword_ignored": (schema({"minLength": -1}), schema({"minLength": 0})),
    "schema.collection_format_unfit": (in_swagger_path("tsv"), in_swagger_path("pipes")),
    "schema.content_as_json": (
        parameter(content={"application/xml": {"schema": {"type": "object"}}}),
        parameter(content={"application/xml": {"schema": {"type": "string"}}}),
    ),
    "schema.type_file": (
        schema({"type": "file"}),
        schema({"type": "string", "format": "binary"}),
    ),
    "schema.type_unknown": (schema({"type": "int"}), schema({"type": "integer"})),
    "schema.pattern_unsupported": (schema({"pattern": "(?=a)"}), schema({"pattern": "a+$"})),
    "schema.pattern_in_slashes": (schema({"pattern": "/^a$/"}), schema({"pattern": "/a/"})),
    "schema.items_missing": (
        schema({"type": "array"}),
        schema({"type": "array", "items": {"type": "string"}}),
    ),
    "schema.schema_deep": (schema(nested(80)), schema(nested(30))),
    "schema.arguments_cut": (
        json.dumps({**json.loads(schema({"$ref": "#/x"})), "x": BIG}),
        schema({"description": "x" * 200_000}),
    ),
    # the grammar
    "schema.member_missing": (without(FINE, "info", "version"), FINE),
    "schema.member_unknown": (document({"surprise": 1}), document({"x-surprise": 1})),
    "schema.value_of_wrong_type": (document({"tags": "a"}), document({"tags": ["a"]})),
    "schema.value_not_allowed": (document(version="3.1"), FINE),
    "schema.not_to_specification": (parameter(content={"a/b": {}}), parameter()),
    "schema.types_in_a_list": (
        schema({"type": ["string", "null"]}).replace("3.1.0", "3.0.3"),
        schema({"type": ["string", "null"]}),
    ),
    # advice
    "schema.responses_missing": (document({"responses": {}}), FINE),
    "schema.white_space": (document({"operationId": " a"}), FINE),
    "schema.security_together": (
        document(
            components={"securitySchemes": {"a": KEY, "b": KEY}}, security=[{"a": [], "b": []}]
        ),
        document(
            components={"securitySchemes": {"a": KEY, "b": KEY}}, security=[{"a": []}, {"b": []}]
        ),
    ),
    "schema.description_long": (
        document({"description": "x" * 301}),
        document({"description": "x" * 300}),
    ),
    "schema.parameter_description_long": (
        parameter(description="x" * 701),
        parameter(description="x" * 700),
    ),
    "schema.operation_undescribed": (without(FINE, "paths", "/a", "get", "summary"), FINE),
    "schema.operation_deprecated": (document({"deprecated": True}), FINE),
    "schema.hidden_in_name": (parameter(name="a\u200b"), parameter(name="a\u200d")),
    "schema.hidden_characters": (
        document({"summary": "a\u202eb"}),
        document({"summary": "æ 👩\u200d💻"}),
    ),
}

IMPORTED = {"source_url": "https://docs.acme.io/openapi.yaml"}
KNOWN_BESIDES = {
    "schema.server_from_import": IMPORTED,
    "schema.server_resolved": IMPORTED,
    "schema.server_variable_unknown": {"server_variables": {"d": "c"}},
    "schema.base_url_unused": {"base_url": "https://api.acme.io"},
    "schema.server_given": {"base_url": "https://api.acme.io"},
    "schema.server_query_other": {"server_variables": {"t": "ours"}},
}
"""What else decides whether a rule trips."""


def codes(text, **known):
    return {finding.code for finding in examine(read_document(text), **known).findings}


def rules():
    modules = (
        reading_rules,
        compiling_rules,
        schema_rules,
        body_rules,
        path_rules,
        server_rules,
        linting_rules,
    )
    return [rule for module in modules for rule in vars(module).values() if isinstance(rule, Rule)]


def test_every_rule_has_a_document_that_trips_it():
    assert sorted(rule.code for rule in rules()) == sorted(TRIPS)


@pytest.mark.parametrize("code", TRIPS)
def test_a_rule_trips_where_it_should_and_nowhere_else(code):
    tripping, harmless = TRIPS[code]
    known = KNOWN_BESIDES.get(code, {})
    assert code in codes(tripping, **known) - codes(harmless, **known)


def test_codes_are_unique_and_begin_with_the_service():
    found = [rule.code for rule in rules()]
    assert sorted({each for each in found if each.startswith("schema.")}) == sorted(found)


def test_every_rule_says_what_to_do():
    modules = (bundling_rules, verification_rules)
    others = [r for module in modules for r in vars(module).values() if isinstance(r, Rule)]
    assert [rule.code for rule in [*rules(), *others] if not rule.hint] == []


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0", "3.2.0"])
def test_a_document_without_fault_has_no_findings(version):
    assert codes(document(version=version)) == set()


def test_a_swagger_document_without_fault_has_only_its_note():
    text = swagger(paths={"/a": {"get": {"operationId": "a", "summary": "s", "responses": OK}}})
    assert codes(text) == {"schema.swagger_converted"}
