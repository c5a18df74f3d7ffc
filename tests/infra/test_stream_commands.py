"""`openactions streams` against a real broker, also one that an earlier version has used."""

import asyncio
import json
import re

import pytest
from nats.aio.client import Client
from nats.js.api import ConsumerConfig, StreamConfig
from typer.testing import CliRunner

from contracts.fact import FACTS_STREAM, INVOCATIONS_STREAM
from kit.streams import DEAD_LETTERS_STREAM, RATES_STREAM
from openactions_local.child import Child, program
from openactions_local.operating.stream_commands import app
from openactions_local.operating.streams_seen import duration
from openactions_local.servers import accepts, free_port, nats_server

pytestmark = pytest.mark.integration

NAMES = [FACTS_STREAM, INVOCATIONS_STREAM, DEAD_LETTERS_STREAM, RATES_STREAM]


@pytest.fixture
def broker(tmp_path):
    port = free_port()
    child = nats_server(tmp_path / "nats", port)
    child.start()
    asyncio.run(child.ready(lambda: accepts(port)))
    yield f"nats://127.0.0.1:{port}"
    child.kill()


def on(url, work):
    async def connect():
        client = Client()
        await client.connect(url)
        try:
            return await work(client.jetstream())
        finally:
            await client.close()

    return asyncio.run(connect())


def run(url, *arguments):
    return CliRunner().invoke(app, [*arguments, "--nats-url", url, "--replicas", "1"])


def shown(url):
    return {s["name"]: s for s in json.loads(run(url, "show", "--json").stdout)["streams"]}


async def earlier_layout(jetstream):
    """As the version before the streams had limits left them."""
    await jetstream.add_stream(StreamConfig(name=FACTS_STREAM, subjects=["fact.>"]))
    await jetstream.add_stream(StreamConfig(name=DEAD_LETTERS_STREAM, subjects=["dead.>"]))
    for n in range(3):
        await jetstream.publish("fact.invocation.finished.v1", b"%d" % n)
    await jetstream.publish("fact.domains.changed.v1", b"{}")


def test_streams_that_do_not_exist_are_shown_as_such_and_created(broker):
    assert [each["exists"] for each in shown(broker).values()] == [False] * 4

    applied = run(broker, "apply", "--yes")

    assert applied.exit_code == 0
    assert applied.stdout.count("is created") == 4
    assert {name: each["differences"] for name, each in shown(broker).items()} == {
        name: {} for name in NAMES
    }


def test_an_earlier_layout_is_shown_and_migrated_without_losing_a_fact(broker):
    on(broker, earlier_layout)
    before = shown(broker)
    assert "max_bytes" in before[FACTS_STREAM]["differences"]
    assert before[INVOCATIONS_STREAM]["exists"] is False

    applied = run(broker, "apply", "--yes")

    after = shown(broker)
    assert applied.exit_code == 0, applied.output
    assert {name: each["messages"] for name, each in after.items()} == {
        FACTS_STREAM: 1,
        INVOCATIONS_STREAM: 3,
        DEAD_LETTERS_STREAM: 0,
        RATES_STREAM: 0,
    }
    assert not any(each["differences"] for each in after.values())


def test_nothing_is_changed_without_a_yes(broker):
    on(broker, earlier_layout)
    before = {name: each["differences"] for name, each in shown(broker).items()}

    asked = run(broker, "apply")

    assert asked.exit_code == 2
    assert "--yes" in asked.output
    assert {name: each["differences"] for name, each in shown(broker).items()} == before


def test_a_second_time_there_is_nothing_to_do(broker):
    run(broker, "apply", "--yes")

    again = run(broker, "apply")

    assert (again.exit_code, again.stdout) == (0, "The streams are as declared.\n")


def test_people_see_how_full_each_stream_is_and_what_would_change(broker):
    on(broker, earlier_layout)

    printed = run(broker, "show").stdout

    assert f"{FACTS_STREAM}: 4 messages" in printed
    assert "limit: none -> 1,073,741,824 bytes" in printed
    assert "when full: drops the oldest -> refuses" in printed
    assert "kept: for ever -> for 30 days" in printed
    assert "published again to: none -> live.fact.>" in printed
    assert "  subject fact.>: removed\n" in printed
    assert "  subject fact.gpt.>: added\n" in printed
    assert not set("_[]'") & set("".join(re.findall(r"^  .* -> .*$", printed, re.MULTILINE)))
    assert "`openactions streams apply` changes that." in printed


def test_the_previous_layout_is_put_back_and_left_again(broker):
    run(broker, "apply", "--yes")
    on(broker, a_call)

    asked = run(broker, "apply", "--layout", "previous")
    shows = run(broker, "show", "--layout", "previous").stdout
    back = run(broker, "apply", "--layout", "previous", "--yes")

    assert asked.exit_code == 2
    assert "INVOCATIONS" in asked.output
    assert "`openactions streams apply --layout previous` changes that." in shows
    assert back.exit_code == 0, back.output
    assert {name for name, each in shown(broker).items() if each["exists"]} == {
        FACTS_STREAM,
        DEAD_LETTERS_STREAM,
    }
    assert shown(broker)[FACTS_STREAM]["messages"] == 1

    assert run(broker, "apply", "--yes").exit_code == 0
    assert shown(broker)[INVOCATIONS_STREAM]["messages"] == 1
    assert not any(each["differences"] for each in shown(broker).values())


@pytest.fixture
def guarded_broker(tmp_path, root):
    """A broker with production's permissions; the address of its user `operator`."""
    permissions = (root / "infra" / "nats" / "permissions.conf").read_text()
    (tmp_path / "permissions.conf").write_text(permissions)
    port = free_port()
    (tmp_path / "nats.conf").write_text(
        f"listen: 127.0.0.1:{port}\njetstream {{ store_dir: '{tmp_path}/store' }}\n"
        "accounts { openactions { jetstream: enabled\n include permissions.conf\n } }\n"
    )
    passwords = dict.fromkeys(re.findall(r"\$(NATS_[A-Z_]+_PASSWORD)", permissions), "secret")
    command = [program("nats-server"), "-c", str(tmp_path / "nats.conf")]
    child = Child("nats-server", command, tmp_path / "log", passwords)
    child.start()
    asyncio.run(child.ready(lambda: accepts(port)))
    yield f"nats://operator:secret@127.0.0.1:{port}"
    child.kill()


def test_the_operators_permissions_suffice_for_every_command(guarded_broker):
    for command in (
        ("apply", "--yes"),
        ("show",),
        ("apply", "--layout", "previous", "--yes"),
        ("show",),
        ("apply", "--yes"),
    ):
        ended = run(guarded_broker, *command)
        assert ended.exit_code == 0, ended.output


async def a_call(jetstream):
    await jetstream.publish("fact.invocation.finished.v1", b"{}")


def test_ages_and_what_waits_for_each_consumer_are_shown(broker):
    run(broker, "apply", "--yes")

    async def one_of_two_is_taken(jetstream):
        for _ in range(2):
            await jetstream.publish("fact.domains.changed.v1", b"{}")
        config = ConsumerConfig(name="late", durable_name="late", filter_subject="fact.domains.>")
        await jetstream.add_consumer(FACTS_STREAM, config)
        subscription = await jetstream.pull_subscribe_bind("late", FACTS_STREAM)
        [message] = await subscription.fetch(1)
        await message.ack_sync()

    on(broker, one_of_two_is_taken)

    facts = shown(broker)[FACTS_STREAM]
    [consumer] = facts["consumers"]
    assert 0 <= facts["oldest_seconds"] < 600
    assert (consumer["name"], consumer["waiting"]) == ("late", 1)
    assert 0 <= consumer["oldest_seconds"] <= facts["oldest_seconds"] + 60
    assert "consumer late: 1 wait, the oldest for " in run(broker, "show").stdout
    assert shown(broker)[INVOCATIONS_STREAM]["oldest_seconds"] is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (119, "119 s"), (120, "2 min"), (7_200, "2 h"), (172_800, "2 days")],
)
def test_an_age_is_reported_in_its_largest_unit(seconds, words):
    assert duration(seconds) == words


def test_a_broker_that_is_away_is_a_sentence_and_an_exit_status():
    for command in (("show",), ("apply", "--yes")):
        ended = run(f"nats://127.0.0.1:{free_port()}", *command)
        assert ended.exit_code == 3
        assert "No broker answers" in ended.output


def test_more_replicas_than_the_broker_has_nodes_is_a_sentence(broker):
    ended = CliRunner().invoke(app, ["apply", "--yes", "--nats-url", broker, "--replicas", "3"])

    assert ended.exit_code == 1
    assert "too few nodes to keep each stream on 3: " in ended.output
    assert "--replicas" in ended.output


def test_a_wrong_limit_is_a_sentence_with_the_setting_its_value_and_what_is_allowed(monkeypatch):
    monkeypatch.setenv("STREAMS_FACTS_KEEP_DAYS", "-1")

    ended = CliRunner().invoke(app, ["show", "--nats-url", "nats://127.0.0.1:1"])

    said = " ".join(ended.output.replace("│", " ").split())
    assert ended.exit_code == 2
    assert "STREAMS_FACTS_KEEP_DAYS=-1: Input should be greater than 0." in said
