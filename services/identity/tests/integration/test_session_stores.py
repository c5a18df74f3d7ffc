"""One suite for the stores of sessions and links: what holds in memory holds in MongoDB."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contracts.facts import SessionRevoked
from contracts.ids import MemberId, SessionId, WorkspaceId, new_id
from contracts.requests import Role
from identity_service.adapters.random_secret import draw_link_secret, draw_session_secret
from identity_service.domain.session import Session
from identity_service.domain.sign_in_link import SignInLink
from identity_service.usecases.end_session import end_of
from kit.browser import SESSION
from kit.documents import ChangedMeanwhile

OURS, THEIRS = WorkspaceId("ws_ours"), WorkspaceId("ws_theirs")
ADA = MemberId("mem_ada")
NOW = datetime.now(UTC).replace(microsecond=0)
"""The embedded database deletes what expired by its own clock."""


def session(**fields):
    known = {
        "id": SessionId(new_id("ses")),
        "workspace_id": OURS,
        "member_id": ADA,
        "digest": draw_session_secret().digest,
        "role": Role.BUILDER,
        "browser": "Firefox on Linux",
        "created_at": NOW,
        "last_used_at": NOW,
    }
    return Session(**{**known, **fields})


def link(**changes):
    return replace(SignInLink(new_id("sil"), OURS, ADA, draw_link_secret().digest, NOW), **changes)


def test_a_secret_looks_like_one_and_is_never_the_same():
    drawn = [draw_session_secret() for _ in range(100)]

    assert len({each.text for each in drawn}) == 100
    assert all(SESSION.fullmatch(each.text) for each in drawn)
    assert drawn[0].text not in repr(drawn[0])


async def test_a_session_is_read_as_it_was_added(stores):
    kept = session()
    await stores.sessions.add(kept)

    assert await stores.sessions.find(OURS, kept.id) == kept
    assert await stores.sessions.find_by_digest(kept.digest) == kept
    assert await stores.sessions.find_by_digest("another") is None


async def test_h97_a_session_is_not_found_in_another_workspace(stores):
    kept = session()
    await stores.sessions.add(kept)

    assert await stores.sessions.find(THEIRS, kept.id) is None
    assert await stores.sessions.page(THEIRS, ADA, 10, None) == []
    assert await stores.sessions.of_member(THEIRS, ADA) == []
    assert not await stores.sessions.ended_lately(THEIRS, kept.id)


@pytest.mark.parametrize("digest", ['{"$gt": ""}', "$where", "a.b", "\0", ""])
async def test_h99_what_looks_like_an_operator_finds_nothing(stores, digest):
    await stores.sessions.add(session())
    await stores.links.add(link())

    assert await stores.sessions.find_by_digest(digest) is None
    assert await stores.sessions.find(OURS, SessionId(digest)) is None
    assert await stores.links.find_by_digest(digest) is None


async def test_a_members_sessions_are_listed_newest_first_page_by_page(stores):
    mine = [session(id=SessionId(f"ses_{number}")) for number in range(5)]
    for each in (*mine, session(member_id=MemberId("mem_eve"))):
        await stores.sessions.add(each)

    first = await stores.sessions.page(OURS, ADA, 2, None)
    rest = await stores.sessions.page(OURS, ADA, 2, first[1].id)

    assert [each.id for each in first] == ["ses_4", "ses_3", "ses_2"]
    assert [each.id for each in rest] == ["ses_2", "ses_1", "ses_0"]
    assert await stores.sessions.of_member(OURS, ADA) == mine[::-1]


async def test_an_ended_session_is_gone_and_its_fact_is_out(stores):
    kept = session()
    await stores.sessions.add(kept)

    await stores.sessions.end(kept, end_of(kept))

    assert await stores.sessions.find_by_digest(kept.digest) is None
    assert await stores.sessions.page(OURS, ADA, 10, None) == []
    assert await stores.sessions.ended_lately(OURS, kept.id)
    [fact] = stores.facts.of(SessionRevoked)
    assert (fact.session_digest, fact.member_id) == (kept.digest, ADA)


async def test_of_an_end_and_a_new_secret_the_later_is_refused(stores):
    kept = session()
    await stores.sessions.add(kept)
    renewed = kept.with_secret(draw_session_secret().digest, Role.USER)

    await stores.sessions.replace(kept, renewed, end_of(kept))

    with pytest.raises(ChangedMeanwhile):
        await stores.sessions.end(kept, end_of(kept))
    with pytest.raises(ChangedMeanwhile):
        await stores.sessions.replace(kept, renewed, end_of(kept))
    assert await stores.sessions.find_by_digest(kept.digest) is None
    assert await stores.sessions.find_by_digest(renewed.digest) == renewed


async def test_a_use_is_kept_to_the_minute_and_needs_no_new_revision(stores):
    kept = session()
    await stores.sessions.add(kept)
    for seconds in (59, 60, 100):
        await stores.sessions.set_last_used(kept, NOW + timedelta(seconds=seconds))

    used = replace(kept, last_used_at=NOW + timedelta(seconds=60))
    assert await stores.sessions.find(OURS, kept.id) == used


async def test_h106_of_many_who_use_a_link_up_one_does(stores):
    kept = link()
    await stores.links.add(kept)
    assert await stores.links.find_by_digest(kept.digest) == kept

    used = await asyncio.gather(*(stores.links.use_up(kept) for _ in range(10)))

    assert sorted(used) == [False] * 9 + [True]
    assert await stores.links.find_by_digest(kept.digest) is None


async def test_the_newest_links_of_a_member_are_kept(stores):
    made = [link(id=f"sil_{each}", digest=each * 64) for each in "dacb"]
    others = [
        link(id="sil_0", digest="0" * 64, member_id="mem_other"),
        link(id="sil_1", digest="1" * 64, workspace_id="ws_theirs"),
    ]
    for each in (*made, *others):
        await stores.links.add(each)

    await stores.links.keep_newest(made[0], 2)

    found = [await stores.links.find_by_digest(each.digest) for each in (*made, *others)]
    assert [each and each.id for each in found] == ["sil_d", None, "sil_c", None, "sil_0", "sil_1"]


async def test_a_link_is_kept_that_a_slow_clock_made(stores):
    made = [link(id=f"sil_{each}", digest=each * 64) for each in "bcda"]
    for each in made:
        await stores.links.add(each)

    await stores.links.keep_newest(made[-1], 2)

    found = [await stores.links.find_by_digest(each.digest) for each in made]
    assert [each and each.id for each in found] == [None, None, "sil_d", "sil_a"]
