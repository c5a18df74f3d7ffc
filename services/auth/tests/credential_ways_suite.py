"""What every `CredentialStore` promises of the ways to sign in; see `credential_store_suite`."""

from dataclasses import replace

import pytest
from auth_rig import client
from credential_store_suite import AT, SET_A, A, B, entered, fact_of, hosts, key_ring_of, nothing

from auth_service.domain.credential import ApiKey
from auth_service.domain.oauth.profile import BodyFormat, TokenExchangeMethod
from auth_service.domain.own_key import OwnKey
from auth_service.domain.placement import Placement
from auth_service.domain.secret_reference import ReferredPart, SecretReference, SecretStoreName
from auth_service.domain.sign_in import SignIn
from kit.documents import ChangedMeanwhile
from kit.key_ring import Sealed
from kit.rewrap import rewrap
from kit.sealing import Secret


def settings(sealed=None, **changes):
    return replace(client(**{"sign_in": SignIn.OAUTH, **changes}).settings, sealed=sealed)


REFERENCE = SecretReference(SecretStoreName.VAULT, "secret/data/ws_1/pets", "token")
WAYS = {
    "referred key": ApiKey(
        Placement.BEARER,
        ("Authorization",),
        (),
        Sealed("k1", "v1|one"),
        (ReferredPart("token", REFERENCE),),
    ),
    "referred client": replace(settings(Sealed("k1", "v1|one")), secret_reference=REFERENCE),
    "own key": OwnKey(Placement.CUSTOM, ("Authorization",), (), "Token", ("Your key",)),
    "client": settings(Sealed("k1", "v1|one")),
    "public client": settings(exchange=TokenExchangeMethod.NONE),
    "client credentials": settings(Sealed("k1", "v1|one"), sign_in=SignIn.CLIENT_CREDENTIALS),
    "all settings": settings(
        Sealed("k1", "v1|one"),
        preset="slack",
        refresh_url="https://id.example.com/refresh",
        revocation_url="/revoke/{client_id}",
        scope="a,b",
        is_raw=True,
        body=BodyFormat.JSON,
        uses_pkce=True,
        authorization_parameters={"prompt": "consent", "$odd.name": "x"},
        token_parameters={"audience": "https://api.example.org"},
    ),
}


async def stored(store, *ways):
    """Of the published host A and the draft's host B, as many as are given."""
    seen = nothing()
    for way, called in zip(ways, (hosts(A), hosts(B, published=A)), strict=False):
        changed = seen.entered(called, way, "mem_1", AT)
        await store.replace(seen, changed, fact_of(changed))
        seen = changed
    return seen


class CredentialWaysSuite:
    """Subclasses supply the fixture `store`."""

    @pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
    async def test_each_way_to_sign_in_is_found_again(self, store, way):
        both = await stored(store, way, way)

        assert await store.find("ws_1", "act_1") == both
        assert [each.way for each in both.records] == [way, way]

    async def test_a_client_and_a_key_replace_each_other_without_a_trace(self, store):
        seen = await stored(store, WAYS["client"])
        again = entered(seen)
        await store.replace(seen, again, fact_of(again))
        assert (await store.find("ws_1", "act_1")).of_set(SET_A).client is None

        bare = again.entered(hosts(A), None, "mem_1", AT)
        await store.replace(again, bare, fact_of(bare))

        assert await store.find("ws_1", "act_1") == bare

    async def test_a_change_of_keys_reaches_client_secrets_too(self, store):
        place = nothing().place_of_client_secret
        one, two = [await key_ring_of("old").seal(Secret(text), place) for text in (b"one", b"two")]
        await stored(store, settings(one), settings(two))

        done = await rewrap(key_ring_of("new", "old"), *store.sealed)

        found = await store.find("ws_1", "act_1")
        seals = [each.client.sealed for each in found.records]
        opened = [(await key_ring_of("new").open(each, place)).reveal() for each in seals]
        assert (done.rewrapped, opened) == (2, [b"two", b"one"])

    @pytest.mark.parametrize("place", ["first", "other"])
    async def test_a_change_leaves_client_secrets_that_a_change_of_keys_sealed_meanwhile(
        self, store, place
    ):
        seals = {"first": Sealed("k1", "v1|one"), "other": Sealed("k1", "v1|two")}
        seen = await stored(store, *map(settings, seals.values()))
        for sealed in store.sealed:
            for record in await sealed.sealed_with_other_keys("k2", "", 10):
                if record.sealed == seals[place]:
                    assert record.place == seen.place_of_client_secret
                    assert await sealed.rewrapped(record, Sealed("k2", "v1|new"))
                    break

        late = seen.entered(hosts("https://c.example", published=A), None, "mem_1", AT)
        late = replace(late, records=(late.records[0], *seen.records))
        with pytest.raises(ChangedMeanwhile):
            await store.replace(seen, late, fact_of(late))
