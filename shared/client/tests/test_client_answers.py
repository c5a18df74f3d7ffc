"""The SDK and the command line hand on an answer as it came (B13, W9)."""

import json
import subprocess
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from openactions import OpenActions

pytestmark = pytest.mark.integration

OPENACTIONS = Path(sys.executable).parent / "openactions"
ENVELOPE = '{{"id":"inv_1","outcome":"succeeded","status":200,"body":{body},"truncated":false}}'
DIGITS = '{"id": 123456789012345678901234567890, "id": 1e400, "é": "\\ud800"}'
DEEP = "[" * 1_024 + "]" * 1_024


@contextmanager
def answering(body):
    text = ENVELOPE.format(body=body).encode()

    class Platform(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_):
            """Nothing is logged."""

    with HTTPServer(("127.0.0.1", 0), Platform) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def printed(body):
    with answering(body) as url:
        command = [OPENACTIONS, "invoke", "gpt_1", "getPet"]
        return subprocess.run(
            [*command, "--token", "t", "--url", url], capture_output=True, check=True, text=True
        ).stdout


@pytest.mark.parametrize("body", [DIGITS, DEEP])
def test_the_sdk_has_the_text_beside_the_value(body):
    with answering(body) as url, OpenActions(url, "token") as platform:
        answer = platform.invoke("gpt_1", "getPet")

    assert answer.text == ENVELOPE.format(body=body)
    assert (answer["outcome"], answer["status"]) == ("succeeded", 200)


def test_the_sdk_reads_every_digit():
    with answering("[123456789012345678901234567890]") as url, OpenActions(url, "t") as platform:
        assert platform.invoke("gpt_1", "getPet")["body"] == [123456789012345678901234567890]


@pytest.mark.parametrize("body", [DIGITS, DEEP])
def test_the_command_line_prints_the_answer_as_it_is_spelled(body):
    assert "".join(printed(body).split()) == "".join(ENVELOPE.format(body=body).split())


def test_the_command_line_indents_what_it_prints():
    expected = json.loads(ENVELOPE.format(body="[1]"))

    assert printed("[1]") == json.dumps(expected, indent=2) + "\n"
