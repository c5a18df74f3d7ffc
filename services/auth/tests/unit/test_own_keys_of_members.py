"""API keys that members enter for themselves."""

from dataclasses import replace

import pytest
from auth_rig import ACT, MEM, ORIGIN, WHO, principal
from member_rig import PAGE, TWO_HEADERS, MemberRig

from auth_service.domain.action_hosts import ActionHosts
from auth_service.domain.connection import ConnectionKind, WhyEnded
from auth_service.domain.errors import SecretUnreadable
from auth_service.domain.own_key import OwnKey
from auth_service.domain.placement import Placement
from contracts.access import GptAccess, Sharing
from contracts.errors import PlatformError
from contracts.facts import ConnectionLinked
from contracts.principal import Role
from kit.sealing import Secret

VALUES = (Secret("canary-key-of-one-member"), Secret("app-1"))
BEARER = OwnKey(Placement.BEARER, ("Authorization",), labels=("Token",))


async def asked_for(key=TWO_HEADERS):
    rig = MemberRig()
    await rig.enter_own_key(key)
    return rig


async def headers(rig, member=MEM):
    issued = await rig.issue(rig.asked(member_id=member, takes_sign_in=True))
    return issued.sign_in or rig.opened(issued)["headers"]


async def test_a_members_key_is_in_their_own_calls_alone():
    rig = await asked_for()
    assert await headers(rig) == PAGE

    kept = await rig.set_key(WHO, ACT, VALUES)

    assert await headers(rig) == [["X-Api-Key", "canary-key-of-one-member"], ["X-App", "app-1"]]
    assert await headers(rig, "mem_2") == PAGE
    assert (kept.account.kind, kept.generation) == (ConnectionKind.KEY, 1)
    assert len(rig.connections.facts.of(ConnectionLinked)) == 1


@pytest.mark.parametrize(
    ("key", "values", "sent"),
    [
        (BEARER, ["tok"], ["Authorization", "Bearer tok"]),
        (
            OwnKey(Placement.BASIC, ("Authorization",), labels=("User", "Password")),
            ["ada", "pw"],
            ["Authorization", "Basic YWRhOnB3"],
        ),
        (
            OwnKey(Placement.CUSTOM, ("Authorization",), scheme="Token", labels=("Key",)),
            ["k"],
            ["Authorization", "Token k"],
        ),
        (
            OwnKey(Placement.CUSTOM, ("X-Api-Key",), labels=("Key",)),
            ["k"],
            ["X-Api-Key", "k"],
        ),
    ],
)
async def test_it_stands_where_the_settings_say(key, values, sent):
    rig = await asked_for(key)

    await rig.set_key(WHO, ACT, tuple(map(Secret, values)))

    assert await headers(rig) == [sent]


async def test_it_may_be_in_the_query():
    rig = await asked_for(OwnKey(Placement.QUERY, (), ("key",), labels=("Key",)))

    await rig.set_key(WHO, ACT, (Secret("k"),))

    issued = await rig.issue(rig.asked())
    assert rig.opened(issued) == {"headers": [], "query": [["key", "k"]]}


async def test_the_form_says_what_is_asked_for_and_whether_it_is_there():
    rig = await asked_for()
    before = await rig.read_key(WHO, ACT)

    await rig.set_key(WHO, ACT, VALUES)

    after = await rig.read_key(WHO, ACT)
    assert before.key.labels == ("Your key", "Your application")
    assert (before.origins, before.is_set, after.is_set) == ((ORIGIN,), False, True)


async def test_a_key_that_is_entered_anew_replaces_the_one_before():
    rig = await asked_for(BEARER)
    await rig.set_key(WHO, ACT, (Secret("first"),))

    kept = await rig.set_key(WHO, ACT, (Secret("second"),))

    assert await headers(rig) == [["Authorization", "Bearer second"]]
    assert kept.generation == 2


async def test_a_key_that_stands_elsewhere_now_is_entered_anew():
    rig = await asked_for(BEARER)
    await rig.set_key(WHO, ACT, (Secret("first"),))
    await rig.enter_own_key()

    assert await headers(rig) == PAGE

    kept = await rig.kept()
    assert (kept.why, kept.sealed) == (WhyEnded.SETTINGS_CHANGED, None)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ((Secret("only-one"),), "auth.own_key_values"),
        ((Secret("a\nb"), Secret("c")), "auth.secret_invalid"),
    ],
)
async def test_what_cannot_be_sent_is_refused_and_not_repeated(values, code):
    rig = await asked_for()

    with pytest.raises(PlatformError) as refused:
        await rig.set_key(WHO, ACT, values)

    assert refused.value.code == code
    assert "only-one" not in refused.value.sentence
    assert await rig.kept() is None


async def test_where_nobody_enters_a_key_there_is_no_form():
    rig = MemberRig()
    await rig.enter_oauth()

    for asked in (rig.read_key(WHO, ACT), rig.set_key(WHO, ACT, VALUES)):
        with pytest.raises(PlatformError) as refused:
            await asked
        assert refused.value.code == "auth.no_own_key"


async def test_whoever_may_not_call_the_gpt_enters_no_key():
    rig = await asked_for()
    access = GptAccess("ws_ours", "mem_owner", Sharing.PRIVATE)
    rig.actions.hosts_of[ACT] = replace(rig.actions.hosts_of[ACT], access=access)

    with pytest.raises(PlatformError) as refused:
        await rig.set_key(principal("mem_2", role=Role.USER), ACT, VALUES)

    assert refused.value.code == "catalog.action_not_found"


async def test_whoever_may_not_call_the_draft_signs_in_by_what_is_published():
    rig = await asked_for()
    access = GptAccess("ws_ours", MEM, Sharing.WORKSPACE)
    hosts = ActionHosts(("https://new.example.com",), (ORIGIN,), access=access)
    user = principal("mem_2", role=Role.USER)
    rig.actions.hosts_of[ACT] = hosts
    await rig.enter_own_key(BEARER)

    mine = [(await rig.read_key(WHO, ACT)).key]
    await rig.set_key(WHO, ACT, VALUES)
    mine.append((await rig.read_key(WHO, ACT)).key)

    assert mine == [TWO_HEADERS, BEARER], "the builder of the draft enters one after the other"
    assert (await rig.read_key(user, ACT)).key == TWO_HEADERS


async def test_another_members_key_moved_in_the_database_is_not_handed_out():
    rig = await asked_for()
    kept = await rig.set_key(WHO, ACT, VALUES)
    rig.connections.stored[kept.id] = replace(kept, member_id="mem_2")

    with pytest.raises(SecretUnreadable):
        await headers(rig, "mem_2")


async def test_a_key_is_not_taken_for_tokens_and_sent_to_the_provider():
    rig = await asked_for(BEARER)
    kept = await rig.set_key(WHO, ACT, (Secret("canary-key"),))
    await rig.enter_oauth()
    digest = (await rig.record()).account_digest
    account = replace(kept.account, kind=ConnectionKind.OAUTH, settings_digest=digest)
    rig.connections.stored[kept.id] = replace(kept, account=account)

    with pytest.raises(SecretUnreadable):
        await rig.token()


async def test_tokens_are_not_taken_for_a_key():
    rig = MemberRig()
    await rig.enter_oauth()
    kept = await rig.linked()
    account = replace(kept.account, kind=ConnectionKind.KEY)
    rig.connections.stored[kept.id] = replace(kept, account=account)

    with pytest.raises(SecretUnreadable):
        await rig.token()
