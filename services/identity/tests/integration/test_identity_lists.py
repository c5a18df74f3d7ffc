"""Lists of identity's stores: what holds in memory holds in MongoDB (T9)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from contracts.facts import WorkspaceCreated
from contracts.ids import MemberId, WorkspaceId
from contracts.requests import Role
from identity_service.adapters.random_token import draw_random_token
from identity_service.domain.api_token import ApiToken
from identity_service.domain.directory_entry import DirectoryEntry, key_of
from identity_service.domain.member import Member, MemberEdit, MemberKind, WantedMembers
from identity_service.domain.member_errors import EmailTaken
from identity_service.domain.workspace import Workspace

OURS, THEIRS = WorkspaceId("ws_ours"), WorkspaceId("ws_theirs")
NOW = datetime.now(UTC).replace(microsecond=0)
"""The embedded database deletes what expired by its own clock."""


async def test_t9_members_are_listed_by_role_and_searched_by_name_in_either_case(stores):
    names = {"Ada": Role.OWNER, "Bob": Role.USER, "Böttcher (B)": Role.USER}
    for number, (name, role) in enumerate(names.items()):
        await stores.members.add(Member(MemberId(f"mem_{number}"), OURS, name, role))
    await stores.members.add(Member(MemberId("mem_9"), THEIRS, "Bob", Role.USER))

    async def found(limit=10, after=None, **wanted):
        return await names_of(stores, WantedMembers(**wanted), limit, after)

    assert await found(role=Role.USER) == ["Böttcher (B)", "Bob"]
    assert await found(text="BÖT") == ["Böttcher (B)"]
    assert await found(text="b", role=Role.OWNER) == []
    assert await found(text="(b)") == ["Böttcher (B)"]
    assert await found(0, "mem_2", text="b") == ["Bob"]


async def names_of(stores, wanted, limit=10, after=None):
    return [each.name for each in await stores.members.page(OURS, limit, after, wanted)]


async def test_members_are_listed_by_kind_and_activity_and_searched_by_address(stores):
    ada = Member(MemberId("mem_0"), OURS, "Ada", Role.OWNER, email="ada@example.com")
    ci = Member(MemberId("mem_1"), OURS, "CI", Role.USER, kind=MemberKind.SERVICE)
    eve = Member(MemberId("mem_2"), OURS, "Eve", Role.USER, email="eve@ada.org", active=False)
    for each in (ada, ci, eve):
        await stores.members.add(each)

    async def found(**wanted):
        return await names_of(stores, WantedMembers(**wanted))

    assert await found(kind=MemberKind.SERVICE) == ["CI"]
    assert await found(kind=MemberKind.PERSON) == ["Eve", "Ada"]
    assert await found(active=True) == ["CI", "Ada"]
    assert await found(active=False) == ["Eve"]
    assert await found(text="ADA", role=Role.USER) == ["Eve"]
    assert await found(text="ada", active=True, kind=MemberKind.PERSON) == ["Ada"]


async def test_an_address_is_had_by_one_member_of_a_workspace(stores):
    ada, other, theirs = (
        Member(MemberId(f"mem_{number}"), where, "Ada", Role.USER, email="ada@example.com")
        for number, where in enumerate((OURS, OURS, THEIRS))
    )
    bob, eve = (Member(MemberId(f"mem_{name}"), OURS, name, Role.USER) for name in ("bob", "eve"))
    for each in (ada, ada, theirs, bob, eve):  # two without one, and one that is added again
        await stores.members.add(each)

    with pytest.raises(EmailTaken):
        await stores.members.add(other)
    taken = bob.edited(MemberEdit(email=ada.email))
    with pytest.raises(EmailTaken):
        await stores.members.replace(bob, taken)
    assert await stores.members.find_by_email(OURS, ada.email) == ada
    assert await stores.members.find_by_email(THEIRS, ada.email) == theirs
    assert await stores.members.find_by_email(OURS, "") is None

    await stores.members.replace(ada, ada.edited(MemberEdit(email="")))
    await stores.members.replace(bob, taken)
    assert (await stores.members.find_by_email(OURS, ada.email)).id == bob.id


async def test_an_address_is_somebody_s_own_before_it_is_a_user_name(stores):
    entry = DirectoryEntry("Ada@Example.com", key_of("Ada@Example.com"))
    ada = Member(
        MemberId("mem_1"), OURS, "Ada", Role.USER, email="a.lovelace@example.com", directory=entry
    )
    bob = Member(MemberId("mem_2"), OURS, "Bob", Role.USER, email="bob@example.com")
    for each in (ada, bob):
        await stores.members.add(each)

    async def of(email, where=OURS):
        found = await stores.members.find_by_address(where, email)
        return found and found.id

    assert await of("ada@example.com") == await of(ada.email) == ada.id
    assert await of(bob.email) == bob.id
    assert [await of(""), await of("eve@example.com"), await of(bob.email, THEIRS)] == [None] * 3
    assert await stores.members.find_by_email(OURS, "ada@example.com") is None
    await stores.members.replace(bob, bob.edited(MemberEdit(email="ada@example.com")))
    assert await of("ada@example.com") == bob.id


async def test_t9_tokens_are_listed_by_member_and_searched_by_name(stores):
    for number, (member, name) in enumerate((("mem_1", "CI"), ("mem_2", "ci two"), ("mem_2", "x"))):
        drawn = draw_random_token()
        token = ApiToken.for_owner(f"tok_{number}", OURS, member, drawn, NOW)
        await stores.tokens.add(replace(token, name=name))

    async def found(**wanted):
        return [each.name for each in await stores.tokens.page(OURS, 10, None, **wanted)]

    assert await found(member_id="mem_2") == ["x", "ci two"]
    assert await found(text="CI") == ["ci two", "CI"]
    assert await found(text="CI", member_id="mem_1") == ["CI"]


async def test_t9_workspaces_of_the_installation_are_paged_and_searched_by_title(stores):
    for number, title in enumerate(("Acme", "Umbrella", "acme two")):
        workspace = Workspace(WorkspaceId(f"ws_{number}"), title)
        fact = WorkspaceCreated(workspace_id=workspace.id, title=title)
        await stores.workspaces.add(workspace, fact)

    async def found(limit=10, after=None, text=""):
        return [each.id for each in await stores.workspaces.page(limit, after, text)]

    assert await found() == ["ws_2", "ws_1", "ws_0"]
    assert await found(1) == ["ws_2", "ws_1"]
    assert await found(1, "ws_2") == ["ws_1", "ws_0"]
    assert await found(text="ACME") == ["ws_2", "ws_0"]
