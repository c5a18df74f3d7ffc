"""W1: arguments leave the SDK and the command as they were written, digit for digit."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
import typer
from typer.testing import CliRunner

from openactions import OpenActions
from openactions.commands import invoke

pytestmark = pytest.mark.integration
EXACT = (
    '{"a": 0.1000000000000000000001, "b": [1e400, 1.0, -0], "c": 123456789012345678901234567890}'
)


@contextmanager
def platform():
    """Answers every call as succeeded; yields its URL and the bodies that it got."""
    bodies = []

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self):
            bodies.append(self.rfile.read(int(self.headers["content-length"])).decode())
            self.send_response(200)
            self.send_header("content-type", self.headers["content-type"])
            self.end_headers()
            self.wfile.write(b'{"outcome":"succeeded"}')

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", bodies
        finally:
            server.shutdown()


def test_w1_the_sdk_sends_text_as_it_is():
    with platform() as (url, bodies), OpenActions(url, "token") as client:
        answer = client.invoke("gpt_1", "addPet", EXACT, stage="draft")
    assert answer == {"outcome": "succeeded"}
    [sent] = bodies
    names = '{"gpt_id": "gpt_1", "operation": "addPet", "stage": "draft"'
    assert sent == f'{names}, "arguments": {EXACT}}}'


def test_w1_the_sdk_sends_integers_of_any_size_and_no_arguments_as_an_object():
    with platform() as (url, bodies), OpenActions(url, "token") as client:
        client.invoke("gpt_1", "addPet", {"n": 10**40})
        client.invoke("gpt_1", "addPet")
    assert [json.loads(body)["arguments"] for body in bodies] == [{"n": 10**40}, {}]


@pytest.mark.parametrize("text", ["", "{", '{}, "stage": "draft"', '{"a": NaN}', "{'a': 1}"])
def test_the_sdk_refuses_text_that_is_no_json(text):
    client = OpenActions("http://127.0.0.1:1", "token")
    with client, pytest.raises(ValueError, match=r"."):
        client.invoke("gpt_1", "addPet", text)


def test_w1_the_command_sends_its_arguments_as_they_are():
    app = typer.Typer()
    app.command()(invoke)
    with platform() as (url, bodies):
        called = ["gpt_1", "addPet", "--token", "t", "--url", url, "--arguments"]
        done = CliRunner().invoke(app, [*called, EXACT])
        refused = CliRunner().invoke(app, [*called, '{"a": 01}'])
    assert done.exit_code == 0, done.output
    assert EXACT in bodies[0]
    assert (refused.exit_code, len(bodies)) == (2, 1)


CHOSEN = {"content_type": "application/xml", "accept": "text/csv"}


def test_the_sdk_sends_the_media_types_that_are_chosen_and_else_none():
    with platform() as (url, bodies), OpenActions(url, "token") as client:
        client.invoke("gpt_1", "addPet", **CHOSEN)
        client.invoke("gpt_1", "addPet")
    chosen, plain = (json.loads(body) for body in bodies)
    assert {name: chosen.get(name) for name in CHOSEN} == CHOSEN
    assert plain.keys() == {"gpt_id", "operation", "arguments"}


def test_the_command_sends_the_media_types_that_are_chosen():
    app = typer.Typer()
    app.command()(invoke)
    with platform() as (url, bodies):
        called = ["gpt_1", "addPet", "--token", "t", "--url", url]
        options = ["--content-type", "application/xml", "--accept", "text/csv"]
        done = CliRunner().invoke(app, [*called, *options])
    assert done.exit_code == 0, done.output
    assert json.loads(bodies[0]) == {
        "gpt_id": "gpt_1", "operation": "addPet", **CHOSEN, "arguments": {}
    }  # fmt: skip
