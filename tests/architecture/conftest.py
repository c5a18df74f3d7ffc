"""The repository, parsed once, as the architecture tests look at it."""

import ast
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Module:
    """A Python file; `path` is relative to the repository's root."""

    path: Path
    text: str

    @cached_property
    def tree(self):
        return ast.parse(self.text)

    @property
    def is_test(self):
        return "tests" in self.path.parts

    @property
    def service(self):
        """The service whose code this is, if any: `policy` for `services/policy/…`."""
        return self.path.parts[1] if self.path.parts[0] == "services" else None


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def settings():
    """The root's pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.fixture(scope="session")
def services():
    """The name of every service, such as `policy`."""
    return sorted(path.parent.name for path in ROOT.glob("services/*/pyproject.toml"))


@pytest.fixture(scope="session")
def modules():
    """Every Python file of ours, the tests included."""
    folders = ("shared", "services", "infra", "tests")
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    ours = [path for path in paths if "node_modules" not in path.parts]
    return [Module(path.relative_to(ROOT), path.read_text()) for path in ours]


@pytest.fixture
def sample():
    """A module that exists for one test only: the fault that a check must find."""

    def make(text, path="services/sample/sample_service/domain/thing.py"):
        return Module(Path(path), text)

    return make
