"""A command imports what it needs, and no service that it does not start."""

import json
import runpy
import subprocess
import sys
from importlib.metadata import entry_points, version
from pathlib import Path

import pytest
import typer

from openactions import summaries as client
from openactions_local.owners import OWNED_SEGMENTS
from openactions_local.summaries import RECIPES, SUMMARIES

LOADED = """
import json, sys
from openactions.cli import _with_plugins
_with_plugins()
print(json.dumps([*sys.modules]))
"""
SERVICES = {f"{name}_service" for name in OWNED_SEGMENTS}
OPENACTIONS = Path(sys.executable).parent / "openactions"
HEAVY = {"fastapi", "faststream", "motor", "uvicorn", "openactions_local.services"}


def loaded(*arguments):
    """The modules that are loaded once the command that was asked for is."""
    command = [sys.executable, "-c", LOADED, *arguments]
    return {*json.loads(subprocess.run(command, capture_output=True, check=True).stdout)}


@pytest.mark.parametrize(
    ("arguments", "service"),
    [
        (["dead-letters", "list"], set()),
        (["streams", "show"], set()),
        (["validate", "file"], {"schema_service"}),
    ],
    ids=lambda each: each[0] if isinstance(each, list) else "",
)
def test_a_command_loads_no_service_and_no_server_that_it_does_not_need(arguments, service):
    modules = loaded(*arguments)

    assert modules & SERVICES == service
    assert modules & HEAVY == set()


def test_the_list_of_commands_loads_none_of_them():
    modules = loaded("--help")

    assert {each for each in modules if each.startswith("openactions_local")} == {
        "openactions_local",
        "openactions_local.summaries",
    }


def test_settings_are_refused_before_any_service_is_loaded():
    modules = loaded("up")

    assert not [each for each in modules if each.endswith("_service.main")]
    assert "fastapi" not in modules


def test_the_list_of_commands_says_of_each_what_its_own_help_begins_with():
    points = {each.name: each.load() for each in entry_points(group="openactions.commands")}
    begins = {
        name: command.info.help
        if isinstance(command, typer.Typer)
        else command.__doc__.partition("\n")[0]
        for name, command in points.items()
    }

    assert begins == SUMMARIES | client.SUMMARIES


def commands():
    for point in entry_points(group="openactions.commands"):
        command = point.load()
        if isinstance(command, typer.Typer):
            for each in command.registered_commands:
                yield f"{point.name} {each.name or each.callback.__name__}", each.callback
        else:
            yield point.name, command


@pytest.mark.parametrize(("name", "command"), [*commands()])
def test_t8_the_help_of_each_command_has_an_example_of_it(name, command):
    _, _, example = command.__doc__.partition("Example: ")

    assert f"./openactions {name}" in example


def test_t8_help_lists_what_the_script_of_a_clone_runs_beside_the_commands():
    script = runpy.run_path(str(Path(__file__).parents[3] / "openactions"))

    assert tuple(RECIPES) == script["RECIPES"]


def test_t8_there_is_a_version():
    ended = subprocess.run([OPENACTIONS, "--version"], check=False, capture_output=True, text=True)

    assert ended.stdout.startswith(f"openactions {version('openactions-client')} ")
