"""What a store promises when a document is compiled again, and what crashes and races leave."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest

from contracts.facts import SchemaCompiled, SchemaStored, SchemaVerified
from kit.mongo import Taken
from kit.outbox import Outbox
from kit.testing import RecordedFacts
from schema_service.adapters.mongo_schemas import MongoSchemas
from schema_service.domain.compiling.version import COMPILER
from schema_service.domain.examination import Verdict
from schema_service.domain.examined import OperationSummary
from schema_service.domain.json_list import JsonList
from schema_service.domain.packing import packs
from schema_service.domain.stored_schema import StoredSchema
from schema_service.ports import Forms, Outdated
from services.schema.tests.fakes import MemorySchemas

pytestmark = pytest.mark.integration

NOISE = Random(7).randbytes(600_000).hex()  # no compression makes it small
LARGE, SMALL = NOISE.encode(), b"openapi: 3.1.0"
OLD_FORM, NEW_FORM = b'{"made": 1}', b'{"made": 2}'
FENCE = 5


def summary(name):
    return OperationSummary(name, name, "GET", "/a", "A thing", False, Verdict.READY, "/paths", "o")


def schema(number, **changes):
    id_ = f"sch_{number:04}"
    plain = StoredSchema(
        id=id_,
        workspace_id="ws_1",
        digest=f"digest {number}",
        title="Things",
        version="1",
        dialect="3.1",
        source_url=None,
        media_type="application/yaml",
        size=14,
        valid=True,
        findings=JsonList(),
        more_findings=0,
        operations=JsonList.of([summary("a")]),
        created_at=datetime(2026, 11, 22, 12, tzinfo=UTC),
        line_id=id_,
    )
    return replace(plain, **changes)


def made_again(of, compiler=COMPILER):
    return replace(
        of,
        compiler=compiler,
        valid=False,
        findings=JsonList.of([{"severity": "error", "code": "schema.x"}]),
        operations=JsonList.of([replace(summary("a"), anonymous=True)]),
        servers=JsonList.of([{"origin": "https://a:443"}]),
        origins=("https://a:443",),
    )


def forms_of(form, raw=SMALL):
    """Beside a large text they are large, too."""
    many = {f"o{n}": b'"' + NOISE[n : n + 400_000].encode() + b'"' for n in range(4)}
    return [*packs({"a": form, **(many if raw is LARGE else {})})]


def compiled(of, compiler=COMPILER):
    return SchemaCompiled(workspace_id=of.workspace_id, schema_id=of.id, compiler=compiler)


async def add(store, of, raw=SMALL):
    fact = SchemaStored(workspace_id=of.workspace_id, schema_id=of.id, valid=True, operations=1)
    await store.add(replace(of, size=len(raw)), raw, forms_of(OLD_FORM, raw), fact)
    return await store.find(of.workspace_id, of.id)


async def replace_by(store, seen, compiler=COMPILER, raw=SMALL, fence=FENCE):
    again, forms = made_again(seen, compiler), forms_of(NEW_FORM, raw)
    return await store.replace_compiled(seen, again, forms, compiled(seen, compiler), fence)


async def mongodb(database, facts):
    schemas = MongoSchemas(database, Outbox("schema", facts))
    schemas.facts = facts
    for collection in schemas.collections:
        await collection.ensure_indexes()
    return schemas


@pytest.fixture(params=["memory", "mongodb"])
async def store(request, database):
    if request.param == "memory":
        return MemorySchemas()
    return await mongodb(database, RecordedFacts())


@pytest.fixture
async def real(database):
    return await mongodb(database, RecordedFacts())


@pytest.mark.parametrize("raw", [SMALL, LARGE], ids=["small", "large"])
async def test_what_is_compiled_again_takes_the_place_of_what_was(store, raw):
    before = await add(store, schema(1), raw)

    assert await replace_by(store, before, raw=raw)

    assert await store.find("ws_1", before.id) == made_again(before)
    assert await store.forms("ws_1", before.id, ["a", "x"]) == Forms(COMPILER, {"a": NEW_FORM})
    assert await store.text("ws_1", before.id) == raw
    assert [(each.schema_id, each.compiler) for each in store.facts.of(SchemaCompiled)] == [
        (before.id, COMPILER)
    ]
    [listed] = await store.page("ws_1", 10, None)
    assert (listed.valid, listed.origins) == (False, ("https://a:443",))


async def test_what_was_changed_since_it_was_seen_is_not_replaced(store):
    seen = await add(store, schema(1))
    verified = replace(seen, verified=True)
    fact = SchemaVerified(workspace_id="ws_1", schema_id=seen.id, valid=True, complete=True)
    assert await store.replace_findings(seen, verified, fact)

    assert not await replace_by(store, seen)

    assert await store.find("ws_1", seen.id) == verified
    assert (await store.forms("ws_1", seen.id, ["a"])).texts == {"a": OLD_FORM}
    assert store.facts.of(SchemaCompiled) == []


async def test_a_lower_version_never_replaces_a_higher_one(store):
    seen = await add(store, schema(1))
    assert await replace_by(store, seen, COMPILER + 1)

    assert not await replace_by(store, seen, COMPILER)

    assert (await store.find("ws_1", seen.id)).compiler == COMPILER + 1


async def test_findings_of_a_verification_that_saw_an_earlier_compilers_are_refused(store):
    seen = await add(store, schema(1))
    await replace_by(store, seen)
    fact = SchemaVerified(workspace_id="ws_1", schema_id=seen.id, valid=True, complete=True)

    assert not await store.replace_findings(seen, replace(seen, verified=True), fact)

    assert await store.find("ws_1", seen.id) == made_again(seen)


async def test_outdated_ones_are_found_oldest_first_across_workspaces(store):
    for number, workspace in ((2, "ws_2"), (1, "ws_1"), (4, "ws_1")):
        await add(store, schema(number, workspace_id=workspace))
    await add(store, schema(3, compiler=COMPILER))

    found = await store.outdated(COMPILER, None, 10)

    every = [
        Outdated("ws_1", "sch_0001"),
        Outdated("ws_2", "sch_0002"),
        Outdated("ws_1", "sch_0004"),
    ]
    assert found == every
    assert await store.outdated(COMPILER, None, 2) == every[:2]
    assert await store.outdated(COMPILER, "sch_0001", 10) == every[1:]
    assert len(await store.outdated(COMPILER + 1, None, 10)) == 4


async def test_what_failed_often_enough_is_outdated_again_for_a_higher_version(store):
    seen = await add(store, schema(1))

    assert not await store.note_failure(seen, COMPILER, 2)
    assert await store.outdated(COMPILER, None, 10) != []
    assert await store.note_failure(seen, COMPILER, 2)

    assert await store.outdated(COMPILER, None, 10) == []
    assert await store.outdated(COMPILER + 1, None, 10) == [Outdated("ws_1", seen.id)]
    assert await store.find("ws_1", seen.id) == seen


async def packs_stored(database):
    return sorted(
        [each["_id"] async for each in database["pieces"].find({"state.kind": "operations"})]
    )


async def test_packs_of_the_earlier_version_are_deleted_once_nobody_reads_them(real, database):
    before = await add(real, schema(1), LARGE)
    old = await packs_stored(database)

    await replace_by(real, before, raw=LARGE)

    assert old
    assert not {*old} & {*await packs_stored(database)}


class Died(Exception):
    """Stands for a process that ends there and then."""


class DyingOutbox(Outbox):
    """Dies when a write with facts is about to be made."""

    def packed(self, facts):
        if facts:
            raise Died
        return super().packed(facts)


async def test_a_recompilation_that_dies_leaves_the_old_form_and_the_next_one_succeeds(
    real, database
):
    before = await add(real, schema(1), LARGE)
    dying = MongoSchemas(database, DyingOutbox("schema", RecordedFacts()))
    with pytest.raises(Died):
        await replace_by(dying, before, raw=LARGE)

    assert await real.find("ws_1", before.id) == before
    assert await real.forms("ws_1", before.id, ["a"]) == Forms(1, {"a": OLD_FORM})
    assert await replace_by(real, before, raw=LARGE)
    assert (await real.forms("ws_1", before.id, ["a"])).texts == {"a": NEW_FORM}
    assert all(f"operations.{COMPILER}/" in id_ for id_ in await packs_stored(database))


async def test_packs_that_a_crash_left_go_with_the_next_recompilation(real, database):
    before = await add(real, schema(1), LARGE)
    left = {
        "_id": f"{before.id}/operations/9999",
        "workspace_id": "ws_1",
        "revision": 1,
        "state": {"schema_id": before.id, "kind": "operations", "data": b"", "names": ["z"]},
    }
    await replace_by(real, before, raw=LARGE)
    await database["pieces"].insert_one(left)

    seen = await real.find("ws_1", before.id)
    await replace_by(real, seen, COMPILER + 1, raw=LARGE)

    assert all(f"operations.{COMPILER + 1}/" in id_ for id_ in await packs_stored(database))


async def test_a_replica_whose_lease_ran_out_takes_nothing_from_a_later_holder(real, database):
    seen = await add(real, schema(1), LARGE)
    await replace_by(real, seen, raw=LARGE, fence=FENCE + 1)

    async def as_seen(_):  # it looked at the schema before the later holder changed it
        return await real._schemas.within("ws_1").find(seen.id)

    late = MongoSchemas(database, Outbox("schema", RecordedFacts()))
    late._as_seen = as_seen
    with pytest.raises(Taken):
        await replace_by(late, seen, raw=LARGE)

    assert (await real.forms("ws_1", seen.id, ["a"])).texts == {"a": NEW_FORM}


async def test_whoever_reads_while_the_packs_change_gets_one_form_whole(real):
    before = await add(real, schema(1), LARGE)
    pieces_of = real._packs_in_pieces
    raced = []

    async def after_a_recompilation(seen, names):
        if not raced:
            raced.append(await replace_by(real, before, raw=LARGE))
        return await pieces_of(seen, names)

    real._packs_in_pieces = after_a_recompilation

    assert await real.forms("ws_1", before.id, ["a"]) == Forms(COMPILER, {"a": NEW_FORM})
    assert raced == [True]


async def test_a_replica_of_the_earlier_release_reads_what_was_compiled_again(real, database):
    """It asks for pieces of this kind, whatever else they say."""
    before = await add(real, schema(1), LARGE)
    await replace_by(real, before, raw=LARGE)

    wanted = {
        "state.schema_id": before.id,
        "state.kind": "operations",
        "state.names": {"$in": ["a"]},
    }
    assert len([each async for each in database["pieces"].find(wanted)]) == 1
    stored = await database["schemas"].find_one({"_id": before.id})
    assert stored["state"]["packs"] is None


async def test_a_form_that_no_longer_fits_its_document_goes_into_pieces(real, database):
    before = await add(real, schema(1), SMALL)
    again = made_again(before)

    assert await real.replace_compiled(
        before, again, forms_of(NEW_FORM, LARGE), compiled(before), FENCE
    )
    assert await packs_stored(database)
    assert await real.text("ws_1", before.id) == SMALL
    assert (await real.forms("ws_1", before.id, ["a", "o3"])).texts.keys() == {"a", "o3"}

    seen = await real.find("ws_1", before.id)
    assert await replace_by(real, seen, COMPILER + 1)
    assert await packs_stored(database) == []
    assert (await real.forms("ws_1", before.id, ["a"])).texts == {"a": NEW_FORM}
