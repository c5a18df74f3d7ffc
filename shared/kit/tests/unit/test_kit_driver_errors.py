"""What the driver's errors mean: an outage, a write that may have been made, or a fault."""

import pytest
from pymongo import errors  # noqa: TID251 - what the driver raises

from contracts.errors import Kind
from kit.errors import DatabaseRefused, DatabaseUnavailable, WriteUnconfirmed
from kit.mongo import driver_errors
from kit.redelivery import Redelivery, reason_of


def failed(code, labels=(), name=None):
    return errors.OperationFailure("no", code, {"errorLabels": [*labels], "codeName": name})


def bulk(*codes, concerns=()):
    return errors.BulkWriteError(
        {
            "writeErrors": [{"code": code, "index": 0} for code in codes],
            "writeConcernErrors": [{"code": code} for code in concerns],
        }
    )


def meaning(error, *, writing=False):
    with (
        pytest.raises((DatabaseRefused, DatabaseUnavailable)) as raised,
        driver_errors(writing=writing),
    ):
        raise error
    assert raised.value.__cause__ is error
    return raised.value


OUTAGES = [
    errors.AutoReconnect("gone"),
    errors.NetworkTimeout("late"),
    errors.ServerSelectionTimeoutError("nobody"),
    errors.NotPrimaryError("not any more"),
    errors.WaitQueueTimeoutError("full"),
    errors.ExecutionTimeout("late", 50),
    errors.ExecutionTimeout("the driver's own time ran out, which has no code"),
    errors.WTimeoutError("not replicated in time", 64),
    failed(10107),
    failed(189),
    failed(1, labels=["RetryableWriteError"]),
    failed(1, labels=["TransientTransactionError"]),
    bulk(189),
]


@pytest.mark.parametrize("error", OUTAGES, ids=lambda error: f"{type(error).__name__}")
def test_b3_lost_connections_primaries_and_times_are_outages(error):
    assert type(meaning(error)) is DatabaseUnavailable


FAULTS = {
    13: "Unauthorized",
    2: "BadValue",
    121: "DocumentValidationFailure",
    86: "IndexKeySpecsConflict",
    18: "AuthenticationFailed",
}


@pytest.mark.parametrize("writing", [False, True])
@pytest.mark.parametrize("code", FAULTS)
def test_b3_whatever_else_the_database_says_is_loud(code, writing):
    refused = meaning(failed(code, name=FAULTS[code]), writing=writing)

    assert isinstance(refused, DatabaseRefused)
    assert (refused.code, refused.reason) == (code, FAULTS[code])


def test_b3_a_bulk_write_fails_for_what_is_in_it():
    assert meaning(bulk(121), writing=True).code == 121


@pytest.mark.parametrize(
    "error",
    [
        errors.WTimeoutError("not replicated", 64),
        errors.WriteConcernError("not replicated", 64),
        bulk(concerns=[64]),
        errors.AutoReconnect("gone"),
        errors.NetworkTimeout("late"),
        failed(11602),
    ],
    ids=lambda error: type(error).__name__,
)
def test_f24_a_write_whose_confirmation_did_not_come_is_unknown(error):
    unknown = meaning(error, writing=True)

    assert isinstance(unknown, WriteUnconfirmed)
    assert unknown.kind is Kind.UNAVAILABLE
    assert "may have been made or not" in unknown.sentence


@pytest.mark.parametrize(
    "error",
    [errors.ServerSelectionTimeoutError("nobody"), errors.NotPrimaryError("no")],
    ids=lambda error: type(error).__name__,
)
def test_f24_a_write_that_was_never_sent_was_not_made(error):
    assert type(meaning(error, writing=True)) is DatabaseUnavailable


def test_b3_a_fact_whose_write_can_never_succeed_does_not_come_again():
    assert Redelivery().after(DatabaseRefused("DocumentValidationFailure", 121), 1) is None


def test_b3_a_missing_right_is_waited_for_as_long_as_for_any_failure():
    redelivery = Redelivery((1.0, 5.0))
    unauthorized = DatabaseRefused("Unauthorized", 13)

    delays = [redelivery.after(unauthorized, delivery) for delivery in (1, 2, 3)]

    assert delays == [1.0, 5.0, None]


def test_b3_an_outage_never_ends_in_a_dead_letter():
    assert Redelivery((1.0,)).after(DatabaseUnavailable(), 1_000) is not None
    assert Redelivery((1.0,)).after(WriteUnconfirmed(), 1_000) is not None


def test_b3_a_dead_letter_says_why_the_database_refused():
    assert reason_of(DatabaseRefused("Unauthorized", 13)) == "DatabaseRefused: Unauthorized"
    assert reason_of(WriteUnconfirmed()) == "platform.write_unconfirmed"
    assert reason_of(ValueError("somebody's data")) == "ValueError"
