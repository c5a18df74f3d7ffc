from collections.abc import Iterator, Mapping
from typing import Any


class Unreachable(Exception):
    """The platform's address does not answer; the sentence says where and why."""


class ProblemError(Exception):
    """The platform refused: a problem document (RFC 9457) as an exception."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        super().__init__(problem.get("detail") or problem.get("title") or "refused")
        self.status: int = problem.get("status", 0)
        self.code: str = problem.get("code", "")
        self.hint: str = problem.get("hint", "")
        self.findings: list[Mapping[str, Any]] = problem.get("findings", [])
        self.trace_id: str = problem.get("trace_id", "")

    def finding_lines(self) -> Iterator[str]:
        """Each finding with its place, in the text where that is known; no sentence twice."""
        for finding in self.findings:
            message, hint = finding.get("message", ""), finding.get("hint") or ""
            said = [] if message == str(self) else [message]
            if hint and hint != self.hint and hint not in message:
                said.append(hint)
            yield "  ".join([_place(finding), *said])


def _place(finding: Mapping[str, Any]) -> str:
    line, column = finding.get("line"), finding.get("column")
    if not line:
        return str(finding.get("pointer", ""))
    return f"line {line}, column {column}" if column else f"line {line}"
