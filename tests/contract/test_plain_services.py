"""Services that serve files alone (decision 43): nothing to ask, nothing to change, no secrets."""

import httpx
import pytest

from console_service.domain.page import VIEWS
from kit.settings import ServiceSettings
from openactions_local.owners import CONSOLE, PAGES
from openactions_local.services import SETTINGS
from tests.contract.survey import PLAIN, PUBLIC_URL, everything_built, scopes_of

BUILT = {name: api for name, api in everything_built().items() if name in PLAIN}


def test_they_are_those_whose_settings_name_no_server():
    assert {name for name, each in SETTINGS.items() if not issubclass(each, ServiceSettings)} == (
        PLAIN
    )
    assert BUILT.keys() == PLAIN


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_they_have_no_broker_no_operations_and_no_scopes(name):
    api = BUILT[name]

    assert not hasattr(api.state, "broker")
    assert api.openapi()["paths"] == {}
    assert api.state.allowed.routes
    for route in api.state.allowed.routes:
        assert route.methods == {"GET"}
        assert scopes_of(route.dependant) == []


@pytest.mark.parametrize("name", sorted(PLAIN))
@pytest.mark.parametrize("method", ["DELETE", "PATCH", "POST", "PUT"])
async def test_they_change_nothing(name, method):
    transport = httpx.ASGITransport(BUILT[name])
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as client:  # noqa: TID251 - to an application of our own
        refused = await client.request(method, "/", json={})

    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
    assert refused.json()["code"] == "platform.method_not_allowed"


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_no_setting_of_theirs_is_a_secret(name):
    secret = [
        member
        for member, field in SETTINGS[name].model_fields.items()
        if "Secret" in repr(field.annotation)
    ]

    assert secret == []


def test_the_console_shows_a_page_wherever_its_paths_begin_and_nowhere_else():
    views = [each for each in PAGES if each != "assets"]

    assert all(VIEWS.match(path) for each in views for path in (f"/{each}", f"/{each}/x_1/y"))
    assert VIEWS.match("/")
    assert not any(VIEWS.match(path) for path in ("/assets", "/v1", "/metrics", "/gptsmore", "//"))
    assert CONSOLE in PLAIN
