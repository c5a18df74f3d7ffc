"""What every `CredentialStore` promises; run against the fake and against MongoDB."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from auth_fakes import key_ring

from auth_service.domain.credential import ApiKey, Credential, Placement, place_of
from auth_service.domain.presentation import Presentation
from auth_service.domain.sealed_field import Sealed
from auth_service.usecases.destroy_credential import DestroyCredential
from auth_service.usecases.set_credential import EnteredApiKey, SetCredential
from contracts.facts import ActionRemoved, CredentialChanged
from kit.documents import ChangedMeanwhile
from kit.sealing import Secret

KEYS = key_ring("k1")
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def nothing(action="act_1", workspace="ws_1"):
    return Credential(workspace, action)


def entered(seen, key_id="k1"):
    sealed = KEYS.seal(Secret(b"the key"), place_of(seen.workspace_id, seen.action_id))
    names = ("X-Api-Key",)
    key = ApiKey(
        Placement.CUSTOM, names, (), ("https://a.example",), replace(sealed, key_id=key_id)
    )
    return seen.replaced(key, "mem_1", AT)


def fact_of(credential):
    return CredentialChanged(
        workspace_id=credential.workspace_id,
        action_id=credential.action_id,
        revision=credential.revision,
    )


class CredentialStoreSuite:
    """Subclasses supply the fixtures `store` and `facts`."""

    async def test_an_action_without_settings_signs_in_with_nothing(self, store):
        assert await store.find("ws_1", "act_1") == nothing()

    async def test_what_was_set_is_found_again_and_stated(self, store, facts):
        changed = entered(nothing())
        fact = fact_of(changed)

        await store.replace(nothing(), changed, fact)

        assert await store.find("ws_1", "act_1") == changed
        assert facts.of(CredentialChanged) == [fact]

    async def test_a_cleared_credential_keeps_its_revision(self, store):
        first = entered(nothing())
        await store.replace(nothing(), first, fact_of(first))
        cleared = first.replaced(None, "mem_2", AT)

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
            async def origins(self, workspace_id, action_id):
                await DestroyCredential(store)(removed)
                return ("https://a.example",)

        class FoundBefore:
            """What `SetCredential` read before the action was removed."""

            def __getattr__(self, name):
                return getattr(store, name)

            async def find(self, workspace_id, action_id):
                return before

        key = EnteredApiKey(Placement.BEARER, Presentation.bearer(Secret("late")))
        for credentials in (FoundBefore(), store):
            set_credential = SetCredential(credentials, RemovedOnceAsked(), KEYS, lambda: AT)
            with pytest.raises(ChangedMeanwhile):
                await set_credential("ws_1", "act_1", "mem_1", key, None)
        assert await store.find("ws_1", "act_1") == nothing()
        assert list(await store.sealed_with_other_keys("none", "", 10)) == []

    async def test_records_under_other_keys_are_listed_in_batches(self, store):
        for action, key_id in (("act_1", "old"), ("act_2", "k1"), ("act_3", "old")):
            changed = entered(nothing(action), key_id)
            await store.replace(nothing(action), changed, fact_of(changed))
        bare = nothing("act_4").replaced(None, "mem_1", AT)
        await store.replace(nothing("act_4"), bare, fact_of(bare))

        first = await store.sealed_with_other_keys("k1", "", 1)
        rest = await store.sealed_with_other_keys("k1", first[-1].place.record_id, 10)

        assert [record.place for record in first] == [place_of("ws_1", "act_1")]
        assert [record.place.record_id for record in rest] == ["act_3"]

    async def test_rewrapping_swaps_the_envelope_and_nothing_else(self, store, facts):
        changed = entered(nothing(), "old")
        await store.replace(nothing(), changed, fact_of(changed))
        [record] = await store.sealed_with_other_keys("k1", "", 10)

        swapped = await store.rewrapped(record, Sealed("k1", "v1|k1|new"))

        found = await store.find("ws_1", "act_1")
        assert swapped
        assert found.api_key.sealed == Sealed("k1", "v1|k1|new")
        assert replace(found, api_key=changed.api_key) == changed
        assert len(facts.of(CredentialChanged)) == 1

    async def test_rewrapping_gives_way_to_a_new_secret(self, store):
        first = entered(nothing(), "old")
        await store.replace(nothing(), first, fact_of(first))
        [record] = await store.sealed_with_other_keys("k1", "", 10)
        second = entered(first)
        await store.replace(first, second, fact_of(second))

        assert not await store.rewrapped(record, Sealed("k1", "v1|k1|new"))
        assert await store.find("ws_1", "act_1") == second
