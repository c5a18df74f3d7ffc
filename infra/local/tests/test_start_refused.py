"""A start that cannot work ends in one sentence and an exit status other than 0."""

import asyncio
import json
import subprocess
import sys
from base64 import b64encode
from contextlib import asynccontextmanager
from pathlib import Path
from secrets import token_bytes

import pytest
import typer
from fastapi import FastAPI
from rich.console import Console
from typer.testing import CliRunner

from auth_service.settings import AuthSettings
from execution_service.settings import ExecutionSettings
from kit.errors import BusUnavailable
from kit.settings import ServiceSettings
from kit.streams import StreamSettings
from openactions_local import lifetime
from openactions_local.allowed import settings_for_services
from openactions_local.commands import up
from openactions_local.dispatch import Dispatcher, ServiceFailed
from openactions_local.errors import StartFailed
from openactions_local.load_settings import load_settings
from openactions_local.own_settings import Servers
from openactions_local.owners import SERVICES
from openactions_local.platform import StreamsNotReady, migrate_streams
from openactions_local.services import (
    Platform,
    check_settings,
    egress_of,
    settings_of,
    unknown_settings,
)
from policy_service.settings import PolicySettings

OPENACTIONS = Path(sys.executable).parent / "openactions"
BLOBS = {"url": "file:///not/read/here"}
SERVERS = {"mongodb_url": "mongodb://db", "nats_url": "nats://bus", "blobs": BLOBS}
PLATFORM = ("mongodb://db", "nats://bus", str, "")


def run(*arguments):
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(up)
    return CliRunner().invoke(app, [str(each) for each in arguments])


def said(ended):
    """Without the frame that is drawn around an error."""
    return " ".join(ended.output.replace("│", " ").split())


def refusal(settings, values=None):
    with pytest.raises(typer.BadParameter) as refused:
        load_settings(settings, values)
    return refused.value.message


def test_a_trail_that_forgets_a_call_before_it_is_settled_is_refused(monkeypatch):
    monkeypatch.setenv("EXECUTION_KEEP_DAYS", "0.002")
    keys = {"keys": "k1:" + b64encode(token_bytes(32)).decode()}

    sentence = refusal(ExecutionSettings, SERVERS | keys)

    assert "must be at least 0.0028: 2 times ORPHANED_AFTER_SECONDS" in sentence


@pytest.mark.parametrize(
    ("name", "value", "settings", "allowed"),
    [
        ("STREAMS_FACTS_KEEP_DAYS", "abc", StreamSettings, "a valid number"),
        ("STREAMS_FACTS_MAX_BYTES", "12", StreamSettings, "greater than or equal to 1048576"),
        ("OPENACTIONS_WATCHDOG_SECONDS", "-1", Servers, "greater than or equal to 0"),
        ("POLICY_MAX_DOMAINS", "0", PolicySettings, "greater than or equal to 1"),
        ("POLICY_LOG_FORMAT", "xml", PolicySettings, "'json' or 'console'"),
    ],
)
def test_a_wrong_setting_is_reported_with_its_value_and_what_is_allowed(
    monkeypatch, name, value, settings, allowed
):
    monkeypatch.setenv(name, value)
    values = SERVERS if issubclass(settings, ServiceSettings) else {}

    sentence = refusal(settings, values)

    assert sentence.startswith(f"{name}={value}: ")
    assert allowed in sentence


def test_a_setting_that_is_no_json_is_reported_by_name(monkeypatch):
    monkeypatch.setenv("EXECUTION_REDELIVERY_SECONDS", "[1,")

    assert refusal(ExecutionSettings, SERVERS).startswith("EXECUTION_REDELIVERY_SECONDS: ")


def test_a_list_in_a_services_own_settings_is_read_as_the_service_reads_it():
    given = {"POLICY_REDELIVERY_SECONDS": "[1, 5]"}
    platform = Platform(*PLATFORM, settings=given)

    assert settings_of(platform, "policy").redelivery_seconds == (1, 5)


def test_what_the_operator_decides_about_egress_reaches_separate_services():
    settings, _ = settings_for_services({"EGRESS_ALLOWED_PORTS": "443,8443", "PATH": "/"}, [])

    platform = Platform(*PLATFORM, settings=settings)

    assert platform.environment("execution")["EGRESS_ALLOWED_PORTS"] == "443,8443"


DEMO = "http://demo.example.com:8199=127.0.0.1"
OWN = "http://127.0.0.1:9000"


def test_t17_the_operators_origins_count_beside_the_demos_in_both_forms():
    settings, _ = settings_for_services({"EGRESS_ALLOWED_ORIGINS": OWN}, ["http://[::1]:9001"])
    platform = Platform("mongodb://db", "nats://bus", str, DEMO, settings=settings)

    separate = platform.environment("execution")["EGRESS_ALLOWED_ORIGINS"]
    embedded = egress_of(platform).allowed_origins
    assert {origin: str(to) for origin, to in embedded.items()} == json.loads(separate)
    assert platform.operators_origins == [
        "http://127.0.0.1:9000",
        "http://localhost:9000",
        "http://[::1]:9001",
        "http://localhost:9001",
    ]
    assert [*embedded] == ["http://demo.example.com:8199", *platform.operators_origins]


def test_t17_origins_are_added_to_a_setting_that_is_json():
    given = json.dumps({"https://erp.example.com:443": "10.1.2.3"})

    settings, _ = settings_for_services({"EGRESS_ALLOWED_ORIGINS": given}, [OWN])

    assert egress_of(Platform(*PLATFORM, settings=settings)).allowed_origins.keys() == {
        "https://erp.example.com:443",
        "http://127.0.0.1:9000",
        "http://localhost:9000",
    }


def test_t5_the_former_name_of_the_setting_is_passed_under_its_new_one_with_a_line():
    settings, lines = settings_for_services({"EGRESS_LET_THROUGH": OWN}, [])

    assert settings == {"EGRESS_ALLOWED_ORIGINS": OWN}
    assert "EGRESS_LET_THROUGH is deprecated" in lines[0]


def test_t3_an_origin_that_is_none_is_a_sentence_with_the_operators_own_text():
    with pytest.raises(typer.BadParameter) as option:
        settings_for_services({}, ["foo"])
    platform = Platform(*PLATFORM[:3], DEMO, settings={"EGRESS_ALLOWED_ORIGINS": "foo"})
    with pytest.raises(typer.BadParameter) as setting:
        check_settings(platform)

    assert option.value.message.startswith("'foo' is not an exact origin")
    assert setting.value.message.startswith("EGRESS_ALLOWED_ORIGINS=foo: 'foo' is not an exact")


def test_a_setting_that_is_missing_is_reported_by_name():
    assert "AUTH_KEYS is not set." in refusal(AuthSettings, SERVERS)


def test_a_wrong_secret_is_not_shown():
    sentence = refusal(AuthSettings, SERVERS | {"keys": "id:hunter2"})

    assert sentence.startswith("AUTH_KEYS: ")
    assert "hunter2" not in sentence


def test_help_is_shown_whatever_is_set():
    environment = {"STREAMS_FACTS_KEEP_DAYS": "abc", "PATH": "/usr/bin"}

    ended = subprocess.run(
        [OPENACTIONS, "--help"], check=False, env=environment, capture_output=True, text=True
    )

    assert (ended.returncode, "Traceback" in ended.stderr) == (0, False)


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (["streams", "apply"], " lost, and what is not on record yet is recorded by that release."),
        (["up"], " --new-owner-token "),
    ],
)
def test_help_on_eighty_columns_fills_its_lines_and_cuts_no_option(command, shown):
    ended = subprocess.run(
        [OPENACTIONS, *command, "--help"],
        check=False,
        env={"COLUMNS": "80", "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
    )

    assert shown in ended.stdout


@pytest.mark.parametrize("option", ["--port", "--demo-port"])
def test_a_port_that_cannot_be_is_a_usage_error(tmp_path, option):
    ended = run("--data", tmp_path, option, 99_999_999)

    assert ended.exit_code == 2
    assert "65535" in said(ended)


@pytest.mark.integration
@pytest.mark.parametrize("form", [[], ["--separate"]])
@pytest.mark.parametrize(
    ("name", "value"), [("EXECUTION_KEEP_DAYS", "0"), ("EGRESS_TOTAL_SECONDS", "0")]
)
def test_a_wrong_setting_ends_it_before_anything_starts(monkeypatch, tmp_path, form, name, value):
    monkeypatch.setenv(name, value)

    ended = run("--data", tmp_path, "--port", 0, *form)

    assert ended.exit_code == 2
    assert f"{name}={value}: Input should be greater than" in said(ended)
    assert list(tmp_path.rglob("*.log")) == []


@pytest.mark.integration
def test_a_setting_that_is_none_is_reported_by_name(monkeypatch, tmp_path):
    monkeypatch.setenv("EXECUTION_KEEP_DAY", "5")
    monkeypatch.setenv("EXECUTION_KEEP_DAYS", "0")  # which ends it

    ended = run("--data", tmp_path, "--port", 0)

    assert "EXECUTION_KEEP_DAY is set, but no setting has that name." in said(ended)
    assert "EXECUTION_KEEP_DAYS is set" not in said(ended)


@pytest.mark.parametrize("name", ["STREAMS_FACT_KEEP_DAYS", "EGRESS_ALLOWED_PORT", "POLICY_X"])
def test_a_misspelt_setting_is_found(name):
    known = ["EGRESS_ALLOWED_PORTS", "POLICY_REDELIVERY_SECONDS", "AUTH_KEYS", "PATH"]

    assert unknown_settings([*known, name]) == [name]


class Failing:
    """A lifespan that fails with `error`."""

    def __init__(self, error):
        self.error = error

    @asynccontextmanager
    async def __call__(self, _):
        raise self.error
        yield


@pytest.mark.parametrize(
    ("error", "why"),
    [(BusUnavailable("The bus is away."), "The bus is away."), (ValueError("x"), "ValueError: x")],
)
async def test_a_service_that_cannot_start_is_named_with_its_reason(error, why):
    services = {service: FastAPI() for service in SERVICES}
    dispatcher = Dispatcher(services | {"schema": FastAPI(lifespan=Failing(error))})

    with pytest.raises(ServiceFailed) as failed:
        await dispatcher.start()

    assert str(failed.value) == f"The schema service did not start. {why}"


async def test_services_that_start_slowly_are_named_again_and_again():
    wait = asyncio.Event()

    class Slow(Failing):
        @asynccontextmanager
        async def __call__(self, _):
            await wait.wait()
            yield

    said = []

    def say(line):
        said.append(line)
        if len(said) > 1:
            wait.set()

    services = {service: FastAPI() for service in SERVICES}
    slow = services | {"schema": FastAPI(lifespan=Slow(None))}
    dispatcher = Dispatcher(slow, say_seconds=0.05)
    await dispatcher.start(say)
    await dispatcher.stop()

    assert said == ["Not ready after 0 s: schema"] * 2


def test_what_is_expected_to_fail_ends_in_a_sentence_and_status_1(capsys):
    async def fail(_):
        raise ServiceFailed("schema", ValueError("[x]"))

    with pytest.raises(typer.Exit) as ended:
        lifetime.run(fail, Console())

    assert ended.value.exit_code == 1
    assert " ".join(capsys.readouterr().out.split()).endswith("did not start. ValueError: [x]")
    assert {ServiceFailed, StreamsNotReady} <= {*StartFailed.__subclasses__()}


@pytest.mark.integration
async def test_streams_that_cannot_be_made_are_a_sentence_and_leave_no_connection(
    nats, monkeypatch
):
    monkeypatch.setenv("STREAMS_FACTS_MAX_BYTES", str(2**60))

    with pytest.raises(StreamsNotReady, match="STREAMS_INVOCATIONS_MAX_BYTES"):
        await migrate_streams(nats.url)

    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--data", ""], "The name of the folder is empty."),
        (["--allow-origin", ""], "The origin is empty."),
        (["--allow-origin", "foo"], "foo"),
    ],
)
def test_t3_a_wrong_option_makes_no_folder(tmp_path, options, sentence):
    data = ["--data", tmp_path / "new"] if "--data" not in options else []

    ended = run("--port", "0", *data, *options)

    assert ended.exit_code == 2
    assert sentence in said(ended)
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("setting", ["mongodb_url", "nats_url"])
def test_t3_an_address_of_a_server_that_is_none_is_refused(setting):
    with pytest.raises(typer.BadParameter, match=setting.upper()):
        load_settings(Servers, {setting: "foo"})
