"""A service that has just begun is whole: it passes the linter and can be assembled."""

import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent
ASSEMBLE = """
from sample_thing_service.main import build
from sample_thing_service.settings import SampleThingSettings

values = {"mongodb_url": "mongodb://127.0.0.1:9", "nats_url": "nats://127.0.0.1:9"}
print(build(SampleThingSettings.model_validate(values)).title)
"""


@pytest.fixture
def new_service(program):
    return program("infra/new_service.py")


@pytest.fixture
def folder(new_service, tmp_path):
    new_service.begin(tmp_path, "sample_thing", "Things to try.")
    return tmp_path / "sample_thing"


def test_it_can_be_assembled(folder):
    ended = subprocess.run(
        [sys.executable, "-c", ASSEMBLE],
        env={"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.stdout == "OpenActions sample_thing\n", ended.stderr


def test_it_pleases_the_linter(folder, root):
    """The recipe puts imports in the order that the new name gives them."""
    ruff = [BIN / "ruff", "check", "--no-cache", "--config", root / "pyproject.toml"]
    ended = subprocess.run(
        [*ruff, "--ignore", "I001", folder], capture_output=True, text=True, check=False
    )

    assert ended.returncode == 0, ended.stdout


def test_its_image_is_built_like_every_other(folder):
    text = (folder / "Dockerfile").read_text()

    assert 'CMD ["python", "-m", "sample_thing_service"]' in text
    assert "SAMPLE_THING_HOST" in text
    assert "catalog" not in text


@pytest.mark.parametrize("name", ["policy", "Sample", "sample-thing", "../sample"])
def test_a_name_that_is_taken_or_unfit_is_refused(new_service, tmp_path, name):
    (tmp_path / "policy").mkdir()

    with pytest.raises(SystemExit, match="taken, or is no lower-case identifier"):
        new_service.begin(tmp_path, name, "Things to try.")
