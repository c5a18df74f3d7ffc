from prometheus_client import Counter

from contracts.ids import SchemaId
from kit import logs

log = logs.logger("schema.recompilation")
recompiled = Counter(
    "openactions_schemas_recompiled_total",
    "Stored documents that a higher version of the compiler compiled again, by what became of it",
    ["ending"],
)


class LoggedRecompilations:
    def compiled(self, schema_id: SchemaId, compiler: int) -> None:
        recompiled.labels("compiled").inc()
        log.info("schema_recompiled", schema_id=schema_id, compiler=compiler)

    def failed(
        self, schema_id: SchemaId, compiler: int, error: Exception, *, given_up: bool
    ) -> None:
        recompiled.labels("given_up" if given_up else "failed").inc()
        log.warning(
            "schema_not_recompiled",
            schema_id=schema_id,
            compiler=compiler,
            given_up=given_up,
            exc_info=error,
        )
