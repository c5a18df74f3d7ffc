from collections.abc import Iterable
from dataclasses import dataclass

from auth_service.domain.connection import Gpt
from auth_service.domain.errors import ActionNotFound, ActionNotYours
from contracts.access import NOT_FOUND, GptAccess, Refused, Verb, may
from contracts.ids import GptId
from contracts.origin import origin_set_digest
from contracts.principal import Principal


@dataclass(frozen=True, slots=True)
class KeptSet:
    """A set of origins that kept releases call, by its digest, and the versions that do."""

    origin_set: str
    versions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ActionHosts:
    """Which origins an action calls: in the draft, in the published release, in those kept.

    Origins are canonical and sorted.
    """

    draft: tuple[str, ...] = ()
    published: tuple[str, ...] | None = None
    kept: tuple[KeptSet, ...] = ()
    releases_known: bool = True
    """False where a catalog of the release before answered, which says nothing about releases."""
    access: GptAccess | None = None
    """Who may see and change how the action signs in: who may view and edit its GPT. None where a
    catalog of the release before answered, which lets every builder of the workspace."""
    gpt_id: GptId | None = None
    """Whose action it is."""
    gpt_name: str = ""
    """Empty, as `gpt_id` is None, where a catalog of the release before answered."""

    @property
    def gpt(self) -> Gpt:
        return Gpt(self.gpt_id or "", self.gpt_name)

    def ensure_may_use(self, principal: Principal) -> None:
        """Raises `ActionNotFound` for whoever may do nothing with its GPT, `ActionNotYours` for
        whoever may neither chat with it nor try its draft.
        """
        if self.access is None:
            return
        answers = [may(principal, verb, self.access) for verb in (Verb.CHAT, Verb.TRY_DRAFT)]
        if all(answer is NOT_FOUND for answer in answers):
            raise ActionNotFound
        if all(isinstance(answer, Refused) for answer in answers):
            raise ActionNotYours

    def ensure_may(self, principal: Principal, verb: Verb) -> None:
        """Raises `ActionNotFound` for whoever may do nothing with its GPT, else why not this."""
        if self.access is None:
            return
        answer = may(principal, verb, self.access)
        if answer is NOT_FOUND:
            raise ActionNotFound
        if isinstance(answer, Refused):
            raise answer.error()

    @property
    def entered_for(self) -> tuple[str, ...]:
        """The origins that what is entered now is bound to."""
        return self.draft or self.published or ()

    @property
    def published_set(self) -> str:
        """Empty where nothing is published."""
        return origin_set_digest(self.published) if self.published else ""

    @property
    def released_sets(self) -> tuple[str, ...]:
        """Of all releases, each once; the published one first."""
        sets = (self.published_set, *(kept.origin_set for kept in self.kept))
        return tuple(dict.fromkeys(filter(None, sets)))

    def origins_of(self, origin_set: str) -> tuple[str, ...]:
        """Empty where only the digest is known."""
        known = (self.draft, self.published or ())
        return next((each for each in known if origin_set_digest(each) == origin_set), ())

    def versions_of(self, origin_sets: Iterable[str]) -> tuple[int, ...]:
        """The kept versions that call one of these sets, newest first."""
        wanted = {*origin_sets}
        versions = {
            each for kept in self.kept if kept.origin_set in wanted for each in kept.versions
        }
        return tuple(sorted(versions, reverse=True))
