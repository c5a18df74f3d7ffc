"""A3: how many values of the credential were masked is on record, however the call ended."""

from datetime import timedelta

import pytest

from contracts.facts import Outcome
from egress import ConnectionLost, RequestInvalid
from execution_service.domain.credential import Credential
from execution_service.domain.found_invocation import FoundInvocation
from execution_service.domain.invocation import FinishedCall
from services.execution.tests.calling import invoke
from services.execution.tests.facts import NOON, finished
from services.execution.tests.fakes import answered, record_of
from services.execution.tests.stored import REQUEST, stored_call

SECRET = "s3cret-key-1"
KEY = Credential(7).signing((("x-api-key", SECRET),), ())


@pytest.fixture
def signing(world):
    def with_method(method="GET"):
        made = world(method)
        made.credential = KEY
        return made

    return with_method


async def test_a3_the_fact_has_how_many_values_of_an_answer_were_masked(signing):
    world = signing()
    world.answer = answered(body=f'{{"a":"{SECRET}","b":"{SECRET}"}}'.encode())

    result = await invoke(world)

    assert result.masked == world.finished.masked == 2


async def test_a3_an_answer_without_the_credential_counts_none(signing):
    world = signing()

    await invoke(world)

    assert world.finished.masked == 0


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a3_the_fact_of_a_call_that_broke_off_has_what_its_error_was_masked_of(
    signing, method
):
    world = signing(method)
    world.answer = ConnectionLost(f"Lost {SECRET}.", hint=f"Without {SECRET}.", sent=True)

    result = await invoke(world)

    assert world.finished.outcome is (Outcome.UNKNOWN if method == "POST" else Outcome.FAILED)
    assert result.masked == world.finished.masked == 2
    assert SECRET not in f"{result}{world.facts}"


async def test_a3_the_fact_of_a_call_that_egress_refused_has_it_too(signing):
    world = signing()
    world.answer = RequestInvalid(f"The header {SECRET!r} cannot be sent.")

    with pytest.raises(RequestInvalid) as refusal:
        await invoke(world)

    assert SECRET not in refusal.value.sentence
    assert (world.finished.outcome, world.finished.masked) == (Outcome.REFUSED, 1)


async def test_a3_the_fact_of_a_stored_call_that_egress_refused_has_it_too(replica):
    replica.world.credential = KEY
    replica.world.answer = RequestInvalid(f"The header {SECRET!r} cannot be sent.")

    await replica.go_on(await replica.accept())

    assert (replica.world.finished.outcome, replica.world.finished.masked) == (Outcome.REFUSED, 1)


def test_a3_a_stored_calls_record_counts_before_it_is_written():
    result = FinishedCall("inv_1", "listPets", Outcome.SUCCEEDED, 1.5, status=200, masked=3)
    sending = stored_call().sending(NOON + timedelta(minutes=1), REQUEST)

    assert FoundInvocation.of(None, sending.ended(result)).record.masked == 3
    assert FoundInvocation.of(record_of(finished(masked=3)), sending).record.masked == 0
