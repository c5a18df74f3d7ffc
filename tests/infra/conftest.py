import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def program():
    """Load a program of the repository, which no package holds, as a module."""

    def load(path):
        name = f"program_{Path(path).stem}"
        module = module_from_spec(spec_from_loader(name, SourceFileLoader(name, str(ROOT / path))))
        sys.modules[name] = module
        module.__spec__.loader.exec_module(module)
        return module

    return load


@pytest.fixture(scope="session")
def permissions(program):
    return program("infra/nats/permissions.py")


@pytest.fixture(scope="session")
def talks(permissions):
    return permissions.BUS_USERS
