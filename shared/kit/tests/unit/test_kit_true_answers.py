"""T18: an answer that its document does not promise is a fault."""

import json

import pytest
from fastapi import APIRouter, FastAPI

from kit.html import PageRoute
from kit.testing import running
from kit.testing.true_answers import TrueAnswers

PROBLEM = {"type": "object", "required": ["code"], "properties": {"code": {"type": "string"}}}
REFUSAL = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
THING = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string"},
        "parts": {"type": "array", "items": {"type": "object"}},
    },
}
THING_JSON = {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
DOCUMENT = {
    "paths": {
        "/v1/things/{thing_id}": {
            "get": {"responses": {"200": {"content": THING_JSON}, "404": {"content": REFUSAL}}},
            "delete": {"responses": {"204": {}}},
        },
        "/v1/things/newest": {"get": {"responses": {"200": {"content": {"text/plain": {}}}}}},
    },
    "components": {"schemas": {"Problem": PROBLEM, "Thing": THING}},
}
JSON, REFUSED = "application/json; charset=utf-8", "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "status", "media_type", "body"),
    [
        ("GET", "/v1/things/1", 200, JSON, {"id": "1", "parts": [{"any": "thing"}]}),
        ("GET", "/v1/things/1", 404, REFUSED, {"code": "a"}),
        ("GET", "/v1/things/newest", 200, "text/plain", "newest"),
        ("DELETE", "/v1/things/1", 204, "", None),
        ("PUT", "/v1/things/1", 405, REFUSED, {"code": "a"}),
        ("GET", "/v1/nowhere", 404, REFUSED, {"code": "a"}),
    ],
)
def test_what_the_document_says_is_true(method, path, status, media_type, body):
    assert faults_of(method, path, status, media_type, body) == []


@pytest.mark.parametrize(
    ("method", "path", "status", "media_type", "body", "fault"),
    [
        ("GET", "/v1/things/1", 200, JSON, {"id": 1}, 'id: 1 is not of type "string"'),
        ("GET", "/v1/things/1", 200, JSON, {"id": "1", "more": 2}, "'more' was unexpected"),
        ("GET", "/v1/things/1", 200, "text/html", {"id": "1"}, "text/html is none of"),
        ("GET", "/v1/things/1", 200, "", None, "no type is none of"),
        ("GET", "/v1/things/1", 409, REFUSED, {"code": "a"}, "does not have this status"),
        ("GET", "/v1/things/1", 404, REFUSED, {"message": "a"}, '"code" is a required'),
        ("GET", "/v1/things/1", 405, REFUSED, {"code": "a"}, "has this method"),
        ("DELETE", "/v1/things/1", 204, JSON, {}, "is none of no body"),
        ("GET", "/v1/nowhere", 200, JSON, {}, "no such route"),
        ("GET", "/v1/nowhere", 404, "text/plain", "no", "text/plain is none of"),
    ],
)
def test_t18_what_the_document_does_not_say_is_a_fault(
    method, path, status, media_type, body, fault
):
    found = faults_of(method, path, status, media_type, body)

    assert any(fault in each for each in found), found
    assert all(path.partition("/1")[0] in each for each in found)


def faults_of(method, path, status, media_type, body):
    raw = b"" if body is None else json.dumps(body).encode()
    return TrueAnswers(DOCUMENT).faults(method, path, status, media_type, raw)


async def test_t18_a_service_that_answers_what_its_document_does_not_say_fails_its_tests():
    api, router = FastAPI(), APIRouter(prefix="/v1/things")

    @router.get("")
    async def list_things() -> list[str]:
        return ["a"]

    @router.get("/hidden", include_in_schema=False)
    async def hidden() -> str:
        return "a"

    api.include_router(router)
    api.state.allowed = _Assembled(router.routes)
    async with running(api) as client:
        assert (await client.get("/v1/things")).json() == ["a"]
        with pytest.raises(AssertionError, match="no such route"):
            await client.get("/v1/things/hidden")


async def test_t18_pages_for_people_are_in_no_document():
    api = FastAPI()
    router = APIRouter(prefix="/v1/pages", route_class=PageRoute, include_in_schema=False)

    @router.get("/one")
    async def one() -> str:
        return "a"

    api.include_router(router)
    api.state.allowed = _Assembled(router.routes)
    async with running(api) as client:
        assert (await client.get("/v1/pages/one")).status_code == 200


class _Assembled:
    def __init__(self, routes):
        self.routes = routes
