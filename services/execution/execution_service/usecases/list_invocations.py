from dataclasses import dataclass, replace

from contracts.access import Invocations, Permitted, Verb, may
from contracts.ids import MemberId
from contracts.principal import Principal
from execution_service.domain.invocation import InvocationRecord, WantedRecords
from execution_service.ports import InvocationRecords


@dataclass(frozen=True, slots=True)
class ListInvocations:
    """Owners and admins see the workspace's, others their own: up to `limit + 1`, newest first."""

    records: InvocationRecords

    async def __call__(
        self, principal: Principal, limit: int, after: str | None, wanted: WantedRecords
    ) -> list[InvocationRecord]:
        """Of another member, whoever sees their own only gets none."""
        only = only_of(principal)
        if only is not None:
            if wanted.member_id not in (None, only):
                return []
            wanted = replace(wanted, member_id=only)
        return await self.records.page(principal.workspace_id, limit, after, wanted)


def only_of(principal: Principal) -> MemberId | None:
    """Whose invocations the principal sees; None for everybody's."""
    everybodys = Invocations(principal.workspace_id)
    may_read_all = isinstance(may(principal, Verb.READ_ALL, everybodys), Permitted)
    return None if may_read_all else principal.member_id
