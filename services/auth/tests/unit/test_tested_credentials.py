import pytest

from auth_service.domain.tested_credential import CalledOperation, TestedCredential

ANSWERS = [
    (200, "accepted"),
    (204, "accepted"),
    (304, "accepted"),
    (400, "unclear"),
    (401, "rejected"),
    (403, "rejected"),
    (404, "unclear"),
    (429, "unclear"),
    (500, "unclear"),
]


@pytest.mark.parametrize(("status", "outcome"), ANSWERS)
def test_the_status_says_whether_credentials_are_accepted(status, outcome):
    tested = TestedCredential.of(CalledOperation("listPets", "inv_1", status))

    assert tested.outcome == outcome
    assert f"listPets with {status}" in tested.sentence
    assert bool(tested.hint) == (outcome != "accepted")


def test_an_api_that_did_not_answer_says_nothing_about_them():
    called = CalledOperation("listPets", "inv_1", None, "No connection.", "Try again.")

    tested = TestedCredential.of(called)

    assert (tested.outcome, tested.sentence, tested.hint) == (
        "unclear",
        "No connection.",
        "Try again.",
    )
