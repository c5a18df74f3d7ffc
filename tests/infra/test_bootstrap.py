"""`./openactions` on machines that are not ready for it: a sentence, never a traceback."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PATH = f"{Path(sys.executable).parent}:/usr/bin:/bin"
ANY_PIN = "nothing-real==1.0 \\\n    --hash=sha256:" + "0" * 64 + "\n"


@pytest.fixture
def clone(root, tmp_path):
    """A workspace of one member and one dependency that no index has."""
    shutil.copy(root / "openactions", tmp_path)
    (tmp_path / "requirements.lock").write_text(ANY_PIN)
    (tmp_path / "requirements-dev.lock").write_text("uv==0.13.9 \\\n    --hash=sha256:00\n")
    (tmp_path / "pyproject.toml").write_text('[tool.uv.workspace]\nmembers = ["shared/*"]\n')
    (tmp_path / "shared" / "kit").mkdir(parents=True)
    (tmp_path / "shared" / "kit" / "pyproject.toml").write_text("[project]\n")
    return tmp_path


def start(clone, *arguments):
    """Run the script as a newcomer does who has uv and no network."""
    return subprocess.run(
        [sys.executable, clone / "openactions", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": PATH, "UV_OFFLINE": "1", "UV_CACHE_DIR": str(clone / "cache")},
    )


@pytest.fixture
def installed(clone, program):
    """A `.venv` that holds what the clone asks for; its `openactions` prints its arguments."""
    folder = clone / ".venv" / "bin"
    folder.mkdir(parents=True)
    for name in ("openactions", "just"):
        (folder / name).write_text(f'#!/bin/sh\necho "{name} $* in $PWD"\n')
        (folder / name).chmod(0o755)
    (folder / "python").symlink_to(sys.executable)
    script = program(clone / "openactions")
    for locks in (script.RUNTIME, script.DEVELOPMENT):
        stamp = clone / ".venv" / f"installed-{len(locks)}"
        stamp.write_text(script.fingerprint(locks))
    return clone


def test_what_is_installed_is_not_installed_again(installed):
    ended = start(installed, "up", "--port", "9000")

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("openactions up --port 9000 in ")


def test_a_recipe_runs_at_the_root_of_the_workspace(installed):
    assert start(installed, "test").stdout == f"just test in {installed}\n"


@pytest.mark.parametrize("changed", ["requirements.lock", "shared/kit/pyproject.toml"])
def test_a_changed_lock_or_member_is_installed(installed, changed):
    with (installed / changed).open("a") as file:
        file.write("\n")

    ended = start(installed, "up")

    assert "Setting up .venv" in ended.stderr
    assert ended.returncode == 1


def test_without_a_way_to_an_index_it_says_what_to_do(clone):
    ended = start(clone, "up")

    assert ended.returncode == 1
    assert "UV_DEFAULT_INDEX" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_half_a_clone_is_named_as_such(clone):
    (clone / "requirements.lock").unlink()

    ended = start(clone, "up")

    assert ended.stderr == "openactions: requirements.lock is missing; is this a whole clone?\n"


def test_something_in_the_way_of_the_environment_is_said_in_words(clone):
    (clone / ".venv").write_text("in the way")

    ended = start(clone, "up")

    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr


def test_an_old_python_asks_for_a_newer_one(program, tmp_path):
    script = program("openactions")

    with pytest.raises(script.SetupFailed, match=r"This is Python 3\.9; OpenActions needs 3\.11"):
        script.continue_with_suitable_python(["up"], (3, 9), [str(tmp_path)])


def test_an_old_python_finds_a_newer_one_by_itself(clone, installed, tmp_path):
    """The newer one is only looked for, never asked: any program of that name will do."""
    newer = tmp_path / "python3.11"
    newer.write_text('#!/bin/sh\necho "$@"\n')
    newer.chmod(0o755)
    start_over = (
        "import importlib.machinery as m, importlib.util as u, sys;"
        f"loader = m.SourceFileLoader('o', '{clone}/openactions');"
        "script = u.module_from_spec(u.spec_from_loader('o', loader));"
        "loader.exec_module(script);"
        f"script.continue_with_suitable_python(['up'], (3, 9), ['{tmp_path}'])"
    )

    ended = subprocess.run(
        [sys.executable, "-c", start_over], capture_output=True, text=True, check=False
    )

    assert ended.stdout == f"{clone}/openactions up\n"


def test_members_are_found_by_the_workspaces_patterns(program, clone):
    script = program(clone / "openactions")
    (clone / "shared" / "empty").mkdir()

    assert script.members() == ["shared/kit"]


def test_t16_what_a_step_prints_is_shown_only_where_it_fails(program, capfd):
    script = program("openactions")
    noisy = [sys.executable, "-c", "import sys; print('noise'); sys.exit(int(sys.argv[1]))"]

    with script.Progress() as progress:
        progress.run("being noisy", [*noisy, "0"])
    quiet = capfd.readouterr()
    with pytest.raises(script.SetupFailed, match="noise"):
        progress.run("being noisy", [*noisy, "3"])

    assert quiet.out == ""
    assert [line.split(";")[0] for line in quiet.err.splitlines()] == [
        "openactions: Setting up .venv",
        "openactions: Set up .venv in 0 s.",
    ]


def test_t16_the_packages_of_the_locks_are_counted(program, root):
    script = program(root / "openactions")

    assert script.number_of_packages(script.RUNTIME) > 50
