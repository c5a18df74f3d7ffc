"""Every setting stands in a table of a README, where operators look for it."""

import re
from importlib import import_module

import pytest
from pydantic import Field
from pydantic_settings import BaseSettings

from egress import EgressSettings
from egress.settings import AllowedOrigins
from kit.blob_settings import BlobsSettings
from kit.key_services.settings import KeysSettings
from kit.public_address import OpenActionsSettings
from kit.settings import ProcessSettings, ServiceSettings
from kit.streams import StreamSettings
from openactions_local.own_settings import Servers

SERVICES = ("auth", "catalog", "console", "execution", "identity", "policy", "schema")


def settings_of(service):
    module = import_module(f"{service}_service.settings")
    declared = [each for each in vars(module).values() if isinstance(each, type)]
    [own] = [
        each
        for each in declared
        if {ServiceSettings, ProcessSettings} & {*each.__bases__}
        and each.__module__ == module.__name__
    ]
    return own


PAGES = {
    AllowedOrigins: "shared/egress/README.md",
    EgressSettings: "shared/egress/README.md",
    Servers: "infra/README.md",
    BlobsSettings: "shared/kit/README.md",
    KeysSettings: "shared/kit/README.md",
    OpenActionsSettings: "shared/kit/README.md",
    ProcessSettings: "shared/kit/README.md",
    ServiceSettings: "shared/kit/README.md",
    StreamSettings: "infra/README.md",
    **{settings_of(service): f"services/{service}/README.md" for service in SERVICES},
}


def settings_declared(module):
    """Names of the classes in a module that are read from the environment."""
    return re.findall(
        r"(?m)^class (\w+)\((?:BaseSettings|AllowedOrigins|ProcessSettings)\):", module.text
    )


def lacking(settings, page):
    """Settings of a class that no first cell of a table names, with any prefix."""
    cells = re.findall(r"(?m)^\|([^|]*)\|", page)
    named = {name for cell in cells for name in re.findall(r"`(?:…_)?([A-Z_]+)`", cell)}
    prefix = settings.model_config.get("env_prefix", "")
    inherited = {name for base in settings.__bases__ for name in base.model_fields}
    return [
        name
        for name, field in settings.model_fields.items()
        if name not in inherited
        and field.annotation not in PAGES
        and not {name.upper(), f"{prefix}{name}".upper()} & named
    ]


@pytest.mark.parametrize("settings", PAGES, ids=lambda settings: settings.__name__)
def test_every_setting_stands_in_a_table(root, settings):
    assert lacking(settings, (root / PAGES[settings]).read_text()) == []


def test_every_class_of_settings_has_a_page(modules):
    code = [module for module in modules if not module.is_test]
    declared = {name for module in code for name in settings_declared(module)}

    in_services = {settings_of(service) for service in SERVICES}
    assert declared - {one.__name__ for one in in_services} == {
        settings.__name__ for settings in PAGES.keys() - in_services
    }


class Sample(BaseSettings, env_prefix="SAMPLE_"):
    first: int = Field(default=1)
    second: int = Field(default=2)


def test_a_setting_that_only_a_sentence_names_is_found():
    page = "| `FIRST`, `SAMPLE_OTHER` | 1 | |\n\n`SECOND` is explained here.\n| x | `SECOND` |\n"

    assert lacking(Sample, page) == ["second"]
    assert lacking(Sample, page + "| `SAMPLE_SECOND` | 2 | |\n") == []
