from dataclasses import replace
from datetime import timedelta

import pytest
from auth_fakes import fresh_keys, key_ring
from auth_rig import ACT, ORIGIN, WHO, WS, Rig, principal, tampered

from auth_service.domain.action_credentials import ActionCredentials
from auth_service.domain.credential import Credential
from auth_service.domain.credential_material import CredentialMaterial
from auth_service.domain.entered import EnteredApiKey
from auth_service.domain.errors import (
    ActionHasNoOrigin,
    CredentialBoundElsewhere,
    KeyUnknown,
    SecretUnreadable,
    SignInUnknown,
)
from auth_service.domain.placement import Placement
from auth_service.usecases.describe_credential import DescribeCredential
from contracts import requests
from contracts.errors import NotFound
from contracts.facts import ActionRemoved, CredentialChanged
from contracts.origin import origin_set_digest
from kit.documents import ChangedMeanwhile
from kit.envelope import EnvelopeKeyRing
from kit.rewrap import rewrap
from kit.sealing import Secret


async def test_an_action_without_settings_signs_in_with_nothing():
    rig = Rig()

    issued = await rig.issue(rig.asked())

    assert (issued.revision, issued.sealed) == (0, "")
    assert issued.expires_at == rig.clock() + timedelta(seconds=60)


async def test_a_credential_is_released_sealed_to_the_replica_that_asked():
    rig = Rig()
    await rig.enter()

    issued = await rig.issue(rig.asked(origin="https://api.example.com:443"))

    opened = rig.opened(issued, "https://api.example.com:443")
    assert opened == {"headers": [["Authorization", "Bearer canary"]], "query": []}
    assert issued.revision == 1
    assert "canary" not in issued.model_dump_json()


async def test_a_credential_of_another_workspace_is_not_found():
    rig = Rig()
    await rig.enter()

    issued = await rig.issue(rig.asked(workspace_id="ws_theirs"))

    assert (issued.revision, issued.sealed) == (0, "")


async def test_a_credential_is_not_released_for_another_origin():
    rig = Rig()
    await rig.enter()

    with pytest.raises(CredentialBoundElsewhere):
        await rig.issue(rig.asked(origin="https://evil.example.com"))


@pytest.mark.parametrize("named", ["by its origin", "by its set"])
async def test_whoever_rewrites_the_stored_origins_gains_nothing(named):
    rig, evil = Rig(), "https://evil.example.com"
    await rig.enter()
    await tampered(rig, origins=(evil,), origin_set=origin_set_digest([evil]))

    with pytest.raises(CredentialBoundElsewhere):
        await rig.sent(evil, *([evil] if named == "by its set" else []))


async def test_whoever_swaps_two_records_secrets_gains_nothing():
    rig, more = Rig(), "https://more.example.com"
    await rig.enter("for-one-host")
    rig.actions.publish(ACT)
    rig.actions.edit(ACT, ORIGIN, more)
    await rig.enter("for-two-hosts")
    two, one = (await rig.store.find(WS, ACT)).records
    await tampered(rig, way=one.way)

    with pytest.raises(SecretUnreadable):
        await rig.sent(ORIGIN, *two.origins)


async def test_another_actions_secret_is_of_no_use_here():
    rig = Rig()
    seen = await rig.enter()
    foreign = await rig.keys.seal(Secret(b"{}"), replace(seen.place, record_id="act_2"))
    await tampered(rig, way=replace(seen.records[0].way, sealed=foreign))

    with pytest.raises(SecretUnreadable) as refused:
        await rig.issue(rig.asked())
    assert refused.value.code == "auth.secret_unreadable"


async def test_a_lost_key_is_named_as_the_reason():
    rig = Rig(key_ring("lost"))
    await rig.enter()
    issue = rig.issuing(key_ring("k2"))

    describe = DescribeCredential(rig.store, key_ring("k2"))
    described = requests.DescribeCredential(workspace_id=WS, action_id=ACT, origin=ORIGIN)

    for refused_to in (issue(rig.asked()), describe(described)):
        with pytest.raises(KeyUnknown) as refused:
            await refused_to
        assert refused.value.code == "auth.key_unknown"


async def test_after_the_host_moved_the_credential_says_so_until_entered_again():
    rig = Rig()
    await rig.enter()
    rig.actions.edit(ACT, "https://new.example.com")

    moved = await rig.read(WHO, ACT)
    await rig.enter()
    again = await rig.read(WHO, ACT)

    assert moved.unusable_because.code == "auth.credential_bound_elsewhere"
    assert again.unusable_because is None


async def test_every_change_is_published_and_no_revision_comes_twice():
    rig = Rig()

    await rig.enter()
    await rig.enter("another")
    await rig.clear(WHO, ACT, None, None)
    await rig.enter()

    published = rig.store.facts.of(CredentialChanged)
    assert [fact.revision for fact in published] == [1, 2, 3, 4]


async def test_setting_what_is_set_and_clearing_what_is_clear_changes_nothing():
    rig = Rig()

    await rig.clear(WHO, ACT, None, None)
    assert rig.store.facts.of(CredentialChanged) == []
    await rig.enter()
    await rig.enter(expected=0)
    await rig.enter(None)
    await rig.enter(None, expected=0)

    assert [fact.revision for fact in rig.store.facts.of(CredentialChanged)] == [1, 2]


async def test_a_change_based_on_an_old_reading_is_refused():
    rig = Rig()
    await rig.enter()

    with pytest.raises(ChangedMeanwhile):
        await rig.enter("late", expected=0)


async def test_whoever_did_not_enter_a_secret_learns_nothing_by_entering_it_again():
    rig = Rig()
    await rig.enter()
    same = EnteredApiKey(Placement.BEARER, CredentialMaterial.bearer(Secret("canary")))

    with pytest.raises(ChangedMeanwhile):
        await rig.set(principal("mem_2"), ACT, same, 0)


async def test_a_secret_needs_a_host_to_be_bound_to():
    rig = Rig()
    entered = EnteredApiKey(Placement.BEARER, CredentialMaterial.bearer(Secret("canary")))

    with pytest.raises(ActionHasNoOrigin):
        await rig.set(WHO, "act_empty", entered, None)
    assert (await rig.enter(None, action="act_empty")).revision == 0


@pytest.mark.parametrize(("workspace", "action"), [(WS, "act_unknown"), ("ws_theirs", ACT)])
async def test_only_ones_own_actions_can_be_given_a_credential(workspace, action):
    rig = Rig()

    with pytest.raises(NotFound):
        await rig.set(principal(workspace_id=workspace), action, None, None)
    with pytest.raises(NotFound):
        await rig.clear(principal(workspace_id=workspace), action, None, None)
    with pytest.raises(NotFound):
        await rig.read(principal(workspace_id=workspace), action)


class TestAWayToSignInThatThisReleaseDoesNotKnow:
    @pytest.fixture
    async def rig(self):
        rig = Rig()
        unknown = Credential(origin_set_digest([]), (), 3, is_known=False)
        rig.store._stored[ACT] = ActionCredentials(WS, ACT, 3, (unknown,))
        return rig

    async def test_calls_do_not_go_without_it(self, rig):
        with pytest.raises(SignInUnknown):
            await rig.issue(rig.asked())
        with pytest.raises(SignInUnknown):
            await rig.sent(ORIGIN, ORIGIN)
        assert await rig.problems(**{ACT: (ORIGIN,)}) == {ACT: "auth.sign_in_unknown"}

    async def test_it_is_not_shown_as_none(self, rig):
        with pytest.raises(SignInUnknown):
            await rig.read(WHO, ACT)

    @pytest.mark.parametrize("entered", [None, "bearer"])
    async def test_it_is_neither_cleared_nor_replaced(self, rig, entered):
        key = entered and EnteredApiKey(
            Placement.BEARER, CredentialMaterial.bearer(Secret("canary"))
        )

        with pytest.raises(SignInUnknown) as refused:
            await rig.set(WHO, ACT, key, None)

        assert "does not know" in refused.value.sentence
        with pytest.raises(SignInUnknown):
            await rig.clear(WHO, ACT, None, None)
        assert rig.store.facts.of(CredentialChanged) == []

    async def test_it_is_destroyed_with_its_action(self, rig):
        await rig.destroy(ActionRemoved(workspace_id=WS, gpt_id="gpt_1", action_id=ACT))

        assert (await rig.store.find(WS, ACT)).revision == 0


async def test_a_removed_actions_credential_is_destroyed_once():
    rig = Rig()
    await rig.enter()
    removed = ActionRemoved(workspace_id=WS, gpt_id="gpt_1", action_id=ACT)

    await rig.destroy(removed)
    await rig.destroy(removed)

    assert (await rig.store.find(WS, ACT)).revision == 0
    assert [fact.revision for fact in rig.store.facts.of(CredentialChanged)] == [1, 2]


async def test_a_removal_in_another_workspace_touches_nothing():
    rig = Rig()
    await rig.enter()

    await rig.destroy(ActionRemoved(workspace_id="ws_theirs", gpt_id="gpt_1", action_id=ACT))

    assert (await rig.store.find(WS, ACT)).revision == 1


async def test_a_change_of_keys_is_noticed_by_nobody():
    old_keys = fresh_keys("k1")
    rig = Rig(EnvelopeKeyRing(old_keys))
    await rig.enter()
    ring = EnvelopeKeyRing(fresh_keys("k2") | old_keys)

    await rewrap(ring, *rig.store.sealed)

    stored = await rig.store.find(WS, ACT)
    assert stored.records[0].api_key.sealed.key_id == "k2"
    assert stored.revision == 1
    issued = await rig.issuing(ring)(rig.asked())
    assert rig.opened(issued)["headers"] == [["Authorization", "Bearer canary"]]
