"""No other site's page changes anything with somebody's session: every unsafe route of every
service refuses what a browser may be made to send, though its cookie is a valid one.
"""

import re

import httpx
import pytest

from contracts.ids import MemberId, TokenId, WorkspaceId
from contracts.principal import Role, Via
from contracts.requests import AuthenticatedCaller
from kit.browser import SAFE_METHODS
from kit.caller import Verifier
from kit.public_address import PublicAddress
from kit.testing import session_of_name
from shared.kit.tests.kit_fakes import Watch
from tests.contract.survey import PUBLIC_URL, scopes_of, services

SERVICES = {service.name: service.api for service in services()}
ADDRESS = PublicAddress(PUBLIC_URL)
OWN_PAGE = {"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors", "origin": PUBLIC_URL}
JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
MULTIPART = {"content-type": "multipart/form-data; boundary=x"}
TEXT = {"content-type": "text/plain"}
FOREIGN = {"origin": "https://evil.example"}
ATTACKS = {
    "with a foreign Origin": {**OWN_PAGE, **JSON, **FOREIGN},
    "from another site": {**OWN_PAGE, **JSON, **FOREIGN, "sec-fetch-site": "cross-site"},
    "from a sibling host": {**OWN_PAGE, **JSON, "sec-fetch-site": "same-site"},
    "without Sec-Fetch-Site": {**JSON, **FOREIGN},
    "without Sec-Fetch-Site and Origin": {**JSON},
    "as a form of another site": {**FORM, **FOREIGN, "sec-fetch-site": "cross-site"},
    "as a form": {**OWN_PAGE, **FORM},
    "as a form with a file": {**OWN_PAGE, **MULTIPART},
    "as text": {**OWN_PAGE, **TEXT},
    "as text from another site": {**TEXT, **FOREIGN, "sec-fetch-site": "cross-site"},
    "from an iframe": {**OWN_PAGE, **JSON, "sec-fetch-dest": "iframe"},
    "from an object": {**OWN_PAGE, **JSON, "sec-fetch-dest": "object"},
    "from an embedded page of another site": {
        **JSON,
        **FOREIGN,
        "sec-fetch-site": "cross-site",
        "sec-fetch-dest": "embed",
    },
    "from a page without an origin": {**OWN_PAGE, **JSON, "origin": "null"},
}
REFUSED = {
    (403, "platform.cross_site"),
    (415, "platform.unsupported_media_type"),
    (401, "identity.token_invalid"),  # the operator's routes look at no cookie
}
OPERATORS = re.compile(r"/v1/(workspaces|operator)\b")


async def nobody_may_do_anything(asked):
    """A session that is valid, of a member without a single scope."""
    return AuthenticatedCaller(
        workspace_id=WorkspaceId("ws_1"),
        member_id=MemberId("mem_1"),
        token_id=TokenId("ses_1"),
        role=Role.USER,
        scopes=frozenset(),
        via=Via.SESSION,
    )


def routes_of(api):
    for route in api.state.allowed.routes:
        for method in sorted(route.methods):
            yield method, route.path, route
    for method, path in api.state.allowed.hot:
        yield method, path, None


UNSAFE = {
    f"{method} {path}": (service, method, path, route)
    for service, api in SERVICES.items()
    for method, path, route in routes_of(api)
    if method not in SAFE_METHODS
}
OF_SCIM = [name for name, (_, _, path, _) in UNSAFE.items() if path.startswith("/scim/")]
PAGES = [
    name
    for name, (*_, route) in UNSAFE.items()
    if route and not route.include_in_schema and name not in OF_SCIM
]
OF_THE_API = [name for name in UNSAFE if name not in {*PAGES, *OF_SCIM}]
SCOPED = [
    name
    for name in OF_THE_API
    if (route := UNSAFE[name][3]) is not None and scopes_of(route.dependant)
]


async def sent(name, headers, content=b"{}"):
    service, method, path, _ = UNSAFE[name]
    api = SERVICES[service]
    api.state.verifier = Verifier(Watch(), nobody_may_do_anything, address=ADDRESS)
    cookie = {"cookie": f"{ADDRESS.cookie}={session_of_name('victim')}"}
    transport = httpx.ASGITransport(api)
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as client:  # noqa: TID251 - to an application of our own
        path = re.sub(r"\{\w+\}", "x_1", path)
        return await client.request(method, path, headers={**headers, **cookie}, content=content)


@pytest.mark.parametrize("name", sorted(OF_THE_API))
async def test_every_unsafe_route_refuses_what_another_site_may_send(name):
    for attack, headers in ATTACKS.items():
        answer = await sent(name, headers)
        assert (answer.status_code, answer.json()["code"]) in REFUSED, attack


@pytest.mark.parametrize("name", sorted(PAGES))
async def test_every_form_of_a_page_refuses_what_another_page_may_send(name):
    for attack, headers in ATTACKS.items():
        answer = await sent(name, headers)
        assert answer.status_code in {403, 415, 422}, attack
        assert "That did not work" in answer.text, attack
        assert "set-cookie" not in answer.headers, attack
    guessed = await sent(name, {**OWN_PAGE, **FORM}, b"mark=" + b"0" * 64)
    assert guessed.status_code == 403


@pytest.mark.parametrize("name", sorted(OF_SCIM))
async def test_no_route_of_scim_takes_a_session_from_anywhere(name):
    """In its own form (RFC 7644, 3.12): our code stands behind the sentence."""
    for attack, headers in ATTACKS.items():
        answer = await sent(name, headers)
        assert answer.status_code in {403, 415}, attack
        assert answer.json()["detail"].endswith(
            ("(platform.cross_site)", "(platform.unsupported_media_type)")
        ), attack
    ours = await sent(name, {**OWN_PAGE, **JSON})
    assert (ours.status_code, "(identity.scope_missing)" in ours.json()["detail"]) == (403, True)


@pytest.mark.parametrize("name", sorted(SCOPED))
async def test_the_same_request_from_a_page_of_ours_is_judged_by_its_scopes(name):
    """So the cookie is a valid one, and the refusals above are about where requests come from."""
    answer = await sent(name, {**OWN_PAGE, **JSON})

    assert (answer.status_code, answer.json()["code"]) == (403, "identity.scope_missing")


def test_the_walk_has_routes_of_every_service_and_names_all_that_are_not_scoped():
    assert {service for service, *_ in UNSAFE.values()} == SERVICES.keys()
    assert len(PAGES) >= 2
    assert len(OF_SCIM) >= 8
    unscoped = {name for name in OF_THE_API if not OPERATORS.search(name)} - {*SCOPED}
    assert unscoped == {
        "POST /v1/invocations",
        "POST /v1/session/renew",
        "POST /v1/session/back-channel-logout",
    }
