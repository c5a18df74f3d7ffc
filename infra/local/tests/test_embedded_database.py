"""What services are set to because the embedded database reads all that a filter matches."""

import tomllib
from base64 import b64encode
from pathlib import Path
from secrets import token_bytes

import pytest

from openactions_local.servers import mongodb_server
from openactions_local.services import (
    EMBEDDED_DATABASE,
    SETTINGS,
    Platform,
    has_servers,
    settings_of,
)


def root_keys(service):
    return f"{service}:{b64encode(token_bytes(32)).decode()}"


BLOBS = {"BLOBS_URL": "file:///not/read/here"}
SERVERS = ("mongodb://db", "nats://bus", root_keys, "")


def test_a13_pages_are_read_by_time_and_few_lists_at_once():
    platform = Platform(*SERVERS, settings=EMBEDDED_DATABASE | BLOBS)

    assert settings_of(platform, "execution").pages_by_time
    assert {
        settings_of(platform, service).max_lists for service in filter(has_servers, SETTINGS)
    } == {4}


def test_b6_services_delete_what_expired():
    platform = Platform(*SERVERS, settings=EMBEDDED_DATABASE | BLOBS)

    assert {
        settings_of(platform, service).deletes_expired for service in filter(has_servers, SETTINGS)
    } == {True}


def test_the_database_reads_no_settings_that_lie_about_elsewhere(tmp_path):
    command = mongodb_server(tmp_path, 1).command

    assert tomllib.loads(Path(command[command.index("--config") + 1]).read_text()) == {}


@pytest.mark.integration
def test_a_new_database_has_all_of_its_tables_before_it_is_started(tmp_path):
    (tmp_path / "data.unfinished").mkdir()
    (tmp_path / "data.unfinished" / "WiredTiger").write_text("half made")

    mongodb_server(tmp_path, 1)

    tables = {path.stem for path in (tmp_path / "data").glob("secantus_documents_sh*.wt")}
    assert tables == {f"secantus_documents_sh{shard}" for shard in range(16)}
    assert not (tmp_path / "data.unfinished").exists()


@pytest.mark.integration
def test_a_database_that_is_there_stays_as_it_is(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "kept").write_text("x")

    mongodb_server(tmp_path, 1)

    assert [path.name for path in (tmp_path / "data").iterdir()] == ["kept"]
