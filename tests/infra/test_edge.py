"""The edge as production runs it: real nginx, its real configuration, small services behind it."""

import asyncio
import json
import os
import shutil
import threading
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn

from kit.errors import NOTHING_HERE
from openactions_local.child import Child
from openactions_local.edge import nginx, upstreams
from openactions_local.servers import accepts, free_port

pytestmark = pytest.mark.integration

EDGE = Path(__file__).parents[2] / "infra" / "edge"
SERVICES = ("identity", "catalog", "schema", "auth", "policy", "execution", "console")
GONE, SILENT, DYING = "catalog", "auth", "identity"
TOKEN = {"authorization": f"Bearer oat_{'x' * 43}"}
TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
SECOND_EVENT = threading.Event()


def program():
    return nginx() or pytest.skip("nginx is not installed; CI installs it")


def echo(service):
    """An application that says what reached it; `events` streams, waiting between two chunks."""

    async def app(scope, receive, send):
        size, more = 0, True
        while more:
            message = await receive()
            size += len(message["body"])
            more = message["more_body"]
        received = {name.decode(): value.decode() for name, value in scope["headers"]}
        said = {"service": service, "path": scope["path"], "bytes": size, "headers": received}
        headers = [(b"content-type", b"application/json"), (b"x-content-type-options", b"nosniff")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if scope["path"].endswith("/events"):
            await send({"type": "http.response.body", "body": b"first", "more_body": True})
            await asyncio.to_thread(SECOND_EVENT.wait, 10)
        await send({"type": "http.response.body", "body": json.dumps(said).encode()})

    return app


@contextmanager
def serving(app, host="127.0.0.1", port=0):
    """The application in a thread of its own, by default on a port of its own."""
    config = uvicorn.Config(
        app, host=host, port=port, log_level="critical", ws="none", lifespan="off"
    )
    server, listener = uvicorn.Server(config), config.bind_socket()
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join()


@contextmanager
def breaking(*, answer, taken=None):
    """A service that takes a request and never answers, or hangs up instead."""
    loop = asyncio.new_event_loop()

    async def serve(reader, writer):
        line = await reader.readline()
        if taken is not None:
            taken.append(line)
        if answer == "never":
            await reader.read()
        if answer == "once not" and len(taken) > 1:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
        writer.close()

    async def start():
        return await asyncio.start_server(serve, "127.0.0.1", 0)

    server = loop.run_until_complete(start())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield server.sockets[0].getsockname()[1]
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    server.close()
    loop.run_until_complete(server.wait_closed())
    loop.close()


def configure(folder, port, written_upstreams, leave_out=None):
    """The production configuration, with our ports and with patience that suits a test."""
    (folder / "tmp").mkdir()
    shutil.copytree(EDGE / "public", folder / "public")
    text = (EDGE / "nginx.conf").read_text()
    assert "proxy_read_timeout 60s;" in text
    if leave_out is not None:
        text = "".join(line for line in text.splitlines(keepends=True) if leave_out not in line)
    (folder / "nginx.conf").write_text(
        text.replace("proxy_read_timeout 60s;", "proxy_read_timeout 500ms;")
    )
    (folder / "listen.conf").write_text(f"listen 127.0.0.1:{port};")
    (folder / "upstreams.conf").write_text(written_upstreams)


def edge_before(folder, ports):
    """The address of an edge before services whose replicas listen on these ports."""
    return edge_with(folder, upstreams(ports), program())


@contextmanager
def edge_with(folder, written_upstreams, nginx_program, leave_out=None):
    """The address of an edge with that `upstreams.conf`, and without lines that hold a text."""
    port = free_port()
    configure(folder, port, written_upstreams, leave_out)
    as_root = "user root;" if os.geteuid() == 0 else ""
    command = [nginx_program, "-e", "stderr", "-p", f"{folder}/", "-c", "nginx.conf"]
    child = Child("nginx", [*command, "-g", f"daemon off; {as_root}"], folder / "nginx.log")
    child.start()
    asyncio.run(child.ready(lambda: accepts(port)))
    yield f"http://127.0.0.1:{port}"
    asyncio.run(child.stop())


@pytest.fixture(scope="module")
def edge(tmp_path_factory):
    """The address of an edge before all services, three of them broken in their own ways."""
    with ExitStack() as running:
        ports = {name: running.enter_context(serving(echo(name))) for name in SERVICES}
        ports[GONE] = free_port()
        ports[SILENT] = running.enter_context(breaking(answer="never"))
        ports[DYING] = running.enter_context(breaking(answer="hang up"))
        replicas = {name: [port] for name, port in ports.items()}
        yield running.enter_context(edge_before(tmp_path_factory.mktemp("edge"), replicas))


@pytest.fixture
def client(edge):
    with httpx.Client(base_url=edge, timeout=10, headers=TOKEN) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/v1/schemas", "schema"),
        ("/v1/schemas/sch_1/operations", "schema"),
        ("/v1/domains", "policy"),
        ("/v1/domains/example.com", "policy"),
        ("/v1/settings", "policy"),
        ("/v1/permissions", "policy"),
        ("/v1/approvals/apr_1", "policy"),
        ("/v1/invocations", "execution"),
        ("/v1/tools", "execution"),
        ("/mcp/gpt_1", "execution"),
        *((path, "console") for path in ("/", "/gpts/gpt_1", "/admin", "/assets/index-x.js")),
    ],
)
def test_the_first_segment_decides_who_answers(client, path, service):
    answered = client.get(path).json()

    assert (answered["service"], answered["path"]) == (service, path)


@pytest.mark.parametrize(
    "path",
    [
        *("/metrics", "/readyz", "/v1/domainsandmore", "/v1/other", "/bad-request"),
        *("/-/policy/metrics", "/-/other/readyz", "/-/policy/docs", "/-/policy/readyz/../metrics"),
        *("/v1/domains/../../metrics", "/v1/domains/%2e%2e/%2e%2e/readyz"),
    ],
)
def test_what_belongs_to_nobody_is_not_found(edge, path):
    with httpx.Client() as client:
        answered = client.send(raw_get(edge, path))
    assert answered.status_code == 404
    assert answered.headers["content-type"] == "application/problem+json"
    received = answered.json()
    assert (received["code"], received["detail"]) == ("platform.not_found", NOTHING_HERE)


def raw_get(edge, path):
    """A request whose path is sent as it is spelt."""
    request = httpx.Request("GET", edge)
    request.url = request.url.copy_with(raw_path=path.encode())
    return request


@pytest.mark.parametrize("path", ["/livez", "/healthz"])
def test_the_edge_is_alive_whatever_its_services_do(client, path):
    assert client.get(path).json() == {"status": "ok"}
    assert client.head(path).status_code == 200


def test_operators_reach_a_services_own_pages_without_the_prefix(client):
    assert client.get("/-/policy/readyz").json()["path"] == "/readyz"
    assert client.get("/-/policy/openapi.json").json()["path"] == "/openapi.json"


def test_a_schema_of_sixteen_megabytes_passes_and_a_larger_one_does_not(client):
    assert client.post("/v1/schemas", content=b"x" * 2**24).json()["bytes"] == 2**24

    refused = client.post("/v1/schemas", content=b"x" * (2**24 + 1))

    assert refused.status_code == 413
    assert refused.json()["code"] == "edge.body_too_large"


def test_elsewhere_a_body_has_one_megabyte(client):
    assert client.post("/v1/invocations", content=b"x" * 2**20).json()["bytes"] == 2**20

    refused = client.post("/v1/invocations", content=b"x" * (2**20 + 1))

    assert refused.status_code == 413
    assert refused.headers["content-type"] == "application/problem+json"


def test_a_body_of_unknown_length_is_limited_too(client):
    refused = client.post("/v1/domains", content=(b"x" * 2**18 for _ in range(5)))

    assert refused.json()["code"] == "edge.body_too_large"


def test_a_service_that_is_not_running_may_be_asked_again(client):
    refused = client.post("/v1/gpts", json={})

    assert refused.status_code == refused.json()["status"] == 503
    assert refused.json()["code"] == "edge.service_unavailable"
    assert refused.headers["retry-after"] == "2"
    assert refused.headers.get_list("x-content-type-options") == ["nosniff"]


def test_an_answer_that_was_lost_invites_no_repetition(client):
    refused = client.post("/v1/tokens", json={})

    assert refused.status_code == refused.json()["status"] == 502
    assert refused.json()["code"] == "edge.answer_lost"
    assert "retry-after" not in refused.headers


def test_an_answer_that_is_late_invites_no_repetition(client):
    refused = client.post("/v1/credentials", json={})

    assert refused.status_code == refused.json()["status"] == 504
    assert refused.json()["code"] == "edge.answer_late"
    assert "retry-after" not in refused.headers


def test_a_line_that_is_too_long_is_refused_in_words(client):
    refused = client.get("/v1/domains", params={"q": "x" * 20_000})

    assert refused.status_code == 400
    assert refused.json()["code"] == "edge.bad_request"


def test_the_callers_trace_goes_on(client):
    answered = client.get("/v1/domains", headers={"traceparent": TRACEPARENT})

    assert answered.json()["headers"]["traceparent"] == TRACEPARENT
    assert answered.headers["x-request-id"] == TRACEPARENT[3:35]


def test_a_trace_begins_where_the_caller_sends_none_or_nonsense(client):
    answered = client.get("/v1/domains", headers={"traceparent": "00-nonsense"})

    version, trace_id, span, flags = answered.json()["headers"]["traceparent"].split("-")
    assert (version, len(trace_id), len(span), flags) == ("00", 32, 16, "01")
    assert answered.headers["x-request-id"] == trace_id


def test_a_refusal_names_the_trace_that_the_log_has(client):
    refused = client.get("/v1/gpts", headers={"traceparent": TRACEPARENT})

    assert refused.json()["trace_id"] == TRACEPARENT[3:35] == refused.headers["x-request-id"]


def test_what_a_client_claims_about_its_address_is_not_passed_on(client):
    claimed = {"x-forwarded-for": "10.0.0.1", "x-forwarded-proto": "https"}

    received = client.get("/v1/domains", headers=claimed).json()["headers"]

    assert (received["x-forwarded-for"], received["x-forwarded-proto"]) == ("127.0.0.1", "http")


def test_answers_carry_security_headers_once(client):
    headers = client.get("/v1/domains").headers

    assert headers.get_list("x-content-type-options") == ["nosniff"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["server"] == "nginx"


def test_a_stream_is_passed_on_as_it_comes(client):
    SECOND_EVENT.clear()
    with client.stream("GET", "/v1/invocations/inv_1/events") as answered:
        chunks = answered.iter_raw()
        first = next(chunks)
        SECOND_EVENT.set()
        rest = b"".join(chunks)

    assert first == b"first"
    assert b"/events" in rest


@contextmanager
def replicas_of_policy(folder, *ports):
    """A client of an edge before these replicas of one service, and before nothing else."""
    others = {name: [free_port()] for name in SERVICES}
    with (
        edge_before(folder, others | {"policy": ports}) as url,
        httpx.Client(base_url=url, timeout=10, headers=TOKEN) as client,
    ):
        yield client


def test_r4_a_ready_replica_is_asked_when_another_is_not_running(tmp_path):
    with (
        serving(echo("policy")) as ready,
        replicas_of_policy(tmp_path, free_port(), ready) as client,
    ):
        answered = [client.post("/v1/domains", json={}).status_code for _ in range(40)]

    assert answered == [200] * 40


def test_r4_a_replica_that_failed_is_not_given_up(tmp_path):
    """With nginx's own `max_fails=1` nobody would be asked for ten seconds after one failure."""
    with (
        breaking(answer="once not", taken=[]) as once_failing,
        replicas_of_policy(tmp_path, free_port(), once_failing) as client,
    ):
        answered = [client.request("POST", "/v1/domains").status_code for _ in range(20)]

    assert answered == [502, *[204] * 19]


def test_r4_a_post_that_left_is_not_sent_to_another_replica(tmp_path):
    taken, reached = [], []

    async def counted(scope, receive, send):
        reached.append(scope["method"])
        await echo("policy")(scope, receive, send)

    with (
        breaking(answer="hang up", taken=taken) as dying,
        serving(counted) as ready,
        replicas_of_policy(tmp_path, dying, ready) as client,
    ):
        posted = [client.post("/v1/domains", json={}).status_code for _ in range(20)]
        read = [client.get("/v1/domains").status_code for _ in range(20)]

    assert sorted(set(posted)) == [200, 502]
    assert reached.count("POST") == posted.count(200)
    assert len([line for line in taken if line.startswith(b"POST")]) == posted.count(502)
    assert read == [200] * 20


def test_b17_a_flood_without_a_usable_token_is_limited_before_any_service_is_asked(tmp_path):
    reached = []

    async def counted(scope, receive, send):
        reached.append(dict(scope["headers"]).get(b"authorization"))
        await echo("policy")(scope, receive, send)

    with serving(counted) as ready, replicas_of_policy(tmp_path, ready) as client:
        unusable = [
            client.get("/v1/domains", headers={"authorization": f"Bearer {n}"}) for n in range(300)
        ]
        good = [client.get("/v1/domains").status_code for _ in range(50)]
        back = client.get("/aip/act_1/oauth/callback?code=c&state=s", headers={"authorization": ""})

    refused = [each for each in unusable if each.status_code == 429]
    assert len(refused) >= 50
    assert len(reached) == 300 - len(refused) + len(good)
    assert refused[-1].json()["code"] == "edge.too_many_without_token"
    assert refused[-1].headers["retry-after"] == "5"
    assert good == [200] * 50
    assert back.status_code == 503, "a sign-in elsewhere is not counted: auth is only not running"


def test_a_refusal_of_a_service_itself_keeps_its_own_words(tmp_path):
    async def limited(scope, receive, send):
        headers = [(b"retry-after", b"7"), (b"content-type", b"application/problem+json")]
        await send({"type": "http.response.start", "status": 429, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"code":"execution.limited"}'})

    with serving(limited) as busy, replicas_of_policy(tmp_path, busy) as client:
        refused = client.get("/v1/domains")

    assert refused.json() == {"code": "execution.limited"}
    assert refused.headers.get_list("retry-after") == ["7"]
