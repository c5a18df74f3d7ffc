from dataclasses import dataclass

from egress import OutboundRequest
from execution_service.domain.call import Call
from execution_service.domain.outbound_request import build_request
from execution_service.domain.platform_headers import platform_headers
from execution_service.domain.step import CONTINUE, StepResult


@dataclass(frozen=True, slots=True)
class Build:
    """Make the exact request. Connections are shared by calls of one principal's workspace, one
    GPT's workspace, one action and one credential, of one member where it is theirs alone, and by
    no others.
    """

    max_answer_bytes: int
    """What is read of an API's answer. The rest is not read, and the answer is marked as cut."""

    async def __call__(self, call: Call) -> StepResult:
        operation, wanted, credential = call.operation, call.wanted, call.credential
        assert call.admitted is not None  # noqa: S101 - admitted before
        built = credential.applied_to(build_request(operation.compiled, call.admitted))
        accept = operation.compiled.accept(call.admitted.chosen)
        theirs, own = wanted.gpt_workspace_id, wanted.principal.workspace_id
        whose = f"/{credential.member_id}" if credential.member_id else ""
        call.request = OutboundRequest(
            method=built.method,
            target=operation.target.at(built.raw_path_and_query),
            headers=(
                *platform_headers(wanted.gpt_id, built.headers, accept),
                *built.headers,
            ),
            body=built.body,
            pool_key=f"{own}/{theirs}/{operation.tool.action_id}/{credential.revision}{whose}",
            share_key=own,
            max_bytes=self.max_answer_bytes,
            cut=True,
            still_wanted=call.still_allowed,
            repeatable=not call.changes_something,
        )
        return CONTINUE
