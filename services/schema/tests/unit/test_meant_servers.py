"""Servers, hosts and versions that are not written as OpenAPI has them, and what was meant."""

import json

import pytest

from schema_service.adapters.process_examiner import repair_document
from schema_service.domain.repairing.terms import Terms
from services.schema.tests.server_documents import IMPORTED, called, errors, read, text_of, verdicts


def repaired(text):
    found = read(text).findings.items()
    repairs = [each["repair"] for each in found if each["repair"]]
    return repair_document(text, repairs, Terms()).text


def swagger(**members):
    document = json.loads(text_of())
    del document["openapi"]
    return json.dumps({"swagger": "2.0", **document, **members}, indent=1)


def hints(text):
    return {each["code"]: each["hint"] for each in read(text).findings.items()}


@pytest.mark.parametrize("entry", [{"url": ""}, {"url": "  "}, {"url": None}, {}, "", None])
def test_n19_blank_servers_of_an_import_are_missing_ones(entry):
    found = read(text_of([entry]), IMPORTED)

    assert called(found) == ["https://docs.acme.io"]
    assert verdicts(found) == ["ready"]
    assert verdicts(read(text_of([entry]))) == ["blocked"]


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"host": "https://api.foo.dev/v1"}, "https://api.foo.dev/v1"),
        ({"host": "https://api.foo.dev"}, "https://api.foo.dev"),
        ({"host": "api.foo.dev/v1/"}, "https://api.foo.dev/v1"),
        ({"host": "https://api.foo.dev/v1", "basePath": "/v1"}, "https://api.foo.dev/v1"),
        ({"host": "https://api.foo.dev/", "basePath": "/v2"}, "https://api.foo.dev/v2"),
        ({"host": "https://api.foo.dev", "schemes": ["http"]}, "https://api.foo.dev"),
    ],
)
def test_n20_a_host_that_is_a_url_is_named_and_put_at_its_places(members, expected):
    text = swagger(**members)

    [error] = [each for each in errors(read(text)) if each["code"].startswith("schema.host")]

    assert error["pointer"] == "/host"
    assert called(read(repaired(text))) == [expected]


def test_n20_two_paths_that_differ_are_not_put_together():
    found = read(swagger(host="https://api.foo.dev/v1", basePath="/v2"))
    assert [each["repair"] for each in errors(found) if each["pointer"] == "/host"] == [None]


@pytest.mark.parametrize("version", ["3.0.0", "3.1.0", 3.0])
def test_n20_openapi_3_below_swagger_is_read_as_what_it_is(version):
    document = json.loads(text_of([{"url": "https://api.foo.dev"}]))
    del document["openapi"]
    text = json.dumps({"swagger": version, **document})

    found = read(text)

    assert found.dialect in ("3.0", "3.1")
    assert called(found) == ["https://api.foo.dev"]
    assert "schema.version_at_other_key" in [each["code"] for each in errors(found)]
    assert errors(read(repaired(text))) == []


BODY = {"content": {"application/json": {"schema": {"type": "object"}}}}
QUERY = [{"name": "q", "in": "query", "schema": {"type": "string"}}]


@pytest.mark.parametrize("version", ["2.0", 2.0])
@pytest.mark.parametrize("members", [{"requestBody": BODY}, {"parameters": QUERY}])
def test_nb10_openapi_3_that_calls_itself_swagger_2_is_read_as_what_it_is(version, members):
    document = json.loads(text_of([{"url": "https://api.foo.dev"}]))
    del document["openapi"]
    document["paths"]["/a"]["post"] = {**document["paths"]["/a"].pop("get"), **members}
    text = json.dumps({"swagger": version, **document})

    found = read(text)

    assert (found.dialect, called(found)) == ("3.0", ["https://api.foo.dev"])
    [error] = errors(found)
    assert error["code"] == "schema.written_as_openapi_3"
    assert errors(read(repaired(text))) == []
    assert json.loads(repaired(text))["openapi"] == "3.0.3"


@pytest.mark.parametrize(
    "members",
    [{"host": "api.foo.dev"}, {"definitions": {}}, {"host": "api.foo.dev", "components": {"a": 1}}],
)
def test_nb10_swagger_2_with_a_member_of_openapi_3_stays_swagger_2(members):
    assert read(swagger(servers=[{"url": "https://api.foo.dev"}], **members)).dialect == "2.0"


@pytest.mark.parametrize("version", ["2.0", 2.0])
def test_n20_swagger_2_below_openapi_is_read_as_what_it_is(version):
    text = swagger(host="api.foo.dev").replace('"swagger": "2.0"', f'"openapi": {version!r}')
    text = text.replace("'", '"')

    found = read(text)

    assert (found.dialect, called(found)) == ("2.0", ["https://api.foo.dev"])
    assert "3.0" not in found.findings.items()[0]["message"]
    assert errors(read(repaired(text))) == []


def test_n20_what_was_pasted_is_not_said_to_be_imported():
    text = swagger(servers=[{"url": "https://api.foo.dev"}])
    assert "imported" not in " ".join(each["message"] for each in read(text).findings.items())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Accept", "`accept`"),
        ("Content-Type", "`content_type`"),
        ("Date", "leave the parameter out"),
        ("User-Agent", "leave the parameter out"),
        ("Authorization", "authentication"),
        ("Cookie", "authentication"),
    ],
)
def test_n28_a_reserved_header_is_explained_by_what_it_is(name, said):
    document = json.loads(text_of([{"url": "https://api.foo.dev"}]))
    document["paths"]["/a"]["get"]["parameters"] = [
        {"name": name, "in": "header", "schema": {"type": "string"}}
    ]
    assert said in hints(json.dumps(document))["schema.parameter_reserved"]


def test_n33_a_refused_port_names_the_entry_that_allows_it():
    hint = hints(text_of([{"url": "https://api.foo.dev:8443"}]))["schema.server_refused"]
    assert "--allow-origin https://api.foo.dev:8443=ADDRESS" in hint


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1"])
def test_n33_an_address_in_another_notation_is_called_an_address(host):
    [error] = errors(read(text_of([{"url": f"https://{host}"}])))
    assert "IP address" in error["message"]


@pytest.mark.parametrize("servers", [{"url": "https://api.foo.dev"}, "https://api.foo.dev"])
def test_n35_servers_that_are_no_list_stand_at_the_right_place(servers):
    [error] = errors(read(text_of(servers)))

    assert "not a list" in error["message"]
    assert called(read(repaired(text_of(servers)))) == ["https://api.foo.dev"]


@pytest.mark.parametrize("servers", [[{"url": "https://a.dev"}], {"url": "https://a.dev"}])
def test_n35_servers_among_the_paths_are_said_once(servers):
    document = json.loads(text_of())
    document["paths"]["servers"] = servers

    found = errors(read(json.dumps(document)))

    assert [each["code"] for each in found] == ["schema.server_misplaced"]


def test_n36_an_operation_id_that_is_refused_is_not_said_to_be_renamed():
    document = json.loads(text_of([{"url": "https://api.foo.dev"}]))
    document["paths"]["/a"]["get"]["operationId"] = "a" * 301

    codes = [each["code"] for each in read(json.dumps(document)).findings.items()]

    assert codes == ["schema.operation_id_too_long"]


@pytest.mark.parametrize(
    "host", ["kubernetes.default.svc", "api.default.svc.cluster.local", "api.consul", "a.b.docker"]
)
def test_n36_names_inside_a_cluster_are_refused(host):
    [error] = errors(read(text_of([{"url": f"https://{host}"}])))
    assert "reserved for private" in error["message"]
