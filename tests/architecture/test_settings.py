"""Every setting is named in the README of whose it is."""

import re
from importlib import import_module

import pytest

from kit.settings import ServiceSettings

SERVICES = ("auth", "catalog", "execution", "identity", "policy", "schema")
DESCRIBED_ELSEWHERE = {"streams"}
"""`STREAMS_…`, in infra/README.md."""


def own_settings(service):
    module = import_module(f"{service}_service.settings")
    [kind] = [
        each
        for each in vars(module).values()
        if isinstance(each, type)
        and issubclass(each, ServiceSettings)
        and each is not ServiceSettings
    ]
    return set(kind.model_fields) - set(ServiceSettings.model_fields)


def named_in_table(page, prefix=""):
    cells = re.findall(r"(?m)^\| ((?:`[A-Z_]+`(?:, )?)+) \|", page)
    names = {name for cell in cells for name in re.findall(r"`([A-Z_]+)`", cell)}
    return {name.removeprefix(prefix).lower() for name in names}


@pytest.mark.parametrize("service", SERVICES)
def test_a_services_readme_lists_its_settings(root, service):
    page = (root / "services" / service / "README.md").read_text()

    assert own_settings(service) - named_in_table(page, f"{service.upper()}_") == set()


def test_the_kits_readme_lists_the_settings_of_every_service(root):
    page = (root / "shared/kit/README.md").read_text()

    assert set(ServiceSettings.model_fields) - DESCRIBED_ELSEWHERE - named_in_table(page) == set()
