from collections.abc import Mapping
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
