from dataclasses import dataclass

from contracts.ids import WorkspaceId
from schema_service.domain.examined import Examined
from schema_service.domain.needed_values import NO_VALUES, NeededValues
from schema_service.ports import Examiner
from schema_service.usecases.apply_operator_rules import ApplyOperatorRules
from schema_service.usecases.fetch_document import FetchDocument


@dataclass(frozen=True, slots=True)
class ValidateImport:
    """What an import from a URL would find; nothing is kept."""

    fetch_document: FetchDocument
    examiner: Examiner
    apply_operator_rules: ApplyOperatorRules

    async def __call__(
        self,
        workspace_id: WorkspaceId,
        url: str,
        *,
        bundle: bool,
        values: NeededValues = NO_VALUES,
    ) -> Examined:
        self.apply_operator_rules.check_base_url(values.base_url)
        async with self.fetch_document(workspace_id, url, bundle=bundle) as delivery:
            fetched = delivery.document
            raw = fetched.raw or b""
            rules = None if values == NO_VALUES else self.apply_operator_rules.origins
            examined = await self.examiner.examine(
                workspace_id, raw, fetched.url, values=values, origins=rules
            )
            return await self.apply_operator_rules(examined.with_first(delivery.findings))
