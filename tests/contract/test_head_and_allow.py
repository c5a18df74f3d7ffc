"""HEAD uses nothing up, and a 405 names what a path takes."""

import re

import httpx
import pytest

from tests.contract.survey import PUBLIC_URL, services

SERVICES = {service.name: service.api for service in services()}
METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
USES_UP = {
    "/aip/{action_id}/oauth/callback",
    "/aip/{action_id}/oauth/start/{ticket}",
    "/aip/{action_id}/sign-in",
    "/v1/session/oidc",
    "/v1/session/oidc/callback/{workspace_id}",
    "/v1/session/renew",
}
"""Pages whose GET begins or ends something, or whose secret is good for once."""


def methods_by_path():
    for service, api in SERVICES.items():
        found = {}
        for route in api.state.allowed.routes:
            found.setdefault(route.path, set()).update(route.methods)
        for method, path in api.state.allowed.hot:
            found.setdefault(path, set()).add(method)
        for path, methods in found.items():
            if "{rest:path}" not in path:
                yield service, path, methods


PATHS = sorted(methods_by_path(), key=lambda each: each[:2])


async def asked(service, method, path):
    path = re.sub(r"\{\w+\}", "x_1", path)
    transport = httpx.ASGITransport(SERVICES[service], raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as client:  # noqa: TID251 - to an application of our own
        return await client.request(method, path)


@pytest.mark.parametrize(
    ("service", "path"), [(service, path) for service, path, methods in PATHS if "GET" in methods]
)
async def test_head_is_refused_where_get_uses_something_up_and_nowhere_else(service, path):
    answer = await asked(service, "HEAD", path)

    assert (answer.status_code == 405) is (path in USES_UP)
    assert answer.content == b""
    if path in USES_UP:
        assert "HEAD" not in answer.headers["allow"].split(", ")


@pytest.mark.parametrize(
    ("service", "path"), [each[:2] for each in PATHS if not each[1].startswith("/scim/")]
)
async def test_a_405_names_just_the_methods_that_are_no_405(service, path):
    """SCIM's are refused behind the token: `test_scim_users.py` has them."""
    refused = await asked(service, "OPTIONS", path)
    answers = {method: await asked(service, method, path) for method in METHODS}

    taken = [method for method, answer in answers.items() if answer.status_code != 405]
    assert refused.status_code == 405
    assert refused.headers["allow"] == ", ".join(taken)
    others = (answer for method, answer in answers.items() if method not in taken)
    assert {answer.headers["allow"] for answer in others} <= {refused.headers["allow"]}


def test_the_pages_that_use_something_up_are_there():
    assert {path for _, path, _ in PATHS} > USES_UP
