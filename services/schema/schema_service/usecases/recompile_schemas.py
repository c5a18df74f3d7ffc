from contextlib import suppress
from dataclasses import dataclass

from contracts.errors import Limited, PlatformError, Unavailable
from contracts.facts import SchemaCompiled
from schema_service.domain.compiling.version import COMPILER
from schema_service.domain.errors import DocumentUnreadable, ExaminationKilled, ExaminationStalled
from schema_service.domain.recompiled import recompiled
from schema_service.ports import (
    CompiledBefore,
    Examiner,
    Outdated,
    RecompilationReport,
    SchemaStore,
)

BATCH = 20
MAX_COUNTED = 10_000
"""More are reported as so many."""
MAX_FAILURES = 3
"""Then a document keeps its old form until the compiler's version rises again."""
MAX_TRIES = 3
"""Of one document that others change meanwhile."""


@dataclass(frozen=True, slots=True)
class RecompileSchemas:
    """Compile again what a lower version of the compiler made, the oldest first, one at a time.

    One replica does so at a time; the fence is its lease's. Each document names the version
    that made it, so whoever begins anew goes on where another ended. A document that fails,
    stalls or has its processes killed does not hold up the others.
    """

    schemas: SchemaStore
    examiner: Examiner
    report: RecompilationReport
    compiler: int = COMPILER

    async def __call__(self, fence: int) -> None:
        """Until there is none; ends early where the database, the broker or the examiners are busy
        or away.
        """
        begun = await self._waiting()
        self.report.begun(begun)
        if begun:
            await self._each(fence)
            with suppress(Unavailable):
                self.report.ended(begun, await self._waiting())

    async def _waiting(self) -> int:
        return len(await self.schemas.outdated(self.compiler, None, MAX_COUNTED))

    async def _each(self, fence: int) -> None:
        after = None
        while outdated := await self.schemas.outdated(self.compiler, after, BATCH):
            for each in outdated:
                try:
                    await self._recompile(each, fence)
                except (Unavailable, Limited) as error:
                    if not await self._is_its_doing(each, error):
                        return
                    await self._note_failure(each, error)
                except Exception as error:  # noqa: BLE001 - whatever one document provokes
                    await self._note_failure(each, error)
            after = outdated[-1].schema_id

    async def _is_its_doing(self, outdated: Outdated, error: PlatformError) -> bool:
        """Whether the document is to blame: else each round would end at it. Where processes that
        read it were killed, those that would read another one of its size show that it is not all
        of them: the size decides which processes these are, and what they may take.
        """
        if not isinstance(error, ExaminationKilled):
            return isinstance(error, ExaminationStalled)
        with suppress(PlatformError):
            schema = await self.schemas.find(outdated.workspace_id, outdated.schema_id)
            await self.examiner.probe(0 if schema is None else schema.size)
            return True
        return False

    async def _recompile(self, outdated: Outdated, fence: int) -> None:
        for _ in range(MAX_TRIES):
            schema = await self.schemas.find(outdated.workspace_id, outdated.schema_id)
            if schema is None or schema.compiler >= self.compiler:
                return
            raw = await self.schemas.text(schema.workspace_id, schema.id)
            names = [each.name for each in schema.summaries()]
            forms = await self.schemas.forms(schema.workspace_id, schema.id, names)
            known = CompiledBefore(schema.operations, tuple(forms.texts.values()))
            examined = await self.examiner.examine_again(raw, schema.source_url, known)
            if not examined.readable:
                raise DocumentUnreadable(examined.findings.items())
            again = recompiled(schema, examined, self.compiler)
            fact = SchemaCompiled.because(
                f"{schema.id}/{self.compiler}",
                workspace_id=schema.workspace_id,
                schema_id=schema.id,
                compiler=self.compiler,
            )
            if await self.schemas.replace_compiled(schema, again, examined.compiled, fact, fence):
                self.report.compiled(schema.id, self.compiler)
                return

    async def _note_failure(self, outdated: Outdated, error: Exception) -> None:
        schema = await self.schemas.find(outdated.workspace_id, outdated.schema_id)
        if schema is not None and schema.compiler < self.compiler:
            given_up = await self.schemas.note_failure(schema, self.compiler, MAX_FAILURES)
            self.report.failed(outdated, self.compiler, error, given_up=given_up)
