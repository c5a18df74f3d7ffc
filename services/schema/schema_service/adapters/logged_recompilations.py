from prometheus_client import Counter, Gauge

from contracts.ids import SchemaId
from kit import logs
from schema_service.ports import Outdated

log = logs.logger("schema.recompilation")
recompiled = Counter(
    "openactions_schemas_recompiled_total",
    "Stored documents that a higher version of the compiler compiled again, by what became of it",
    ["ending"],
)
outdated = Gauge(
    "openactions_schemas_outdated",
    "Stored documents that a lower version of the compiler made and that wait to be compiled again"
    " (10,000 stand for more), as this replica counted them last",
)


class LoggedRecompilations:
    def begun(self, waiting: int) -> None:
        outdated.set(waiting)
        if waiting:
            log.info("recompilation_begun", waiting=waiting)

    def ended(self, begun: int, waiting: int) -> None:
        outdated.set(waiting)
        done = max(0, begun - waiting)
        log.info("recompilation_ended", done=done, begun=begun, waiting=waiting)

    def compiled(self, schema_id: SchemaId, compiler: int) -> None:
        recompiled.labels("compiled").inc()
        outdated.dec()
        log.info("schema_recompiled", schema_id=schema_id, compiler=compiler)

    def failed(self, schema: Outdated, compiler: int, error: Exception, *, given_up: bool) -> None:
        recompiled.labels("given_up" if given_up else "failed").inc()
        log.warning(
            "schema_not_recompiled",
            workspace=schema.workspace_id,
            schema_id=schema.schema_id,
            compiler=compiler,
            given_up=given_up,
            exc_info=error,
        )
