"""Media types that a caller chooses for one call, of those that the operation's document has."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chosen:
    """As the document spells them: `CompiledOperation.chosen` makes it, of a caller's words."""

    content_type: str | None = None
    """Of the body; None where it is the one that is sent anyway."""
    accept: str | None = None
    """The only one in which the API is asked to answer."""

    @property
    def text(self) -> str:
        """Empty where nothing is chosen; else what tells it from all other choices."""
        content_type = f"\ncontent-type: {self.content_type}" if self.content_type else ""
        return content_type + (f"\naccept: {self.accept}" if self.accept else "")


NOTHING_CHOSEN = Chosen()


def one_of(wanted: str, offered: Iterable[str]) -> str | None:
    """The one that is meant. Letter case and spaces do not matter (RFC 9110, 8.3.1 and 5.6.6)."""
    plain = _plain(wanted)
    return next((each for each in offered if _plain(each) == plain), None)


def _plain(media_type: str) -> str:
    return "".join(media_type.split()).lower()
