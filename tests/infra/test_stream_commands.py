"""`openactions streams` against a real broker, also one that an earlier version has used."""

import asyncio
import json

import pytest
from nats.aio.client import Client
from nats.js.api import StreamConfig
from typer.testing import CliRunner

from contracts.fact import FACTS_STREAM, INVOCATIONS_STREAM
from kit.streams import DEAD_LETTERS_STREAM
from openactions_local.operating.stream_commands import app
from openactions_local.servers import accepts, free_port, nats_server

pytestmark = pytest.mark.integration

NAMES = [FACTS_STREAM, INVOCATIONS_STREAM, DEAD_LETTERS_STREAM]


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
    assert [each["exists"] for each in shown(broker).values()] == [False] * 3

    applied = run(broker, "apply", "--yes")

    assert applied.exit_code == 0
    assert applied.stdout.count("is created") == 3
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
    }
    assert not any(each["differences"] for each in after.values())


def test_nothing_is_changed_without_a_yes(broker):
    on(broker, earlier_layout)
    before = shown(broker)

    asked = run(broker, "apply")

    assert asked.exit_code == 2
    assert "--yes" in asked.output
    assert shown(broker) == before


def test_a_second_time_there_is_nothing_to_do(broker):
    run(broker, "apply", "--yes")

    again = run(broker, "apply")

    assert (again.exit_code, again.stdout) == (0, "The streams are as declared.\n")


def test_people_see_how_full_each_stream_is_and_what_would_change(broker):
    on(broker, earlier_layout)

    told = run(broker, "show").stdout

    assert f"{FACTS_STREAM}: 4 messages" in told
    assert "max_bytes: -1 -> " in told
    assert "`openactions streams apply` changes that." in told


def test_a_broker_that_is_away_is_a_sentence_and_an_exit_status():
    for command in (("show",), ("apply", "--yes")):
        ended = run(f"nats://127.0.0.1:{free_port()}", *command)
        assert ended.exit_code == 3
        assert "No broker answers" in ended.output


def test_more_replicas_than_the_broker_has_nodes_is_a_sentence(broker):
    ended = CliRunner().invoke(app, ["apply", "--yes", "--nats-url", broker, "--replicas", "3"])

    assert ended.exit_code == 1
    assert "Traceback" not in ended.output
