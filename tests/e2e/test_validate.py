"""`openactions validate` as people and their scripts use it: no server, a file, a pipe or a URL."""

import json
import os
import subprocess

import pytest

from services.schema.tests.schema_platform import Site, serving
from tests.e2e.platform_process import ENVIRONMENT, OPENACTIONS

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

TOP = 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\nservers: [{url: "https://api.acme.io"}]\n'
GET = '{operationId: a, summary: An a, responses: {"200": {description: x}}}'
CLEAN = f"{TOP}paths: {{/a: {{get: {GET}}}}}\n"
REPAIRABLE = f"""\
{TOP}paths:
  /a:
    post:  # no id yet
      summary: An a
      responses: {{200: {{description: x}}}}
"""
WRONG = f"{TOP}paths: {{/a: {{$ref: '#/nowhere'}}}}\n"


def validate(*arguments, text=None, **environment):
    raw = text.encode() if isinstance(text, str) else text
    ended = subprocess.run(
        [OPENACTIONS, "validate", *map(str, arguments)],
        input=raw,
        capture_output=True,
        timeout=60,
        env=ENVIRONMENT | environment,
        check=False,
    )
    ended.stdout, ended.stderr = ended.stdout.decode(), ended.stderr.decode()
    assert "Traceback" not in ended.stdout + ended.stderr
    return ended


@pytest.fixture
def file(tmp_path):
    return tmp_path / "openapi.yaml"


def test_a_valid_file_ends_with_0_and_a_table_of_its_actions(file):
    file.write_text(CLEAN)

    ended = validate(file)

    assert (ended.returncode, ended.stderr) == (0, "")
    heading, row, counts = ended.stdout.splitlines()
    assert heading.split() == ["action", "method", "path", "verdict"]
    assert row.split() == ["a", "GET", "/a", "ready"]
    assert counts == "1 action, 0 errors, 0 warnings"


def test_an_error_ends_with_1_and_stands_where_an_editor_finds_it(file):
    file.write_text(WRONG)

    ended = validate(file)

    assert ended.returncode == 1
    assert ended.stdout.startswith(f"{file}:4:")
    assert ": error schema.reference_dangling: " in ended.stdout
    assert ended.stdout.splitlines()[1].startswith("    ")  # the hint
    assert ended.stdout.endswith("0 actions, 1 error, 0 warnings\n")


def test_a_warning_alone_is_no_failure(file):
    file.write_text(REPAIRABLE)

    ended = validate(file)

    assert ended.returncode == 0
    assert ": warning schema.operation_id_missing: " in ended.stdout


def test_b11_repairing_goes_on_until_nothing_is_left(file):
    file.write_text(REPAIRABLE.replace("summary: An a", "summary: An a. Note: it is one"))

    ended = validate("--repair", file)

    assert ended.returncode == 0
    assert "1 action, 0 errors, 0 warnings" in ended.stdout
    assert 'summary: "An a. Note: it is one"' in file.read_text()
    assert "operationId: post_a" in file.read_text()


def test_standard_input_is_read_like_a_file():
    ended = validate("-", text=CLEAN)

    assert ended.returncode == 0
    assert "1 action, 0 errors" in ended.stdout


@pytest.mark.parametrize("text", ["", "<html>", "[1]", "{", b"\xff\xfe\x00", b"\x00" * 5_000])
def test_what_is_no_document_is_a_finding_and_ends_with_1(text):
    ended = validate("-", text=text)

    assert ended.returncode == 1
    assert "error schema.unparsable" in ended.stdout


def test_more_than_a_document_may_have_is_not_read(tmp_path):
    large = tmp_path / "large.yaml"
    with large.open("wb") as sparse:
        sparse.truncate(4 * 1024**3)

    ended = validate(large)

    assert "larger than 16 MB" in ended.stdout


@pytest.mark.parametrize("name", ["missing.yaml", ".", "missing[/red].yaml", "[bold]x", "a\x1b[2J"])
def test_an_unreadable_file_ends_with_2_and_a_sentence(tmp_path, name):
    ended = validate(tmp_path / name)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "Error" in ended.stderr
    assert "\x1b" not in ended.stderr


@pytest.mark.parametrize(
    "url",
    [
        "https://169.254.169.254/latest",
        "https://localhost/x",
        "http://example.com/x",
        "file:///etc/passwd",
        "https://[/red]",
        "://",
    ],
)
def test_a_refused_url_ends_with_2_and_the_reason(url):
    ended = validate(url)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "Invalid value" in ended.stderr


def test_a_url_is_fetched_and_bundled_on_request():
    with serving(Site()) as site:
        site.texts |= {
            "/openapi.yaml": f"{TOP}paths: {{/a: {{$ref: a.yaml}}, /b: {{$ref: gone.yaml}}}}\n",
            "/a.yaml": f"get: {GET}\n",
        }
        allowed = {"EGRESS_ALLOWED_ORIGINS": f"{site.origin}=127.0.0.1"}

        missing = validate(site.url("/nothing"), **allowed)
        alone = validate(site.url("/openapi.yaml"), **allowed)
        whole = validate(site.url("/openapi.yaml"), "--bundle", **allowed)

    assert missing.returncode == 2
    assert "404" in missing.stderr
    assert "0 actions, 2 errors" in alone.stdout
    assert "1 action, 1 error, 1 warning" in whole.stdout
    first = whole.stdout.splitlines()[0]
    assert first.startswith(f"{site.url('/openapi.yaml')}:1:1: warning schema.bundle_part_missing")


def test_bundling_a_file_is_refused_with_the_reason(file):
    file.write_text(CLEAN)

    ended = validate(file, "--bundle")

    assert ended.returncode == 2
    assert "needs a URL" in ended.stderr


def test_json_holds_everything_that_the_lines_say(file):
    file.write_text(REPAIRABLE)

    ended = validate(file, "--json")

    answer = json.loads(ended.stdout)
    assert set(answer) == {
        *("readable", "valid", "title", "version", "dialect"),
        *("findings", "more_findings", "operations"),
    }
    assert (answer["valid"], answer["dialect"]) == (True, "3.1")
    finding = next(f for f in answer["findings"] if f["code"] == "schema.operation_id_missing")
    assert set(finding) == {
        *("severity", "code", "message", "pointer", "line", "column", "hint", "repair"),
    }
    assert (finding["pointer"], finding["line"]) == ("/paths/~1a/post/operationId", 6)
    [operation] = answer["operations"]
    assert (operation["name"], operation["verdict"]) == ("post_a", "ready_with_warnings")


def test_json_of_what_cannot_be_read_is_json_too():
    ended = validate("-", "--json", text="{")

    assert ended.returncode == 1
    answer = json.loads(ended.stdout)
    assert (answer["readable"], answer["valid"], answer["operations"]) == (False, False, [])


def test_a_repair_changes_the_file_and_keeps_its_comments(file):
    file.write_text(REPAIRABLE)

    ended = validate(file, "--repair")

    repaired = file.read_text()
    assert "operationId: post_a" in repaired
    assert '"200": {description: x}' in repaired
    assert "# no id yet" in repaired
    assert "0 warnings" in ended.stdout
    assert validate(file).stdout == ended.stdout


@pytest.mark.parametrize("text", [CLEAN.encode(), b"\xff\xfe\x00nothing", b"<html>"])
def test_a_file_without_repairs_stays_byte_for_byte(file, text):
    file.write_bytes(text)
    os.utime(file, (1, 1))

    validate(file, "--repair")

    assert file.read_bytes() == text
    assert file.stat().st_mtime == 1


def test_a_file_in_utf_16_is_repaired_as_the_text_that_it_is(file):
    file.write_bytes(REPAIRABLE.replace("An a", "Grüße").encode("utf-16"))

    validate(file, "--repair")

    assert "summary: Grüße" in file.read_text("utf-8")
    assert "operationId: post_a" in file.read_text("utf-8")


def test_a_repair_of_standard_input_is_the_output_and_findings_go_to_standard_error():
    ended = validate("-", "--repair", text=REPAIRABLE)

    assert validate("-", text=ended.stdout).returncode == 0
    assert "operationId: post_a" in ended.stdout
    assert "1 action, 0 errors, 0 warnings" in ended.stderr
    as_json = validate("-", "--repair", "--json", text=REPAIRABLE)
    assert as_json.stdout == ended.stdout
    assert json.loads(as_json.stderr)["valid"]


def test_text_of_a_document_is_neither_markup_nor_control_of_the_terminal(tmp_path):
    path = "/[red]a[/red]/\\[bold]/[/nothing]\x1b[2J\u202e"
    operation = {"operationId": "[link=http://x]a", "responses": {"200": {"$ref": "#/[/x]\x1b"}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "[/]", "version": "1"},
        "servers": [{"url": "https://api.acme.io"}],
        "paths": {path: {"get": operation}},
    }
    file = tmp_path / "[bold]name.json"
    file.write_text(json.dumps(document))

    ended = validate(file, FORCE_COLOR="", TERM="dumb")

    assert "\x1b" not in ended.stdout
    assert "\u202e" not in ended.stdout
    assert "/[red]a[/red]/\\[bold]/[/nothing]\\u001b[2J\\u202e" in ended.stdout
    assert f"{file}:1:" in ended.stdout


def test_findings_come_in_the_order_of_the_text_whatever_their_kind(file):
    file.write_text(
        f"""\
{TOP}paths:
  /c/{{x}}: {{get: {{responses: {{200: {{description: x}}}}}}, post: {{responses: {{}}}}}}
  /a: {{$ref: '#/nowhere'}}
  a: {{get: {{operationId: x, tags: 1, responses: {{201: {{description: x}}}}}}, fetch: {{}}}}
components: {{schemas: {{S: {{type: strin}}}}}}
info: {{title: again, version: "1"}}
"""
    )

    findings = json.loads(validate(file, "--json").stdout)["findings"]

    places = [(finding["line"], finding["column"]) for finding in findings]
    assert len(places) > 8
    assert places == sorted(places)


def test_long_lines_stay_whole_in_a_pipe(file):
    long = "/a" * 150
    file.write_text(f"{TOP}paths: {{{long}: {{get: {GET}}}}}\n")

    [row] = [line for line in validate(file).stdout.splitlines() if long in line]

    assert row.split() == ["a", "GET", long, "ready"]
