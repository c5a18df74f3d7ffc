"""Secrets for docker-compose.yml: made once, kept for ever, for their owner's eyes."""

import base64
import re
import stat

import pytest


@pytest.fixture
def fill(program):
    return program("infra/fill_env.py")


@pytest.fixture
def compose(tmp_path):
    path = tmp_path / "docker-compose.yml"
    path.write_text("a: ${AUTH_KEYS:?}\nb: ${NATS_PASSWORD:?}\nc: ${PORT:-80}\n")
    return path


def test_what_is_missing_is_written_for_the_owner_alone(fill, compose, tmp_path):
    env = tmp_path / ".env"

    fill.main(compose, env)

    names = re.findall(r"(?m)^([A-Z_]+)=\S{32,}$", env.read_text())
    assert names == ["AUTH_KEYS", "NATS_PASSWORD"]
    assert stat.S_IMODE(env.stat().st_mode) == 0o600


def test_only_a_new_installation_begins_with_keys_of_workspaces(fill, compose, tmp_path):
    new, old = tmp_path / "new", tmp_path / "old"
    old.write_text("NATS_PASSWORD=chosen\n")

    for env in (new, old):
        fill.main(compose, env)

    assert "KEYS_PER_WORKSPACE=true\n" in new.read_text()
    assert "KEYS_PER_WORKSPACE" not in old.read_text()


def test_what_is_there_stays(fill, compose, tmp_path):
    env = tmp_path / ".env"
    env.write_text("NATS_PASSWORD=chosen\nAUTH_KEYS=")

    fill.main(compose, env)
    once = env.read_text()
    fill.main(compose, env)

    assert once.startswith("NATS_PASSWORD=chosen\nAUTH_KEYS=\nAUTH_KEYS=first:")
    assert env.read_text() == once


@pytest.mark.parametrize("setting", ["AUTH_KEYS", "NAME_KEYS"])
def test_the_first_key_is_one_that_a_service_takes(fill, setting):
    name, _, key = fill.fresh(setting).partition(":")

    assert (name, len(base64.b64decode(key))) == ("first", 32)


def test_no_two_secrets_are_alike(fill):
    assert fill.fresh("A") != fill.fresh("A")


def test_every_secret_of_the_compose_file_is_filled(fill, root, tmp_path):
    fill.main(root / "docker-compose.yml", tmp_path / ".env")

    wanted = fill.wanted((root / "docker-compose.yml").read_text())
    assert len(wanted) == 21
    assert fill.present((tmp_path / ".env").read_text()) == {*wanted, "KEYS_PER_WORKSPACE"}
