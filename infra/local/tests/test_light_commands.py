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
from openactions_local.folder import DataFolder
from openactions_local.listening import listen
from openactions_local.owners import SERVICES as NAMES
from openactions_local.summaries import RECIPES, SUMMARIES

LOADED = """
import json, sys
from openactions.cli import _with_plugins
_with_plugins()
print(json.dumps([*sys.modules]))
"""
SERVICES = {f"{name}_service" for name in NAMES}
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


REFUSED = """
import json, sys
from openactions import launch
sys.argv[1:] = json.loads(sys.argv[1])
try:
    launch.main()
except SystemExit as ended:
    print(json.dumps([ended.code, *sys.modules]))
"""


def refused(*arguments):
    """What it prints, its status, and what was loaded until then."""
    command = [sys.executable, "-c", REFUSED, json.dumps([*map(str, arguments)])]
    output = subprocess.run(command, capture_output=True, check=True, text=True, timeout=30).stdout
    said, _, last = output.strip().rpartition("\n")
    status, *modules = json.loads(last)
    return " ".join(said.split()), status, set(modules)


@pytest.fixture
def taken(tmp_path):
    """A port and a folder that somebody has."""
    folder = DataFolder(tmp_path)
    folder.take()
    folder.announce("http://127.0.0.1:8080")
    with listen(0) as listener:
        listener.listen()
        yield str(listener.getsockname()[1]), tmp_path
    folder.release()


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["up", "--data", "{new}", "--port", "{port}"], "Port {port} is taken."),
        (["up", "--data", "{folder}"], "already running on {folder} (pid"),
        (["demo", "--demo-port", "{port}"], "Port {port}, of the demo API, is taken. Choose"),
        (
            ["demo", "--url", "http://h", "--token", "x", "--demo-port", "{port}"],
            "Port {port}, of the demo API, is taken.",
        ),
    ],
)
def test_t3_a_start_that_cannot_work_says_so_before_anything_that_takes_a_second_is_loaded(
    taken, tmp_path_factory, arguments, sentence
):
    port, folder = taken
    values = {"port": port, "folder": folder, "new": tmp_path_factory.mktemp("new")}

    said, status, modules = refused(*(each.format(**values) for each in arguments))

    assert sentence.format(**values) in said
    assert status == 1
    assert modules & (HEAVY | SERVICES | {"httpx", "nats"}) == set()


WITHOUT_NGINX = "from openactions_local import edge; edge.ELSEWHERE = '';" + REFUSED


@pytest.mark.parametrize("command", [["up", "--data", "{folder}"], ["demo"]], ids=["up", "demo"])
def test_t2_without_nginx_separate_is_refused_at_once_with_what_to_install(tmp_path, command):
    asked = json.dumps([*(each.format(folder=tmp_path / "new") for each in command), "--separate"])
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT_NGINX, asked],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        check=True,
        text=True,
        timeout=30,
    )
    said, _, last = ended.stdout.strip().rpartition("\n")
    status, *modules = json.loads(last)

    assert "--separate needs nginx, which is not installed. Install it: apt" in said
    assert status == 1
    assert {*modules} & (HEAVY | SERVICES | {"httpx", "nats"}) == set()
    assert not (tmp_path / "new").exists()


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
