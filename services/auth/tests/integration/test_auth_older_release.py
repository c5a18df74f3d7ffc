"""F41: the release before this one goes on with what this one stored, and the other way round.

What that release does is written here by hand: it knows one record of an action, by the members
`type`, `set_by`, `set_at` and `api_key`, and leaves what else there is as it is.
"""

import pytest
from credential_store_suite import AT, SET_A, SET_B, A, B, entered, fact_of, hosts, nothing
from credential_ways_suite import WAYS

from auth_service.adapters.mongo_credentials import MongoCredentials
from contracts.origin import origin_set_digest
from kit.outbox import Outbox
from kit.testing import RecordedFacts

pytestmark = pytest.mark.integration
C = "https://c.example"
OLD_MEMBERS = {"type", "set_by", "set_at", "api_key"}


@pytest.fixture
async def store(database):
    return MongoCredentials(database, Outbox("auth", RecordedFacts()))


@pytest.fixture
async def both(store):
    """A key for the published host A, and a newer one for the draft's host B."""
    first = entered(nothing())
    await store.replace(nothing(), first, fact_of(first))
    second = entered(first, called=hosts(B, published=A))
    await store.replace(first, second, fact_of(second))
    return second


async def document(database):
    return await database["credentials"].find_one({"_id": "act_1"})


def old_key(envelope, *origins):
    return {
        "placement": "bearer",
        "key_id": "k1",
        "envelope": envelope,
        "header_names": ["Authorization"],
        "parameter_names": [],
        "origins": [*origins],
    }


async def old_release_writes(database, **state):
    members = {f"state.{name}": value for name, value in state.items()}
    gone = {f"state.{name}": "" for name in OLD_MEMBERS - {*state}}
    change = {"$set": members, "$inc": {"revision": 1}}
    if gone:
        change["$unset"] = gone
    await database["credentials"].update_one({"_id": "act_1"}, change)


async def test_f41_an_old_record_is_the_one_of_its_own_origins(store, database):
    state = {"type": "api_key", "set_by": "mem_1", "set_at": AT, "api_key": old_key("v1|x", A)}
    old = {"_id": "act_1", "workspace_id": "ws_1", "revision": 7, "state": state}
    await database["credentials"].insert_one(old)

    found = await store.find("ws_1", "act_1")

    [record] = found.records
    assert (record.origin_set, record.origins, record.revision) == (SET_A, (A,), 7)
    assert found.for_call("", A) is record


async def test_f41_what_was_cleared_before_signs_in_with_nothing_anywhere(store, database):
    state = {"type": "none", "set_by": "mem_1", "set_at": AT}
    old = {"_id": "act_1", "workspace_id": "ws_1", "revision": 7, "state": state}
    await database["credentials"].insert_one(old)

    found = await store.find("ws_1", "act_1")

    assert (found.records, found.revision, found.cleared_by) == ((), 7, "mem_1")


async def test_f41_the_older_release_reads_the_record_that_published_calls_use(both, database):
    state = (await document(database))["state"]

    assert state["type"] == "api_key"
    assert state["api_key"]["origins"] == [A]
    assert state["api_key"]["envelope"] == both.of_set(SET_A).api_key.sealed.envelope


async def test_f41_what_the_older_release_enters_is_the_newest_record(both, store, database):
    await old_release_writes(
        database, type="api_key", set_by="mem_2", set_at=AT, api_key=old_key("v1|old", C)
    )

    found = await store.find("ws_1", "act_1")

    assert [each.origin_set for each in found.records] == [origin_set_digest([C]), SET_B]
    assert found.records[0].revision == found.revision == both.revision + 1


async def test_f41_what_it_enters_for_a_known_set_replaces_that_record(both, store, database):
    await old_release_writes(
        database, type="api_key", set_by="mem_2", set_at=AT, api_key=old_key("v1|old", B)
    )

    [record] = (await store.find("ws_1", "act_1")).records

    assert record.api_key.sealed.envelope == "v1|old"


async def test_f41_what_it_clears_is_cleared_of_all(both, store, database):
    await old_release_writes(database, type="none", set_by="mem_2", set_at=AT)

    found = await store.find("ws_1", "act_1")
    assert (found.records, found.cleared_by) == ((), "mem_2")
    again = entered(found)
    await store.replace(found, again, fact_of(again))

    stored = await document(database)
    assert [each.origin_set for each in (await store.find("ws_1", "act_1")).records] == [SET_A]
    assert both.of_set(SET_B).api_key.sealed.envelope not in str(stored)


async def test_f41_a_change_of_keys_is_not_taken_for_an_older_releases_change(
    both, store, database
):
    swapped = {"$set": {"state.api_key.key_id": "k2"}}
    await database["credentials"].update_one({"_id": "act_1"}, swapped)

    found = await store.find("ws_1", "act_1")

    assert [each.revision for each in found.records] == [each.revision for each in both.records]


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
async def test_f41_the_release_before_takes_no_new_way_for_a_key_or_for_nothing(
    store, database, way
):
    """It knows a record as `none` without a key, or as `api_key` with one; any other it refuses,
    and changes nothing of the action.
    """
    changed = nothing().entered(hosts(), way, "mem_1", AT)
    await store.replace(nothing(), changed, fact_of(changed))

    state = (await document(database))["state"]

    assert state["type"] != "none"
    assert "api_key" not in state


@pytest.mark.parametrize(
    "change",
    [
        {"type": "saml"},
        {"client.preset": "a provider of a later release"},
        {"client.exchange": "private_key_jwt"},
        {"client.body": "xml"},
        {"type": "api_key"},
        {"api_key": old_key("v1|x", A)},
    ],
)
async def test_f41_what_a_later_release_adds_to_a_client_is_not_used_without_it(
    store, database, change
):
    changed = nothing().entered(hosts(), WAYS["client"], "mem_1", AT)
    await store.replace(nothing(), changed, fact_of(changed))
    members = {f"state.{name}": value for name, value in change.items()}
    await database["credentials"].update_one({"_id": "act_1"}, {"$set": members})

    [record] = (await store.find("ws_1", "act_1")).records

    assert (record.is_known, record.way) == (False, None)
