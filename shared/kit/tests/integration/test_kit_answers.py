"""How a service answers requests: with a reply, with its refusal, or with its failure."""

import asyncio

import pytest

from contracts.errors import Conflict, Unavailable
from contracts.requests import CheckHosts
from kit.errors import DatabaseUnavailable
from kit.testing import neighbours, running
from shared.kit.tests.kit_service import STORED, service

pytestmark = pytest.mark.integration


@pytest.fixture
async def tested(nats, mongodb_url):
    tested = service(nats.url, mongodb_url)
    async with running(tested.api):
        yield tested


@pytest.fixture
async def asker(nats, tested):
    async with neighbours(nats.url) as others:
        yield others.bus


def about(*hosts):
    return CheckHosts(workspace_id="ws_1", hosts=hosts)


async def test_a_reply_comes_back(asker):
    assert [r.host for r in (await asker.ask(about("a", "b"))).refusals] == ["a", "b"]


async def test_many_questions_are_answered_side_by_side(asker):
    answers = await asyncio.gather(*(asker.ask(about(f"h{n}")) for n in range(200)))

    assert [answer.refusals[0].host for answer in answers] == [f"h{n}" for n in range(200)]


async def test_a_refusal_comes_back_with_its_code_hint_and_findings(asker, tested):
    tested.taken.failing = {
        "a": Conflict("Taken.", hint="Wait.", code="policy.taken", findings=[{"pointer": "/a"}])
    }

    with pytest.raises(Conflict) as refused:
        await asker.ask(about("a"))

    assert (refused.value.code, refused.value.hint) == ("policy.taken", "Wait.")
    assert refused.value.findings == ({"pointer": "/a"},)


async def test_a_failure_says_nothing_of_its_cause(asker, tested):
    tested.taken.failing = {"a": RuntimeError("password=hunter2")}

    with pytest.raises(Unavailable) as failed:
        await asker.ask(about("a"))

    assert failed.value.code == "platform.answer_failed"
    assert "hunter2" not in failed.value.sentence


async def test_an_answer_that_would_not_fit_is_a_failure_not_a_silence(asker):
    with pytest.raises(Unavailable) as failed:
        await asker.ask(about(*("h" * 1_000 for _ in range(63))))

    assert failed.value.code == "platform.answer_failed"


@pytest.mark.parametrize("question", [b"", b"not json", b"[]", b"{}", b"\xff"], ids=repr)
async def test_h103_a_question_that_cannot_be_read_is_answered_with_a_failure(asker, question):
    answer = await asker.client.request(CheckHosts.subject, question, timeout=5)

    assert b"platform.answer_failed" in answer.data


async def test_f21_a_database_that_stands_still_is_said_before_the_asker_gives_up(nats, mongodb):
    tested = service(nats.url, mongodb.url)
    async with running(tested.api), neighbours(nats.url) as others:
        await others.bus.ask(about(STORED))
        mongodb.freeze()

        with pytest.raises(Unavailable) as refused:
            await others.bus.ask(about(STORED))

        mongodb.thaw()
    assert refused.value.code == DatabaseUnavailable.code
