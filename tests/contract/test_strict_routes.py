"""T10: no route of any service takes what it does not know, whoever wrote it."""

import json
import re

import httpx
import pytest

from kit.testing.true_answers import TrueAnswers
from tests.contract.generate import PUBLIC
from tests.contract.survey import services

DOCUMENT = json.loads((PUBLIC / "openapi.json").read_text())
TRUE = TrueAnswers(DOCUMENT)
SERVICES = {service.name: service.api for service in services()}
READS_ITS_BODY_ITSELF = {
    "POST /v1/schemas": "a document is a body, whatever its media type",
    "POST /v1/schemas/validate": "as above",
    "POST /v1/schemas/format": "as above",
    "POST /v1/schemas/repair": "as above",
}


def routes():
    for service, api in SERVICES.items():
        for path, operations in api.openapi()["paths"].items():
            for method, operation in operations.items():
                yield service, f"{method.upper()} {path}", operation


ROUTES = {name: (service, operation) for service, name, operation in routes()}
WITH_A_BODY = sorted(name for name, (_, one) in ROUTES.items() if "requestBody" in one)
WITH_A_FORM = [each for each in WITH_A_BODY if each not in READS_ITS_BODY_ITSELF]


async def asked(name, query="", **request):
    """By a caller without a token, of a service that is not started."""
    service, _ = ROUTES[name]
    method, path = name.split(" ")
    path = re.sub(r"\{\w+\}", "x_1", path)
    transport = httpx.ASGITransport(SERVICES[service])
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:  # noqa: TID251 - to an application of our own
        answer = await client.request(method, path + query, **request)
    content_type = answer.headers["content-type"]
    assert TRUE.faults(method, path, answer.status_code, content_type, answer.content) == []
    return answer


@pytest.mark.parametrize("name", sorted(ROUTES))
async def test_t10_a_query_parameter_that_a_route_does_not_know_is_refused(name):
    body = {"json": {}} if name in WITH_A_BODY else {}

    refused = await asked(name, "?pretty=true", **body)

    assert (refused.status_code, refused.json()["code"]) == (422, "platform.unknown_parameter")
    assert "`pretty`" in refused.json()["detail"]


@pytest.mark.parametrize("name", sorted(ROUTES))
async def test_t10_query_parameters_of_a_route_s_document_are_known(name):
    _, operation = ROUTES[name]
    named = [each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"]
    body = {"json": {}} if name in WITH_A_BODY else {}

    answer = await asked(name, "?" + "&".join(f"{each}=1" for each in named), **body)

    assert answer.json()["code"] != "platform.unknown_parameter"


@pytest.mark.parametrize("name", WITH_A_FORM)
async def test_t19_a_body_that_says_it_is_no_json_is_a_415(name):
    refused = await asked(name, content=b"{}", headers={"content-type": "text/plain"})

    assert (refused.status_code, refused.json()["code"]) == (415, "platform.unsupported_media_type")


@pytest.mark.parametrize("name", WITH_A_FORM)
def test_t10_no_object_of_a_body_takes_members_that_it_does_not_name(name):
    service, operation = ROUTES[name]
    models = SERVICES[service].openapi()["components"]["schemas"]
    [media_type] = operation["requestBody"]["content"].values()

    forms = [*objects(media_type["schema"], models, set())]

    assert forms
    assert [form for form in forms if form.get("additionalProperties") is not False] == []


@pytest.mark.parametrize("name", sorted(ROUTES))
async def test_t19_a_trailing_slash_leads_nowhere(name):
    service, _ = ROUTES[name]
    path = re.sub(r"\{\w+\}", "x_1", name.split(" ")[1])
    transport = httpx.ASGITransport(SERVICES[service])
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:  # noqa: TID251 - as above
        answer = await client.get(path + "/", headers={"host": "elsewhere.example"})

    assert (answer.status_code, answer.json()["code"]) == (404, "platform.not_found")
    assert "location" not in answer.headers


@pytest.mark.parametrize("service", sorted(SERVICES))
async def test_t6_no_service_has_a_page_of_its_own_that_loads_scripts(service):
    transport = httpx.ASGITransport(SERVICES[service])
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:  # noqa: TID251 - as above
        answered = [(await client.get(path)).status_code for path in ("/docs", "/redoc")]

    assert answered == [404, 404]


def test_what_reads_its_body_itself_is_a_route_that_there_is():
    assert READS_ITS_BODY_ITSELF.keys() <= ROUTES.keys()


def objects(schema, models, seen):
    """Every object with members that a body may hold."""
    if reference := schema.get("$ref"):
        name = reference.rpartition("/")[2]
        if name not in seen:
            yield from objects(models[name], models, seen | {name})
    if "properties" in schema:
        yield schema
    inner = [
        *(schema.get(each, ()) for each in ("anyOf", "oneOf", "allOf")),
        schema.get("properties", {}).values(),
        [schema["items"]] if "items" in schema else (),
    ]
    for several in inner:
        for each in several:
            yield from objects(each, models, seen)
