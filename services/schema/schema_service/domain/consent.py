"""The name of the flag that says whether a call asks the user first, and what resembles it."""

import re

from schema_service.domain.misspelt import misspelt, plain_name

CONSENT = "x-openai-isConsequential"
_OPPOSITE = re.compile(
    r"(?:^|[-_ ]|is|(?<=[a-z])(?=[A-Z]))(?i:in|un|non|not|no)[-_ ]?(?i:consequential)"
)


def is_consent(name: str) -> bool:
    """Whether a name is that of the flag, or near to it, or says the opposite."""
    return "consequential" in plain_name(name) or misspelt(name, (CONSENT,)) is not None


def says_opposite(name: str) -> bool:
    """As `x-inconsequential` does."""
    return _OPPOSITE.search(name) is not None
