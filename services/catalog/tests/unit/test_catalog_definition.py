import pytest

from catalog_service.domain.definition import Action, Definition, Limits, hosts_of
from contracts.errors import PlatformError

LIMITS = Limits(actions=10, operations=128)


def action(id_, operations=("getPet",), **more):
    return Action(id_, "Pets", "sch_1", tuple(operations), **{"origins": (), **more})


def test_a_new_action_comes_after_the_others():
    draft = Definition("Vet").holding(action("act_1"), LIMITS).holding(action("act_2"), LIMITS)

    assert [held.id for held in draft.actions] == ["act_1", "act_2"]


def test_a_bound_action_takes_the_place_of_the_one_with_its_id():
    draft = Definition("Vet", actions=(action("act_1"), action("act_2")))

    changed = draft.holding(action("act_1", ["addPet"]), LIMITS)

    assert [held.operations for held in changed.actions] == [("addPet",), ("getPet",)]


def test_the_eleventh_action_is_refused_in_the_original_words():
    full = Definition("Vet", actions=tuple(action(f"act_{number}") for number in range(10)))

    with pytest.raises(PlatformError) as refused:
        full.holding(action("act_10"), LIMITS)

    assert refused.value.code == "catalog.too_many_actions"
    assert refused.value.sentence == "GPTs can have a maximum of 10 actions"
    assert len(full.holding(action("act_9", ["other"]), LIMITS).actions) == 10


def test_operations_are_counted_over_all_actions_and_a_rebound_one_counts_once():
    draft = Definition("Vet").holding(action("act_1", map(str, range(100))), LIMITS)

    assert draft.holding(action("act_1", map(str, range(128))), LIMITS)
    with pytest.raises(PlatformError) as refused:
        draft.holding(action("act_2", map(str, range(29))), LIMITS)
    assert refused.value.code == "catalog.too_many_operations"


def test_an_action_that_is_not_there_cannot_leave():
    with pytest.raises(PlatformError) as refused:
        Definition("Vet").without("act_1")

    assert refused.value.code == "catalog.action_not_found"


def test_hosts_are_named_once_without_their_ports():
    first = action("act_1", origins=("https://b.example.com", "https://a.example.com:8443"))
    second = action("act_2", origins=("https://a.example.com",))

    assert hosts_of([first, second]) == ("a.example.com", "b.example.com")
