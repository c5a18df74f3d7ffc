"""Run by the old release's own Python: what its crashes leave, written by its own adapters.

`python left_behind.py <mongodb url>`
"""

import asyncio
import sys
from datetime import UTC, datetime, timedelta

from auth_service.adapters.mongo_credentials import MongoCredentials
from auth_service.domain.credential import Credential
from contracts.facts import (
    CredentialChanged,
    DomainsChanged,
    InvocationFinished,
    InvocationStarted,
    Outcome,
    SchemaStored,
)
from execution_service.adapters.mongo_records import MongoRecords
from kit import mongo
from kit.errors import BusUnavailable
from kit.outbox import Outbox
from policy_service.adapters.mongo_rules import MongoRules
from policy_service.domain.domain_rules import DomainRules, Mode
from schema_service.adapters import mongo_schemas
from schema_service.domain.examination import Verdict
from schema_service.domain.examined import OperationSummary
from schema_service.domain.json_list import JsonList
from schema_service.domain.packing import packs
from schema_service.domain.stored_schema import StoredSchema

WORKSPACE = "ws_left_behind"
AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class Away:
    """The broker of a process that dies right after its write."""

    async def state(self, fact):
        raise BusUnavailable


class Dying(Outbox):
    """Dies when the last write of a schema is about to be made."""

    def pending(self, facts):
        if facts:
            raise BusUnavailable
        return super().pending(facts)


async def main(url):
    client = mongo.connect(url)
    await _facts_that_are_not_out(client)
    await _schemas_in_pieces(client["schema"])
    await _calls_under_way(MongoRecords(client["execution"], Outbox("execution", Away())))
    client.close()


async def _facts_that_are_not_out(client):
    rules = MongoRules(client["policy"], Outbox("policy", Away()))
    fact = DomainsChanged(workspace_id=WORKSPACE, revision=1)
    ours = DomainRules(WORKSPACE, 0, Mode.LIST, ("left.example",))
    await rules.replace(DomainRules(WORKSPACE), ours, fact)
    credentials = MongoCredentials(client["auth"], Outbox("auth", Away()))
    nothing = Credential(WORKSPACE, "act_left_behind")
    first = nothing.replaced(None, "mem_1", AT)
    changed = CredentialChanged(
        workspace_id=WORKSPACE, action_id=first.action_id, revision=first.revision
    )
    await credentials.replace(nothing, first, changed)
    await credentials.destroy(first, changed.model_copy(update={"id": "fact_destroyed"}))


def _schema(id_, digest):
    operation = OperationSummary(
        "getThing", "getThing", "GET", "/", "A thing", False, Verdict.READY, "/paths", "https://a"
    )
    return StoredSchema(
        id=id_,
        workspace_id=WORKSPACE,
        digest=digest,
        title="In pieces",
        version="1",
        dialect="3.1",
        source_url="https://example.com/openapi.yaml",
        media_type="application/yaml",
        size=14,
        valid=True,
        findings=JsonList.of([{"severity": "warning", "code": "schema.x", "message": "Grüße"}]),
        more_findings=0,
        operations=JsonList.of([operation]),
        created_at=AT,
        line_id=id_,
        etag='"1"',
    )


async def _schemas_in_pieces(database):
    mongo_schemas.WHOLE_BYTES = 0  # so that a document of a few bytes is kept as a large one is
    compiled = [*packs({"getThing": b'{"name": "getThing"}'})]
    for id_, outbox in (
        ("sch_whole", Outbox("schema", Away())),
        ("sch_half", Dying("schema", Away())),
    ):
        schemas = mongo_schemas.MongoSchemas(database, outbox)
        schema = _schema(id_, f"digest of {id_}")
        fact = SchemaStored(workspace_id=WORKSPACE, schema_id=id_, valid=True, operations=1)
        try:
            await schemas.add(schema, b"openapi: 3.1.0", compiled, fact)
        except BusUnavailable:
            continue


async def _calls_under_way(records):
    call = {
        "workspace_id": WORKSPACE,
        "gpt_id": "gpt_1",
        "action_id": "act_1",
        "operation": "addPet",
        "method": "POST",
        "host": "example.com",
        "member_id": "mem_1",
        "arguments_hash": "h",
    }
    now = datetime.now(UTC)
    await records.record(
        [
            InvocationStarted(
                invocation_id="inv_under_way", time=now - timedelta(minutes=10), **call
            ),
            InvocationFinished(
                invocation_id="inv_two_years_old",
                time=now - timedelta(days=730),
                outcome=Outcome.UNKNOWN,
                code="execution.interrupted",
                **call,
            ),
        ]
    )


asyncio.run(main(sys.argv[1]))
