"""T9: what a platform keeps is listed, read, changed and deleted by commands; lists page."""

import json
import subprocess
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from openactions import OpenActions, ProblemError

pytestmark = pytest.mark.integration
OPENACTIONS = Path(sys.executable).parent / "openactions"
STORED = 230
"""Members in a list, more than two of its pages."""
LISTS = {
    *("entries", "gpts", "invitations", "invocations", "members", "schemas", "tokens", "versions"),
    "workspaces",
}
ONE = dict.fromkeys(("id", "token", "closing_until", "url"), "x_1") | {
    "name": "[b]Ada",
    "role": "admin",
}
"""Of any kind."""
PROBLEM = {
    "type": "about:blank",
    "title": "Conflict",
    "status": 409,
    "code": "schema.in_use",
    "detail": "An action uses this schema.",
    "hint": "Delete the action first.",
    "trace_id": "0af7651916cd43dd8448eb211c80319c",
}


def page(query):
    """Of a list of `STORED` items, as the routes cut it; the cursor is where it goes on."""
    limit = int(query.get("limit", ["25"])[0])
    start = int(query.get("cursor", ["0"])[0])
    numbers = range(start, min(start + limit, STORED))
    items = [{"id": f"mem_{n}", "role": "user", "name": f"No.\t{n}\x1b[31m"} for n in numbers]
    more = start + limit < STORED
    return {"items": items, "next_cursor": str(start + limit) if more else None}


@contextmanager
def platform():
    """Yields its URL and `(method, path, query, headers, body)` of each request."""
    requests = []

    class Answers(BaseHTTPRequestHandler):
        def answer(self):
            target = urlsplit(self.path)
            query = parse_qs(target.query)
            size = int(self.headers.get("content-length") or 0)
            body = json.loads(self.rfile.read(size)) if size else None
            requests.append((self.command, target.path, query, self.headers, body))
            if target.path.startswith("/v1/schemas/") and self.command == "DELETE":
                self.reply(409, PROBLEM)
            elif self.command == "GET" and target.path.rpartition("/")[2] in LISTS:
                self.reply(200, page(query))
            else:
                self.reply(200, ONE)

        def reply(self, status, value):
            text = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(text)))
            self.send_header("etag", '"7"')
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815 - http.server's names

        def log_message(self, *_):
            """Nothing is logged."""

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", requests
        finally:
            server.shutdown()


def run(url, *arguments):
    command = [OPENACTIONS, *arguments, "--token", "t", "--url", url]
    return subprocess.run(command, capture_output=True, check=False, text=True, timeout=30)


@pytest.mark.parametrize(
    ("options", "shown", "pages"),
    [([], 50, [51]), (["--limit", "120"], 120, [100, 100]), (["--all"], STORED, [100, 100, 100])],
)
def test_t9_a_list_shows_as_many_as_are_wanted_page_after_page(options, shown, pages):
    with platform() as (url, requests):
        ended = run(url, "members", "list", *options)

    lines = ended.stdout.splitlines()
    assert ended.returncode == 0, ended.stderr
    assert len(lines) == shown
    assert lines[0] == "mem_0\tuser\tNo. 0 [31m\t-\t-\t-"
    assert [int(query["limit"][0]) for _, _, query, *_ in requests] == pages
    assert ("There are more" in ended.stderr) is (shown < STORED)


def test_t9_a_list_has_the_filters_of_its_route_and_every_member_as_json():
    with platform() as (url, requests):
        options = ["--role", "admin", "--q", "a&b", "--limit", "2", "--json"]
        ended = run(url, "members", "list", *options)

    assert [item["id"] for item in json.loads(ended.stdout)] == ["mem_0", "mem_1"]
    [(_, path, query, *_)] = requests
    assert path == "/v1/members"
    assert query == {"limit": ["3"], "role": ["admin"], "q": ["a&b"]}


@pytest.mark.parametrize(
    ("command", "method", "path", "body"),
    [
        ("schemas show sch_1", "GET", "/v1/schemas/sch_1", None),
        ("gpts show gpt_1", "GET", "/v1/gpts/gpt_1", None),
        ("gpts delete gpt_1", "DELETE", "/v1/gpts/gpt_1", None),
        ("actions show gpt_1 act_1", "GET", "/v1/gpts/gpt_1/actions/act_1", None),
        ("actions delete gpt_1 act_1", "DELETE", "/v1/gpts/gpt_1/actions/act_1", None),
        ("unpublish gpt_1", "POST", "/v1/gpts/gpt_1/unpublish", None),
        ("versions show gpt_1 2", "GET", "/v1/gpts/gpt_1/versions/2", None),
        ("versions restore gpt_1 2", "POST", "/v1/gpts/gpt_1/versions/2/restore", None),
        ("members show mem_1", "GET", "/v1/members/mem_1", None),
        ("members add Ada", "POST", "/v1/members", {"name": "Ada", "role": "user"}),
        ("members change mem_1 --role admin", "PATCH", "/v1/members/mem_1", {"role": "admin"}),
        ("members remove ../mem_1", "DELETE", "/v1/members/..%2Fmem_1", None),
        ("members add CI --service", "POST", "/v1/members", "name role kind"),
        ("members change mem_1 --email a@b.c", "PATCH", "/v1/members/mem_1", {"email": "a@b.c"}),
        ("members deactivate mem_1", "PATCH", "/v1/members/mem_1", {"active": False}),
        ("members activate mem_1", "PATCH", "/v1/members/mem_1", {"active": True}),
        ("members invite a@b.c", "POST", "/v1/members/invitations", "email role"),
        ("members uninvite ivt_1", "DELETE", "/v1/members/invitations/ivt_1", None),
        ("members sign-in-link mem_1", "POST", "/v1/members/mem_1/sign-in-links", None),
        ("tokens create A --scope a --scope b", "POST", "/v1/tokens", "name scopes"),
        ("tokens create Laptop --days 9", "POST", "/v1/tokens", "name expires_in_days"),
        ("tokens revoke tok_1", "DELETE", "/v1/tokens/tok_1", None),
        ("domains remove example.com", "DELETE", "/v1/domains/example.com", None),
        ("invocations show inv_1", "GET", "/v1/invocations/inv_1", None),
        ("workspaces show ws_1", "GET", "/v1/workspaces/ws_1", None),
        ("workspaces close ws_1 --title T", "DELETE", "/v1/workspaces/ws_1", {"title": "T"}),
        ("workspaces restore ws_1", "POST", "/v1/workspaces/ws_1/restore", None),
    ],
)
def test_t9_each_route_has_a_command(command, method, path, body):
    with platform() as (url, requests):
        ended = run(url, *command.split())

    [(asked, target, _, headers, sent)] = requests
    assert "Traceback" not in ended.stderr
    assert (asked, target, headers["authorization"]) == (method, path, "Bearer t")
    assert sent == body if not isinstance(body, str) else [*sent] == body.split()


def test_members_are_listed_by_what_they_are_and_invitations_too():
    with platform() as (url, requests):
        run(url, "members", "list", "--kind", "service", "--inactive", "--limit", "1")
        run(url, "members", "invitations", "--limit", "1")

    (_, _, query, *_), (_, second, *_) = requests
    assert query == {"limit": ["2"], "kind": ["service"], "active": ["false"]}
    assert second == "/v1/members/invitations"


def test_calls_and_their_records_are_asked_for_on_behalf_of_a_member():
    member = ("--on-behalf-of", "ada@example.com")
    with platform() as (url, requests), OpenActions(url, "t", on_behalf_of="mem_1") as client:
        run(url, "invocations", "list", *member)
        run(url, "invocations", "show", "inv_1", *member)
        run(url, "invoke", "gpt_1", "getWeather", *member)
        client.get("/v1/tools", gpt_id="gpt_1")
        run(url, "members", "list")

    named = [headers["openactions-user"] for _, _, _, headers, _ in requests]
    assert named == [*["ada@example.com"] * 3, "mem_1", None]


@pytest.mark.parametrize("group", ["schemas", "gpts", "tokens", "domains/entries", "workspaces"])
def test_t9_each_list_is_its_routes(group):
    with platform() as (url, requests):
        run(url, group.partition("/")[0], "list", "--q", "x", "--limit", "1")

    assert (requests[0][1], requests[0][2]) == (f"/v1/{group}", {"limit": ["2"], "q": ["x"]})


def test_t9_calls_and_versions_are_listed_with_their_filters():
    with platform() as (url, requests):
        run(url, "invocations", "list", "--gpt", "gpt_1", "--outcome", "failed")
        run(url, "versions", "list", "gpt_1")

    (_, first, query, *_), (_, second, *_) = requests
    assert (first, second) == ("/v1/invocations", "/v1/gpts/gpt_1/versions")
    assert query == {"limit": ["51"], "gpt_id": ["gpt_1"], "outcome": ["failed"]}


def test_t9_a_refusal_is_printed_with_its_code_its_sentence_and_its_hint():
    with platform() as (url, _):
        ended = run(url, "schemas", "delete", "sch_1")

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.splitlines() == [
        "Refused (schema.in_use): An action uses this schema.",
        "Delete the action first.",
    ]


def test_a_name_of_somebody_else_is_text_in_what_is_printed():
    with platform() as (url, _):
        ended = run(url, "members", "change", "mem_1", "--name", "[b]Ada")

    assert ended.stderr == "[b]Ada is admin.\n"


def test_nothing_to_change_is_a_usage_error_before_anybody_is_asked():
    with platform() as (url, requests):
        ended = run(url, "members", "change", "mem_1")

    assert (ended.returncode, requests) == (2, [])


def test_a_change_may_depend_on_the_revision_that_was_read():
    with platform() as (url, requests), OpenActions(url, "t") as client:
        rules = client.get("/v1/domains/entries")
        client.delete("/v1/domains/example.com", if_match=rules.etag)
        with pytest.raises(ProblemError):
            client.delete_schema("sch_1")

    assert [headers["if-match"] for _, _, _, headers, _ in requests] == [None, '"7"', None]
