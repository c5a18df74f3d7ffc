"""What is logged of an outage."""

from structlog.testing import capture_logs

from kit.outage import MAX_LOGGED, Outage


def test_an_error_is_told_once_an_outage_and_its_end_with_how_many_there_were():
    outage = Outage("policy", "broker_answers_again")

    with capture_logs() as logged:
        for _ in range(2):
            for error in ("refused", "refused", "late", "refused"):
                outage.report("bus_error", error=error)
            outage.over()
            outage.over()

    events = [(each["event"], each.get("error") or each["errors"]) for each in logged]
    once = [("bus_error", "refused"), ("bus_error", "late"), ("broker_answers_again", 4)]
    assert events == [*once, *once]
    assert {each["service"] for each in logged} == {"policy"}


def test_errors_that_all_differ_fill_no_log():
    outage = Outage("policy", "broker_answers_again")

    with capture_logs() as logged:
        for number in range(10 * MAX_LOGGED):
            outage.report("bus_error", error=str(number))

    assert len(logged) == MAX_LOGGED
