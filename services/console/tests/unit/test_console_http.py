"""What the service answers, as it is built."""

import gzip
import re

import httpx
import pytest

from console_service.main import build
from console_service.settings import ConsoleSettings

POLICY = re.compile(
    r"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-([\w-]{22})'; "
    r"connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'; form-action 'self'; "
    r"base-uri 'none'; require-trusted-types-for 'script'"
)
GZIP = {"accept-encoding": "gzip"}


@pytest.fixture
async def client():
    transport = httpx.ASGITransport(build(ConsoleSettings()))
    async with httpx.AsyncClient(transport=transport, base_url="http://console") as client:  # noqa: TID251 - to an application of our own
        yield client


@pytest.fixture
async def asset(client):
    """The path of the first script of the page."""
    return re.search(r'src="(/assets/[^"]+\.js)"', (await client.get("/")).text)[1]


@pytest.mark.parametrize("path", ["/", "/gpts/gpt_1?q=x", "/admin/audit?member=mem_1", "/operator"])
async def test_a_view_is_answered_with_the_page_and_its_policy(client, path):
    answer = await client.get(path)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    nonce = POLICY.fullmatch(answer.headers["content-security-policy"])[1]
    assert f'nonce="{nonce}"' in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answer.headers


async def test_no_two_answers_have_the_same_nonce(client):
    answers = [await client.get("/") for _ in range(5)]

    assert len({answer.headers["content-security-policy"] for answer in answers}) == 5


async def test_the_page_says_nothing_of_who_asks_or_of_this_installation(client):
    mine = {"cookie": "openactions=oas_secret", "authorization": "Bearer oat_secret"}
    page = (await client.get("/", headers={**mine, "host": "evil.example"})).text

    assert not re.search(r"secret|evil\.example|oat_|oas_|mongodb|nats", page)


async def test_an_asset_stays_for_ever_and_is_compressed_for_whoever_takes_that(client, asset):
    plain = await client.get(asset, headers={"accept-encoding": "identity"})
    small = await client.get(asset, headers=GZIP)

    assert plain.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "content-encoding" not in plain.headers
    assert small.headers["content-encoding"] == "gzip"
    assert small.content == plain.content
    assert int(small.headers["content-length"]) < int(plain.headers["content-length"])
    for answer in (plain, small):
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["vary"] == "accept-encoding"
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_same_asset_is_compressed_to_the_same_bytes(client, asset):
    first, second = [await raw(client, asset) for _ in range(2)]

    assert first == second
    assert gzip.decompress(first)


async def raw(client, path):
    async with client.stream("GET", path, headers=GZIP) as answer:
        return b"".join([chunk async for chunk in answer.aiter_raw()])


@pytest.mark.parametrize(
    "path",
    [
        *("/assets/nowhere.js", "/assets/", "/assets", "/assets/..%2findex.html", "/licences.txt"),
        *("/index.html", "/v1/gpts", "/built-from.txt", "/gptsmore", "/docs", "/redoc"),
    ],
)
async def test_what_is_not_there_is_refused_as_everywhere(client, path):
    refused = await client.get(path)

    assert refused.status_code == 404
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["code"] == "platform.not_found"
    assert refused.headers["cache-control"] == "no-store"


async def test_a_missing_asset_says_to_reload(client):
    assert "Reload" in (await client.get("/assets/old.js")).json()["hint"]


async def test_head_is_answered_as_get_without_a_body(client, asset):
    for path in ("/", "/gpts/gpt_1", asset):
        whole, head = await client.get(path), await client.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-type"] == whole.headers["content-type"]
        assert head.headers["content-length"] == whole.headers["content-length"]


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "POST", "PUT", "OPTIONS"])
async def test_nothing_can_be_changed(client, asset, method):
    for path in ("/", "/gpts/gpt_1", asset):
        refused = await client.request(method, path)
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
        assert refused.json()["code"] == "platform.method_not_allowed"


@pytest.mark.parametrize("path", ["/livez", "/healthz", "/readyz"])
async def test_it_is_ready_as_long_as_it_runs(client, path):
    assert (await client.get(path)).json() == {"status": "ok", "checks": {"process": "ok"}}
