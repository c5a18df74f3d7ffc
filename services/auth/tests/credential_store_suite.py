"""What every `CredentialStore` promises; run against the fake and against MongoDB."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from auth_fakes import fresh_keys, key_ring
from auth_rig import Rig, principal
from connection_fakes import nobody_signed_in
from service_token_fakes import MemoryServiceTokens

from auth_service.domain.action_credentials import ActionCredentials
from auth_service.domain.action_hosts import ActionHosts, KeptSet
from auth_service.domain.credential import ApiKey
from auth_service.domain.credential_material import CredentialMaterial
from auth_service.domain.entered import EnteredApiKey
from auth_service.domain.placement import Placement
from auth_service.usecases.destroy_credential import DestroyCredential
from contracts.facts import ActionRemoved, CredentialChanged
from contracts.origin import origin_set_digest
from kit.documents import ChangedMeanwhile
from kit.envelope import EnvelopeKeyRing
from kit.key_ring import Sealed
from kit.rewrap import rewrap
from kit.sealing import Secret

KEYS = key_ring("k1")
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
A, B = "https://a.example", "https://b.example"
SET_A, SET_B = origin_set_digest([A]), origin_set_digest([B])


def nothing(action="act_1", workspace="ws_1"):
    return ActionCredentials(workspace, action)


def hosts(draft=A, published=None):
    """An action that calls one host in its draft, and maybe another in its published version."""
    if published is None:
        return ActionHosts((draft,))
    kept = (KeptSet(origin_set_digest([published]), (1,)),)
    return ActionHosts((draft,), (published,), kept)


def key(envelope, key_id="k1"):
    names = ("X-Api-Key",)
    return ApiKey(Placement.CUSTOM, names, (), Sealed(key_id, envelope))


def entered(seen, key_id="k1", called=None):
    return seen.entered(called or hosts(), key(f"v1|{seen.revision}", key_id), "mem_1", AT)


async def two_records(store, key_id="old"):
    """A key for the published host A, and another one for the draft's host B."""
    first = entered(nothing(), key_id)
    await store.replace(nothing(), first, fact_of(first))
    second = entered(first, key_id, hosts(B, published=A))
    await store.replace(first, second, fact_of(second))
    return second


def fact_of(credentials):
    return CredentialChanged(
        workspace_id=credentials.workspace_id,
        action_id=credentials.action_id,
        revision=credentials.revision,
    )


class CredentialStoreSuite:
    """Subclasses supply the fixtures `store` and `facts`."""

    async def test_an_action_without_settings_signs_in_with_nothing(self, store):
        assert await store.find("ws_1", "act_1") == nothing()

    async def test_what_was_set_is_found_again_and_published(self, store, facts):
        changed = entered(nothing())
        fact = fact_of(changed)

        await store.replace(nothing(), changed, fact)

        assert await store.find("ws_1", "act_1") == changed
        assert facts.of(CredentialChanged) == [fact]

    async def test_a_cleared_credential_keeps_its_revision(self, store):
        first = entered(nothing())
        await store.replace(nothing(), first, fact_of(first))
        cleared = first.without(None, "mem_2", AT)

        await store.replace(first, cleared, fact_of(cleared))

        assert await store.find("ws_1", "act_1") == cleared

    async def test_another_workspace_finds_nothing(self, store):
        changed = entered(nothing())
        await store.replace(nothing(), changed, fact_of(changed))

        assert await store.find("ws_2", "act_1") == nothing(workspace="ws_2")

    async def test_of_two_first_settings_one_wins(self, store, facts):
        changed = entered(nothing())
        await store.replace(nothing(), changed, fact_of(changed))

        with pytest.raises(ChangedMeanwhile):
            await store.replace(nothing(), entered(nothing()), fact_of(changed))
        assert len(facts.of(CredentialChanged)) == 1

    async def test_of_two_changes_one_wins(self, store):
        first = entered(nothing())
        await store.replace(nothing(), first, fact_of(first))
        second = entered(first)
        await store.replace(first, second, fact_of(second))

        with pytest.raises(ChangedMeanwhile):
            await store.replace(first, entered(first), fact_of(second))
        with pytest.raises(ChangedMeanwhile):
            await store.destroy(first, fact_of(second))
        assert await store.find("ws_1", "act_1") == second

    async def test_what_was_destroyed_is_gone_for_good(self, store, facts):
        first = entered(nothing())
        await store.replace(nothing(), first, fact_of(first))

        await store.destroy(first, fact_of(replace(first, revision=2)))
        await store.rule_out("ws_1", "act_1")

        assert await store.find("ws_1", "act_1") == nothing()
        again = entered(nothing())
        with pytest.raises(ChangedMeanwhile):
            await store.replace(nothing(), again, fact_of(again))
        assert await store.find("ws_1", "act_1") == nothing()
        assert [fact.revision for fact in facts.of(CredentialChanged)] == [1, 2]

    async def test_what_is_set_cannot_be_ruled_out(self, store):
        first = entered(nothing())
        await store.replace(nothing(), first, fact_of(first))

        with pytest.raises(ChangedMeanwhile):
            await store.rule_out("ws_1", "act_1")

    @pytest.mark.parametrize("already_set", [False, True])
    async def test_b12_a_secret_entered_while_its_action_is_removed_does_not_stay(
        self, store, already_set
    ):
        """Catalog answers, then the action goes and its secret is destroyed, then it is written."""
        before = nothing()
        if already_set:
            before = entered(nothing())
            await store.replace(nothing(), before, fact_of(before))
        removed = ActionRemoved(workspace_id="ws_1", gpt_id="gpt_1", action_id="act_1")

        class RemovedOnceAsked:
            async def hosts(self, workspace_id, action_id):
                await DestroyCredential(store, MemoryServiceTokens(), nobody_signed_in())(removed)
                return hosts()

        class FoundBefore:
            """What `SetCredential` read before the action was removed."""

            def __getattr__(self, name):
                return getattr(store, name)

            async def find(self, workspace_id, action_id):
                return before

        late = EnteredApiKey(Placement.BEARER, CredentialMaterial.bearer(Secret("late")))
        for credentials in (FoundBefore(), store):
            set_credential = Rig(KEYS).setting(credentials, RemovedOnceAsked())
            with pytest.raises(ChangedMeanwhile):
                await set_credential(principal("mem_1", "ws_1"), "act_1", late, None)
        assert await store.find("ws_1", "act_1") == nothing()
        for sealed in store.sealed:
            assert list(await sealed.sealed_with_other_keys("none", "", 10)) == []

    async def test_what_was_entered_for_each_set_is_found_again(self, store):
        both = await two_records(store)

        assert await store.find("ws_1", "act_1") == both
        assert [each.origin_set for each in both.records] == [SET_B, SET_A]

    async def test_that_nothing_is_sent_is_found_again_by_its_set(self, store):
        both = await two_records(store)
        called = replace(hosts(B, published=A), draft=("https://c.example",))
        bare = both.entered(called, None, "mem_2", AT)
        await store.replace(both, bare, fact_of(bare))

        found = await store.find("ws_1", "act_1")

        assert found == bare
        assert found.of_set(SET_B) is None, "which nothing calls any more"
        assert [each.api_key is None for each in found.records] == [True, False]

    async def test_releases_without_a_credential_are_remembered_by_their_digest(self, store):
        kept = (KeptSet(SET_B, (2,)), KeptSet("0" * 64, (1,)))
        first = entered(nothing(), called=ActionHosts((A,), (B,), kept))
        await store.replace(nothing(), first, fact_of(first))

        found = await store.find("ws_1", "act_1")

        assert found == first
        assert {each.origin_set for each in found.records} == {SET_A, SET_B, "0" * 64}

    async def test_one_of_two_records_is_deleted(self, store):
        both = await two_records(store)
        left = both.without(SET_A, "mem_2", AT)
        await store.replace(both, left, fact_of(left))

        found = await store.find("ws_1", "act_1")

        assert found == left
        assert {each.origin_set: each.deleted for each in found.records} == {
            SET_A: True,
            SET_B: False,
        }
        assert found.revision == both.revision + 1

    async def test_all_of_an_action_is_destroyed_at_once(self, store):
        both = await two_records(store)

        await store.destroy(both, fact_of(replace(both, revision=3)))

        assert await store.find("ws_1", "act_1") == nothing()
        for sealed in store.sealed:
            assert list(await sealed.sealed_with_other_keys("none", "", 10)) == []

    async def test_a_change_of_keys_reaches_every_record_and_nothing_else(self, store, facts):
        sealed = [
            await key_ring_of("old").seal(Secret(text), nothing().place)
            for text in (b"for a", b"for b")
        ]
        both = await two_records(store)
        records = [
            replace(record, way=replace(record.way, sealed=one))
            for record, one in zip(both.records, sealed, strict=True)
        ]
        real = replace(both, revision=3, records=tuple(records))
        await store.replace(both, real, fact_of(real))

        done = await rewrap(key_ring_of("new", "old"), *store.sealed)

        assert done.rewrapped == 2
        found = await store.find("ws_1", "act_1")
        opened = [
            (await key_ring_of("new").open(each.api_key.sealed, found.place)).reveal()
            for each in found.records
        ]
        assert opened == [b"for a", b"for b"]
        unchanged = [replace(each, way=None) for each in real.records]
        assert [replace(each, way=None) for each in found.records] == unchanged
        assert (found.revision, len(facts.of(CredentialChanged))) == (3, 3)

    async def test_a_change_of_keys_gives_way_to_a_new_secret(self, store):
        first = entered(nothing(), "old")
        await store.replace(nothing(), first, fact_of(first))
        records = [
            (sealed, record)
            for sealed in store.sealed
            for record in await sealed.sealed_with_other_keys("k1", "", 10)
        ]
        second = entered(first)
        await store.replace(first, second, fact_of(second))

        for sealed, record in records:
            assert not await sealed.rewrapped(record, Sealed("k1", "v1|k1|new"))
        assert len(records) == 1
        assert await store.find("ws_1", "act_1") == second

    @pytest.mark.parametrize("meanwhile", [SET_A, SET_B])
    async def test_a_new_secret_leaves_what_a_change_of_keys_sealed_meanwhile(
        self, store, facts, meanwhile
    ):
        """Else the other records would be back under the old key, and lost with it."""
        seen = await two_records(store)
        swapped = seen.of_set(meanwhile).api_key.sealed
        for sealed in store.sealed:
            for record in await sealed.sealed_with_other_keys("k1", "", 10):
                if record.sealed == swapped:
                    assert await sealed.rewrapped(record, Sealed("k1", "v1|k1|new"))
                    break

        late = entered(seen, "k1", hosts("https://c.example", published=A))
        late = replace(late, records=(late.records[0], *seen.records))
        with pytest.raises(ChangedMeanwhile):
            await store.replace(seen, late, fact_of(late))

        found = await store.find("ws_1", "act_1")
        assert found.of_set(meanwhile).api_key.sealed == Sealed("k1", "v1|k1|new")
        assert (found.revision, len(facts.of(CredentialChanged))) == (2, 2)
        again = replace(late, records=(late.records[0], *found.records))
        await store.replace(found, again, fact_of(again))
        assert await store.find("ws_1", "act_1") == again

    async def test_a_secret_that_is_replaced_may_have_been_sealed_anew_meanwhile(self, store):
        first = entered(nothing(), "old")
        await store.replace(nothing(), first, fact_of(first))
        for sealed in store.sealed:
            for record in await sealed.sealed_with_other_keys("k1", "", 10):
                assert await sealed.rewrapped(record, Sealed("k1", "v1|k1|new"))
                break

        second = entered(first)
        await store.replace(first, second, fact_of(second))

        assert await store.find("ws_1", "act_1") == second


RINGS = fresh_keys("old", "new")


def key_ring_of(*key_ids):
    return EnvelopeKeyRing({key_id: RINGS[key_id] for key_id in key_ids})
