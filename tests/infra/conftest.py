import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def permissions():
    """The program that writes the broker's permissions, as a module."""
    path = ROOT / "infra" / "nats" / "permissions.py"
    spec = importlib.util.spec_from_file_location("nats_permissions", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def talks(permissions):
    return permissions.TALKS
