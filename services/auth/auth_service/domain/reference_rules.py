"""Which secrets of the operator's stores each workspace may refer to (`AUTH_SECRET_REFERENCES`)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from auth_service.domain.reference_errors import SecretNameNotAllowed, SecretReferencesOff
from auth_service.domain.secret_reference import SecretReference, SecretStoreName, is_segment
from contracts.ids import WorkspaceId

WORKSPACE = "{workspace_id}"
ANYTHING = "*"
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-[0-9]{1,2}")


class RuleInvalid(ValueError):
    """The sentence says what is wrong with an entry."""


@dataclass(frozen=True, slots=True)
class ReferenceRule:
    """`vault:secret/data/openactions/{workspace_id}/*`, or
    `aws_secrets_manager:eu-central-1:openactions/{workspace_id}/*`.

    A name is compared segment by segment, between slashes. `*` at the end stands for one or more.
    """

    store: SecretStoreName
    segments: tuple[str, ...]
    is_open: bool
    """Whether it ended with `*`, which is not among the segments."""
    region: str = ""
    """Of AWS."""

    @classmethod
    def parse(cls, entry: str) -> Self:
        """Raises `RuleInvalid`. The workspace's id has a segment of its own: there is no rule by
        which two workspaces read the same.
        """
        word, _, rest = entry.partition(":")
        if word not in frozenset(SecretStoreName):
            raise RuleInvalid(f"{entry!r} begins with neither `vault:` nor `aws_secrets_manager:`")
        store, region = SecretStoreName(word), ""
        if store is SecretStoreName.AWS:
            region, _, rest = rest.partition(":")
            if not _REGION.fullmatch(region):
                raise RuleInvalid(f"{entry!r} names no region, such as `eu-central-1`")
        segments = tuple(rest.split("/"))
        is_open = segments[-1] == ANYTHING
        named = segments[:-1] if is_open else segments
        if named.count(WORKSPACE) != 1:
            raise RuleInvalid(f"{entry!r} has not the segment {WORKSPACE} once")
        if not all(each == WORKSPACE or is_segment(store, each) for each in named):
            raise RuleInvalid(f"{entry!r} has a segment that no name has; `*` is for the end")
        return cls(store, named, is_open, region)

    def allows(self, workspace_id: WorkspaceId, reference: SecretReference) -> bool:
        if reference.store is not self.store:
            return False
        ours, asked = self._segments_of(workspace_id), reference.name.split("/")
        beyond = len(asked) - len(ours)
        return asked[: len(ours)] == ours and (beyond > 0 if self.is_open else beyond == 0)

    def shown_to(self, workspace_id: WorkspaceId) -> str:
        end = (ANYTHING,) if self.is_open else ()
        return "/".join((*self._segments_of(workspace_id), *end))

    def _segments_of(self, workspace_id: WorkspaceId) -> list[str]:
        return [workspace_id if each == WORKSPACE else each for each in self.segments]


@dataclass(frozen=True, slots=True)
class ReferenceRules:
    rules: tuple[ReferenceRule, ...] = ()

    def for_reference(self, workspace_id: WorkspaceId, reference: SecretReference) -> ReferenceRule:
        """The first that allows it. `SecretReferencesOff` where the store has none,
        `SecretNameNotAllowed` where none allows this name.
        """
        of_store = [each for each in self.rules if each.store is reference.store]
        if not of_store:
            raise SecretReferencesOff(reference.store.shown)
        for rule in of_store:
            if rule.allows(workspace_id, reference):
                return rule
        raise SecretNameNotAllowed(
            reference.store.shown, [each.shown_to(workspace_id) for each in of_store]
        )

    def ensure_allowed(
        self, workspace_id: WorkspaceId, references: Iterable[SecretReference]
    ) -> None:
        """Refusals as above."""
        for reference in references:
            self.for_reference(workspace_id, reference)
