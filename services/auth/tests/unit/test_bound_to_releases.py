"""B1: an unpublished edit and a key for another host leave what is published alone."""

from dataclasses import replace

import pytest
from auth_rig import ACT, WHO, WS, Rig, principal

from auth_service.domain.credential_use import Stopped, use_of
from auth_service.domain.errors import CredentialBoundElsewhere, CredentialDeleted
from contracts import requests
from contracts.access import GptAccess, Level, Sharing
from contracts.errors import PlatformError
from contracts.facts import ActionRemoved, CredentialChanged
from contracts.operation import Location
from contracts.origin import origin_set_digest
from contracts.principal import Role
from contracts.request import MAX_MESSAGE_BYTES
from contracts.requests import CredentialSlot, pages_to_check
from contracts.requests.auth import MAX_ACTIONS

A, B, C = "https://a.example", "https://b.example", "https://c.example"


@pytest.fixture
async def rig():
    """Published with a key for host A; the draft calls host B."""
    rig = Rig()
    rig.actions.edit(ACT, A)
    await rig.enter("key-of-A")
    rig.actions.publish(ACT)
    rig.actions.edit(ACT, B)
    return rig


async def test_b1_a_key_for_the_drafts_host_leaves_published_calls_alone(rig):
    await rig.enter("key-of-B")

    assert await rig.sent(A, A) == "key-of-A"
    assert await rig.sent(B, B) == "key-of-B"


async def test_b1_neither_host_receives_the_others_key(rig):
    await rig.enter("key-of-B")

    for origin, origin_set in ((A, B), (B, A)):
        with pytest.raises(CredentialBoundElsewhere):
            await rig.sent(origin, origin_set)
    assert (await rig.sent(A), await rig.sent(B)) == ("key-of-A", "key-of-B")


async def received(rig, *called):
    """None also where the call is refused."""
    try:
        return await rig.sent(*called)
    except CredentialBoundElsewhere:
        return None


@pytest.mark.parametrize(
    "moved", [C, "http://a.example", "https://a.example:8443", "https://sub.a.example"]
)
async def test_b1_a_base_url_that_moves_an_action_elsewhere_takes_no_key_along(rig, moved):
    """Decision 21: scheme, host and port are the origin; the draft's key is entered anew."""
    rig.actions.edit(ACT, moved)

    for called in ((moved, moved), (moved, A), (moved, A, moved), (moved,)):
        assert await received(rig, *called) is None
    assert await rig.sent(A, A) == "key-of-A"


async def test_b1_an_action_that_moves_back_has_its_key_again(rig):
    rig.actions.edit(ACT, C)
    rig.actions.edit(ACT, A)

    assert await rig.sent(A, A) == "key-of-A"


async def test_b1_a_base_url_for_some_of_its_operations_takes_no_key_to_them(rig):
    """One tool stays at A and has the key that was entered for A; one is called at C."""
    rig.actions.edit(ACT, A, C)

    assert await rig.sent(A, A, C) == "key-of-A"
    assert await received(rig, C, A, C) is None


async def test_b1_once_it_is_published_the_release_selects_the_new_key(rig):
    await rig.enter("key-of-B")
    rig.actions.publish(ACT)
    await rig.enter("newer-key-of-B")

    assert await rig.sent(B, B) == "newer-key-of-B"
    assert await rig.sent(A, A) == "key-of-A", "for the version that may be restored"


async def test_a_version_that_is_given_up_takes_its_key_along_at_the_next_change(rig):
    await rig.enter("key-of-B")
    rig.actions.keep_only(ACT, rig.actions.publish(ACT))

    await rig.enter("newer-key-of-B")

    [left] = (await rig.store.find(WS, ACT)).records
    assert left.origins == (B,)
    with pytest.raises(CredentialBoundElsewhere):
        await rig.sent(A, A)


async def test_b1_published_calls_without_a_credential_go_on_without_one():
    rig = Rig()
    rig.actions.edit(ACT, A)
    rig.actions.publish(ACT)
    rig.actions.edit(ACT, B)

    await rig.enter("key-of-B")

    assert await rig.sent(A, A) is None
    assert await rig.sent(B, B) == "key-of-B"


async def test_t13_actions_for_which_nobody_chose_how_they_sign_in_are_named():
    rig = Rig()
    rig.actions.edit(ACT, A)
    rig.actions.publish(ACT)
    rig.actions.edit(ACT, B)
    assert await rig.unset(**{ACT: (B,)}) == {ACT}

    await rig.enter("key-of-B")

    assert await rig.unset(**{ACT: (B,), "act_without_any": (B,)}) == {"act_without_any"}
    assert await rig.unset(**{ACT: (A,)}) == {ACT}, "nobody chose that the old host gets nothing"


async def test_t13_publishing_learns_what_the_draft_lacks(rig):
    assert await rig.problems(**{ACT: (B,)}) == {ACT: "auth.credential_bound_elsewhere"}
    assert await rig.problems(**{ACT: (A,), "act_without_any": (B,)}) == {}

    await rig.enter("key-of-B")

    assert await rig.problems(**{ACT: (B,)}) == {}


async def test_t13_an_answer_about_the_most_actions_and_the_longest_hosts_fits(rig):
    label = "a" * 63
    hosts = [f"https://{n:04}.{label}.{label}.{label}.{'b' * 56}:8443" for n in range(99)]
    rig.actions.edit(ACT, *hosts[1:])
    await rig.enter("key-of-many")
    [page] = pages_to_check({ACT: hosts[:1]})

    checked = await rig.check(requests.CheckActions(workspace_id=WS, actions=page * MAX_ACTIONS))

    assert len(checked.problems) == MAX_ACTIONS
    assert len(checked.model_dump_json()) < MAX_MESSAGE_BYTES - 1_000


async def test_a_description_says_where_the_credential_goes_and_never_what_it_is(rig):
    asked = requests.DescribeCredential(workspace_id=WS, action_id=ACT, origin=A)

    said = await rig.describe(asked)

    assert said.slots == (CredentialSlot(location=Location.HEADER, name="Authorization"),)
    assert (said.type, said.per_user, said.revision) == ("api_key", False, 1)
    assert "key-of-A" not in said.model_dump_json()


async def test_a_description_is_refused_as_issuing_is(rig):
    for origin, origin_set in ((B, ""), (B, origin_set_digest([A]))):
        asked = {"action_id": ACT, "origin": origin, "origin_set": origin_set}
        with pytest.raises(CredentialBoundElsewhere):
            await rig.describe(requests.DescribeCredential(workspace_id=WS, **asked))
        with pytest.raises(CredentialBoundElsewhere):
            await rig.issue(rig.asked(**asked))


async def test_what_signs_in_with_nothing_is_described_so(rig):
    asked = requests.DescribeCredential(workspace_id=WS, action_id="act_2", origin=A)
    assert (await rig.describe(asked)).type == "none"

    await rig.enter(None)

    said = await rig.describe(asked.model_copy(update={"action_id": ACT, "origin": B}))
    assert (said.type, said.slots, said.revision) == ("none", (), 2)


async def test_each_record_is_shown_with_who_uses_it(rig):
    await rig.enter("key-of-B")

    current = await rig.read(WHO, ACT)

    of_b, of_a = (
        use_of(record, current.credentials, current.hosts) for record in current.credentials.records
    )
    assert (of_b.draft, of_b.published, of_b.versions) == (True, False, ())
    assert (of_a.draft, of_a.published, of_a.versions) == (False, True, (1,))
    assert current.of_draft.origins == (B,)
    assert current.unusable_because is None


async def test_b1_a_key_for_more_hosts_goes_on_serving_what_is_published_with_some_of_them():
    rig = Rig()
    rig.actions.edit(ACT, A, B)
    await rig.enter("key-of-both")
    rig.actions.edit(ACT, A)
    rig.actions.publish(ACT)
    rig.actions.edit(ACT, A, C)

    await rig.enter("key-of-A-and-C")

    assert await rig.sent(A, A) == "key-of-both"
    assert await rig.sent(A, A, C) == "key-of-A-and-C"
    with pytest.raises(CredentialBoundElsewhere):
        await rig.sent(B, A)


async def test_a_key_that_serves_the_published_hosts_in_part_is_shown_as_theirs(rig):
    rig.actions.edit(ACT, A, B)
    rig.actions.publish(ACT)

    current = await rig.read(WHO, ACT)

    [record] = current.credentials.records
    use = use_of(record, current.credentials, current.hosts)
    assert (use.draft, use.published, use.versions) == (True, True, (2, 1))
    assert current.unusable_because.code == "auth.credential_bound_elsewhere"


async def test_destroying_says_which_versions_sign_in_no_more(rig):
    await rig.enter("key-of-B")
    rig.actions.publish(ACT)

    stopped = await rig.clear(WHO, ACT, None, None)

    assert stopped == Stopped(versions=(2, 1), draft=True, published=True)
    assert await rig.clear(WHO, ACT, None, None) == Stopped()


async def test_b1_calls_that_signed_in_with_a_deleted_credential_are_refused_until_one_is_set(rig):
    await rig.enter("key-of-B")
    await rig.clear(WHO, ACT, None, None)

    for origin, origin_set in ((A, A), (B, B), (C, C)):
        with pytest.raises(CredentialDeleted) as refused:
            await rig.sent(origin, origin_set)
        assert "was entered for" not in refused.value.sentence
    assert await rig.problems(**{ACT: (B,)}) == {ACT: "auth.credential_deleted"}
    assert (await rig.read(WHO, ACT)).unusable_because.code == "auth.credential_deleted"

    await rig.enter(None)  # for the draft's hosts, B
    assert await rig.sent(B, B) is None
    with pytest.raises(CredentialDeleted):
        await rig.sent(A, A)
    await rig.enter("another")
    assert await rig.sent(B, B) == "another"


async def test_what_signed_in_with_nothing_goes_on_so_after_a_deletion():
    rig = Rig()
    rig.actions.edit(ACT, A)
    rig.actions.publish(ACT)
    rig.actions.edit(ACT, B)
    await rig.enter("key-of-B")

    await rig.clear(WHO, ACT, None, None)

    assert await rig.sent(A, A) is None
    with pytest.raises(CredentialDeleted):
        await rig.sent(B, B)


async def test_one_sets_credential_can_be_destroyed_alone(rig):
    await rig.enter("key-of-B")

    stopped = await rig.clear(WHO, ACT, origin_set_digest([A]), None)
    again = await rig.clear(WHO, ACT, origin_set_digest([A]), None)

    assert stopped == Stopped(versions=(1,), draft=False, published=True)
    assert again == Stopped()
    assert await rig.sent(B, B) == "key-of-B"
    with pytest.raises(CredentialDeleted):
        await rig.sent(A, A)


async def test_destroying_what_nothing_signed_in_with_stops_nothing(rig):
    await rig.enter(None)

    stopped = await rig.clear(WHO, ACT, origin_set_digest([B]), None)

    assert stopped == Stopped()
    assert len(rig.store.facts.of(CredentialChanged)) == 2
    assert await rig.sent(B, B) is None


async def test_a_removed_action_takes_the_secrets_of_all_its_releases_with_it(rig):
    await rig.enter("key-of-B")

    await rig.destroy(ActionRemoved(workspace_id=WS, gpt_id="gpt_1", action_id=ACT))

    assert (await rig.store.find(WS, ACT)).records == ()


SHARED_WITH = (("mem_viewer", Level.VIEW), ("mem_editor", Level.EDIT), ("mem_chatter", Level.CHAT))


@pytest.mark.parametrize(
    ("member_id", "role", "reads", "changes"),
    [
        ("mem_owner", Role.BUILDER, "ok", "ok"),
        ("mem_editor", Role.BUILDER, "ok", "ok"),
        ("mem_admin", Role.ADMIN, "ok", "ok"),
        ("mem_viewer", Role.BUILDER, "ok", "access.level_too_low"),
        ("mem_chatter", Role.BUILDER, "access.level_too_low", "access.level_too_low"),
        ("mem_other", Role.BUILDER, "catalog.action_not_found", "catalog.action_not_found"),
    ],
)
async def test_b2_who_may_edit_a_gpt_says_how_its_actions_sign_in(
    rig, member_id, role, reads, changes
):
    access = GptAccess(WS, "mem_owner", Sharing.PRIVATE, SHARED_WITH)
    rig.actions.hosts_of[ACT] = replace(rig.actions.hosts_of[ACT], access=access)
    who = principal(member_id, role=role)

    async def answer(promise):
        try:
            await promise
        except PlatformError as refusal:
            return refusal.code
        return "ok"

    assert await answer(rig.read(who, ACT)) == reads
    assert await answer(rig.set(who, ACT, None, None)) == changes
    assert await answer(rig.clear(who, ACT, None, None)) == changes
