"""A change that another one overtook is made again; only a named revision is a failed condition."""

import pytest

from kit.contention import MAX_ATTEMPTS, repeated_on_contention, repeats_on_contention
from kit.documents import ChangedMeanwhile, Overtaken
from kit.errors import headers_of, problem_of, status_of


class Contended:
    """A change that loses the first `lost` races."""

    def __init__(self, lost, error=Overtaken):
        self.lost, self.error, self.attempts = lost, error, 0

    async def __call__(self):
        self.attempts += 1
        if self.attempts <= self.lost:
            raise self.error
        return "changed"


class Waits(list):
    async def __call__(self, seconds):
        self.append(seconds)


async def test_a_lost_race_is_run_again():
    change = Contended(lost=2)

    assert await repeated_on_contention(change, Waits()) == "changed"
    assert change.attempts == 3


async def test_it_ends_after_some_races_as_unavailable():
    change, waits = Contended(lost=MAX_ATTEMPTS), Waits()

    with pytest.raises(Overtaken) as refused:
        await repeated_on_contention(change, waits)

    assert change.attempts == len(waits) + 1 == MAX_ATTEMPTS
    assert status_of(refused.value) == 503
    assert headers_of(refused.value)["retry-after"]
    assert problem_of(refused.value)["code"] == "platform.overtaken"
    assert problem_of(refused.value)["hint"] == "Repeat the same request in a moment."


async def test_a_revision_that_was_named_and_is_old_ends_it_at_once():
    change = Contended(lost=1, error=ChangedMeanwhile)

    with pytest.raises(ChangedMeanwhile) as refused:
        await repeated_on_contention(change, Waits())

    assert change.attempts == 1
    assert status_of(refused.value) == 412


async def test_a_use_case_that_repeats_passes_on_what_it_is_given():
    class Adds:
        calls = 0

        @repeats_on_contention
        async def __call__(self, one, *, other):
            """Adds."""
            self.calls += 1
            if self.calls == 1:
                raise Overtaken
            return one + other

    adds = Adds()

    assert await adds(1, other=2) == 3
    assert Adds.__call__.__doc__ == "Adds."
