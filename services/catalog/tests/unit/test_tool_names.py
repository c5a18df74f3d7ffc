import re

from hypothesis import given
from hypothesis import strategies as st

from catalog_service.domain.tool_names import tool_names

NAMES = st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True)


def test_an_operation_that_nobody_else_has_gives_its_name():
    assert tool_names(["getPet"], "Pets", {}, frozenset()) == {"getPet": "getPet"}


def test_one_of_another_action_gets_the_actions_name_behind_it_then_a_number():
    taken = frozenset({"list"})

    assert tool_names(["list"], "Pet Store", {}, taken) == {"list": "list_pet_store"}
    assert tool_names(["list"], "Pet Store", {}, taken | {"list_pet_store"}) == {"list": "list_2"}
    assert tool_names(["list"], "獣医", {}, taken) == {"list": "list_2"}


def test_a_name_that_a_tool_had_stays_also_when_the_plain_one_is_free_again():
    before = {"list": "list_pets"}

    assert tool_names(["list", "get"], "Pets", before, frozenset()) == {
        "list": "list_pets",
        "get": "get",
    }


def test_a_new_operation_does_not_take_the_name_that_another_one_had():
    before = {"list": "list_2"}

    assert tool_names(["list_2", "list"], "", before, frozenset({"list"})) == {
        "list_2": "list_2_2",
        "list": "list_2",
    }


@given(st.lists(NAMES, unique=True, max_size=20), st.text(max_size=50), st.frozensets(NAMES))
def test_names_are_unique_and_of_the_form_that_models_take(operations, action, taken):
    names = tool_names(operations, action, {}, taken)

    assert list(names) == operations
    assert len({*names.values()}) == len(operations)
    assert not taken & {*names.values()}
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name) for name in names.values())
