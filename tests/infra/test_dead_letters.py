"""`openactions dead-letters` against a real broker: found, shown, replayed, and never lost."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from nats.js.errors import NotFoundError
from typer.testing import CliRunner

from contracts.errors import Denied
from contracts.fact import FACTS_STREAM
from contracts.facts import DomainsChanged, GptRemoved
from kit.bus import Bus
from kit.cloudevents import headers_of
from kit.dead_letters import DeadLetter, DeadLetters, Wanted
from kit.operators_broker import connected
from kit.testing import eventually, running
from openactions_local.child import Child, program
from openactions_local.operating.broker import broker_url
from openactions_local.operating.dead_letter_commands import _for_people, _none, app
from openactions_local.servers import accepts, free_port, nats_server
from shared.kit.tests.kit_fakes import domains_changed
from shared.kit.tests.kit_service import service

pytestmark = pytest.mark.integration


@pytest.fixture
def broker(tmp_path):
    """The address of a broker of the test's own, in a platform's data folder `tmp_path`."""
    port = free_port()
    child = nats_server(tmp_path / "nats", port)
    child.start()
    asyncio.run(child.ready(lambda: accepts(port)))
    yield f"nats://127.0.0.1:{port}"
    child.kill()


def on_the_bus(url, work):
    async def connect():
        bus = Bus("catalog", url, stream_replicas=1)
        await bus.connect()
        try:
            return await work(bus)
        finally:
            await bus.stop()

    return asyncio.run(connect())


FACT = GptRemoved(workspace_id="ws_1", gpt_id="gpt_1")


def dead_lettered(url, *, by="catalog", fact=FACT, data=None, reason="catalog.no", **headers):
    """A dead letter as `kit.consume` writes it; its sequence number."""
    said = headers_of(fact, "/openactions/catalog") | {
        "oa-reason": reason,
        "oa-deliveries": "6",
        "oa-stream-sequence": "1",
        "Nats-Msg-Id": f"{by}-{fact.id}-{reason}",
    }

    async def publish(bus):
        kept = data or fact.model_dump_json().encode()
        subject = f"dead.{by}.{fact.subject}"
        return await bus.jetstream.publish(subject, kept, headers=said | headers)

    return on_the_bus(url, publish).seq


def run(url, *arguments):
    return CliRunner().invoke(app, [*map(str, arguments), "--nats-url", url])


def listed(url, *arguments):
    return json.loads(run(url, "list", "--json", *arguments).stdout)


def left(url):
    return [item["sequence"] for item in listed(url)["items"]]


def published(url, subject):
    """The last message on that subject, and how many there are."""

    async def read(bus):
        stream = await bus.jetstream.stream_info(FACTS_STREAM, subjects_filter=subject)
        try:
            last = await bus.jetstream.get_msg(FACTS_STREAM, subject=subject)
        except NotFoundError:
            return None, 0
        return last, stream.state.subjects[subject]

    return on_the_bus(url, read)


def test_dead_letters_are_listed_oldest_first_and_a_page_at_a_time(broker):
    numbers = [dead_lettered(broker, reason=f"reason.{n}") for n in range(5)]

    first = listed(broker, "--limit", 2)
    second = listed(broker, "--limit", 3, "--after", first["next_after"])

    assert [item["sequence"] for item in first["items"] + second["items"]] == numbers
    assert second["next_after"] is None
    assert first["items"][0]["service"] == "catalog"
    assert first["items"][0]["workspace_id"] == "ws_1"


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ((), [1, 2, 3]),
        (("--service", "policy"), [2]),
        (("--fact", "gpt.removed"), [1, 3]),
        (("--fact", "gpt.removed.v1"), [1, 3]),
        (("--fact", "fact.domains.changed.v1"), [2]),
        (("--reason", "b"), [3]),
        (("--since", "2126-01-01"), []),
        (("--since", "2026-01-01", "--service", "catalog"), [1, 3]),
    ],
)
def test_filters_leave_what_was_asked_for(broker, filters, found):
    dead_lettered(broker, reason="a")
    dead_lettered(broker, by="policy", fact=domains_changed(1), reason="a")
    dead_lettered(broker, reason="b")

    assert [item["sequence"] for item in listed(broker, *filters)["items"]] == found


def test_into_a_pipe_each_letter_is_a_line_with_tabs(broker):
    number = dead_lettered(broker)

    [line] = run(broker, "list").stdout.splitlines()

    sequence, time, *rest = line.split("\t")
    assert sequence == str(number)
    assert datetime.fromisoformat(time)
    assert rest == ["catalog", "gpt.removed.v1", "catalog.no", "6", "ws_1"]
    assert run(broker, "list", "--reason", "other").stdout == ""


def test_for_people_a_letter_fits_eighty_columns():
    long = DeadLetter(
        sequence=123_456,
        service="execution",
        fact="fact.invocation.finished.v1",
        reason="event.wrong_workspace",
        deliveries=6,
        time=datetime.now(UTC),
        cut_from=None,
        headers={"ce-subject": f"ws_{'x' * 16}"},
        data=b"",
    )

    lines = _for_people(long).splitlines()

    assert max(map(len, lines)) <= 80
    assert "event.wrong_workspace (6 deliveries)" in lines[1]
    assert "(1 delivery)" in _for_people(replace(long, deliveries=1))


def test_people_read_that_there_are_none_and_whether_a_filter_was_given():
    assert _none(filtered=False) == "There are no dead letters."
    assert "these filters" in _none(filtered=True)


def test_data_that_do_not_fit_are_reported_by_member_and_found_by_what_the_service_said(broker):
    dead_lettered(broker, data=b'{"workspace_id":"ws_1","gpt_id":7}', reason="ValidationError")

    [letter] = listed(broker, "--reason", "ValidationError")["items"]

    assert letter["reason"] == "ValidationError: gpt_id (string_type)"
    assert listed(broker, "--reason", letter["reason"])["items"] == [letter]


@pytest.mark.parametrize(
    ("option", "typo", "known"),
    [("--service", "catalogue", "catalog"), ("--fact", "gpt.remove", "gpt.removed")],
)
@pytest.mark.parametrize("command", ["list", "replay"])
def test_a_typo_in_a_filter_is_an_error_that_lists_what_is_known(command, option, typo, known):
    ended = run("nats://127.0.0.1:1", command, option, typo)

    assert ended.exit_code == 2
    assert known in [word.strip(",.") for word in ended.output.partition("Known:")[2].split()]


def test_one_is_shown_with_headers_reason_and_data(broker):
    number = dead_lettered(broker)

    shown = run(broker, "show", number)
    as_data = json.loads(run(broker, "show", number, "--json").stdout)

    assert "catalog.no" in shown.stdout
    assert json.loads(as_data["data"]) == {"workspace_id": "ws_1", "gpt_id": "gpt_1"}
    assert as_data["headers"]["ce-id"] == FACT.id
    assert as_data["reason"] == "catalog.no"


def test_a_replay_is_the_same_event_under_a_new_message_id_and_removes_the_letter(broker):
    number = dead_lettered(broker)

    replayed = run(broker, "replay", number, "--json")
    last, _ = published(broker, FACT.subject)

    assert json.loads(replayed.stdout) == {"replayed": [number], "failed": []}
    assert last.data == FACT.model_dump_json().encode()
    assert {k: v for k, v in last.headers.items() if k.startswith("ce-")} == {
        k: v for k, v in headers_of(FACT, "/openactions/catalog").items() if k.startswith("ce-")
    }
    assert last.headers["Nats-Msg-Id"] != FACT.id
    assert last.headers["oa-replay-for"] == "catalog"
    assert left(broker) == []


def test_a_replay_is_no_duplicate_of_the_fact_that_is_still_in_the_window(broker):
    on_the_bus(broker, lambda bus: bus.publish(FACT))
    number = dead_lettered(broker)

    run(broker, "replay", number)

    assert published(broker, FACT.subject)[1] == 2


def test_many_are_replayed_only_when_asked_twice(broker):
    numbers = [
        dead_lettered(broker, reason="a"),
        dead_lettered(broker, reason="b"),
        dead_lettered(broker, reason="a2"),
    ]

    assert run(broker, "replay", "--all", "--reason", "a").exit_code == 2
    assert left(broker) == numbers

    assert run(broker, "replay", "--all", "--reason", "a", "--yes").exit_code == 0
    assert left(broker) == numbers[1:]


def test_a_replay_of_what_nothing_matches_is_not_done(broker):
    number = dead_lettered(broker)

    for more in ((), ("--json",)):
        ended = run(broker, "replay", "--all", "--reason", "nosuch", "--yes", *more)
        assert ended.exit_code == 1
        assert "No dead letter matches these filters." in ended.stderr
    assert json.loads(ended.stdout) == {"replayed": [], "failed": []}
    assert left(broker) == [number]


def test_to_replay_all_of_none_is_done_at_once(broker):
    run(broker, "replay", dead_lettered(broker))
    ended = run(broker, "replay", "--all", "--yes")

    assert ended.exit_code == 0
    assert "There are no dead letters." in ended.stderr


def test_a_letter_that_was_cut_is_not_replayed_and_stays(broker):
    cut = dead_lettered(broker, **{"oa-cut-from": "1000000"})
    whole = dead_lettered(broker, reason="whole")

    ended = run(broker, "replay", cut, whole)

    assert ended.exit_code == 1
    assert left(broker) == [cut]
    assert published(broker, FACT.subject)[1] == 1


def test_what_was_published_and_not_removed_may_be_replayed_again(broker):
    """As after a crash between the two: the broker drops the second, the letter goes."""
    number = dead_lettered(broker)

    async def publish_only(bus):
        letter = await DeadLetters(bus.jetstream).read(number)

        class Crashing:
            """JetStream, but for the removal."""

            publish = bus.jetstream.publish

            async def delete_msg(self, *_):
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            await DeadLetters(Crashing()).replay(letter)

    on_the_bus(broker, publish_only)
    assert left(broker) == [number]

    replayed = run(broker, "replay", number)
    assert replayed.exit_code == 0
    assert "`openactions dead-letters list` shows those that fail again." in replayed.output
    assert left(broker) == []
    assert published(broker, FACT.subject)[1] == 1


def test_a_number_that_is_no_letter_is_a_sentence_and_an_exit_status(broker):
    dead_lettered(broker)

    for command in ("show", "replay"):
        ended = run(broker, command, 99)
        assert ended.exit_code == 1
        assert "There is no dead letter 99" in ended.output


def test_neither_numbers_nor_all_is_a_usage_error(broker):
    assert run(broker, "replay").exit_code == 2
    assert run(broker, "replay", 1, "--all").exit_code == 2


def test_a_broker_that_is_away_is_a_sentence_and_an_exit_status():
    ended = run(f"nats://127.0.0.1:{free_port()}", "list")

    assert ended.exit_code == 3
    assert "No broker answers" in ended.output
    assert "Traceback" not in ended.output


def test_a_broker_that_no_platform_has_used_is_a_sentence(broker):
    ended = run(broker, "list")

    assert ended.exit_code in {0, 1}
    assert "Traceback" not in ended.output


def test_a_user_without_permission_gets_an_error(tmp_path):
    settings = {
        "listen": f"127.0.0.1:{(port := free_port())}",
        "jetstream": {"store_dir": str(tmp_path)},
        "authorization": {
            "users": [
                {
                    "user": "policy",
                    "password": "p",
                    "permissions": {"publish": ["fact.>"], "subscribe": ["_INBOX_policy.>"]},
                }
            ]
        },
    }
    (tmp_path / "nats.conf").write_text(json.dumps(settings))
    command = [program("nats-server"), "-c", str(tmp_path / "nats.conf")]
    child = Child("nats-server", command, tmp_path / "log")
    child.start()
    asyncio.run(child.ready(lambda: accepts(port)))
    try:
        denied = run(f"nats://policy:p@127.0.0.1:{port}", "list")
        stranger = run(f"nats://policy:wrong@127.0.0.1:{port}", "list")
    finally:
        child.kill()

    assert (denied.exit_code, stranger.exit_code) == (4, 4)
    assert "operator" in denied.output


def test_the_embedded_platforms_broker_is_found_by_its_folder(broker, tmp_path):
    number = dead_lettered(broker)

    ended = CliRunner().invoke(app, ["list", "--json", "--data", str(tmp_path)])

    assert [item["sequence"] for item in json.loads(ended.stdout)["items"]] == [number]
    assert broker_url(None, tmp_path) == broker


def test_a_folder_that_no_platform_has_used_is_a_sentence(tmp_path):
    ended = CliRunner().invoke(app, ["list", "--data", str(tmp_path)])

    assert ended.exit_code == 3
    assert "--nats-url" in ended.output


async def test_a_replayed_fact_is_taken_by_the_service_that_had_given_it_up(nats_url, mongodb_url):
    tested = service(nats_url, mongodb_url)
    fact = domains_changed(77)
    tested.taken.failing = {77: Denied("Not yet.", code="policy.not_yet")}
    async with running(tested.api):
        await tested.chassis.bus.publish(fact)
        async with connected(nats_url) as operator:
            letters = DeadLetters(operator.jetstream)
            wanted = Wanted(service="policy", reason="policy.not_yet")

            async def given_up():
                return [letter async for letter in letters.each(wanted)]

            [letter] = await eventually(given_up)
            tested.taken.failing = {}
            await letters.replay(letter)

            async def taken_again():
                return tested.taken.times(77) == 2

            assert await eventually(taken_again)
            assert await given_up() == []
    changes = [taken for taken in tested.taken.facts if isinstance(taken, DomainsChanged)]
    assert {taken.id for taken in changes if taken.revision == 77} == {fact.id}
