"""One difference between two versions of a document."""

from dataclasses import dataclass
from enum import StrEnum


class Impact(StrEnum):
    """For those who call today: may fail or go elsewhere; can do more; read other words."""

    BREAKING = "breaking"
    ADDITIVE = "additive"
    WORDING = "wording"


@dataclass(frozen=True, slots=True)
class Change:
    """`operation` is the operationId, empty for the whole document; `where` an argument or so."""

    impact: Impact
    operation: str
    where: str
    message: str
