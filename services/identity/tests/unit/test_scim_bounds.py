"""What one SCIM request may cost, in counted steps: calls of Python's functions."""

import asyncio
import sys

import orjson
import pytest
from scim2_models import Context, InvalidSyntaxException, ResponseParameters

from contracts.ids import MemberId, WorkspaceId
from contracts.requests import Role
from identity_service.domain.directory_entry import DirectoryEntry
from identity_service.domain.group import Group as KnownGroup
from identity_service.domain.group import GroupRole, GroupRoles
from identity_service.domain.member import Member
from identity_service.entrypoints.scim_bounds import AsksTooMuch, demand_few_values
from identity_service.entrypoints.scim_group_patch import group_patch_of
from identity_service.entrypoints.scim_requests import POLICY, operations_of, patch_of
from identity_service.entrypoints.scim_resources import (
    MAX_EMAILS,
    Group,
    User,
    shown_group,
    shown_user,
)
from identity_service.entrypoints.scim_shown import Attributes
from services.identity.tests.scim_platform import PATCH

OURS = WorkspaceId("ws_ours")
IDS = frozenset(f"m{number}" for number in range(1_000))
MAKERS = KnownGroup("grp_1", OURS, "Makers")
EACH_TERM = " or ".join(f'value eq "m{number}"' for number in range(25))
PEOPLE = [Member(MemberId(each), OURS, each, Role.USER) for each in sorted(IDS)]


def counted(work):
    """What it returns, and how many calls it made."""
    calls = 0

    def count(_frame, event, _argument):
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        return work(), calls
    finally:
        sys.setprofile(None)


def body_of(*operations):
    return {"schemas": [PATCH], "Operations": [*operations]}


async def patch_group(body, group, members):
    patch = await group_patch_of(body)
    return await patch.patch(group, members)


def patched(*operations, members=IDS):
    with POLICY:
        group = Group(id="grp_1", display_name="Makers")
        return asyncio.run(patch_group(body_of(*operations), group, members))


def values(ids):
    return [{"value": each} for each in ids]


@pytest.mark.parametrize(
    ("operation", "left"),
    [
        ({"op": "remove", "path": f"members[{EACH_TERM}]"}, 975),
        ({"op": "Remove", "path": f"MEMBERS[ {EACH_TERM.replace('eq', 'EQ')} ]"}, 975),
        ({"op": "Remove", "path": "members", "value": values([*IDS][:50])}, 950),
        ({"op": "add", "path": "members", "value": values(["mem_new"])}, 1_001),
        ({"op": "replace", "value": {"members": values(["a", "b"])}}, 2),
        ({"op": "replace", "path": "members", "value": None}, 0),
        ({"op": "remove", "path": "members"}, 0),
    ],
)
def test_a_hundred_operations_on_a_thousand_members_are_linear(operation, left):
    members, calls = counted(lambda: patched(*[operation] * 100))

    assert len(members) == left
    assert calls < 80_000, calls


def test_what_entra_and_okta_send_means_the_same_as_to_the_library():
    few = frozenset({"a", "b", "c"})
    for operation, expected in (
        ({"op": "Add", "path": "members", "value": values("d")}, "abcd"),
        ({"op": "add", "path": "members", "value": {"value": "d", "display": "D"}}, "abcd"),
        ({"op": "add", "value": {"members": values("d"), "displayName": "X"}}, "abcd"),
        ({"op": "remove", "path": 'members[value eq "a" or value eq "z"]'}, "bc"),
        ({"op": "remove", "path": 'members[value eq "a" or not (value eq "b")]'}, "b"),
        ({"op": "remove", "path": 'members[type eq "User"]'}, ""),
        ({"op": "Remove", "path": "members", "value": [{"value": "a", "type": "User"}]}, "bc"),
        ({"op": "Remove", "path": "members", "value": []}, "abc"),
        ({"op": "replace", "path": "members", "value": values("xy")}, "xy"),
        ({"op": "replace", "path": "members", "value": []}, ""),
        ({"op": "replace", "path": "displayName", "value": "X"}, "abc"),
    ):
        assert patched(operation, members=few) == {*expected}, operation


def test_who_belongs_to_a_group_is_said_anew_by_a_replacement_only():
    for operation, whole in (
        ({"op": "add", "path": "members", "value": values("d")}, False),
        ({"op": "remove", "path": 'members[value eq "a"]'}, False),
        ({"op": "replace", "path": "displayName", "value": "X"}, False),
        ({"op": "replace", "path": "members", "value": values("d")}, True),
        ({"op": "remove", "path": "members"}, True),
    ):
        with POLICY:
            patch = asyncio.run(group_patch_of(body_of(operation)))
        assert patch.whole is whole, operation


@pytest.mark.parametrize(
    "operations",
    [
        [{"op": "remove", "path": 'members[type eq "x"]'}] * 5,
        [{"op": "remove", "path": "members[" + EACH_TERM.replace("eq", "co") + "]"}],
        [{"op": "remove", "path": "members", "value": [{"display": str(n)} for n in range(300)]}],
        [{"op": "add", "value": {f'members[value co "{n}"].type': "User" for n in range(20)}}],
        [{"op": "remove", "path": f"members[{'or'.join(['(value co 1)'] * 10)}]"}],
        [{"op": "remove", "path": f"members[{'AND'.join(['(value co 1)'] * 10)}]"}],
    ],
)
def test_what_is_compared_with_every_member_is_refused_where_it_is_too_much(operations):
    def refused():
        with pytest.raises(AsksTooMuch) as raised:
            patched(*operations)
        return raised.value

    error, calls = counted(refused)

    assert (error.status, error.scim_type) == (413, "tooMany")
    assert "several requests" in error.detail
    assert calls < 1_500_000, calls


def test_a_name_that_is_a_path_is_as_long_as_a_path_may_be():
    long = "members[" + "or".join(['(value eq "m")'] * 40) + "].type"
    for value in ({long: "x"}, {"urn:x": {long: "x"}}):
        with POLICY, pytest.raises(InvalidSyntaxException, match="at most 500"):
            operations_of(Group, body_of({"op": "replace", "value": value}))


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "remove", "path": f"emails[{EACH_TERM}]"},
        {"op": "remove", "path": "emails", "value": values(IDS)},
        {"op": "add", "value": {f"a{number}": 1 for number in range(1_000)}},
        {"op": "add", "path": "name", "value": {f"a{number}": 1 for number in range(1_000)}},
        {"op": "add", "path": "emails", "value": [{"value": ""}] * 1_000},
    ],
)
def test_patches_of_users_are_bounded_too(operation):
    body = body_of(*[operation] * 100)

    def refused():
        with POLICY, pytest.raises(AsksTooMuch):
            patch_of(User, body, operations_of(User, body), MAX_EMAILS)

    assert counted(refused)[1] < 2_000_000


def test_a_body_has_as_many_values_as_a_large_group_and_lists_are_bounded_before_they_are_read():
    entry = {"value": "mem_1", "$ref": "x", "type": "User", "display": "x"}
    demand_few_values({"displayName": "x", "members": [entry] * 1_000})
    with pytest.raises(AsksTooMuch):
        demand_few_values({"emails": [{}] * 10_000})
    deep = {}
    for _ in range(1_000):
        deep = {"name": deep}
    demand_few_values(deep)
    for model, name in ((User, "emails"), (User, "groups"), (User, "roles"), (Group, "members")):
        entries = [{}] * 9_000

        def refused(model=model, body={name: entries}):  # noqa: B006 - is read only
            with POLICY, pytest.raises(ValueError, match="has more than"):
                model.model_validate(body, scim_ctx=Context.RESOURCE_CREATION_REQUEST)

        assert counted(refused)[1] < 1_000, name


def shown(resource, **parameters):
    return Attributes(ResponseParameters.model_validate(parameters)).shown(resource)


def test_members_are_built_where_they_are_asked_for_only():
    for parameters, steps in (
        ({"excludedAttributes": "members"}, 3_000),
        ({"attributes": "displayName"}, 3_000),
        ({}, 6_000),
    ):
        group, _ = counted(lambda: shown_group(MAKERS, PEOPLE, "https://x"))
        built, calls = counted(lambda group=group, given=parameters: shown(group, **given))
        assert ("members" in built) is (not parameters)
        assert calls < steps, (parameters, calls)
    assert counted(lambda: shown_group(MAKERS, PEOPLE, ""))[1] < 1_000


def test_an_entry_shows_what_is_asked_for():
    group = shown_group(MAKERS, PEOPLE[:1], "https://x")
    id_ = PEOPLE[0].id
    ref = f"https://x/scim/v2/Users/{id_}"

    assert shown(group)["members"] == [{"value": id_, "$ref": ref, "type": "User"}]
    assert shown(group, attributes="members.value")["members"] == [{"value": id_}]
    hidden = shown(group, excludedAttributes="members.$ref")["members"]
    assert hidden == [{"value": id_, "type": "User"}]
    orjson.dumps(shown(group))


def test_the_groups_of_a_user_are_few_steps_each():
    groups = {f"grp_{n}": KnownGroup(f"grp_{n}", OURS, f"G{n}") for n in range(500)}
    entry = DirectoryEntry("ada", "ada", groups=(*groups, "grp_gone"))
    ada = Member(MemberId("mem_ada"), OURS, "Ada", Role.USER, directory=entry)

    built, calls = counted(lambda: shown(shown_user(ada, groups, "https://x")))

    assert len(built["groups"]) == 500
    assert built["groups"][7] == {
        "value": "grp_7",
        "$ref": "https://x/scim/v2/Groups/grp_7",
        "display": "G7",
    }
    assert calls < 6_000, calls


def test_the_role_of_many_groups_is_found_by_going_through_them_once():
    groups = [KnownGroup(f"grp_{n}", OURS, f"G{n}", f"E{n}") for n in range(500)]
    entries = tuple(GroupRole(f"x{n}", Role.USER) for n in range(99))
    roles = GroupRoles(OURS, (*entries, GroupRole("E7", Role.ADMIN)))

    role, calls = counted(lambda: roles.highest_of(groups))

    assert role is Role.ADMIN
    assert calls < 3_000, calls
