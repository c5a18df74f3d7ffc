from collections.abc import Sequence
from dataclasses import dataclass, replace

from contracts.ids import WorkspaceId
from schema_service.domain.chosen_finding import ChosenFinding, is_chosen
from schema_service.domain.needed_values import NO_VALUES, NeededValues
from schema_service.ports import Examiner, RepairedDocument, RepairOrder
from schema_service.usecases.apply_operator_rules import ApplyOperatorRules


@dataclass(frozen=True, slots=True)
class RepairDocument:
    """Apply the repairs of chosen findings, or of all, to a text that is stored nowhere, such as
    one that could not be read.

    The new text comes with everything about it; nothing is stored.
    """

    examiner: Examiner
    apply_operator_rules: ApplyOperatorRules

    async def __call__(
        self,
        workspace_id: WorkspaceId,
        raw: bytes,
        source_url: str | None,
        values: NeededValues = NO_VALUES,
        chosen: Sequence[ChosenFinding] | None = None,
    ) -> RepairedDocument:
        """A repair that needs a value which is not among `values` is skipped.
        One of `values` that nobody may call is refused.
        """
        self.apply_operator_rules.check_base_url(values.base_url)
        examined = await self.examiner.examine(workspace_id, raw, source_url)
        examined = await self.apply_operator_rules(examined)
        repairs = [
            each["repair"]
            for each in examined.findings.items()
            if each["repair"] and is_chosen(each["code"], each["pointer"], chosen)
        ]
        rules = self.apply_operator_rules.origins
        order = RepairOrder(repairs, rules, source_url, values, all_rounds=chosen is None)
        repaired = await self.examiner.repair(workspace_id, raw, order)
        return replace(repaired, examined=await self.apply_operator_rules(repaired.examined))
