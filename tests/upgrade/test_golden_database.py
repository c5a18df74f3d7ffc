"""F41: this release's stores on a database that commit b35d436 left, with its indexes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from auth_service.adapters.mongo_credentials import MongoCredentials
from catalog_service.adapters.mongo_gpts import MongoGpts
from catalog_service.adapters.mongo_versions import MongoVersions
from contracts.facts import CredentialChanged, DomainsChanged, SchemaCompiled, SchemaStored
from contracts.operation import Operation
from contracts.origin import origin_set_digest
from contracts.requests import ReadSchema as AskedSchema
from execution_service.adapters.mongo_records import MongoRecords
from identity_service.adapters.mongo_bootstraps import MongoBootstraps
from identity_service.adapters.mongo_members import MongoMembers
from identity_service.adapters.mongo_tokens import MongoTokens
from identity_service.adapters.mongo_workspaces import MongoWorkspaces
from kit.outbox import Outbox
from kit.testing import FrozenClock, RecordedFacts
from policy_service.adapters.mongo_rules import MongoRules
from schema_service.adapters.mongo_schemas import MongoSchemas
from schema_service.domain.compiling.version import COMPILER
from schema_service.usecases.brief_schema import BriefSchema
from schema_service.usecases.read_schema import ReadSchema
from schema_service.usecases.recompile_schemas import RecompileSchemas
from services.schema.tests.fakes import SameProcessExaminer, all_allowed
from tests.upgrade.golden_files import golden, load

pytestmark = pytest.mark.integration

LEFT_BEHIND = "ws_left_behind"
YEAR = timedelta(days=365)


@pytest.fixture
def facts():
    return RecordedFacts()


@pytest.fixture
def stores(database, facts):
    """Makes stores of one service on what the old release left of it."""

    async def make(service, *kinds):
        await load(database, service)
        outbox = Outbox(service, facts)
        made = [kind(database, outbox) for kind in kinds]
        for store in made:
            for collection in store.collections:
                await collection.ensure_indexes()
        return made

    return make


async def indexes(collection):
    return {index["name"]: dict(index) async for index in collection.list_indexes()}


async def swept(store):
    for collection in store.collections:
        await collection.outbox.sweep(collection, timedelta(0))


async def test_f41_identity_goes_on(stores, database):
    bootstraps, workspaces, members, tokens = await stores(
        "identity",
        MongoBootstraps,
        MongoWorkspaces,
        MongoMembers,
        lambda *parts: MongoTokens(*parts, YEAR),
    )
    bootstrap = await bootstraps.read()
    workspace = await workspaces.read(bootstrap.workspace_id)

    assert not bootstrap.token_pending
    assert workspace.title == "Before the upgrade"
    assert {each.name for each in await members.page(workspace.id, 10, None)} >= {"Ada"}
    kept = {token.name: token for token in await tokens.page(workspace.id, 10, None)}
    assert kept.keys() == {"Owner token", "CI", "Ada's"}
    assert kept["CI"].scopes == frozenset({"gpts:read"})
    assert kept["CI"].expires_at is not None
    owner = kept["Owner token"]
    assert await tokens.find_by_digest(owner.digest) == owner
    made = await indexes(database["tokens"])
    [expiry] = [index for name, index in made.items() if name.startswith("oa_expires_")]
    assert expiry["expireAfterSeconds"] == YEAR.total_seconds()
    assert "workspace_id_1_state.member_id_1" not in made


async def test_f41_catalog_goes_on(stores):
    gpts, versions = await stores("catalog", MongoGpts, MongoVersions)
    [document] = golden("catalog.gpts")

    [gpt] = await gpts.page(document["workspace_id"], 10, None, "weather")

    assert gpt.in_use.number == 2
    assert gpt.draft.starters == ("Hello",)
    [action] = gpt.draft.actions
    assert await gpts.read_by_action(gpt.workspace_id, action.id) == gpt
    kept = await versions.page(gpt.workspace_id, gpt.id, 10, None)
    assert [version.number for version in kept] == [1]
    await versions.forget(gpt.workspace_id, gpt.id)
    assert await versions.page(gpt.workspace_id, gpt.id, 10, None) == []


async def test_f41_auth_goes_on_and_states_what_was_left_unpublished(stores, facts, database):
    [credentials] = await stores("auth", MongoCredentials)
    kept, _ = sorted(golden("auth.credentials"), key=lambda each: "removed" in each)

    credential = await credentials.find(kept["workspace_id"], kept["_id"])
    sealed = [
        record
        for records in credentials.sealed
        for record in await records.sealed_with_other_keys("another", "", 10)
    ]
    await swept(credentials)

    [record] = credential.records
    assert [each.sealed for each in sealed] == [record.api_key.sealed]
    assert record.origins == tuple(kept["state"]["api_key"]["origins"])
    assert credential.for_call(origin_set_digest(record.origins), record.origins[0]) is record
    assert [fact.action_id for fact in facts.of(CredentialChanged)] == ["act_left_behind"] * 2
    assert await database["credentials"].count_documents({"outbox": {"$ne": None}}) == 0


async def test_f41_policy_goes_on(stores, facts):
    [rules] = await stores("policy", MongoRules)

    await swept(rules)
    seen = await rules.in_force(LEFT_BEHIND)
    fact = DomainsChanged(workspace_id=LEFT_BEHIND, revision=2)
    more = replace(seen, revision=2, domains=("left.example", "more.example"))
    await rules.replace(seen, more, fact)

    assert (await rules.in_force(LEFT_BEHIND)).domains == ("left.example", "more.example")
    assert [each.revision for each in facts.of(DomainsChanged)] == [1, 2]


async def test_f41_schema_goes_on_and_takes_away_what_a_crash_left(stores, facts, database):
    [schemas] = await stores("schema", MongoSchemas)

    whole = await schemas.find(LEFT_BEHIND, "sch_whole")
    await swept(schemas)
    removed = await schemas.remove_unfinished(datetime.now(UTC), 10, 1)

    assert [operation.name for operation in whole.summaries()] == ["getThing"]
    assert await schemas.text(LEFT_BEHIND, whole.id) == b"openapi: 3.1.0"
    assert (await schemas.forms(LEFT_BEHIND, whole.id, ["getThing"])).texts
    assert [fact.schema_id for fact in facts.of(SchemaStored)] == ["sch_whole"]
    assert removed == 1
    assert {each["state"]["schema_id"] async for each in database["pieces"].find({})} == {whole.id}


class Report:
    def __init__(self):
        self.done = []
        self.counts = []

    def begun(self, waiting):
        self.counts.append(waiting)

    def ended(self, begun, waiting):
        self.counts.append(waiting)

    def compiled(self, schema_id, compiler):
        self.done.append((schema_id, compiler))


async def test_f41_b9_schemas_are_compiled_again_and_what_was_published_is_still_found(
    stores, facts
):
    [schemas] = await stores("schema", MongoSchemas)
    document, _ = golden("schema.schemas")
    place = document["workspace_id"], document["_id"]
    names = [each.name for each in (await schemas.find(*place)).summaries()]
    before = await schemas.find(*place), await schemas.forms(*place, names)
    read = BriefSchema(schemas, ReadSchema(schemas, all_allowed()), FrozenClock())
    asked = AskedSchema(workspace_id=place[0], schema_id=place[1])
    brief = await read(asked)
    report = Report()

    await RecompileSchemas(schemas, SameProcessExaminer(), report)(1)

    after = await schemas.find(*place), await schemas.forms(*place, names)
    assert report.done == [(place[1], COMPILER), ("sch_whole", COMPILER)]
    assert report.counts == [2, 0]
    assert {fact.schema_id for fact in facts.of(SchemaCompiled)} == {place[1], "sch_whole"}
    assert (before[0].compiler, before[1].compiler) == (1, 1)
    assert (after[0].compiler, after[1].compiler) == (COMPILER, COMPILER)
    kept = [(each.operation_id, each.name, each.origin) for each in before[0].summaries()]
    assert [(each.operation_id, each.name, each.origin) for each in after[0].summaries()] == kept
    assert [each.anonymous for each in after[0].summaries()] == [False, False]
    assert after[0].verified
    assert consents(after[1]) == consents(before[1])
    assert await read(asked) == brief, "digests and who signs in among it"
    assert all(each.source_digest for each in brief.operations)


def consents(forms):
    return {
        name: Operation.model_validate_json(text).consent_digest
        for name, text in forms.texts.items()
    }


async def test_f41_execution_goes_on_and_what_it_has_will_expire(stores, database):
    [records] = await stores("execution", lambda *parts: MongoRecords(*parts, YEAR))

    orphans = await records.orphans(datetime.now(UTC), 10)
    old = await records.find(LEFT_BEHIND, "inv_two_years_old")

    assert [each.id for each in orphans] == ["inv_under_way"]
    assert old.outcome == "unknown"
    made = await indexes(database["invocations"])
    assert "state.outcome_1_state.at_1" not in made
    [expiry] = [index for name, index in made.items() if name.startswith("oa_expires_at")]
    assert list(expiry["key"]) == ["state.at"], "which the old release wrote, too"
