"""T8: where data is kept, whatever folder one stands in."""

import asyncio
import logging
import os

from openactions_local.child import Child
from openactions_local.folder import DEFAULT_FOLDER, DataFolder, default_folder


def test_the_operators_token_is_drawn_once_and_readable_by_its_owner_alone(tmp_path):
    folder = DataFolder(tmp_path)
    assert folder.known_operator_token() is None
    folder.take()

    drawn = folder.operator_token()

    assert folder.operator_token() == folder.known_operator_token() == drawn
    assert len(drawn) == 64
    assert (tmp_path / "keys" / "operator-token").stat().st_mode & 0o777 == 0o600
    folder.release()


def test_a_folder_says_where_its_platform_is_while_it_runs(tmp_path):
    folder = DataFolder(tmp_path)
    assert folder.address() is None
    folder.take()
    folder.announce("http://127.0.0.1:8080")
    assert DataFolder(tmp_path).address() == "http://127.0.0.1:8080"
    folder.release()
    assert DataFolder(tmp_path).address() is None


def test_the_default_is_in_the_clone_whatever_folder_one_stands_in(tmp_path):
    assert default_folder(tmp_path) == (DEFAULT_FOLDER, "")
    assert default_folder(DEFAULT_FOLDER.parent) == (DEFAULT_FOLDER, "")
    assert (DEFAULT_FOLDER.parent / "openactions").is_file()


def former(tmp_path):
    kept = tmp_path / "here" / ".openactions"
    (kept / "keys").mkdir(parents=True)
    return kept


def test_data_of_an_earlier_release_is_found_with_a_line_that_says_so(tmp_path):
    kept = former(tmp_path)

    path, line = default_folder(kept.parent, tmp_path / "nothing")

    assert path == kept
    assert str(kept) in line


def test_two_platforms_data_have_names_of_their_own(tmp_path):
    kept = former(tmp_path)

    path, line = default_folder(kept.parent, tmp_path)

    assert path == tmp_path
    assert f"--data {kept} uses it" in line


def test_an_empty_folder_of_that_name_is_no_data(tmp_path):
    (tmp_path / ".openactions").mkdir()

    assert default_folder(tmp_path, tmp_path / "nothing") == (tmp_path / "nothing", "")


def test_logs_are_read_by_nobody_else_whatever_the_umask(tmp_path):
    (tmp_path / "logs").mkdir(mode=0o755)
    (tmp_path / "logs").chmod(0o755)
    before = os.umask(0)
    folder = DataFolder(tmp_path)
    try:
        folder.take()
        handler = folder.requests_log()
        handler.emit(logging.LogRecord("x", logging.INFO, "", 1, "x", (), None))
        child = Child("true", ["true"], tmp_path / "logs" / "true.log")
        child.log_path.touch(0o644)
        child.start()
    finally:
        os.umask(before)
        folder.release()
    asyncio.run(child.stop())
    handler.close()

    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "logs").iterdir()}
    assert (tmp_path / "logs").stat().st_mode & 0o777 == 0o700
    assert modes == {"requests.log": 0o600, "true.log": 0o600}
