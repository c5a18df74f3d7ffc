"""The edge and browser sessions: whom it limits, what it logs, which headers pages keep."""

from contextlib import contextmanager

import httpx
import pytest

from openactions_local.servers import free_port
from tests.contract.test_routes_and_scopes import OPERATORS, WITHOUT_SCOPE
from tests.infra.test_edge import SERVICES, edge_before, serving

pytestmark = pytest.mark.integration
SECRET = f"oas_{'x' * 43}"


def answering(headers, reached=None):
    async def app(scope, receive, send):
        if reached is not None:
            reached.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{}"})

    return app


@contextmanager
def edge_of(folder, app):
    """A client of an edge before identity, and before nothing else."""
    with serving(app) as port:
        ports = {name: [free_port()] for name in SERVICES} | {"identity": [port]}
        with edge_before(folder, ports) as url, httpx.Client(base_url=url, timeout=10) as client:
            yield client


@pytest.mark.parametrize("cookie", ["openactions", "__Host-openactions"])
def test_who_has_a_well_formed_session_is_not_limited_and_others_are(tmp_path, cookie):
    def flood(client, text):
        answers = [client.get("/v1/session", headers={"cookie": text}) for _ in range(200)]
        return [each.status_code for each in answers].count(429)

    with edge_of(tmp_path, answering([])) as client:
        assert flood(client, f"theme=dark; {cookie}={SECRET}; a=b") == 0
        assert flood(client, f"{cookie}={SECRET[:-1]}") >= 50
        assert flood(client, f"x{cookie}={SECRET}") >= 50
        assert flood(client, f"other={cookie}={SECRET}") >= 50
        assert flood(client, f"{cookie}={SECRET}") == 0


def test_a_wrong_token_is_limited_whatever_cookie_is_beside_it(tmp_path):
    headers = {"cookie": f"openactions={SECRET}", "authorization": "Bearer wrong"}
    with edge_of(tmp_path, answering([])) as client:
        answers = [client.get("/v1/session", headers=headers) for _ in range(200)]

    assert [each.status_code for each in answers].count(429) >= 50


@pytest.mark.parametrize(
    "page", ["sign-in", "oidc?workspace=w", "oidc/callback/w?state=s", "link/x"]
)
@pytest.mark.parametrize(
    "brought",
    [
        {"authorization": f"Bearer oat_{'A' * 43}"},
        {"cookie": f"openactions={SECRET}"},
        {},
    ],
    ids=lambda brought: next(iter(brought), "nothing"),
)
def test_f6_pages_of_signing_in_are_limited_whatever_somebody_brings(tmp_path, page, brought):
    with edge_of(tmp_path, answering([])) as client:
        pages = [client.get(f"/v1/session/{page}", headers=brought) for _ in range(200)]
        others = [client.get("/v1/session", headers=brought) for _ in range(20)]

    assert [each.status_code for each in pages].count(429) >= 50
    assert any(each.status_code == 429 for each in others) is not bool(brought)


def test_f10_a_company_signs_many_people_out_at_once(tmp_path):
    path = "/v1/session/back-channel-logout"
    with edge_of(tmp_path, answering([])) as client:
        answers = [client.post(path, data={"logout_token": "t"}) for _ in range(300)]
        assert client.get(f"{path}/more").status_code == 200
        others = [client.get(f"{path}/more") for _ in range(200)]

    assert {each.status_code for each in answers} == {200}
    assert [each.status_code for each in others].count(429) >= 50


def without_a_token():
    """Paths, as people and companies call them, of all routes that demand neither a token nor a
    session in a header: those of pages look at it themselves.
    """
    for name, demanded in WITHOUT_SCOPE.items():
        method, _, path = name.partition(" ")
        if demanded != OPERATORS and not path.startswith("/v1/invocations"):
            yield method, path.replace("{secret}", "osl_secret")


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("method", "path"), sorted(without_a_token()))
def test_every_route_without_a_token_is_limited_by_address(tmp_path, method, path):
    """By a flood with nothing; where no token is looked at, one that is brought changes nothing."""
    token = {"authorization": f"Bearer oat_{'A' * 43}"}
    of_sessions = ("/renew", "/signed-in", "/signed-out", "session/sign-out")
    looks_at_none = not path.endswith(of_sessions)
    with edge_of(tmp_path, answering([])) as client:
        for headers in ({}, token)[: 1 + looks_at_none]:
            answers = (client.request(method, path, headers=headers) for _ in range(2_000))
            assert any(each.status_code == 429 for each in answers), headers


@pytest.mark.parametrize("page", ["link", "invitation", "oidc/choose"])
def test_the_secret_of_a_page_is_in_no_log(tmp_path, page):
    with edge_of(tmp_path, answering([])) as client:
        assert client.get(f"/v1/session/{page}/osl_secret?more=osl_query").status_code == 200
        assert client.get("/v1/session/signed-in").status_code == 200

    log = (tmp_path / "nginx.log").read_text()
    assert f"/v1/session/{page}/-" in log
    assert "/v1/session/signed-in" in log
    assert "osl_" not in log


def test_the_ticket_of_an_apis_sign_in_is_in_no_log(tmp_path):
    ports = {name: [free_port()] for name in SERVICES}
    with edge_before(tmp_path, ports) as url, httpx.Client(base_url=url, timeout=10) as client:
        assert client.get("/aip/act_1/oauth/start/SECRET?mark=SECRET").status_code == 503
        assert client.get("/aip/act_1/sign-in?mark=SECRET").status_code == 503

    log = (tmp_path / "nginx.log").read_text()
    assert '"/aip/act_1/oauth/start/-"' in log
    assert '"/aip/act_1/sign-in"' in log
    assert "SECRET" not in log


def test_the_headers_of_a_page_pass_once(tmp_path):
    page = [
        (b"content-type", b"text/html"),
        (b"content-security-policy", b"default-src 'none'"),
        (b"x-frame-options", b"DENY"),
        (b"referrer-policy", b"no-referrer"),
        (b"x-content-type-options", b"nosniff"),
        (b"set-cookie", b"openactions=x; Path=/"),
    ]
    with edge_of(tmp_path, answering(page)) as client:
        headers = client.get("/v1/session/signed-in").headers

    for name, value in page:
        assert headers.get_list(name.decode()) == [value.decode()]


def test_a_directory_s_requests_go_to_identity_with_every_method(tmp_path):
    reached = []
    token = {"authorization": f"Bearer oat_{'x' * 43}"}
    with edge_of(tmp_path, answering([], reached)) as client:
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            answer = client.request(method, "/scim/v2/Users/mem_1", headers=token)
            assert answer.status_code == 200
        assert client.get("/scimandmore", headers=token).status_code == 404

    assert reached == ["/scim/v2/Users/mem_1"] * 5


IN_PATHS = ("link/osl_SECRET", "invitation/oiv_SECRET", "oidc/choose/cho_SECRET")
IN_QUERIES = ("oidc/callback?state=SECRET&code=SECRET", "oidc/callback/ws_1?code=SECRET")


@pytest.mark.parametrize("path", [f"/v1/session/{each}" for each in (*IN_PATHS, *IN_QUERIES)])
def test_no_secret_is_in_the_log_while_identity_is_down(tmp_path, path):
    """Nginx writes the line of a request beside each error, elsewhere."""
    ports = {name: [free_port()] for name in SERVICES}
    with edge_before(tmp_path, ports) as url, httpx.Client(base_url=url, timeout=10) as client:
        refused = [client.get(each).status_code for each in (path, "/v1/workspace?seen=VISIBLE")]

    log = (tmp_path / "nginx.log").read_text()
    assert refused == [503, 503]
    assert "VISIBLE" in log
    assert "SECRET" not in log


def test_the_code_of_an_apis_sign_in_is_in_no_log(tmp_path):
    ports = {name: [free_port()] for name in SERVICES}
    with edge_before(tmp_path, ports) as url, httpx.Client(base_url=url, timeout=10) as client:
        assert client.get("/aip/callback?code=SECRET").status_code == 503

    assert "SECRET" not in (tmp_path / "nginx.log").read_text()
