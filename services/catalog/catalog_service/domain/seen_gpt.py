from dataclasses import dataclass

from catalog_service.domain.definition import Action, Definition, hosts_of
from catalog_service.domain.gpt import Gpt


@dataclass(frozen=True, slots=True)
class SeenGpt:
    """A GPT as one member sees it."""

    gpt: Gpt
    with_settings: bool
    """False for whoever may only chat with it: what is not published is left out for them."""

    @property
    def definition(self) -> Definition:
        return self.gpt.draft if self.with_settings else self.gpt.in_use.definition

    @property
    def actions(self) -> tuple[Action, ...]:
        return self.gpt.draft.actions if self.with_settings else self.gpt.offered

    @property
    def hosts(self) -> tuple[str, ...]:
        """Which its actions call, without scheme and port, in the order of the alphabet."""
        return hosts_of(self.actions)

    @property
    def revision(self) -> int | None:
        """It counts the draft's edits, too."""
        return self.gpt.revision if self.with_settings else None

    @property
    def changed_since_publishing(self) -> bool:
        """False for whoever does not see the draft."""
        return self.with_settings and self.gpt.changed_since_publishing
