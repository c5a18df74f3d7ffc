"""What the edge answers itself: its pages, and refusals of the shape that services have."""

import asyncio

import httpx
import pytest

from openactions_local.pages import FILES, POLICY, PUBLIC
from openactions_local.servers import free_port
from tests.infra.test_edge import SERVICES, edge_before

pytestmark = pytest.mark.integration

PROBLEM = {"type", "title", "status", "detail", "code", "hint", "trace_id"}


@pytest.fixture(scope="module")
def edge(tmp_path_factory):
    """Before services that are not running."""
    ports = {name: [free_port()] for name in SERVICES}
    with edge_before(tmp_path_factory.mktemp("edge"), ports) as url:
        yield url


@pytest.fixture
def client(edge):
    with httpx.Client(base_url=edge, timeout=10, trust_env=False) as client:
        yield client


@pytest.mark.parametrize("path", FILES)
def test_t18_t15_pages_are_served_with_a_policy_that_allows_no_script(client, path):
    name, media_type = FILES[path]

    answer = client.get(path)

    assert answer.status_code == 200
    assert answer.content == (PUBLIC / name).read_bytes()
    assert answer.headers["content-type"].partition(";")[0] == media_type.decode().partition(";")[0]
    assert answer.headers.get_list("content-security-policy") == [POLICY.decode()]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert client.head(path).status_code == 200


@pytest.mark.parametrize("path", ["/docs.html", "/index.html", "/docs/", "/public/docs.html"])
def test_pages_have_one_address(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "status", "code", "allowed"),
    [
        ("POST", "/docs", 405, "platform.method_not_allowed", "GET, HEAD"),
        ("DELETE", "/docs", 405, "platform.method_not_allowed", "GET, HEAD"),
        ("POST", "/healthz", 405, "platform.method_not_allowed", "GET, HEAD"),
        ("PUT", "/livez?x=1", 405, "platform.method_not_allowed", "GET, HEAD"),
        (
            *("TRACE", "/v1/domains", 405, "platform.method_not_allowed"),
            "DELETE, GET, HEAD, PATCH, POST, PUT",
        ),
        ("GET", "/nowhere", 404, "platform.not_found", None),
        ("GET", "/v1/nobody", 404, "platform.not_found", None),
        ("GET", "/v1/gpts?q=" + "x" * 20_000, 400, "edge.bad_request", None),
        ("POST", "/v1/domains", 413, "edge.body_too_large", None),
        ("GET", "/v1/domains", 503, "edge.service_unavailable", None),
    ],
)
def test_t19_refusals_of_the_edge_have_the_shape_of_all(
    client, method, path, status, code, allowed
):
    body = b"x" * (2**20 + 1) if status == 413 else b""

    refused = client.request(method, path, content=body)

    assert (refused.status_code, refused.json()["status"]) == (status, status)
    assert refused.json()["code"] == code
    assert refused.json().keys() == PROBLEM
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["trace_id"] == refused.headers["x-request-id"]
    assert refused.headers.get_list("allow") == ([allowed] if allowed else [])


@pytest.mark.parametrize("path", [b"/%zz", b"/v1/domains\x01", b"/\x00"])
async def test_t19_what_is_no_http_is_a_problem_document_too(edge, path):
    refused = await raw_answer(edge, b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n")

    assert refused.startswith(b"HTTP/1.1 400 ")
    assert b"content-type: application/problem+json" in refused.lower()
    assert b'"code":"edge.bad_request"' in refused


async def raw_answer(url, request):
    host, _, port = url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return answer
