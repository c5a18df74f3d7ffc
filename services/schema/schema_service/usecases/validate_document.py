from dataclasses import dataclass

from contracts.ids import WorkspaceId
from schema_service.domain.examined import Examined
from schema_service.domain.needed_values import NO_VALUES, NeededValues
from schema_service.ports import Examiner
from schema_service.usecases.apply_operator_rules import ApplyOperatorRules


@dataclass(frozen=True, slots=True)
class ValidateDocument:
    """The whole answer about a text; nothing is kept, and nothing is an error."""

    examiner: Examiner
    apply_operator_rules: ApplyOperatorRules

    async def __call__(
        self,
        workspace_id: WorkspaceId,
        raw: bytes,
        source_url: str | None,
        values: NeededValues = NO_VALUES,
    ) -> Examined:
        """With `values` as if the document said what it leaves open; a base URL among them that
        nobody may call is refused.
        """
        self.apply_operator_rules.check_base_url(values.base_url)
        rules = None if values == NO_VALUES else self.apply_operator_rules.origins
        examined = await self.examiner.examine(
            workspace_id, raw, source_url, values=values, origins=rules
        )
        return await self.apply_operator_rules(examined)
