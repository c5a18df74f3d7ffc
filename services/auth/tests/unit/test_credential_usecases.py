import json
from dataclasses import replace
from datetime import timedelta

import pytest
from auth_fakes import KnownActions, MemoryCredentials, fresh_keys, key_ring

from auth_service.adapters.envelope import EnvelopeKeyRing
from auth_service.domain.credential import Credential, Placement
from auth_service.domain.errors import (
    ActionHasNoOrigin,
    CredentialBoundElsewhere,
    SecretUnreadable,
    SignInUnknown,
)
from auth_service.domain.presentation import Presentation
from auth_service.domain.sealed_field import Sealed
from auth_service.usecases.destroy_credential import DestroyCredential
from auth_service.usecases.issue_credential import IssueCredential
from auth_service.usecases.read_credential import ReadCredential
from auth_service.usecases.rewrap_credentials import RewrapCredentials
from auth_service.usecases.set_credential import EnteredApiKey, SetCredential
from contracts import requests
from contracts.errors import NotFound
from contracts.facts import ActionRemoved, CredentialChanged
from kit.documents import ChangedMeanwhile
from kit.sealing import Recipient, SealBinding, Secret
from kit.testing import FrozenClock

WS, ACT, MEM = "ws_ours", "act_1", "mem_1"
ORIGIN = "https://api.example.com"


class Rig:
    """The use cases around one store, as `main` puts them together."""

    def __init__(self, keys=None):
        self.store = MemoryCredentials()
        self.keys = keys or key_ring("k1")
        self.clock = FrozenClock()
        self.actions = KnownActions(WS, {ACT: (ORIGIN,), "act_empty": ()})
        self.recipient = Recipient.fresh()
        self.set = SetCredential(self.store, self.actions, self.keys, self.clock)
        self.read = ReadCredential(self.store, self.actions, self.keys)
        self.issue = IssueCredential(self.store, self.keys, self.clock, timedelta(seconds=60))
        self.destroy = DestroyCredential(self.store)

    async def enter(self, token="canary", expected=None):
        entered = EnteredApiKey(Placement.BEARER, Presentation.bearer(Secret(token)))
        return await self.set(WS, ACT, MEM, entered, expected)

    def asked(self, **changes):
        return requests.IssueCredential(
            **{
                "workspace_id": WS,
                "action_id": ACT,
                "member_id": MEM,
                "origin": ORIGIN,
                "recipient": self.recipient.public_key,
                **changes,
            }
        )

    def opened(self, issued, origin=ORIGIN):
        binding = SealBinding(WS, ACT, origin, issued.expires_at)
        return json.loads(self.recipient.open(issued.sealed, binding, self.clock()))


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


async def test_whoever_rewrites_the_stored_origins_gains_nothing():
    rig = Rig()
    seen = await rig.enter()
    moved = replace(seen.api_key, origins=("https://evil.example.com",))
    fact = CredentialChanged(workspace_id=WS, action_id=ACT, revision=2)
    await rig.store.replace(seen, replace(seen, api_key=moved, revision=2), fact)

    with pytest.raises(CredentialBoundElsewhere):
        await rig.issue(rig.asked(origin="https://evil.example.com"))


async def test_another_actions_secret_is_of_no_use_here():
    rig = Rig()
    seen = await rig.enter()
    foreign = rig.keys.seal(Secret(b"{}"), replace(seen.place, record_id="act_2"))
    swapped = replace(seen.api_key, sealed=foreign)
    fact = CredentialChanged(workspace_id=WS, action_id=ACT, revision=2)
    await rig.store.replace(seen, replace(seen, api_key=swapped, revision=2), fact)

    with pytest.raises(SecretUnreadable):
        await rig.issue(rig.asked())


async def test_after_the_host_moved_the_credential_says_so_until_entered_again():
    rig = Rig()
    await rig.enter()
    rig.actions.origins_of[ACT] = ("https://new.example.com",)

    moved = await rig.read(WS, ACT)
    await rig.enter()
    again = await rig.read(WS, ACT)

    assert moved.unusable_because.code == "auth.credential_bound_elsewhere"
    assert again.unusable_because is None


async def test_every_change_is_stated_and_no_revision_comes_twice():
    rig = Rig()

    await rig.enter()
    await rig.enter("another")
    cleared = await rig.set(WS, ACT, MEM, None, None)
    await rig.enter()

    assert cleared.api_key is None
    published = rig.store.facts.of(CredentialChanged)
    assert [fact.revision for fact in published] == [1, 2, 3, 4]


async def test_clearing_what_is_clear_changes_nothing():
    rig = Rig()

    await rig.set(WS, ACT, MEM, None, None)

    assert rig.store.facts.of(CredentialChanged) == []


async def test_a_change_based_on_an_old_reading_is_refused():
    rig = Rig()
    await rig.enter()

    with pytest.raises(ChangedMeanwhile):
        await rig.enter("late", expected=0)


async def test_a_secret_needs_a_host_to_be_bound_to():
    rig = Rig()
    entered = EnteredApiKey(Placement.BEARER, Presentation.bearer(Secret("canary")))

    with pytest.raises(ActionHasNoOrigin):
        await rig.set(WS, "act_empty", MEM, entered, None)


@pytest.mark.parametrize(("workspace", "action"), [(WS, "act_unknown"), ("ws_theirs", ACT)])
async def test_only_ones_own_actions_can_be_given_a_credential(workspace, action):
    rig = Rig()

    with pytest.raises(NotFound):
        await rig.set(workspace, action, MEM, None, None)
    with pytest.raises(NotFound):
        await rig.read(workspace, action)


class TestAWayToSignInThatThisReleaseDoesNotKnow:
    @pytest.fixture
    async def rig(self):
        rig = Rig()
        rig.store._stored[ACT] = Credential(WS, ACT, 3, is_known=False)
        return rig

    async def test_calls_do_not_go_without_it(self, rig):
        with pytest.raises(SignInUnknown):
            await rig.issue(rig.asked())

    async def test_it_is_not_shown_as_none(self, rig):
        with pytest.raises(SignInUnknown):
            await rig.read(WS, ACT)

    @pytest.mark.parametrize("entered", [None, "bearer"])
    async def test_it_is_neither_cleared_nor_replaced(self, rig, entered):
        key = entered and EnteredApiKey(Placement.BEARER, Presentation.bearer(Secret("canary")))

        with pytest.raises(SignInUnknown) as refused:
            await rig.set(WS, ACT, MEM, key, None)

        assert "does not know" in refused.value.sentence
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


async def test_rewrapping_brings_every_record_under_the_newest_key_and_keeps_it_readable():
    old_keys = fresh_keys("k1")
    rig = Rig(EnvelopeKeyRing(old_keys))
    await rig.enter()
    ring = EnvelopeKeyRing(fresh_keys("k2") | old_keys)

    first = await RewrapCredentials(rig.store, ring)()
    second = await RewrapCredentials(rig.store, ring)()

    assert (first.rewrapped, second.rewrapped) == (1, 0)
    stored = await rig.store.find(WS, ACT)
    assert stored.api_key.sealed.key_id == "k2"
    assert stored.revision == 1
    issued = await IssueCredential(rig.store, ring, rig.clock, timedelta(seconds=9))(rig.asked())
    assert rig.opened(issued)["headers"] == [["Authorization", "Bearer canary"]]


async def test_records_of_a_lost_key_are_counted_and_left_as_they_are():
    rig = Rig(key_ring("lost"))
    before = await rig.enter()

    done = await RewrapCredentials(rig.store, key_ring("k2"))()

    assert done.of_unknown_keys == {"lost": 1}
    assert await rig.store.find(WS, ACT) == before


async def test_an_unreadable_record_does_not_stop_the_others():
    rig = Rig(key_ring("k2"))
    seen = await rig.enter()
    broken = replace(seen.api_key, sealed=Sealed("k1", "v1|k1|A256GCM|AA==|AA==|AA=="))
    fact = CredentialChanged(workspace_id=WS, action_id=ACT, revision=2)
    await rig.store.replace(seen, replace(seen, api_key=broken, revision=2), fact)

    done = await RewrapCredentials(rig.store, key_ring("k2", "k1"))()

    assert (done.rewrapped, done.unreadable) == (0, 1)
