"""T13: any number of actions is asked about in questions that each fit one message."""

from contracts.origin import origin_set_digest
from contracts.request import MAX_MESSAGE_BYTES
from contracts.requests import CheckActions, pages_to_check
from contracts.requests.auth import MAX_ACTIONS


def host(number):
    """Of 253 characters."""
    label = "a" * 63
    return f"{number:04}.{label}.{label}.{label}.{'b' * 56}"


def origins(count):
    return tuple(f"https://{host(number)}:8443" for number in range(count))


def test_t13_an_action_with_the_most_and_longest_hosts_fits_with_its_set():
    origins_of = {"act_large": origins(2_000), "act_small": origins(1)}

    pages = list(pages_to_check(origins_of))

    asked = {action: [] for action in origins_of}
    for page in pages:
        question = CheckActions(workspace_id="ws_1", actions=page)
        assert len(question.model_dump_json()) <= MAX_MESSAGE_BYTES
        for action in page:
            assert action.origin_set == origin_set_digest(origins_of[action.action_id])
            asked[action.action_id].extend(action.origins)
    assert {action: tuple(all_) for action, all_ in asked.items()} == origins_of


def test_t13_many_actions_are_asked_about_in_few_questions():
    pages = list(
        pages_to_check({f"act_{number}": origins(1) for number in range(2 * MAX_ACTIONS + 20)})
    )

    assert [len(page) for page in pages] == [MAX_ACTIONS, MAX_ACTIONS, 20]


def test_t13_nothing_is_asked_about_actions_that_call_nothing():
    assert list(pages_to_check({"act_1": ()})) == []
