"""What a route does not know is refused, with the nearest that there is."""

from typing import Annotated, Literal

import pytest
from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field, field_validator

from kit import problems
from kit.front import Front
from kit.hot import ServiceApi, send_json, strict
from kit.nearest import nearest, no_such
from kit.strict import is_json, refuse_what_is_unknown
from kit.testing import running

JSON = {"content-type": "application/json"}


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Wheel(Strict):
    inches: int = Field(ge=10, le=30)


class Bicycle(Strict):
    kind: Literal["bicycle"] = "bicycle"
    name: str = Field(pattern=r"^\P{Cc}*$")
    wheels: list[Wheel] = []

    @field_validator("name")
    @classmethod
    def _polite(cls, name: str) -> str:
        if name == "rude":
            raise ValueError("this name is rude")
        return name


class Search(Strict):
    colour: str = "red"


async def page(limit: Annotated[int, Query(ge=1, le=100)] = 25) -> int:
    return limit


async def list_painted(
    colours: Annotated[list[str], Query(alias="colour", max_length=2)], q: str = ""
) -> list[str]:
    return [*colours, q]


@pytest.fixture
async def api():
    async def hot(scope, receive, send):
        await send_json(send, b'"hot"')

    limits = {"service": "test", "max_body_bytes": 10_000, "long_bodies": {}}
    hot_routes = {("POST", "/hot"): Front(strict(hot), **limits)}
    api = ServiceApi(hot=hot_routes, redirect_slashes=False)
    problems.install(api)
    router = APIRouter()

    @router.get("/bicycles")
    async def list_bicycles(_: Annotated[int, Depends(page)], q: str = ""):
        return q

    @router.get("/search")
    async def search(asked: Annotated[Search, Query()]):
        return asked.colour

    router.add_api_route("/painted", list_painted)

    @router.post("/bicycles")
    async def add_bicycle(body: Bicycle):
        return body

    @router.get("/bicycles/{id_}")
    async def read_bicycle(id_: Annotated[str, Path()]):
        return id_

    @router.post("/stream")
    async def stream(request: Request):
        return len(await request.body())

    @router.get("/hot")
    async def list_hot():
        return []

    api.include_router(router, dependencies=[Depends(refuse_what_is_unknown)])
    api.state.allowed = problems.Allowed(router.routes, hot_routes)
    api.add_middleware(Front, **limits)
    async with running(api) as client:
        yield client


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("limt=3", "There is no query parameter `limt`; did you mean `limit`?"),
        ("Q=3", "There is no query parameter `Q`; there are `limit`, `q`."),
        ("q=1&colour=", "There is no query parameter `colour`; there are `limit`, `q`."),
        ("limit=x", "`limit` must be a whole number."),
        ("limit=101", "`limit` must be less than or equal to 100."),
        ("limit=1&limit=2", "The query parameter `limit` is given more than once."),
    ],
)
async def test_t10_a_query_parameter_that_is_unknown_or_wrong_is_refused(api, query, sentence):
    refused = await api.get(f"/bicycles?{query}")

    assert (refused.status_code, refused.json()["detail"]) == (422, sentence)


async def test_t10_what_a_route_and_its_dependencies_and_its_query_model_name_is_known(api):
    assert (await api.get("/bicycles?q=x&limit=3")).json() == "x"
    assert (await api.get("/search?colour=blue")).json() == "blue"
    refused = await api.get("/search?color=blue")
    assert refused.json()["code"] == "platform.unknown_parameter"
    assert refused.json()["detail"].endswith("did you mean `colour`?")


async def test_t10_only_a_parameter_that_is_declared_as_a_list_takes_several_values(api):
    assert (await api.get("/painted?colour=red&q=x&colour=blue")).json() == ["red", "blue", "x"]

    refused = await api.get("/painted?colour=red&q=x&q=y")
    assert refused.json()["code"] == "platform.repeated_parameter"
    assert "`q`" in refused.json()["detail"]
    too_many = await api.get("/painted?colour=red&colour=blue&colour=green")
    assert too_many.status_code == 422


async def test_t10_a_route_without_parameters_says_that_there_are_none(api):
    refused = await api.get("/bicycles/1?limit=3")

    assert refused.json()["detail"] == "There is no query parameter `limit`; there are none here."


@pytest.mark.parametrize(
    ("body", "sentence", "pointer"),
    [
        ({"nam": "x"}, "There is no field `nam`; did you mean `name`?", "/body/nam"),
        (
            {"name": "x", "wheels": [{"inches": 20, "inch": 2}]},
            "There is no field `inch`; did you mean `inches`?",
            "/body/wheels/0/inch",
        ),
        ({}, "`name` is missing.", "/body/name"),
        ({"name": 1}, "`name` must be a text.", "/body/name"),
        ({"name": "a\x01"}, "`name` must not have control characters.", "/body/name"),
        ({"name": "rude"}, "`name`: this name is rude.", "/body/name"),
        ({"name": "x", "wheels": [[]]}, "`wheels.0` must be a JSON object.", "/body/wheels/0"),
        ({"name": "x", "kind": "car"}, "`kind` must be 'bicycle'.", "/body/kind"),
        ([], "The body must be a JSON object.", "/body"),
    ],
    ids=str,
)
async def test_t10_t12_a_body_is_refused_in_a_sentence_that_names_the_member(
    api, body, sentence, pointer
):
    refused = await api.post("/bicycles", json=body)

    assert refused.status_code == 422
    assert refused.json()["detail"].startswith(sentence)
    assert pointer in {finding["pointer"] for finding in refused.json()["findings"]}
    for jargon in ("Value error", r"\P", "dictionary", "Input should", "Extra inputs"):
        assert jargon not in refused.text


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        (b'{"name":', 422, "The body is not JSON: Expecting value (character 8)."),
        (b'{"name": "\xff"}', 400, "The body is not UTF-8 text."),
        (b"", 422, "The body is missing."),
        (b"[" * 5_000, 400, "The body is nested too deeply."),
    ],
)
async def test_t12_what_cannot_be_read_is_refused_in_a_sentence(api, content, status, sentence):
    refused = await api.post("/bicycles", content=content, headers=JSON)

    assert (refused.status_code, refused.json()["detail"]) == (status, sentence)


@pytest.mark.parametrize("path", ["/bicycles", "/hot"])
@pytest.mark.parametrize(
    ("content_type", "said"),
    [
        ("text/plain", "says 'text/plain'"),
        ("application/x-www-form-urlencoded", "says 'application/x-www-form-urlencoded'"),
        ("", "does not say what it is"),
    ],
)
async def test_t19_a_body_of_another_type_is_a_415(api, path, content_type, said):
    headers = {"content-type": content_type} if content_type else {}

    refused = await api.post(path, content=b'{"name": "x"}', headers=headers)

    assert (refused.status_code, refused.json()["status"]) == (415, 415)
    assert refused.json()["detail"] == f"This route reads JSON, and the request's body {said}."
    assert refused.json()["trace_id"] == refused.headers["x-request-id"]


async def test_t19_a_route_that_reads_its_body_itself_decides_itself(api):
    answer = await api.post("/stream", content=b"abc", headers={"content-type": "text/plain"})

    assert answer.json() == 3


async def test_t10_a_hot_route_takes_no_query(api):
    assert (await api.post("/hot", json={})).json() == "hot"
    refused = await api.post("/hot?dry_run=true", json={})
    assert (refused.status_code, refused.json()["code"]) == (422, "platform.unknown_parameter")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/bicycles", "GET, HEAD, POST"), ("/bicycles/1", "GET, HEAD"), ("/hot", "GET, HEAD, POST")],
)
async def test_t19_allow_names_the_methods_of_all_routes_of_a_path(api, path, allowed):
    refused = await api.delete(path)

    assert refused.status_code == 405
    assert refused.headers["allow"] == allowed
    assert refused.json()["hint"] == f"It takes {allowed}."


@pytest.mark.parametrize("path", ["/bicycles/", "/hot/", "/nowhere/"])
async def test_t19_a_trailing_slash_is_another_path(api, path):
    answer = await api.get(path, headers={"host": "elsewhere.example"})

    assert answer.status_code in (200, 404)
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("name", "meant"), [("limt", "limit"), ("Limit", "limit"), ("x", None), ("l" * 9_999, None)]
)
def test_the_nearest_name_is_offered_where_one_is_near(name, meant):
    assert nearest(name, {"limit", "cursor"}) == meant


def test_of_many_known_names_a_dozen_are_listed():
    sentence = no_such("member", "zzz" * 999, [f"a{number}" for number in range(99)])

    assert sentence.endswith(" and others.")
    assert len(sentence) < 300


@pytest.mark.parametrize(
    ("content_type", "json"),
    [
        ("application/json", True),
        ("Application/JSON; charset=utf-8", True),
        ("application/merge-patch+json", True),
        ("application/jsonp", False),
        ("text/json", False),
        ("", False),
    ],
)
def test_json_is_known_by_its_media_type(content_type, json):
    assert is_json(content_type) is json
