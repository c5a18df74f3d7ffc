"""What blocks an operation, in the words of its finding."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contracts.errors import PlatformError
from schema_service.domain.finding import Finding

MAX_TEXT = 400
"""Characters of a message or a hint, which each blocked operation repeats."""


@dataclass(frozen=True, slots=True)
class Blocking:
    """`code` is that of a finding, or of egress's refusal where the operator's settings block."""

    code: str
    message: str
    hint: str = ""

    @classmethod
    def of_finding(cls, finding: Finding) -> "Blocking":
        return cls(finding.code, _cut(finding.message), _cut(finding.hint))

    @classmethod
    def of_refusal(cls, refusal: PlatformError) -> "Blocking":
        return cls(refusal.code, _cut(refusal.sentence), _cut(refusal.hint))

    @classmethod
    def read(cls, data: Mapping[str, Any] | None) -> "Blocking | None":
        """As any release stored it."""
        if data is None:
            return None
        return cls(data["code"], data["message"], data.get("hint", ""))


def _cut(text: str) -> str:
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"
