from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class DrawnSecret:
    """A fresh secret before anybody has it. Its text is handed out once and never stored."""

    text: str = field(repr=False)
    digest: str
    """SHA-256 (hex) of the text."""
