"""H110: whatever is logged, a line stays a line, and no secret is in it."""

import json
import logging
import subprocess
import sys

import pytest

from kit import access_log, logs, trace

PRIVATE_KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----"
SECRETS = {
    "abcdef0123456789": "Bearer abcdef0123456789",
    "dXNlcjpwYXNz": "authorization: Basic dXNlcjpwYXNz",
    "0123456789abcdef": "the token oat_0123456789abcdef",
    "fedcba9876543210": "the key sk-fedcba9876543210",
    "c2lnbmF0dXJl": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "hunter2": "mongodb://root:hunter2@db/auth",
    "SplxlOBe": "https://api.example.com/cb?code=SplxlOBeZQQYbYS6WxSbIA&state=x",
    "2YotnFZF": "access_token=2YotnFZFEjr1zCsicMWpAA",
    "MIIEpAIB": PRIVATE_KEY,
}


LOG = logs.logger("test")


@pytest.fixture
def written(capsys):
    """What an act writes to the log, one JSON document a line."""
    root = logging.getLogger()
    before = root.handlers[:], root.level

    def written_by(act):
        logs.configure("json")
        act()
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    yield written_by
    access_log.ACCESS.close()
    root.handlers[:], root.level = before


def failing_with(text):
    def fail():
        try:
            int(text)
        except ValueError as error:
            LOG.exception("failed", exc_info=ValueError(text).with_traceback(error.__traceback__))

    return fail


@pytest.mark.parametrize("secret", SECRETS)
def test_what_looks_like_a_secret_is_redacted(secret):
    redacted = logs.redact(f"before {SECRETS[secret]} after")

    assert secret not in redacted
    assert "[redacted]" in redacted


@pytest.mark.parametrize(
    "text", ["a basic plan", "task-list", "the token_id of ws_1", "code 404", "https://example.com"]
)
def test_what_does_not_look_like_one_is_kept(text):
    assert logs.redact(text) == text


@pytest.mark.parametrize(
    "text", ["a\r\nb", "a\x1b[31mb", "a\x00b", "a\u2028b", "a\x9bb", "a\x7fb"], ids=ascii
)
def test_h110_control_characters_do_not_pass(text):
    assert all(character.isprintable() for character in logs.redact(text))


def test_h110_a_megabyte_is_cut():
    assert len(logs.redact("a" * 1_000_000)) <= logs.MAX_FIELD_CHARACTERS + 1


def test_h110_hostile_values_make_one_short_line(written):
    hostile = {"header": 'x\r\n{"event": "forged"}', "ansi": "\x1b[2J", "big": "b" * 1_000_000}

    [line] = written(lambda: LOG.warning("seen", **hostile))

    assert line["event"] == "seen"
    assert len(json.dumps(line)) < 4_000


def test_h110_lists_and_mappings_are_bounded_and_redacted_within(written):
    nested = {"k\n" * 9: {"authorization": "me"}, **{str(n): n for n in range(1_000)}}

    [line] = written(lambda: LOG.warning("seen", listed=["x\n"] * 100_000, nested=nested))

    assert len(line["listed"]) == len(line["nested"]) == logs.MAX_ITEMS
    assert "\\n" not in json.dumps(line)
    assert "me" not in json.dumps(line["nested"])


@pytest.mark.parametrize(
    "key", ["authorization", "api_key", "x-api-key", "client_secret", "set_cookie", "token"]
)
def test_a_key_that_names_a_secret_hides_any_value(written, key):
    [line] = written(lambda: LOG.info("seen", **{key: "plainly"}))

    assert line[key] == "[redacted]"


def test_a_token_id_is_no_secret(written):
    assert written(lambda: LOG.info("seen", token_id="tok_1"))[0]["token_id"] == "tok_1"


def test_a_traceback_keeps_its_lines_and_loses_its_secrets(written):
    [line] = written(failing_with(f"Bearer abcdef0123456789 and\n{PRIVATE_KEY}"))

    assert "Traceback" in line["exception"]
    assert "MIIEpAIB" not in line["exception"]
    assert "abcdef0123456789" not in line["exception"]


def test_h110_an_endless_traceback_is_cut(written):
    [line] = written(failing_with("x\n" * 1_000_000))

    assert len(line["exception"]) <= logs.MAX_TRACEBACK_CHARACTERS


def test_what_libraries_log_is_redacted_too(written):
    library = logging.getLogger("some.library")

    [line] = written(lambda: library.warning("calling with %s", "Bearer abcdef0123456789"))

    assert line["event"] == "calling with [redacted]"


def test_a_line_carries_the_trace_it_belongs_to(written):
    trace.begin(None)

    assert written(lambda: LOG.info("seen"))[0]["trace_id"] == trace.trace_id()


def test_who_forgets_to_configure_logs_no_local_variables():
    code = (
        "from kit import logs\n"
        "def fail(header):\n"
        "    raise ValueError('broken')\n"
        "try:\n"
        "    fail('planted-' + 'local')\n"
        "except ValueError:\n"
        "    logs.logger('x').exception('it_failed')\n"
    )

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "it_failed" in ran.stdout + ran.stderr
    assert "planted-local" not in ran.stdout + ran.stderr


def test_r7_a_traceback_within_a_librarys_message_is_whole(written):
    frames = "\n".join(f'  File "library.py", line {number}' for number in range(200))
    text = f"startup failed\nTraceback (most recent call last):\n{frames}\nValueError: ours"

    [line] = written(lambda: logging.getLogger("uvicorn.error").error(text))

    assert line["event"].startswith("startup failed")
    assert line["exception"].endswith("ValueError: ours")


def test_r7_of_an_endless_traceback_the_error_itself_stays(written):
    [line] = written(failing_with("x\n" * 1_000_000 + "the cause"))

    assert line["exception"].endswith("the cause")
