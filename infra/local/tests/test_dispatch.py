"""The embedded platform's own pages: of all its services at once."""

import httpx
import pytest
from fastapi import FastAPI

from kit import problems
from openactions_local.dispatch import Dispatcher
from openactions_local.owners import SERVICES


class Always:
    def __init__(self, word):
        self._word = word

    async def check(self):
        return {"nats": self._word}


@pytest.fixture
async def client():
    services = {service: FastAPI() for service in SERVICES}
    for api in services.values():
        problems.install(api)
        api.state.liveness, api.state.readiness = Always("ok"), Always("not connected")
    transport = httpx.ASGITransport(Dispatcher(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://platform") as client:  # noqa: TID251 - to an application of our own
        yield client


@pytest.mark.parametrize(
    ("path", "status", "word"),
    [
        ("/livez", 200, "ok"),
        ("/healthz", 200, "ok"),
        ("/readyz", 503, "not connected"),
    ],
)
async def test_alive_while_the_broker_is_away_and_not_ready(client, path, status, word):
    answer = await client.get(path)

    assert answer.status_code == status
    assert answer.json()["services"]["policy"] == {"nats": word}


@pytest.mark.parametrize(
    "path",
    [
        "/index.html",
        "/v2/gpts",
        "/v1/nobody",
        "/v1/workspaces",
        "/v1/credentials",
        "/-/policy/other",
    ],
)
async def test_what_is_not_there_is_refused_in_the_same_words_whoever_owns_the_path(client, path):
    answer = await client.get(path)
    shown = {name: answer.json()[name] for name in ("title", "status", "detail", "code")}

    assert shown == {
        "title": "Not found",
        "status": 404,
        "detail": "There is nothing here.",
        "code": "platform.not_found",
    }
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("POST", "/v1/nobody", 404, "platform.not_found"),
        ("PUT", "/v2/gpts", 404, "platform.not_found"),
        ("POST", "/docs", 405, "platform.method_not_allowed"),
    ],
)
async def test_a_body_does_not_change_what_is_refused(client, method, path, status, code):
    answer = await client.request(method, path, json={"name": "x"})

    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("path", "status"),
    [*((path, 200) for path in ("/", "/gpts/x", "/admin", "/assets/x.js")), ("/metrics", 404)],
)
async def test_pages_go_to_the_console_and_nothing_else_of_it_is_served(path, status):
    services = {service: FastAPI() for service in SERVICES}
    services["console"].add_api_route("/{path:path}", lambda path: path)
    transport = httpx.ASGITransport(Dispatcher(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://platform") as client:  # noqa: TID251 - as above
        assert (await client.get(path)).status_code == status


async def test_scim_goes_to_identity():
    services = {service: FastAPI() for service in SERVICES}
    services["identity"].add_api_route("/scim/v2/Users", lambda: "identity")
    transport = httpx.ASGITransport(Dispatcher(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://platform") as client:  # noqa: TID251 - as above
        assert (await client.get("/scim/v2/Users")).json() == "identity"
