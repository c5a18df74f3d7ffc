"""B1, B2: what is published and who may use it, whatever happens to the draft; through the whole
embedded platform, with real APIs on two hosts.
"""

import threading
from collections import defaultdict
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic, sleep

import pytest

from openactions import OpenActions, ProblemError
from tests.e2e.platform_process import PlatformProcess
from tests.quotas import NO_QUOTAS

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]
A, B = "old.example.com", "new.example.com"
UNKNOWN = "execution.operation_not_found"
IN_FORCE_SECONDS = 1.0
"""After a change is answered, whatever it gives or takes: a replica is notified by a message that
may come after the answer, and until then goes by what it cached (decision 1).
"""


@contextmanager
def apis():
    """One server for both hosts; `keys` says which keys each of them was sent."""
    keys = defaultdict(list)

    class Api(BaseHTTPRequestHandler):
        def do_GET(self):
            host = self.headers["host"].partition(":")[0]
            keys[host].append((self.headers["authorization"] or "").removeprefix("Bearer "))
            body = b'{"host": "%s"}' % host.encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port, keys
    finally:
        server.shutdown()
        server.server_close()


def document(host, port):
    return f"""
openapi: 3.1.0
info: {{title: Things, version: "1"}}
servers: [{{url: "http://{host}:{port}"}}]
paths:
  /thing:
    get: {{operationId: getThing, responses: {{"200": {{description: ok}}}}}}
"""


@pytest.fixture(scope="module")
def platform(tmp_path_factory):
    with apis() as (port, keys):
        form = ["--data", tmp_path_factory.mktemp("data"), "--port", "0", "--demo-port", port]
        passed = ",".join(f"http://{host}:{port}=127.0.0.1" for host in (A, B))
        with PlatformProcess(form, {"EGRESS_ALLOWED_ORIGINS": passed}, compared=True) as up:
            yield up, port, keys


@pytest.fixture
def owner(platform):
    up, _, keys = platform
    keys.clear()
    with OpenActions(up.url, up.token) as owner:
        owner.put("/v1/domains", {"mode": "list", "domains": [A, B]})
        owner.patch("/v1/settings", NO_QUOTAS)
        yield owner


def schema_of(owner, host, port):
    stored = owner.post_document("/v1/schemas", document(host, port), "application/yaml")
    return stored["id"]


def published(owner, port, key="key-of-A", **publication):
    """A GPT whose action calls A with that key."""
    gpt_id = owner.post("/v1/gpts", {"name": "Things"})["id"]
    bound = owner.post(f"/v1/gpts/{gpt_id}/actions", {"schema_id": schema_of(owner, A, port)})
    enter(owner, bound["id"], key)
    owner.post(f"/v1/gpts/{gpt_id}/publish", publication or None)
    return gpt_id, bound["id"]


def enter(owner, action_id, key):
    owner.put(
        f"/v1/credentials/{action_id}", {"type": "api_key", "placement": "bearer", "token": key}
    )


def refusal(promise, *arguments, **named):
    """Its code; None where nothing was refused."""
    try:
        promise(*arguments, **named)
    except ProblemError as refused:
        return refused.code
    return None


def comes_in_force(wanted, look):
    """`look` returns that, at the latest once a change must be in force."""
    until = monotonic() + IN_FORCE_SECONDS
    while True:
        is_late, seen = monotonic() >= until, look()
        if seen == wanted:
            return
        assert not is_late, f"{seen!r} instead of {wanted!r}, a second after the change"
        sleep(0.02)


def member(owner, up, role):
    """Somebody else of the workspace, with a token of theirs."""
    made = owner.post("/v1/members", {"name": role, "role": role})
    token = owner.post("/v1/tokens", {"member_id": made["id"], "name": "test"})
    return made["id"], OpenActions(up.url, token["token"])


def test_b1_an_unpublished_edit_and_its_key_leave_published_calls_alone(platform, owner):
    _, port, keys = platform
    gpt_id, action_id = published(owner, port)

    schema_id = schema_of(owner, B, port)
    owner.put(f"/v1/gpts/{gpt_id}/actions/{action_id}", {"schema_id": schema_id})
    enter(owner, action_id, "key-of-B")

    assert owner.invoke(gpt_id, "getThing")["body"] == {"host": A}
    assert owner.invoke(gpt_id, "getThing", stage="draft")["body"] == {"host": B}
    assert (keys[A], keys[B]) == (["key-of-A"], ["key-of-B"])

    owner.post(f"/v1/gpts/{gpt_id}/publish")
    comes_in_force({"host": B}, lambda: owner.invoke(gpt_id, "getThing")["body"])
    assert ({*keys[A]}, {*keys[B]}) == ({"key-of-A"}, {"key-of-B"})


def test_an_action_that_left_the_draft_goes_on_until_the_next_publication(platform, owner):
    _, port, keys = platform
    gpt_id, action_id = published(owner, port)

    owner.delete(f"/v1/gpts/{gpt_id}/actions/{action_id}")

    assert owner.invoke(gpt_id, "getThing")["status"] == 200
    owner.post(f"/v1/gpts/{gpt_id}/publish")
    comes_in_force(UNKNOWN, lambda: refusal(owner.invoke, gpt_id, "getThing"))
    assert {*keys[A]} == {"key-of-A"}


def test_an_unpublished_gpt_is_called_by_nobody(platform, owner):
    _, port, _ = platform
    gpt_id, _ = published(owner, port)
    owner.invoke(gpt_id, "getThing")

    owner.post(f"/v1/gpts/{gpt_id}/unpublish")

    comes_in_force(UNKNOWN, lambda: refusal(owner.invoke, gpt_id, "getThing"))


@pytest.mark.parametrize("role", ["user", "builder"])
def test_b2_a_private_gpt_is_its_owners_and_its_lists(platform, owner, role):
    up, port, _ = platform
    gpt_id, action_id = published(owner, port)
    member_id, somebody = member(owner, up, role)
    with somebody:
        assert refusal(somebody.invoke, gpt_id, "getThing") == UNKNOWN
        assert refusal(somebody.get, f"/v1/gpts/{gpt_id}") == "catalog.gpt_not_found"
        assert gpt_id not in {item["id"] for item in somebody.get("/v1/gpts")["items"]}

        listed = {"members": [{"member_id": member_id, "level": "can_chat"}]}
        owner.put(f"/v1/gpts/{gpt_id}/access", listed)
        comes_in_force(None, lambda: refusal(somebody.invoke, gpt_id, "getThing"))
        mine = somebody.invoke(gpt_id, "getThing")
        theirs = owner.invoke(gpt_id, "getThing")

        assert (mine["status"], theirs["status"]) == (200, 200)
        assert "instructions" not in somebody.get(f"/v1/gpts/{gpt_id}")
        assert gpt_id in {item["id"] for item in somebody.get("/v1/gpts")["items"]}
        assert refusal(somebody.get, f"/v1/gpts/{gpt_id}/access") == "access.level_too_low"
        assert somebody.invocation(mine["id"])["outcome"] == "succeeded"
        other = f"/v1/invocations/{theirs['id']}"
        assert refusal(somebody.get, other) == "execution.invocation_not_found"
        if role == "builder":
            key = {"type": "api_key", "placement": "bearer", "token": "mine"}
            entered = (somebody.put, f"/v1/credentials/{action_id}", key)
            assert refusal(*entered) == "access.level_too_low"

        owner.put(f"/v1/gpts/{gpt_id}/access", {"members": []})
        comes_in_force(UNKNOWN, lambda: refusal(somebody.invoke, gpt_id, "getThing"))


def test_b1_the_draft_of_a_private_gpt_is_called_by_whoever_may_edit_it(platform, owner):
    up, port, keys = platform
    gpt_id, _ = published(owner, port)
    listed = {
        "edits": ("builder", "can_edit"),
        "views": ("builder", "can_view"),
        "chats": ("builder", "can_chat"),
        "is no builder": ("user", "can_edit"),
    }
    people = {who: member(owner, up, role) for who, (role, _) in listed.items()}
    for who, role in (("owns", "builder"), ("is an admin", "admin"), ("is on no list", "builder")):
        people[who] = member(owner, up, role)
    access = {
        "owner": people["owns"][0],
        "members": [
            {"member_id": people[who][0], "level": level} for who, (_, level) in listed.items()
        ],
    }
    owner.put(f"/v1/gpts/{gpt_id}/access", access)

    said = {}
    for who, (_, somebody) in people.items():
        with somebody:
            said[who] = refusal(somebody.invoke, gpt_id, "getThing", stage="draft")

    assert said == {
        "edits": None,
        "owns": None,
        "views": "access.level_too_low",
        "chats": "access.level_too_low",
        "is no builder": "access.builders_only",
        "is an admin": "access.private",
        "is on no list": UNKNOWN,
    }
    assert refusal(owner.invoke, gpt_id, "getThing", stage="draft") == "access.private"
    assert keys[A] == ["key-of-A"] * 2


def test_a_member_who_is_removed_calls_nothing_a_second_later(platform, owner):
    up, port, _ = platform
    gpt_id, _ = published(owner, port, sharing="workspace")
    member_id, somebody = member(owner, up, "builder")
    with somebody:
        assert somebody.invoke(gpt_id, "getThing")["status"] == 200
        owner.delete(f"/v1/members/{member_id}")
        comes_in_force(
            "identity.token_invalid", lambda: refusal(somebody.invoke, gpt_id, "getThing")
        )
