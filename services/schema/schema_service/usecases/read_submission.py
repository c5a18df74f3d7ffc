from dataclasses import dataclass, replace

from contracts.ids import WorkspaceId
from schema_service.domain.examples import example_named
from schema_service.domain.submission import Submission, is_wrapped
from schema_service.ports import Examiner


@dataclass(frozen=True, slots=True)
class ReadSubmission:
    """What a request's body hands in; most often that is the document, byte for byte."""

    examiner: Examiner

    async def __call__(
        self, workspace_id: WorkspaceId, body: bytes, content_type: str
    ) -> Submission:
        if not is_wrapped(body, content_type):
            return Submission(body)
        submission = await self.examiner.unwrap(workspace_id, body)
        if submission.example is None:
            return submission
        return replace(submission, raw=example_named(submission.example).text.encode())
