from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from fastapi import FastAPI

import schema_service
from contracts.facts import SchemaStored
from contracts.ids import SchemaId, new_id
from egress import Egress, EgressSettings
from kit.blob_sweep import BlobSweep
from kit.blobs import HANDOVER
from kit.handover import Handover
from kit.leases import Lease, Leases
from kit.obstore_blobs import ObstoreBlobs
from kit.service import Chassis, Components, assemble
from kit.shares import BYTES, FairShares
from kit.sizes import MIB
from schema_service.adapters.bus_hosts import BusHosts
from schema_service.adapters.bus_uses import BusUses
from schema_service.adapters.costly_workspaces import CostlyWorkspaces
from schema_service.adapters.egress_documents import EgressDocuments
from schema_service.adapters.egress_origins import EgressOrigins
from schema_service.adapters.logged_recompilations import LoggedRecompilations
from schema_service.adapters.mongo_schemas import MongoSchemas
from schema_service.adapters.process_bundler import ProcessBundler
from schema_service.adapters.process_examiner import ProcessExaminer
from schema_service.adapters.process_verifier import ProcessVerifier
from schema_service.adapters.worker_processes import (
    WorkerPools,
    WorkerProcesses,
    WorkLimits,
    preload,
)
from schema_service.app import SchemaApp
from schema_service.entrypoints import events, http, rpc
from schema_service.settings import SchemaSettings
from schema_service.usecases.apply_operator_rules import ApplyOperatorRules
from schema_service.usecases.brief_schema import BriefSchema
from schema_service.usecases.compare_schemas import CompareSchemas
from schema_service.usecases.fetch_document import FetchDocument
from schema_service.usecases.import_schema import ImportSchema
from schema_service.usecases.list_operations import ListOperations
from schema_service.usecases.list_schemas import ListSchemas
from schema_service.usecases.read_document_text import ReadDocumentText
from schema_service.usecases.read_operations import ReadOperations
from schema_service.usecases.read_schema import ReadSchema
from schema_service.usecases.read_submission import ReadSubmission
from schema_service.usecases.read_tools import ReadTools
from schema_service.usecases.read_versions import ReadVersions
from schema_service.usecases.recompile_schemas import RecompileSchemas
from schema_service.usecases.refetch_schema import RefetchSchema
from schema_service.usecases.remove_schema import RemoveSchema
from schema_service.usecases.remove_unfinished import RemoveUnfinished
from schema_service.usecases.repair_document import RepairDocument
from schema_service.usecases.repair_schema import RepairSchema
from schema_service.usecases.store_schema import StoreSchema
from schema_service.usecases.validate_document import ValidateDocument
from schema_service.usecases.validate_import import ValidateImport
from schema_service.usecases.verify_schema import VerifySchema

EXAMINING_BYTES = 1024 * MIB
SHORTEST_BYTES = 384 * MIB
"""For a document of some bytes; that of 16 MB has `EXAMINING_BYTES`."""
SHORTEST_PART = 6
"""Of `examining_seconds`: 5 s, longer than which hardly anybody waits."""
FIRST_PART = 60
"""Of `examining_seconds`: what takes half a second makes way for the short documents of others."""
VERIFYING_BYTES = 512 * MIB
VERIFYING_SECONDS = 15.0
MAX_QUICK_WAITING = 128
REMOVE_EVERY_SECONDS = 600.0
RECOMPILE_EVERY_SECONDS = 30.0
"""Replicas of an earlier release may store what an earlier compiler made for a while."""


def _now() -> datetime:
    return datetime.now(UTC)


def _worker_pools(settings: SchemaSettings) -> WorkerPools:
    preload("schema_service.adapters.forked_from")
    limits = WorkLimits(
        settings.examining_processes,
        settings.examining_seconds,
        EXAMINING_BYTES,
        settings.examining_seconds / SHORTEST_PART,
        SHORTEST_BYTES,
    )
    more = settings.examining_processes + 1
    first = settings.examining_seconds / FIRST_PART
    quick = replace(limits, processes=more, waiting=MAX_QUICK_WAITING, first_seconds=first)
    costly = CostlyWorkspaces()
    return WorkerPools(
        WorkerProcesses(quick, "documents", costly),
        WorkerProcesses(limits, "long_documents", costly),
    )


def _removing(chassis: Chassis, app: SchemaApp) -> Callable[[], Awaitable[None]]:
    """One replica at a time: they would take away the same."""

    async def remove(lease: Lease) -> None:
        await app.remove_unfinished(lease.token)

    repeat = Leases(chassis.database).repeat
    return partial(repeat, "remove_unfinished", remove, every_seconds=REMOVE_EVERY_SECONDS)


def _recompiling(chassis: Chassis, app: SchemaApp) -> Callable[[], Awaitable[None]]:
    """One replica at a time: a document need not be compiled twice."""

    async def recompile(lease: Lease) -> None:
        await app.recompile_schemas(lease.token)

    repeat = Leases(chassis.database).repeat
    return partial(repeat, "recompile_schemas", recompile, every_seconds=RECOMPILE_EVERY_SECONDS)


@dataclass(frozen=True, slots=True)
class _World:
    """What the use cases are given."""

    schemas: MongoSchemas
    examiner: ProcessExaminer
    fetch_document: FetchDocument
    verifier: ProcessVerifier
    origins: EgressOrigins
    handover: Handover
    users: BusUses


def _app(world: _World) -> SchemaApp:
    schemas, examiner = world.schemas, world.examiner
    apply_operator_rules = ApplyOperatorRules(world.origins)
    read_schema = ReadSchema(schemas, apply_operator_rules)
    store_schema = StoreSchema(
        examiner,
        schemas,
        apply_operator_rules,
        new_id=lambda: SchemaId(new_id("sch")),
        clock=_now,
    )
    compare_schemas = CompareSchemas(schemas, examiner)
    return SchemaApp(
        read_submission=ReadSubmission(examiner),
        validate_document=ValidateDocument(examiner, apply_operator_rules),
        validate_import=ValidateImport(world.fetch_document, examiner, apply_operator_rules),
        store_schema=store_schema,
        fetch_document=world.fetch_document,
        import_schema=ImportSchema(world.fetch_document, store_schema),
        refetch_schema=RefetchSchema(
            schemas, world.fetch_document, store_schema, compare_schemas, apply_operator_rules
        ),
        repair_document=RepairDocument(examiner, apply_operator_rules),
        repair_schema=RepairSchema(schemas, examiner, apply_operator_rules),
        compare_schemas=compare_schemas,
        examiner=examiner,
        read_schema=read_schema,
        read_versions=ReadVersions(schemas, apply_operator_rules),
        read_document_text=ReadDocumentText(schemas),
        list_schemas=ListSchemas(schemas, apply_operator_rules),
        list_operations=ListOperations(),
        remove_schema=RemoveSchema(schemas, world.users, _now),
        read_tools=ReadTools(schemas, examiner),
        verify_schema=VerifySchema(schemas, world.verifier),
        brief_schema=BriefSchema(schemas, read_schema, _now),
        read_operations=ReadOperations(schemas, world.handover),
        remove_unfinished=RemoveUnfinished(schemas, _now),
        recompile_schemas=RecompileSchemas(schemas, examiner, LoggedRecompilations()),
        apply_operator_rules=apply_operator_rules,
    )


def build(settings: SchemaSettings, egress_settings: EgressSettings) -> FastAPI:
    """Assemble the service; nothing connects until the server starts it."""
    chassis = Chassis("schema", settings)
    schemas = MongoSchemas(chassis.database, chassis.outbox)
    bytes_in_flight = FairShares("schema", BYTES, settings.max_bytes_in_flight)
    egress = Egress(egress_settings, budget=bytes_in_flight)
    pools = _worker_pools(settings)
    verifying = WorkLimits(1, VERIFYING_SECONDS, VERIFYING_BYTES)
    verifiers = WorkerProcesses(verifying, "verifications")
    blobs = ObstoreBlobs(settings.blobs)
    documents = EgressDocuments(egress, BusHosts(chassis.bus))
    world = _World(
        schemas,
        ProcessExaminer(pools),
        FetchDocument(documents, ProcessBundler(pools), bytes_in_flight),
        ProcessVerifier(verifiers),
        EgressOrigins(egress_settings),
        Handover(blobs),
        BusUses(chassis.bus),
    )
    app = _app(world)
    components = Components(
        app=app,
        routes=[http.router],
        consumers=[rpc.router, events.router],
        listened=[SchemaStored],
        repositories=[schemas],
        blobs=BlobSweep("schema", blobs, (HANDOVER,)),
        on_start=[egress.start],
        background={
            "leftovers": _removing(chassis, app),
            "recompilation": _recompiling(chassis, app),
            "workers": pools.quick.warm,
        },
        on_stop=[pools.close, verifiers.close, egress.close],
        long_bodies=dict.fromkeys(http.DOCUMENT_PATHS, http.MAX_DOCUMENT_BYTES),
    )
    api = assemble(chassis, components, description=schema_service.__doc__)
    api.state.bytes_in_flight = bytes_in_flight
    return api
