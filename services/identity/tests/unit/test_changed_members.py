"""Who may change whose role, who may remove whom, and that an owner stays."""

import asyncio
import random
from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.errors import PlatformError
from contracts.facts import MemberChanged, TokenRevoked
from contracts.ids import MemberId, TokenId, WorkspaceId
from contracts.principal import SCOPES_OF_ROLE, Principal, Via
from contracts.requests import Role
from identity_service.domain.api_token import ApiToken
from identity_service.domain.member import Member, MemberEdit
from identity_service.usecases.change_member import ChangeMember
from identity_service.usecases.end_access_of_member import EndAccessOfMember
from identity_service.usecases.end_session import EndSession
from identity_service.usecases.end_sessions_of_member import EndSessionsOfMember
from identity_service.usecases.keep_an_owner import KeepAnOwner
from identity_service.usecases.remove_member import RemoveMember
from identity_service.usecases.revoke_tokens_of_member import RevokeTokensOfMember
from kit.errors import NotInForce
from kit.testing import FrozenClock
from services.identity.tests.fakes import MemoryMembers, MemorySessions, MemoryTokens

OURS = WorkspaceId("ws_ours")
ORDER = [Role.USER, Role.BUILDER, Role.ADMIN, Role.OWNER]


class OtherReplica(MemoryMembers):
    """Each question and change takes a while, in which another replica gets its turn."""

    async def find(self, workspace_id, member_id):
        await self._meanwhile()
        return await super().find(workspace_id, member_id)

    async def with_role(self, workspace_id, role):
        await self._meanwhile()
        return await super().with_role(workspace_id, role)

    async def renew(self, seen):
        await self._meanwhile()
        await super().renew(seen)

    async def replace(self, seen, changed, fact):
        await self._meanwhile()
        await super().replace(seen, changed, fact)

    async def remove(self, seen, fact):
        await self._meanwhile()
        await super().remove(seen, fact)

    async def _meanwhile(self):
        for _ in range(random.randrange(4)):
            await asyncio.sleep(0)


class Workspace:
    """`mem_owner` to `mem_user`, and a second owner; each has a token that does all they may."""

    def __init__(self, members=None):
        self.members = members or MemoryMembers()
        self.tokens, self.sessions = MemoryTokens(), MemorySessions()
        self.clock = FrozenClock()
        keep = KeepAnOwner(self.members, self.tokens, self.clock)
        self.change_member = ChangeMember(self.members, keep)
        revoke = RevokeTokensOfMember(self.tokens)
        ends = EndSessionsOfMember(self.sessions, EndSession(self.sessions))
        self.remove = RemoveMember(self.members, keep, EndAccessOfMember(revoke, ends))

    async def add(self, name, role, *, workspace_id=OURS, **token):
        id_ = MemberId(f"mem_{name}")
        await self.members.add(Member(id_, workspace_id, name, role))
        known = {
            "id": TokenId(f"tok_{name}"),
            "workspace_id": workspace_id,
            "member_id": id_,
            "name": name,
            "digest": f"digest of {name}",
            "hint": "",
            "scopes": None,
            "created_at": self.clock(),
        }
        await self.tokens.add(ApiToken(**{**known, **token}))

    def caller(self, role, name=None, scopes=None):
        scopes = SCOPES_OF_ROLE[role] if scopes is None else frozenset(scopes)
        member_id = MemberId(f"mem_{name or role}")
        return Principal(OURS, member_id, role, Via.TOKEN, scopes, None, "tok")

    async def role_of(self, name):
        member = await self.members.find(OURS, MemberId(f"mem_{name}"))
        return member.role if member else None

    async def owners(self):
        return await self.members.with_role(OURS, Role.OWNER)


@pytest.fixture
async def ours():
    workspace = Workspace()
    for role in Role:
        await workspace.add(role, role)
    await workspace.add("2nd", Role.OWNER)
    return workspace


async def code_of(work):
    try:
        await work
    except PlatformError as error:
        return error.code
    return None


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("member", Role)
@pytest.mark.parametrize("wanted", Role)
async def test_nobody_changes_somebody_above_and_nobody_rises_above_their_own(
    ours, role, member, wanted
):
    too_high = max(ORDER.index(member), ORDER.index(wanted)) > ORDER.index(role)

    code = await code_of(
        ours.change_member(ours.caller(role), f"mem_{member}", MemberEdit(role=wanted), None)
    )

    assert code == ("identity.role_above_own" if too_high else None)
    assert await ours.role_of(member) is (member if too_high else wanted)


async def test_nobody_gives_a_member_more_than_their_own_token_allows(ours):
    narrow = ours.caller(Role.OWNER, scopes={"members:write"})

    code = await code_of(
        ours.change_member(narrow, "mem_builder", MemberEdit(role=Role.OWNER), None)
    )

    assert code == "identity.scopes_exceeded"
    assert await ours.role_of("builder") is Role.BUILDER
    assert (
        await code_of(ours.change_member(narrow, "mem_admin", MemberEdit(role=Role.USER), None))
        is None
    )


async def test_a_change_of_role_says_so_once(ours):
    caller = ours.caller(Role.ADMIN)

    changed = await ours.change_member(caller, "mem_user", MemberEdit(role=Role.BUILDER), None)
    again = await ours.change_member(caller, "mem_user", MemberEdit(role=Role.BUILDER), 1)

    assert changed == again
    [fact] = ours.members.facts.of(MemberChanged)
    assert (fact.workspace_id, fact.member_id) == (OURS, "mem_user")
    assert (fact.role, fact.revision) == (Role.BUILDER, 2)


async def test_a_change_that_is_based_on_an_older_revision_is_refused(ours):
    caller = ours.caller(Role.ADMIN)
    await ours.change_member(caller, "mem_user", MemberEdit(role=Role.BUILDER), 1)

    late = ours.change_member(caller, "mem_user", MemberEdit(role=Role.ADMIN), 1)

    assert await code_of(late) == "platform.changed_meanwhile"


@pytest.mark.parametrize("member_id", ["mem_?", "mem_foreign"])
async def test_nobody_changes_or_removes_who_is_not_there(ours, member_id):
    await ours.add("foreign", Role.USER, workspace_id=WorkspaceId("ws_theirs"))
    caller = ours.caller(Role.OWNER)

    assert await code_of(ours.remove(caller, member_id)) == "platform.not_found"
    changing = ours.change_member(caller, member_id, MemberEdit(role=Role.USER), None)
    assert await code_of(changing) == "platform.not_found"


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("member", Role)
async def test_nobody_removes_somebody_above(ours, role, member):
    above = ORDER.index(member) > ORDER.index(role)

    code = await code_of(ours.remove(ours.caller(role), f"mem_{member}"))

    assert code == ("identity.role_above_own" if above else None)
    assert await ours.role_of(member) is (member if above else None)


async def test_a_removed_members_tokens_are_deleted_and_said_to_be_revoked(ours):
    await ours.tokens.add(
        replace(await ours.tokens.read(OURS, "tok_user"), id="tok_more", digest="more")
    )

    await ours.remove(ours.caller(Role.ADMIN), MemberId("mem_user"))

    [fact] = ours.members.facts.of(MemberChanged)
    assert (fact.member_id, fact.role, fact.revision) == ("mem_user", None, 2)
    assert await ours.tokens.of_member(OURS, "mem_user") == []
    assert {fact.token_digest for fact in ours.tokens.facts.of(TokenRevoked)} == {
        "digest of user",
        "more",
    }


async def test_a_member_is_removed_on_the_reading_that_was_named_and_again_on_any(ours):
    caller = ours.caller(Role.ADMIN)
    await ours.change_member(caller, "mem_user", MemberEdit(role=Role.BUILDER), 1)

    assert await code_of(ours.remove(caller, "mem_user", 1)) == "platform.changed_meanwhile"
    assert await ours.role_of("user") is Role.BUILDER
    for revision in (2, 1):
        await ours.remove(caller, "mem_user", revision)
    assert await ours.role_of("user") is None


async def test_removing_again_succeeds_and_ends_what_a_crash_left(ours):
    caller = ours.caller(Role.ADMIN)
    await ours.remove(caller, "mem_user")
    await ours.tokens.add(
        replace(await ours.tokens.read(OURS, "tok_builder"), id="tok_x", member_id="mem_user")
    )

    await ours.remove(caller, "mem_user")

    assert await ours.tokens.of_member(OURS, "mem_user") == []
    assert len(ours.members.facts.of(MemberChanged)) == 1


class Unpublished:
    """Facts that the broker does not take at the moment."""

    async def publish(self, fact):
        raise NotInForce


async def test_a_removal_that_is_not_in_force_is_not_answered_with_success(ours):
    ours.members.facts = Unpublished()

    assert await code_of(ours.remove(ours.caller(Role.ADMIN), "mem_user")) == (
        "platform.not_in_force"
    )


async def test_b5_the_same_role_again_succeeds_once_it_is_in_force(ours):
    caller = ours.caller(Role.OWNER)
    await ours.change_member(caller, "mem_user", MemberEdit(role=Role.BUILDER), None)

    ours.members.late = True

    again = ours.change_member(caller, "mem_user", MemberEdit(role=Role.BUILDER), None)
    assert await code_of(again) == "platform.not_in_force"


class TestTheLastOwner:
    @pytest.fixture
    async def alone(self):
        workspace = Workspace()
        await workspace.add("owner", Role.OWNER)
        await workspace.add("admin", Role.ADMIN)
        return workspace

    async def test_stays_an_owner_and_stays(self, alone):
        caller = alone.caller(Role.OWNER)

        changing = alone.change_member(caller, "mem_owner", MemberEdit(role=Role.USER), None)
        assert await code_of(changing) == "identity.last_owner"
        assert await code_of(alone.remove(caller, "mem_owner")) == "identity.last_owner"
        assert await alone.role_of("owner") is Role.OWNER

    @pytest.mark.parametrize(
        "token",
        [
            {"scopes": frozenset({"gpts:read"})},
            {"expires_at": FrozenClock().now},
            {"member_id": MemberId("mem_admin")},
        ],
        ids=["one that creates no tokens", "an expired one", "none"],
    )
    async def test_counts_as_such_where_the_other_owners_cannot_get_in(self, alone, token):
        await alone.add("2nd", Role.OWNER, **token)
        alone.clock.advance(timedelta(seconds=1))

        removing = alone.remove(alone.caller(Role.OWNER), "mem_owner")

        assert await code_of(removing) == "identity.last_owner_token"


@pytest.mark.parametrize("owners", [2, 3, 4])
@pytest.mark.parametrize("seed", range(40))
async def test_of_owners_who_leave_at_once_on_any_replica_one_stays(owners, seed):
    random.seed(seed)
    ours = Workspace(OtherReplica())
    for number in range(owners):
        await ours.add(str(number), Role.OWNER)

    def leaving(number):
        caller = ours.caller(Role.OWNER, str((number + 1) % owners))
        if random.random() < 0.5:
            return ours.remove(caller, MemberId(f"mem_{number}"))
        return ours.change_member(
            caller, MemberId(f"mem_{number}"), MemberEdit(role=Role.USER), None
        )

    codes = await asyncio.gather(*(code_of(leaving(number)) for number in range(owners)))

    assert len(await ours.owners()) == 1
    assert sorted(code for code in codes if code) == ["identity.last_owner"]


async def test_t9_another_name_is_kept_and_is_no_fact(ours):
    caller = ours.caller(Role.ADMIN)

    changed = await ours.change_member(caller, "mem_user", MemberEdit(name="Ada"), 1)
    again = await ours.change_member(caller, "mem_user", MemberEdit(name="Ada"), 1)

    assert (changed.name, changed.role, changed.revision) == ("Ada", Role.USER, 2)
    assert again == changed
    assert ours.members.facts.of(MemberChanged) == []


async def test_t9_nobody_renames_somebody_above(ours):
    caller = ours.caller(Role.ADMIN)

    code = await code_of(ours.change_member(caller, "mem_owner", MemberEdit(name="Ada"), None))

    assert code == "identity.role_above_own"


async def test_t9_the_last_owner_may_be_renamed(ours):
    caller = ours.caller(Role.OWNER)

    changed = await ours.change_member(caller, "mem_owner", MemberEdit(name="Ada"), None)

    assert (changed.name, changed.role) == ("Ada", Role.OWNER)
