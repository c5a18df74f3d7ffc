import pytest

from schema_service.domain.examination import Verdict, examine
from schema_service.domain.reading.read_document import read_document
from services.schema.tests.documents import answer, api, codes, get, only, post


def test_a_simple_operation_is_ready_and_complete():
    [detected] = answer(get(summary="Lists pets")).operations
    assert detected.verdict is Verdict.READY
    operation = detected.operation
    assert (operation.method, operation.server, operation.path) == (
        "GET",
        "https://api.example.com/v1",
        "/pets",
    )
    assert operation.arguments == {
        "type": "object",
        "properties": {},
        "additionalProperties": False,
    }
    assert len(operation.digest) == 64


def test_the_digest_changes_with_anything_that_is_compiled():
    same, other = only(get()), only(get(summary="Lists pets"))
    assert same.digest == only(get()).digest
    assert same.digest != other.digest


def test_an_unreadable_document_has_only_findings():
    examination = examine(read_document("["))
    assert not examination.valid
    assert codes(examination) == ["schema.unparsable"]


@pytest.mark.parametrize("document", [{}, {"paths": []}, {"openapi": 3, "paths": {"/a": 1}}])
def test_a_document_without_sense_gets_findings_and_no_operations(document):
    examination = answer(document)
    assert not examination.valid
    assert examination.operations == ()


def test_path_parameters_are_merged_and_overridden():
    shared = [
        {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
        {"name": "page", "in": "query", "schema": {"type": "integer"}},
    ]
    own = [{"name": "page", "in": "query", "schema": {"type": "string"}}]
    item = {"parameters": shared, "get": {"operationId": "getPet", "parameters": own}}
    operation = only(api({"/pets/{id}": item}))
    assert operation.arguments["properties"] == {
        "id": {"type": "string"},
        "page": {"type": "string"},
    }
    assert operation.arguments["required"] == ["id"]


def test_local_references_are_followed_everywhere():
    components = {
        "parameters": {"Page": {"name": "page", "in": "query", "schema": {"$ref": "#/x/Page"}}},
        "requestBodies": {
            "Pet": {"content": {"application/json": {"schema": {"$ref": "#/x/Pet"}}}}
        },
        "pathItems": {
            "Pets": {
                "post": {
                    "operationId": "addPet",
                    "parameters": [{"$ref": "#/components/parameters/Page"}],
                    "requestBody": {"$ref": "#/components/requestBodies/Pet"},
                }
            }
        },
    }
    x = {"Page": {"type": "integer"}, "Pet": {"properties": {"name": {"type": "string"}}}}
    paths = {"/pets": {"$ref": "#/components/pathItems/Pets"}}
    operation = only(api(paths, components=components, x=x))
    assert operation.arguments["properties"] == {
        "page": {"$ref": "#/$defs/Page"},
        "name": {"type": "string"},
    }
    assert operation.arguments["$defs"] == {"Page": {"type": "integer"}}


def test_a_recursive_schema_stays_a_reference():
    node = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}}}
    document = post({"$ref": "#/components/schemas/Node"})
    document["components"] = {"schemas": {"Node": node}}
    operation = only(document)
    assert operation.arguments["properties"] == {"next": {"$ref": "#/$defs/Node"}}
    assert operation.arguments["$defs"]["Node"]["properties"] == {"next": {"$ref": "#/$defs/Node"}}


def test_a_dangling_reference_blocks_only_the_operation_that_uses_it():
    bad = {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/nowhere"}}}}}
    item = {"post": {"operationId": "bad", **bad}, "get": {"operationId": "good"}}
    examination = answer(api({"/pets": item}))
    verdicts = {d.operation_id: d.verdict for d in examination.operations}
    assert verdicts == {"bad": Verdict.BLOCKED, "good": Verdict.READY}
    [finding] = examination.findings
    assert finding.code == "schema.reference_dangling"
    assert finding.pointer.endswith("/schema/$ref")


@pytest.mark.parametrize(
    "reference",
    ["http://169.254.169.254/x", "file:///etc/passwd", "//host/x", "other.yaml#/Pet", "./Pet.json"],
)
def test_remote_references_are_refused(reference):
    examination = answer(post({"$ref": reference}))
    assert codes(examination) == ["schema.reference_remote"]
    assert examination.operations[0].verdict is Verdict.BLOCKED


@pytest.mark.parametrize(
    "reference",
    ["https://a.example/v1/api.yaml#/x", "api.yaml#/x", "./api.yaml#/x", "https://self.example#/x"],
)
def test_a_reference_to_the_document_itself_is_local(reference):
    document = post({"$ref": reference}) | {"x": {"type": "string"}}
    document["$self"] = "https://self.example"
    operation = only(document, source_url="https://a.example/v1/api.yaml")
    assert operation.arguments["$defs"] == {"x": {"type": "string"}}


def test_references_in_a_circle_are_refused():
    document = post({"$ref": "#/components/schemas/A"})
    circle = {"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"}}
    document["components"] = {"schemas": circle}
    assert codes(answer(document)) == ["schema.reference_cycle"]


def test_a_chain_of_ten_thousand_references_ends_where_it_leads():
    chain = {f"S{i}": {"$ref": f"#/components/schemas/S{i + 1}"} for i in range(10_000)}
    document = post({"$ref": "#/components/schemas/S0"})
    document["components"] = {"schemas": chain | {"S10000": {"type": "string"}}}
    assert only(document).arguments["$defs"] == {"S10000": {"type": "string"}}


def test_doubling_references_stay_small():
    doubling = {
        f"S{i}": {"allOf": [{"$ref": f"#/components/schemas/S{i + 1}"}] * 2} for i in range(30)
    }
    document = post({"$ref": "#/components/schemas/S0"})
    document["components"] = {"schemas": doubling | {"S30": {"type": "object"}}}
    assert len(only(document).arguments["$defs"]) == 31


def test_definitions_beyond_the_limit_accept_anything():
    big = {"type": "string", "description": "x" * 300_000}
    document = post({"type": "object", "properties": {"a": {"$ref": "#/components/schemas/Big"}}})
    document["components"] = {"schemas": {"Big": big}}
    assert only(document).arguments["$defs"] == {"Big": True}
    assert codes(answer(document)) == ["schema.arguments_cut"]


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ({"get": {}}, False),
        ({"post": {}}, True),
        ({"delete": {"x-openai-isConsequential": False}}, False),
        ({"get": {"x-openai-isConsequential": True}}, True),
        ({"head": {}}, False),
        ({"options": {}}, True),
    ],
)
def test_what_is_consequential(operation, expected):
    assert only(api({"/pets": operation})).consequential is expected


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("flag", ["false", "False", "true", "no", 0, [], {}])
def test_d4_only_a_boolean_turns_consent_off(method, flag):
    document = api({"/pets": {method: {"x-openai-isConsequential": flag}}})
    assert only(document).consequential
    assert "schema.consequential_not_boolean" in codes(answer(document))


def test_a_missing_operation_id_is_generated_from_method_and_path():
    examination = answer(api({"/pets/{id}/toys": {"get": {}}}))
    [detected] = examination.operations
    assert (detected.operation_id, detected.verdict) == (
        "get_pets_id_toys",
        Verdict.READY_WITH_WARNINGS,
    )
    warning = next(f for f in examination.findings if f.code == "schema.operation_id_missing")
    assert warning.repair.edits[0].value == "get_pets_id_toys"


def test_generated_operation_ids_differ():
    paths = {"/a/b": {"get": {}}, "/a_b": {"get": {}}}
    first, second = answer(api(paths)).operations
    assert first.operation_id == "get_a_b"
    assert second.operation_id.startswith("get_a_b_")


def test_a_generated_operation_id_never_takes_a_declared_one():
    paths = {"/pets": {"get": {}}, "/a": {"get": {"operationId": "get_pets"}}}
    first, second = answer(api(paths)).operations
    assert second.operation_id == "get_pets"
    assert first.operation_id.startswith("get_pets_")


def test_later_uses_of_an_operation_id_are_renamed():
    paths = {path: {"get": {"operationId": "same"}} for path in ("/a", "/b", "/c")}
    examination = answer(api(paths))
    assert [d.operation_id for d in examination.operations] == ["same", "same_2", "same_3"]
    assert codes(examination) == ["schema.operation_id_repeated"] * 2
    assert not examination.valid


def test_names_for_models_are_safe_and_unique():
    ids = ["pets.list", "pets/list", "x" * 1_000, "x" * 999, "日本", "__"]
    paths = {f"/{i}": {"get": {"operationId": each}} for i, each in enumerate(ids)}
    names = [d.name for d in answer(api(paths)).operations]
    assert names[0] == "pets_list"
    assert names[1].startswith("pets_list_")
    assert len(set(names)) == len(ids)
    assert all(0 < len(name) <= 64 for name in names)


def test_security_names_every_scheme_that_may_apply():
    schemes = {
        "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
        "login": {"type": "http", "scheme": "bearer"},
    }
    document = get(security=[{"key": []}, {"login": [], "other": []}])
    document["components"] = {"securitySchemes": schemes}
    assert only(document).security == ("key", "login", "other")
    assert codes(answer(document)) == ["schema.security_unknown", "schema.security_several"]


def test_an_operation_that_says_so_is_anonymous():
    document = get(security=[])
    document["security"] = [{"key": []}]
    assert only(document).anonymous
    assert only(document).security == ()
    assert not only(get()).anonymous


def test_response_media_types_are_those_of_success():
    responses = {
        "200": {"content": {"application/json": {}, "text/csv": {}}},
        "404": {"content": {"application/problem+json": {}}},
    }
    assert only(get(responses=responses)).response_media_types == ("application/json", "text/csv")


def test_an_unknown_method_is_skipped_and_said():
    document = api({"/pets": {"get": {"operationId": "a"}, "trace": {}, "fetch": {}, "x-y": 1}})
    examination = answer(document)
    assert [d.method for d in examination.operations] == ["GET"]
    assert [f.message for f in examination.findings] == [
        "Path /pets has unrecognized method trace; skipping",
        "Path /pets has unrecognized method fetch; skipping",
    ]


def test_version_3_2_adds_query_and_other_methods():
    item = {
        "query": {"operationId": "search"},
        "additionalOperations": {"COPY": {"operationId": "copy"}},
    }
    examination = answer(api({"/pets": item}) | {"openapi": "3.2.0"})
    found = [(each.operation.method, each.consequential) for each in examination.operations]
    assert found == [("QUERY", False), ("COPY", True)]
    assert [f for f in examination.findings if "COPY" in f.message] == []


@pytest.mark.parametrize("method", ["TRACE", "connect", "get", "Post", "C PY", "", "x" * 41])
def test_version_3_2_has_no_additional_operation_of_what_cannot_be_called(method):
    item = {"additionalOperations": {method: {"operationId": "a"}, "Copy": {"operationId": "b"}}}
    examination = answer(api({"/pets": item}) | {"openapi": "3.2.0"})
    assert [detected.method for detected in examination.operations] == ["Copy"]
    own = method.lower() in ("get", "post")
    code = "schema.method_in_additional" if own else "schema.method_unknown"
    assert code in codes(examination)


def test_a_query_in_a_path_goes_along_with_every_call():
    operation = only(api({"/search?type=pet#first": {"get": {"operationId": "search"}}}))
    assert operation.path == "/search"
    assert operation.constants == {"type": "pet"}


def test_a_template_in_a_paths_query_is_a_query_parameter():
    parameters = [{"name": "lat", "in": "path", "required": True, "schema": {"type": "number"}}]
    path = "/alerts?latitude={lat}&unit={unit}&v=2"
    operation = only(api({path: {"get": {"operationId": "a", "parameters": parameters}}}))
    assert operation.path == "/alerts"
    assert [(p.name, p.location) for p in operation.parameters] == [
        ("latitude", "query"),
        ("unit", "query"),
        ("v", "query"),
    ]
    assert operation.arguments["properties"]["latitude"] == {"type": "number"}
    assert operation.constants == {"v": "2"}


def test_findings_come_in_the_order_of_the_text_with_their_lines():
    text = (
        "openapi: 3.1.0\ninfo: {title: t, version: '1'}\nservers: [{url: https://a.example}]\n"
        "paths:\n  /b: {get: {summary: b}}\n  /a: {get: {summary: a}}\n"
    )
    examination = examine(read_document(text))
    assert [(f.line, f.column) for f in examination.findings] == [(5, 8), (6, 8)]


def test_at_most_two_hundred_findings_are_shown():
    paths = {f"/{i}": {"get": {}} for i in range(250)}
    examination = answer(api(paths))
    assert (len(examination.findings), examination.more_findings) == (200, 50)
