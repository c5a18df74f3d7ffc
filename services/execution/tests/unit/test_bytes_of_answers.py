"""B7: what is kept of an answer counts, and what finds no room is left out."""

import pytest

from execution_service.domain.answer import SHORT_MARK, AnswerReader
from services.execution.tests.calling import invoke
from services.execution.tests.fakes import answered, wanted_call


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_b7_an_answer_that_finds_no_room_is_cut_and_says_why(world, method):
    """The API has carried the call out: it is not reported as failed."""
    world = world(method)
    world.answer, world.room = answered(body=b'["' + b"a" * 50_000 + b'"]'), 20_000

    finished = await invoke(world)

    assert (finished.outcome, finished.status, finished.truncated) == ("succeeded", 200, True)
    mark = SHORT_MARK.format(kept=21_000, why="You hold your share.")
    assert finished.body == '["' + "a" * 20_998 + mark
    assert world.finished.code == "ok"


@pytest.mark.parametrize(("size", "kept"), [(11, 11), (20_000, 20_000), (150_000, 100_000)])
async def test_b7_what_is_kept_of_an_answer_counts_for_the_call(world, size, kept):
    world, held = world(), []
    world.answer = answered(body=b"a" * size, content_type="text/plain")

    await invoke(world, wanted_call({"id": 1}, holds=held.append))

    assert held == [kept]


def test_b7_an_answer_of_which_nothing_found_room_is_not_an_empty_one():
    read = AnswerReader("text/plain").end(complete=False, why="No room.")

    assert (read.body, read.truncated) == (SHORT_MARK.format(kept=0, why="No room."), True)


def test_b7_json_that_was_cut_is_text():
    reader = AnswerReader("application/json")
    reader.feed(b'{"a":1}')

    read = reader.end(complete=False, why="No room.")

    assert read.body == '{"a":1}' + SHORT_MARK.format(kept=7, why="No room.")
