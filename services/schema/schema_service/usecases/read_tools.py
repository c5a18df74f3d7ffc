from dataclasses import dataclass

from contracts.tool_forms.definition import Flavour
from schema_service.domain.stored_schema import StoredSchema
from schema_service.domain.toolbox import Toolbox
from schema_service.ports import Examiner, SchemaStore

MAX_TOOLS = 128
"""What one list holds: the limit of models' APIs."""


@dataclass(frozen=True, slots=True)
class ReadTools:
    """What a model sees of a schema's callable operations: those named, or the next 128."""

    schemas: SchemaStore
    examiner: Examiner

    async def __call__(
        self,
        schema: StoredSchema,
        flavour: Flavour,
        *,
        strict: bool,
        names: tuple[str, ...] = (),
        after: str | None = None,
    ) -> Toolbox:
        """In the order given, or in that of the document from the operation `after` on.

        `schema` is as the operator's rules let it be called (`ReadSchema`).
        """
        callable_ones = [each.name for each in schema.summaries() if each.origin is not None]
        if names:
            names = tuple(name for name in names if name in {*callable_ones})
        else:
            start = callable_ones.index(after) + 1 if after in callable_ones else 0
            names = tuple(callable_ones[start:])
        page, rest = names[:MAX_TOOLS], names[MAX_TOOLS:]
        forms = await self.schemas.forms(schema.workspace_id, schema.id, page)
        compiled = [*forms.texts.values()]
        toolbox = await self.examiner.tools(schema.workspace_id, compiled, flavour, strict=strict)
        return toolbox.followed_by(page[-1] if rest else None)
