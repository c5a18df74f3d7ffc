"""Changes of one group's members at once, in whatever order they get their turns."""

import asyncio
import random

import pytest

from contracts.requests import Role
from services.identity.tests.unit.test_provisioned_members import (
    Slow,
    Workspace,
    caller,
    code_of,
    said,
)


@pytest.mark.parametrize("seed", range(30))
async def test_changes_of_members_at_once_add_up(seed):
    random.seed(seed)
    ours = Workspace()
    await ours.owner()
    people = [await ours.provision(caller(), said(f"u{number}")) for number in range(6)]
    await ours.gives(("a", Role.BUILDER))
    group = await ours.group("a", *people[:3])
    ours.members, ours.groups, ours.roles = map(Slow, (ours.members, ours.groups, ours.roles))
    ours.begin()

    work = [ours.takes(group, each) for each in people[:2]]
    work += [ours.adds(group, each) for each in people[3:]]
    codes = await asyncio.gather(*map(code_of, work))

    assert {*codes} == {None}
    assert await ours.ids_of(group) == {each.id for each in people[2:]}
    assert [await ours.role(each) for each in people[:2]] == [Role.USER] * 2


@pytest.mark.parametrize("seed", range(30))
async def test_of_members_said_anew_at_once_those_of_one_are_left(seed):
    random.seed(seed)
    ours = Workspace()
    await ours.owner()
    people = [await ours.provision(caller(), said(f"u{number}")) for number in range(5)]
    await ours.gives(("a", Role.BUILDER))
    group = await ours.group("a", people[4])
    ours.members, ours.groups, ours.roles = map(Slow, (ours.members, ours.groups, ours.roles))
    ours.begin()

    sets = [people[:2], people[2:4], people[4:]]
    codes = await asyncio.gather(*(code_of(ours.set_members(group, *each)) for each in sets))

    assert {*codes} == {None}
    left = await ours.ids_of(group)
    assert left in [{each.id for each in some} for some in sets]
    builders = {each.id for each in people if await ours.role(each) is Role.BUILDER}
    assert builders == left
