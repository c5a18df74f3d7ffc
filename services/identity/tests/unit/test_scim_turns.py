"""While a directory's patch of a person is carried out, others get their turn."""

import asyncio
import gc
import sys
import weakref
from types import SimpleNamespace

import pytest
from pydantic import ValidationError

from contracts.ids import MemberId
from contracts.requests import Role
from identity_service.domain.directory_entry import DirectoryEntry, key_of
from identity_service.domain.member import Member
from identity_service.entrypoints.scim_errors import refusal_of_library
from identity_service.entrypoints.scim_group_patch import group_patch_of
from identity_service.entrypoints.scim_names import named_plainly
from identity_service.entrypoints.scim_requests import POLICY, patch_model
from identity_service.entrypoints.scim_resources import Group, User
from identity_service.entrypoints.scim_users import Users
from identity_service.usecases.keep_an_owner import KeepAnOwner
from identity_service.usecases.place_member import PlaceMember
from services.identity.tests.directory_fakes import MemoryGroupRoles, MemoryGroups
from services.identity.tests.page_platform import principal_of
from services.identity.tests.scim_platform import PATCH
from services.identity.tests.session_platform import OURS, new_platform

OWNER = Member(MemberId("mem_owner"), OURS, "Olga", Role.OWNER)
BOB = Member(
    MemberId("mem_bob"), OURS, "Bob", Role.USER, directory=DirectoryEntry("bob", key_of("bob"))
)
MANY = [
    {"userName": "bob", "active": True, "displayName": f"Bob {number}", "externalId": "x"}
    for number in range(90)
]
FOREIGN = {f"urn:x:y{number}:User:a": 1 for number in range(590)}
A_TURN = 40_000
"""Calls of Python's functions: a few milliseconds."""


@pytest.fixture
async def users():
    platform, groups = await new_platform(), MemoryGroups()
    for member in (OWNER, BOB):
        await platform.members.add(member)
    keep = KeepAnOwner(platform.members, platform.tokens, platform.clock)
    place = PlaceMember(platform.members, groups, MemoryGroupRoles(), keep, platform.end_all)
    app = SimpleNamespace(members=platform.members, groups=groups, place_member=place)
    return Users(app, principal_of(OWNER), "https://actions.example.net")


async def most_in_a_turn(work):
    """Calls without another task's turn in between; and of all together."""
    calls, turns = 0, []

    def count(_frame, event, _argument):
        nonlocal calls
        calls += event == "call"

    async def look():
        while True:
            turns.append(calls)
            await asyncio.sleep(0)

    looking = asyncio.create_task(look())
    await asyncio.sleep(0)
    sys.setprofile(count)
    try:
        await work
    finally:
        sys.setprofile(None)
        looking.cancel()
    ends = [*turns[1:], calls]
    return max(end - begin for begin, end in zip(turns, ends, strict=True)), calls


def patch_of_values(values):
    operations = [{"op": "replace", "value": each} for each in values]
    return {"schemas": [PATCH], "Operations": operations}


async def test_a_patch_of_many_operations_holds_up_nobody(users):
    with POLICY:
        await users.modify(BOB.id, patch_of_values(MANY[:2]), None)  # what is made once is made
        most, all_together = await most_in_a_turn(users.modify(BOB.id, patch_of_values(MANY), None))

    assert all_together > 3 * A_TURN
    assert most < A_TURN, (most, all_together)
    changed = await users.app.members.find(OURS, BOB.id)
    assert (changed.name, changed.directory.external_id) == ("Bob 89", "x")


async def test_a_patch_of_a_group_of_many_operations_holds_up_nobody():
    body = patch_of_values([{"displayName": f"Makers {number}"} for number in range(100)])
    group = Group(id="grp_1", display_name="Makers")

    async def patched():
        await (await group_patch_of(body)).patch(group, frozenset())

    with POLICY:
        await patched()  # what is made once is made
        most, all_together = await most_in_a_turn(patched())

    assert all_together > A_TURN, all_together
    assert most < A_TURN / 4, (most, all_together)
    assert group.display_name == "Makers 99"


def test_the_model_of_patches_is_kept_for_the_next_request():
    kept = weakref.ref(patch_model(User))
    gc.collect()
    assert kept() is not None


async def replacement_read():
    named_plainly(User, {"userName": "bob", **FOREIGN})


async def test_what_is_not_kept_is_not_gone_through(users):
    name = {"displayName": "Robert"}
    with POLICY:
        await users.modify(BOB.id, patch_of_values(MANY[:2]), None)
        most, _ = await most_in_a_turn(
            users.modify(BOB.id, patch_of_values([{**FOREIGN, **name}]), None)
        )
        whole, _ = await most_in_a_turn(replacement_read())

    assert most < A_TURN, most
    assert whole < A_TURN, whole
    assert (await users.app.members.find(OURS, BOB.id)).name == "Robert"


async def test_a_refusal_names_the_operation_by_its_number(users):
    operations = [{"op": "replace", "value": {"displayName": "Robert"}}] * 5
    operations.append({"path": "active", "value": True})
    with POLICY, pytest.raises(ValidationError) as refused:
        await users.modify(BOB.id, {"schemas": [PATCH], "Operations": operations}, None)

    assert "Operations.5" in refusal_of_library(refused.value).detail
    assert (await users.app.members.find(OURS, BOB.id)).name == "Bob"
