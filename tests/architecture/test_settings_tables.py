"""Every setting that is no service's stands in a table of a README, where operators look for it."""

import re

import pytest
from pydantic import Field
from pydantic_settings import BaseSettings

from egress import EgressSettings
from kit.streams import StreamSettings
from openactions_local.commands import Servers

PAGES = {
    EgressSettings: "shared/egress/README.md",
    Servers: "infra/README.md",
    StreamSettings: "infra/README.md",
}
"""Of settings that are no service's."""


def settings_declared(module):
    """Names of the classes in a module that are read from the environment."""
    return re.findall(r"(?m)^class (\w+)\(BaseSettings\):", module.text)


def lacking(settings, page):
    """Settings of a class that no first cell of a table names, with any prefix."""
    cells = re.findall(r"(?m)^\|([^|]*)\|", page)
    named = {name for cell in cells for name in re.findall(r"`(?:…_)?([A-Z_]+)`", cell)}
    prefix = settings.model_config.get("env_prefix", "")
    return [
        name
        for name in settings.model_fields
        if not {name.upper(), f"{prefix}{name}".upper()} & named
    ]


@pytest.mark.parametrize("settings", PAGES, ids=lambda settings: settings.__name__)
def test_every_setting_stands_in_a_table(root, settings):
    assert lacking(settings, (root / PAGES[settings]).read_text()) == []


def test_every_class_of_settings_has_a_page(modules):
    code = [module for module in modules if not module.is_test]
    declared = {name for module in code for name in settings_declared(module)}

    assert declared - {"ServiceSettings"} == {settings.__name__ for settings in PAGES}


class Sample(BaseSettings, env_prefix="SAMPLE_"):
    first: int = Field(default=1)
    second: int = Field(default=2)


def test_a_setting_that_only_a_sentence_names_is_found():
    page = "| `FIRST`, `SAMPLE_OTHER` | 1 | |\n\n`SECOND` is told here.\n| x | `SECOND` |\n"

    assert lacking(Sample, page) == ["second"]
    assert lacking(Sample, page + "| `SAMPLE_SECOND` | 2 | |\n") == []
