"""The stores of a company's sign-in hold what their ports say, in memory and in MongoDB."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contracts.ids import MemberId, SessionId, WorkspaceId
from contracts.requests import Role
from identity_service.adapters.company_sign_in import company_stores
from identity_service.adapters.mongo_identities import MongoIdentities
from identity_service.adapters.mongo_sessions import MongoSessions
from identity_service.domain.oidc.attempt import Attempt, Choice
from identity_service.domain.oidc.id_token import Person
from identity_service.domain.oidc.logout_token import Logout
from identity_service.domain.oidc.sign_in_settings import (
    ConfirmedDomains,
    Identity,
    SignInSettings,
)
from identity_service.domain.session import AtProvider, Session
from kit.documents import Overtaken
from kit.key_ring import Place, Sealed
from kit.outbox import Outbox
from kit.testing import RecordedFacts
from services.identity.tests.company_fakes import (
    MemoryChoices,
    MemoryConfirmedDomains,
    MemoryEndedAttempts,
    MemoryIdentities,
    MemoryLogoutTokens,
    MemorySignInSettings,
)
from services.identity.tests.fakes import MemorySessions

OURS, THEIRS = WorkspaceId("ws_ours"), WorkspaceId("ws_theirs")
ISSUER, CLIENT = "https://login.acme.com", "openactions"
NOW = datetime.now(UTC).replace(microsecond=0)
"""The embedded database deletes what expired by its own clock."""
SETTINGS = SignInSettings(
    workspace_id=OURS,
    issuer=ISSUER,
    client_id=CLIENT,
    domains=("acme.com", "acme.de"),
    default_role=Role.BUILDER,
    group_claim="groups",
    enforced=True,
    emergency_owner=MemberId("mem_1"),
    secret=Sealed("k1", "v1|k1|sealed"),
    begun=1_767_225_600_000,
    revision=1,
)


class Kept:
    def __init__(self, stores, sessions):
        for name, store in stores.items():
            setattr(self, name, store)
        self.sessions = sessions


@pytest.fixture
def memory():
    stores = {
        "settings": MemorySignInSettings(),
        "confirmed": MemoryConfirmedDomains(),
        "identities": MemoryIdentities(),
        "ended_attempts": MemoryEndedAttempts(),
        "choices": MemoryChoices(),
        "logout_tokens": MemoryLogoutTokens(),
    }
    return Kept(stores, MemorySessions())


@pytest.fixture
async def mongodb(database):
    outbox = Outbox("identity", RecordedFacts())
    stores, sessions = company_stores(database, outbox), MongoSessions(database, outbox)
    for store in (*stores, sessions):
        for collection in store.collections:
            await collection.ensure_indexes()
    return Kept(stores._asdict(), sessions)


@pytest.fixture(params=["memory", pytest.param("mongodb", marks=pytest.mark.integration)])
def kept(request):
    return request.getfixturevalue(request.param)


async def test_settings_are_what_was_saved_and_found_by_issuer_and_domain(kept):
    theirs = replace(SETTINGS, workspace_id=THEIRS, domains=("acme.com",), secret=None)
    await kept.settings.save(None, SETTINGS)
    await kept.settings.save(None, theirs)

    assert await kept.settings.find(OURS) == SETTINGS
    assert await kept.settings.of_issuer(ISSUER) == [SETTINGS, theirs]
    assert await kept.settings.of_domain("acme.de") == [SETTINGS]
    assert await kept.settings.of_domain("acme") == []
    assert await kept.settings.of_issuer("https://login.evil.com") == []


async def test_settings_are_changed_as_they_were_seen(kept):
    await kept.settings.save(None, SETTINGS)
    with pytest.raises(Overtaken):
        await kept.settings.save(None, SETTINGS)
    changed = replace(SETTINGS, group_claim=None, secret=None, enforced=False, revision=2)
    await kept.settings.save(SETTINGS, changed)

    assert await kept.settings.find(OURS) == changed
    with pytest.raises(Overtaken):
        await kept.settings.save(SETTINGS, replace(changed, revision=2))
    assert not await kept.settings.remove(SETTINGS)
    assert await kept.settings.remove(changed)
    assert await kept.settings.find(OURS) is None
    await kept.settings.save(None, SETTINGS)


@pytest.mark.integration
async def test_a_secret_that_was_sealed_anew_meanwhile_is_not_put_back(mongodb):
    await mongodb.settings.save(None, SETTINGS)
    [sealed] = mongodb.settings.sealed
    [record] = await sealed.sealed_with_other_keys("k2", "", 10)
    assert record.place == Place(OURS, "sign_in_settings", OURS, "secret")
    assert await sealed.rewrapped(record, Sealed("k2", "v1|k2|sealed"))

    with pytest.raises(Overtaken):
        await mongodb.settings.save(SETTINGS, replace(SETTINGS, enforced=False, revision=2))
    assert (await mongodb.settings.find(OURS)).secret == Sealed("k2", "v1|k2|sealed")


async def test_domains_are_those_that_were_confirmed_last(kept):
    assert (await kept.confirmed.find(OURS)).domains == ()
    for domains in (("acme.com", "acme.de"), ("acme.de",)):
        await kept.confirmed.put(ConfirmedDomains(OURS, domains))

        assert (await kept.confirmed.find(OURS)).domains == domains
    assert (await kept.confirmed.find(THEIRS)).domains == ()


async def test_an_issuers_subject_is_one_member_in_a_workspace(kept):
    first = Identity("idn_1", OURS, MemberId("mem_1"), ISSUER, "u1")
    others = [
        replace(first, id="idn_2", workspace_id=THEIRS),
        replace(first, id="idn_3", member_id=MemberId("mem_9"), subject="u2"),
        replace(first, id="idn_4", issuer="https://login.acme.de"),
    ]
    tried = [first, *(replace(first, id=f"idn_1{n}", member_id=f"mem_{n}") for n in range(3))]
    won = await asyncio.gather(*(kept.identities.add(each) for each in tried))
    assert won.count(True) == 1
    assert [await kept.identities.add(each) for each in others] == [True] * 3

    known = await kept.identities.find(OURS, ISSUER, "u1")
    assert known == tried[won.index(True)]
    assert await kept.identities.everywhere(ISSUER, "u1") == [known, others[0]]
    assert await kept.identities.of_member(OURS, MemberId("mem_9")) == [others[1]]
    await kept.identities.remove(known)
    await kept.identities.remove(known)
    assert await kept.identities.find(OURS, ISSUER, "u1") is None
    assert await kept.identities.add(first)


async def test_a_member_is_one_subject_of_an_issuer_in_a_workspace(kept):
    first = Identity("idn_1", OURS, MemberId("mem_1"), ISSUER, "u1")
    tried = [first, *(replace(first, id=f"idn_1{n}", subject=f"v{n}") for n in range(3))]
    won = await asyncio.gather(*(kept.identities.add(each) for each in tried))

    assert won.count(True) == 1
    [bound] = await kept.identities.of_member(OURS, MemberId("mem_1"))
    await kept.identities.remove(bound)
    assert await kept.identities.add(replace(first, subject="u3"))
    assert await kept.identities.add(replace(first, id="idn_4", workspace_id=THEIRS))


@pytest.mark.integration
async def test_members_whom_a_release_before_bound_twice_are_read_and_indexed(database):
    identities = MongoIdentities(database, Outbox("identity", RecordedFacts()))
    await database["identities"].insert_many(
        {
            "_id": f"idn_{subject}",
            "workspace_id": OURS,
            "revision": 1,
            "v": 1,
            "state": {"member_id": "mem_1", "issuer": ISSUER, "subject": subject},
        }
        for subject in ("u1", "u2")
    )

    for collection in identities.collections:
        await collection.ensure_indexes()

    found = [await identities.find(OURS, ISSUER, subject) for subject in ("u1", "u2")]
    assert [each.member_id for each in found] == ["mem_1", "mem_1"]


ATTEMPT = Attempt(
    id="att_1",
    workspace_id=OURS,
    issuer=ISSUER,
    client_id=CLIENT,
    nonce="n",
    verifier="v",
    return_to="/",
    chooses=True,
    created_at=NOW,
)


async def test_of_many_who_end_an_attempt_at_once_one_does(kept):
    others = [replace(ATTEMPT, id="att_2"), replace(ATTEMPT, id="att_3", workspace_id=THEIRS)]

    won = await asyncio.gather(*(kept.ended_attempts.end(ATTEMPT, NOW) for _ in range(8)))

    assert won.count(True) == 1
    assert [await kept.ended_attempts.end(each, NOW) for each in others] == [True, True]


@pytest.mark.parametrize("groups", [None, frozenset(), frozenset({"a", "b"})])
async def test_of_many_who_make_a_choice_at_once_one_does(kept, groups):
    person = Person(ISSUER, "u1", "s1", "ada@acme.com", "Ada", groups)
    choice = Choice(
        "cho_1", "digest", "browser", [OURS, THEIRS], person, CLIENT, "/", NOW + timedelta(1)
    )
    await kept.choices.add(choice)

    assert await kept.choices.find_by_digest("digest") == choice
    won = await asyncio.gather(*(kept.choices.use_up(choice) for _ in range(8)))
    assert won.count(True) == 1


async def test_a_logout_token_is_known_once_it_was_noted(kept):
    logout = Logout(ISSUER, CLIENT, "jti", "u1", None)
    assert not await kept.logout_tokens.is_known(OURS, logout)
    noted = await asyncio.gather(*(kept.logout_tokens.note(OURS, logout, NOW) for _ in range(8)))
    assert noted.count(True) == 1

    assert await kept.logout_tokens.is_known(OURS, logout)
    assert not await kept.logout_tokens.is_known(OURS, replace(logout, issuer="https://x.acme.com"))


async def test_sessions_are_found_by_the_providers_names_for_them(kept):
    def session(name, at_provider):
        return Session(
            SessionId(f"ses_{name}"),
            OURS,
            MemberId("mem_1"),
            name,
            Role.USER,
            "Firefox",
            NOW,
            NOW,
            at_provider=at_provider,
        )

    began = AtProvider(ISSUER, CLIENT, "u1", "s1")
    all_ = [
        session("a", began),
        session("b", replace(began, sid="s2")),
        session("c", replace(began, sid=None)),
        session("d", replace(began, subject="u2")),
        session("e", replace(began, client_id="another")),
        session("f", None),
    ]
    for each in all_:
        await kept.sessions.add(each)

    async def found(subject, sid, workspace_id=OURS):
        logout = Logout(ISSUER, CLIENT, "jti", subject, sid)
        sessions = await kept.sessions.of_provider(workspace_id, logout)
        return sorted(each.digest for each in sessions)

    assert await found("u1", None) == ["a", "b", "c"]
    assert await found(None, "s1") == ["a", "d"]
    assert await found("u1", "s1") == ["a", "c"]
    assert await found("u1", None, THEIRS) == []
    assert sorted(each.digest for each in await kept.sessions.of_workspace(OURS)) == [*"abcdef"]
    assert await kept.sessions.find(OURS, all_[0].id) == all_[0]
