"""`openactions validate` with what a document leaves open."""

import json

import pytest
import typer
from typer.testing import CliRunner

from openactions_local.validate import validate

OPERATION = {"operationId": "a", "summary": "s", "responses": {"200": {"description": "d"}}}
HEAD = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}}
PATHS = {"/a": {"get": OPERATION}}


@pytest.fixture
def run(tmp_path):
    app = typer.Typer()
    app.command()(validate)
    file = tmp_path / "openapi.json"

    def run(servers, *options):
        members = {} if servers is None else {"servers": servers}
        file.write_text(json.dumps({**HEAD, **members, "paths": PATHS}, indent=1))
        ended = CliRunner().invoke(app, [str(file), *options], env={"COLUMNS": "200"})
        return ended, json.loads(file.read_text())

    return run


def test_b05_the_lines_say_which_option_a_repair_needs(run):
    ended, after = run(None, "--repair")

    assert ended.exit_code == 1
    assert "--repair --base-url URL: Add your API's base URL" in ended.output
    assert "servers" not in after


def test_b05_a_base_url_is_written_into_the_document(run):
    ended, after = run(None, "--repair", "--base-url", "https://api.acme.io/v1/")

    assert ended.exit_code == 0
    assert after["servers"] == [{"url": "https://api.acme.io/v1"}]


def test_b05_a_base_url_without_repair_changes_no_file(run):
    ended, after = run(None, "--base-url", "https://api.acme.io")

    assert (ended.exit_code, "servers" in after) == (0, False)
    assert "schema.server_given" in ended.output


def test_b07_a_server_variable_is_written_as_its_default(run):
    servers = [{"url": "https://{tenant}.acme.io"}]

    ended, after = run(servers, "--repair", "--server-variable", "tenant=ours")

    assert ended.exit_code == 0
    assert after["servers"][0]["variables"] == {"tenant": {"default": "ours"}}
    assert "--server-variable tenant=VALUE" in run(servers)[0].output


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--base-url", "api.acme.io"], "absolute URL"),
        (["--base-url", "https://YOUR_API"], "underscore"),
        (["--server-variable", "tenant"], "NAME=VALUE"),
        (["--server-variable", "=x"], "NAME=VALUE"),
    ],
)
def test_a_wrong_value_is_a_sentence(run, options, said):
    ended, _ = run(None, *options)

    assert ended.exit_code == 2
    assert said in ended.output


@pytest.mark.parametrize(
    "servers", [[{"url": "http://localhost:5003"}], [{"url": "https://api.acme.io"}]]
)
def test_b04_a_base_url_that_may_not_be_called_is_refused_and_not_written(run, servers):
    ended, after = run(servers, "--repair", "--base-url", "https://10.0.0.1")

    assert ended.exit_code == 2
    assert "IP address" in ended.output
    assert after["servers"] == servers


def test_n5_a_server_variable_replaces_the_default_that_the_document_has(run):
    servers = [{"url": "https://{tenant}.acme.io", "variables": {"tenant": {"default": "acme"}}}]

    ended, after = run(servers, "--repair", "--server-variable", "tenant=globex")

    assert ended.exit_code == 0
    assert after["servers"][0]["variables"] == {"tenant": {"default": "globex"}}


@pytest.mark.parametrize(
    ("option", "code"),
    [
        (["--server-variable", "foo=1"], "schema.server_variable_unknown"),
        (["--base-url", "https://api.foo.dev"], "schema.base_url_unused"),
    ],
)
@pytest.mark.parametrize("how", [[], ["--repair"]])
def test_n5_a_value_that_is_not_used_is_said(run, option, code, how):
    ended, after = run([{"url": "https://api.acme.io"}], *how, *option)

    assert ended.exit_code == 0
    assert code in ended.output
    assert after["servers"] == [{"url": "https://api.acme.io"}]


def test_n9b_4_each_repair_that_was_made_is_said_on_standard_error(run):
    ended, _ = run([{"url": "api.acme.io"}, {"url": "b.acme.io"}], "--repair", "--json")

    said = [line for line in ended.stderr.splitlines() if line.startswith("Repaired: ")]
    assert said
    assert json.loads(ended.stdout)["valid"] is True


def test_nc16_a_repair_that_was_made_says_its_line_and_what_it_is_in(run):
    ended, _ = run([{"url": "api.acme.io"}], "--repair")

    said = [line for line in ended.stderr.splitlines() if line.startswith("Repaired: ")]
    assert [line.partition(" (")[2] for line in said] == ["line 9, servers > 0 > url)."]


def test_n9b_4_where_nothing_was_repaired_nothing_is_said(run):
    ended, _ = run([{"url": "https://api.acme.io"}], "--repair")

    assert "Repaired" not in ended.output
