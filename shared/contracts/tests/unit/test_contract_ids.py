"""Ids sort by the time when they were made."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts.ids import least_id, made_at, new_id


def test_an_id_says_when_it_was_made():
    before = datetime.now(UTC) - timedelta(milliseconds=1)

    assert before <= made_at(new_id("inv")) <= datetime.now(UTC)


@pytest.mark.parametrize("foreign", ["", "inv_1", "inv_!", "x" * 1_000])
def test_an_id_without_a_time_is_as_old_as_can_be(foreign):
    assert made_at(foreign) == datetime.min.replace(tzinfo=UTC)


def test_the_least_id_of_a_time_sorts_before_what_is_made_from_then_on():
    id_ = new_id("inv")

    assert least_id("inv", made_at(id_)) <= id_
    assert least_id("inv", made_at(id_) + timedelta(milliseconds=1)) > id_
    assert least_id("inv", datetime.min.replace(tzinfo=UTC)) == f"inv_{'0' * 26}"
