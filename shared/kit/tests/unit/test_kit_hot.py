"""Hot routes: in front of FastAPI's layers, and nothing but in front of them."""

import pytest

from kit.hot import BodyIncomplete, ServiceApi, header_of, read_body, send_json


def receiving(*messages):
    left = list(messages)

    async def receive():
        return left.pop(0)

    return receive


async def asked(api, method, path):
    """The status and body of an answer, without a server."""
    sent = []

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "headers": [],
        "query_string": b"",
        "http_version": "1.1",
        "scheme": "http",
        "server": ("test", 80),
        "client": ("test", 1),
        "root_path": "",
    }
    await api(scope, receiving({"type": "http.request", "body": b""}), send)
    return sent[0]["status"], sent[1]["body"]


@pytest.fixture
def api():
    async def hot(scope, receive, send):
        await send_json(send, b'"hot"')

    api = ServiceApi(hot={("POST", "/things"): hot})
    api.get("/things")(lambda: "cold")
    return api


async def test_a_hot_route_answers_its_own_method_and_path(api):
    assert await asked(api, "POST", "/things") == (200, b'"hot"')


async def test_another_method_on_the_same_path_is_fastapis(api):
    assert await asked(api, "GET", "/things") == (200, b'"cold"')


async def test_another_path_is_fastapis(api):
    status, _ = await asked(api, "POST", "/things/")

    assert status != 200


async def test_a_body_in_pieces_is_read_whole():
    receive = receiving(
        {"type": "http.request", "body": b"one ", "more_body": True},
        {"type": "http.request", "body": b"two"},
    )

    assert await read_body(receive) == b"one two"


async def test_a_body_that_breaks_off_is_refused():
    receive = receiving(
        {"type": "http.request", "body": b"one ", "more_body": True}, {"type": "http.disconnect"}
    )

    with pytest.raises(BodyIncomplete):
        await read_body(receive)


@pytest.mark.parametrize(("name", "value"), [(b"authorization", "Bearer x"), (b"cookie", None)])
def test_a_header_is_found_by_its_name_or_missing(name, value):
    scope = {"headers": [(b"host", b"here"), (b"authorization", b"Bearer x")]}

    assert header_of(scope, name) == value


@pytest.mark.parametrize(("size", "messages"), [(64 * 1024, 2), (64 * 1024 + 1, 3)])
async def test_b7_a_long_answer_is_sent_only_once_its_reader_took_most_of_it(size, messages):
    sent = []

    async def send(message):
        sent.append(message)

    await send_json(send, b"a" * size)

    start, *bodies = sent
    assert (b"content-length", b"%d" % size) in start["headers"]
    assert [message.get("more_body", False) for message in bodies] == [True, False][
        2 - len(bodies) :
    ]
    assert b"".join(message["body"] for message in bodies) == b"a" * size
    assert len(sent) == messages
