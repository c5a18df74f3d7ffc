"""T9: commands that list, read, change and delete, on a real platform, whose answers are compared
with the OpenAPI document (T18).
"""

import json
import subprocess

import pytest

from openactions import OpenActions
from tests.e2e.platform_process import ENVIRONMENT, OPENACTIONS, PlatformProcess
from tests.e2e.test_lists_and_versions import document

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]
OPERATOR_TOKEN = "5d0c9e1ab7f24386" * 2


@pytest.fixture(scope="module")
def platform(tmp_path_factory):
    form = ["--data", tmp_path_factory.mktemp("data"), "--port", "0"]
    operator = {"IDENTITY_OPERATOR_TOKEN": OPERATOR_TOKEN}
    with PlatformProcess(form, operator, up_within=120, compared=True) as up:
        yield up


@pytest.fixture
def run(platform):
    """What a command prints; `operator` runs it with the operator's token."""

    def run(*arguments, status=0, operator=False):
        known = {
            "OPENACTIONS_URL": platform.url,
            "OPENACTIONS_TOKEN": platform.token,
            **({"OPENACTIONS_OPERATOR_TOKEN": OPERATOR_TOKEN} if operator else {}),
        }
        ended = subprocess.run(
            [OPENACTIONS, *map(str, arguments)],
            env=ENVIRONMENT | known,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ended.returncode == status, ended.stdout + ended.stderr
        return ended.stdout.strip() if status == 0 else ended.stderr

    return run


def ids(listed):
    return [line.partition("\t")[0] for line in listed.splitlines()]


def test_t9_members_are_added_listed_changed_and_removed_by_commands(run):
    member = run("members", "add", "Ada", "--role", "builder")
    token = run("tokens", "create", "Ada's", "--member", member, "--days", 1)

    assert token.startswith("oat_")
    assert run("members", "list", "--q", "ada") == f"{member}\tbuilder\tAda\tperson\tyes\t-"
    run("members", "change", member, "--role", "user", "--name", "Ada L.")
    shown = json.loads(run("members", "show", member))
    assert (shown["role"], shown["name"]) == ("user", "Ada L.")
    [issued] = ids(run("tokens", "list", "--member", member))
    run("tokens", "revoke", issued)
    run("members", "remove", member)
    assert run("members", "list", "--q", "ada") == ""
    refused = run("members", "show", member, status=1)
    assert refused.startswith("Refused (")


def test_t9_schemas_gpts_and_versions_by_commands(run, platform, tmp_path):
    file = tmp_path / "openapi.yaml"
    file.write_text(document("Listed", 9).replace("http:", "https:").replace(":9", ""))
    schema = run("import", file)
    gpt = run("create-gpt", "Of commands")
    action = run("bind", gpt, schema)
    assert ids(run("schemas", "list", "--q", "listed")) == [schema]
    assert json.loads(run("schemas", "show", schema))["title"] == "Listed"
    assert json.loads(run("actions", "show", gpt, action))["schema_id"] == schema
    assert "schema.in_use" in run("schemas", "delete", schema, status=1)
    assert ids(run("gpts", "list", "--q", "commands")) == [gpt]
    run("actions", "delete", gpt, action)

    assert run("publish", gpt) == "1"
    with OpenActions(platform.url, platform.token) as owner:
        owner.patch(f"/v1/gpts/{gpt}", {"description": "Changed"})
    assert run("publish", gpt) == "2"
    assert ids(run("versions", "list", gpt)) == ["2", "1"]
    assert json.loads(run("versions", "show", gpt, 1))["published"] is False
    run("versions", "restore", gpt, 1)
    run("unpublish", gpt)
    assert json.loads(run("gpts", "show", gpt))["published_version"] is None
    run("gpts", "delete", gpt)
    run("schemas", "delete", schema)
    assert (run("gpts", "list"), run("schemas", "list")) == ("", "")


def test_t9_domains_and_calls_by_commands(run, platform):
    run("allow-domain", "api.example.com")
    assert run("domains", "list", "--q", "api") == "api.example.com"
    run("domains", "remove", "api.example.com")
    assert run("domains", "list") == ""
    assert run("invocations", "list", "--outcome", "succeeded") == ""
    with OpenActions(platform.url, platform.token) as owner:
        assert list(owner.domains()) == []


def test_t9_the_operator_lists_closes_and_restores_workspaces_by_commands(run):
    token = run("workspaces", "create", "Veterinary", operator=True)
    [workspace] = ids(run("workspaces", "list", "--q", "veter", operator=True))

    assert token.startswith("oat_")
    assert run("workspaces", "close", workspace, "--title", "Other", status=1, operator=True)
    run("workspaces", "close", workspace, "--title", "Veterinary", operator=True)
    assert json.loads(run("workspaces", "show", workspace, operator=True))["closing_until"]
    run("workspaces", "restore", workspace, operator=True)
    assert json.loads(run("workspaces", "show", workspace, operator=True))["closing_until"] is None
    assert len(ids(run("workspaces", "list", "--all", operator=True))) == 2
