from collections.abc import Sequence
from dataclasses import dataclass, replace

from contracts.ids import SchemaId, WorkspaceId
from schema_service.domain.chosen_finding import ChosenFinding, is_chosen
from schema_service.domain.errors import SchemaNotFound
from schema_service.domain.needed_values import NO_VALUES, NeededValues
from schema_service.ports import Examiner, RepairedDocument, RepairOrder, SchemaStore
from schema_service.usecases.apply_operator_rules import ApplyOperatorRules


@dataclass(frozen=True, slots=True)
class RepairSchema:
    """Apply the repairs of chosen findings, or of all, to a document's text. Nothing is stored.

    The new text keeps comments and the order of keys, and comes with everything about it.
    """

    schemas: SchemaStore
    examiner: Examiner
    apply_operator_rules: ApplyOperatorRules

    async def __call__(
        self,
        workspace_id: WorkspaceId,
        schema_id: SchemaId,
        chosen: Sequence[ChosenFinding] | None,
        values: NeededValues = NO_VALUES,
    ) -> RepairedDocument:
        """A repair that needs a value which is not among `values` is skipped.
        One of `values` that nobody may call is refused.
        """
        self.apply_operator_rules.check_base_url(values.base_url)
        schema = await self.schemas.find(workspace_id, schema_id)
        if schema is None:
            raise SchemaNotFound
        schema = await self.apply_operator_rules(schema)
        raw = await self.schemas.text(workspace_id, schema_id)
        repairs = [
            finding["repair"]
            for finding in schema.findings.items()
            if finding["repair"] and is_chosen(finding["code"], finding["pointer"], chosen)
        ]
        rules = self.apply_operator_rules.origins
        order = RepairOrder(repairs, rules, schema.source_url, values, all_rounds=chosen is None)
        repaired = await self.examiner.repair(workspace_id, raw, order)
        return replace(repaired, examined=await self.apply_operator_rules(repaired.examined))
