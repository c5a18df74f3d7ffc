"""One suite for identity's stores: what holds in memory holds in MongoDB."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contracts.errors import NotFound
from contracts.facts import (
    MemberChanged,
    TokenRevoked,
    WorkspaceClosed,
    WorkspaceCreated,
    WorkspaceRemoved,
)
from contracts.ids import MemberId, TokenId, WorkspaceId, new_id
from contracts.requests import Role
from identity_service.adapters.random_token import draw_random_token
from identity_service.domain.api_token import ApiToken
from identity_service.domain.bootstrap import Bootstrap
from identity_service.domain.member import Member, MemberEdit
from identity_service.domain.workspace import Workspace
from kit.documents import ChangedMeanwhile

OURS, THEIRS = WorkspaceId("ws_ours"), WorkspaceId("ws_theirs")
NOW = datetime.now(UTC).replace(microsecond=0)
"""The embedded database deletes what expired by its own clock."""


def member(role=Role.BUILDER, workspace_id=OURS):
    return Member(MemberId(new_id("mem")), workspace_id, "Ada", role)


def token(**fields):
    drawn = draw_random_token()
    known = {
        "id": TokenId(new_id("tok")),
        "workspace_id": OURS,
        "member_id": MemberId("mem_ada"),
        "name": "CI",
        "digest": drawn.digest,
        "hint": drawn.hint,
        "scopes": frozenset({"gpts:read"}),
        "created_at": NOW,
    }
    return ApiToken(**{**known, **fields})


def revoked(dead):
    return TokenRevoked(workspace_id=dead.workspace_id, token_id=dead.id, token_digest=dead.digest)


async def test_members_who_are_foreign_removed_or_made_up_are_not_known(stores):
    here, gone, foreign = member(), member(), member(workspace_id=THEIRS)
    for each in (here, gone, foreign):
        await stores.members.add(each)
    fact = MemberChanged(workspace_id=OURS, member_id=gone.id, role=None, revision=2)
    await stores.members.remove(gone, fact)

    known = await stores.members.known(OURS, [here.id, gone.id, foreign.id, MemberId("mem_9")])

    assert known == {here.id}
    assert await stores.members.known(OURS, []) == frozenset()
    for role in Role:
        known = await stores.members.known(OURS, [here.id, foreign.id], role)
        assert known == ({here.id} if role is here.role else set())


async def test_all_who_have_a_role_are_found_oldest_first(stores):
    owners = [replace(member(Role.OWNER), id=MemberId(f"mem_{number}")) for number in range(3)]
    for each in (*owners[::-1], member(), member(Role.OWNER, THEIRS)):
        await stores.members.add(each)

    assert await stores.members.with_role(OURS, Role.OWNER) == owners


async def test_the_bootstrap_that_was_proposed_first_is_everybodys(stores):
    first = Bootstrap(OURS, MemberId("mem_1"))

    assert await stores.bootstraps.begin(first) == first
    assert await stores.bootstraps.begin(Bootstrap(THEIRS, MemberId("mem_2"))) == first
    assert await stores.bootstraps.read() == first


async def test_a_bootstrap_is_replaced_only_by_whoever_saw_it_as_it_is(stores):
    seen = await stores.bootstraps.begin(Bootstrap(OURS, MemberId("mem_1")))
    claimed = seen.claimed(NOW)

    await stores.bootstraps.replace(seen, claimed)

    with pytest.raises(ChangedMeanwhile):
        await stores.bootstraps.replace(seen, seen.claimed(NOW))
    assert await stores.bootstraps.read() == claimed


async def test_a_workspace_is_added_once_with_its_fact(stores):
    for title in ("Ours", "Another title"):
        fact = WorkspaceCreated(workspace_id=OURS, title=title)
        await stores.workspaces.add(Workspace(OURS, title), fact)

    assert await stores.workspaces.read(OURS) == Workspace(OURS, "Ours")
    assert [fact.title for fact in stores.facts.of(WorkspaceCreated)] == ["Ours"]


async def test_a_workspace_that_is_not_there_is_not_found(stores):
    with pytest.raises(NotFound):
        await stores.workspaces.read(OURS)


async def test_of_two_changes_to_one_reading_the_second_is_refused(stores):
    seen = Workspace(OURS, "Ours")
    await stores.workspaces.add(seen, WorkspaceCreated(workspace_id=OURS, title="Ours"))
    changed = replace(seen, title="New", revision=2)

    await stores.workspaces.replace(seen, changed)

    with pytest.raises(ChangedMeanwhile):
        await stores.workspaces.replace(seen, replace(seen, title="Late", revision=2))
    assert await stores.workspaces.read(OURS) == changed


async def test_closed_workspaces_are_due_when_their_time_is_over_and_then_removed(stores):
    for id_ in (OURS, THEIRS):
        fact = WorkspaceCreated(workspace_id=id_, title="Title")
        await stores.workspaces.add(Workspace(id_, "Title"), fact)
    seen = await stores.workspaces.read(OURS)
    closed = seen.closed(NOW)
    said = WorkspaceClosed(workspace_id=OURS, closing_until=NOW)

    await stores.workspaces.replace(seen, closed, said)

    assert await stores.workspaces.find(OURS) == closed
    assert await stores.workspaces.due(NOW, 10) == []
    assert await stores.workspaces.due(NOW + timedelta(seconds=1), 10) == [closed]
    await stores.workspaces.remove(closed, WorkspaceRemoved(workspace_id=OURS))
    assert await stores.workspaces.due(NOW + timedelta(seconds=1), 10) == []
    assert await stores.workspaces.find(OURS) is None
    assert len(stores.facts.of(WorkspaceClosed)) == len(stores.facts.of(WorkspaceRemoved)) == 1
    with pytest.raises(ChangedMeanwhile):
        await stores.workspaces.replace(closed, closed.restored())


async def test_a_bootstrap_is_forgotten_with_the_workspace_that_it_made(stores):
    first = Bootstrap(OURS, MemberId("mem_1"))
    await stores.bootstraps.begin(first)

    await stores.bootstraps.forget(THEIRS)
    assert await stores.bootstraps.read() == first
    await stores.bootstraps.forget(OURS)
    await stores.bootstraps.forget(OURS)

    other = Bootstrap(THEIRS, MemberId("mem_2"))
    assert await stores.bootstraps.begin(other) == other


async def test_a_member_is_found_in_their_own_workspace_only(stores):
    ada = member()
    await stores.members.add(ada)
    await stores.members.add(replace(ada, name="Not Ada"))

    assert await stores.members.find(OURS, ada.id) == ada
    assert await stores.members.find(THEIRS, ada.id) is None
    assert (await stores.members.count(OURS), await stores.members.count(THEIRS)) == (1, 0)


async def test_members_are_listed_newest_first_and_a_page_ends_where_the_next_begins(stores):
    added = [member() for _ in range(3)]
    for each in sorted(added, key=lambda each: each.id):
        await stores.members.add(each)
    await stores.members.add(member(workspace_id=THEIRS))
    newest_first = sorted(added, key=lambda each: each.id, reverse=True)

    first = await stores.members.page(OURS, 2, None)
    assert first == newest_first  # one more than asked for
    assert await stores.members.page(OURS, 2, first[1].id) == newest_first[2:]


async def test_members_are_found_by_their_role(stores):
    owner = member(Role.OWNER)
    for each in (owner, member(), member(Role.OWNER, THEIRS)):
        await stores.members.add(each)

    assert await stores.members.with_role(OURS, Role.OWNER) == [owner]


def member_changed(changed, role):
    return MemberChanged(
        workspace_id=changed.workspace_id, member_id=changed.id, role=role, revision=2
    )


async def test_a_changed_member_is_what_was_committed_with_its_fact(stores):
    ada = member()
    await stores.members.add(ada)
    owner = ada.edited(MemberEdit(role=Role.OWNER))

    await stores.members.replace(ada, owner, member_changed(ada, Role.OWNER))

    assert await stores.members.find(OURS, ada.id) == owner
    assert await stores.members.with_role(OURS, Role.OWNER) == [owner]
    assert [fact.role for fact in stores.facts.of(MemberChanged)] == [Role.OWNER]


@pytest.mark.parametrize("late", ["replace", "remove", "renew"])
@pytest.mark.parametrize("first", ["replace", "remove", "renew"])
async def test_of_two_changes_to_one_member_as_seen_the_second_is_refused(stores, first, late):
    ada = member()
    await stores.members.add(ada)

    def change(how):
        fact = member_changed(ada, None)
        if how == "replace":
            return stores.members.replace(ada, ada.edited(MemberEdit(role=Role.USER)), fact)
        return stores.members.renew(ada) if how == "renew" else stores.members.remove(ada, fact)

    await change(first)

    with pytest.raises(ChangedMeanwhile):
        await change(late)


async def test_all_of_some_are_active_where_each_is_here_and_switched_on(stores):
    on, off, foreign = member(), member(), member(workspace_id=THEIRS)
    for each in (on, off, foreign):
        await stores.members.add(each)
    assert await stores.members.all_active(OURS, (on.id, off.id))

    await stores.members.replace(off, off.switched(active=False))

    for others in ((off.id,), (foreign.id,), (MemberId("mem_9"),)):
        assert not await stores.members.all_active(OURS, (on.id, *others))
    assert await stores.members.all_active(OURS, (on.id,))


async def test_a_removed_member_is_gone_and_known_to_have_been_removed(stores):
    ada = member(Role.OWNER)
    await stores.members.add(ada)

    await stores.members.remove(ada, member_changed(ada, None))

    assert await stores.members.find(OURS, ada.id) is None
    assert await stores.members.with_role(OURS, Role.OWNER) == []
    assert await stores.members.count(OURS) == 0
    assert await stores.members.removed_lately(OURS, ada.id)
    assert not await stores.members.removed_lately(THEIRS, ada.id)
    assert not await stores.members.removed_lately(OURS, MemberId("mem_other"))


async def test_a_token_is_found_by_its_digest_as_it_was_added(stores):
    limited = token(expires_at=NOW + timedelta(days=1))
    unlimited = token(workspace_id=THEIRS, scopes=None)
    await stores.tokens.add(limited)
    await stores.tokens.add(unlimited)

    assert await stores.tokens.find_by_digest(limited.digest) == limited
    assert await stores.tokens.find_by_digest(unlimited.digest) == unlimited
    assert await stores.tokens.find_by_digest(draw_random_token().digest) is None


async def test_a_token_is_read_and_listed_in_its_own_workspace_only(stores):
    mine = token()
    await stores.tokens.add(mine)

    assert await stores.tokens.read(OURS, mine.id) == mine
    assert await stores.tokens.page(OURS, 10, None) == [mine]
    assert await stores.tokens.page(THEIRS, 10, None) == []
    assert await stores.tokens.of_member(OURS, mine.member_id) == [mine]
    assert await stores.tokens.of_member(OURS, MemberId("mem_other")) == []
    with pytest.raises(NotFound):
        await stores.tokens.read(THEIRS, mine.id)


async def test_a_revoked_token_is_gone_and_its_fact_is_published_once(stores):
    dead, other = token(), token()
    await stores.tokens.add(dead)
    await stores.tokens.add(other)

    await stores.tokens.revoke(dead, revoked(dead))

    assert await stores.tokens.find_by_digest(dead.digest) is None
    assert await stores.tokens.page(OURS, 10, None) == [other]
    with pytest.raises(ChangedMeanwhile):
        await stores.tokens.revoke(dead, revoked(dead))
    assert [fact.token_id for fact in stores.facts.of(TokenRevoked)] == [dead.id]


async def test_a_token_on_which_somebody_relied_is_not_revoked_as_it_was_seen_before(stores):
    seen = token()
    await stores.tokens.add(seen)

    await stores.tokens.rely_on(seen)
    await stores.tokens.rely_on(seen)
    with pytest.raises(ChangedMeanwhile):
        await stores.tokens.revoke_as_seen(seen, revoked(seen))
    again = await stores.tokens.read(OURS, seen.id)
    assert replace(again, relied_on=None) == seen
    await stores.tokens.set_last_used(again, NOW)
    await stores.tokens.revoke_as_seen(again, revoked(again))

    assert await stores.tokens.page(OURS, 10, None) == []
    assert [fact.token_id for fact in stores.facts.of(TokenRevoked)] == [seen.id]
    with pytest.raises(ChangedMeanwhile):
        await stores.tokens.rely_on(again)
    with pytest.raises(ChangedMeanwhile):
        await stores.tokens.revoke_as_seen(again, revoked(again))


@pytest.mark.parametrize("relied_on", [False, True])
async def test_who_asks_for_no_condition_revokes_a_token_that_somebody_relies_on(stores, relied_on):
    dead = token()
    await stores.tokens.add(dead)
    if relied_on:
        await stores.tokens.rely_on(dead)

    await stores.tokens.revoke(dead, revoked(dead))

    assert await stores.tokens.page(OURS, 10, None) == []


@pytest.mark.integration
@pytest.mark.parametrize("relied_on", [False, True])
async def test_a_token_that_the_release_before_stored_is_relied_on_and_revoked(
    mongodb, database, relied_on
):
    old = token()
    await mongodb.tokens.add(old)
    await database["tokens"].update_one({"_id": old.id}, {"$unset": {"state.relied_on": ""}})
    if relied_on:
        await mongodb.tokens.rely_on(await mongodb.tokens.read(OURS, old.id))
        with pytest.raises(ChangedMeanwhile):
            await mongodb.tokens.revoke_as_seen(old, revoked(old))
    seen = await mongodb.tokens.read(OURS, old.id)

    await mongodb.tokens.revoke_as_seen(seen, revoked(seen))

    assert await mongodb.tokens.page(OURS, 10, None) == []


async def test_the_last_use_is_kept_to_the_minute(stores):
    used = token()
    await stores.tokens.add(used)

    for seconds, kept in ((0, 0), (59, 0), (60, 60), (61, 60)):
        await stores.tokens.set_last_used(used, NOW + timedelta(seconds=seconds))
        found = await stores.tokens.find_by_digest(used.digest)
        assert found.last_used_at == NOW + timedelta(seconds=kept)


async def test_a_token_can_be_revoked_after_it_was_used_and_its_use_revives_nothing(stores):
    dead = token()
    await stores.tokens.add(dead)
    await stores.tokens.set_last_used(dead, NOW)

    await stores.tokens.revoke(dead, revoked(dead))
    await stores.tokens.set_last_used(dead, NOW + timedelta(hours=1))

    assert await stores.tokens.page(OURS, 10, None) == []
