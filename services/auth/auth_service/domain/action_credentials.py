"""All that is kept of one action: a credential for each set of origins that its releases call."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain

from auth_service.domain.action_hosts import ActionHosts
from auth_service.domain.connection import Account, WhyEnded
from auth_service.domain.credential import Credential, Way
from auth_service.domain.errors import (
    CredentialBoundElsewhere,
    CredentialDeleted,
    KeyUnknown,
    SignInUnknown,
)
from auth_service.domain.sign_in import SignIn
from contracts.errors import PlatformError
from contracts.ids import ActionId, MemberId, WorkspaceId
from contracts.origin import origin_set_digest
from kit.key_ring import Place, Sealed

MAX_RECORDS = 64
"""More than the draft and the 50 releases that catalog keeps can have between them. Where an
operator lets catalog keep more, the oldest records go, but never the published release's.
"""


@dataclass(frozen=True, slots=True)
class ActionCredentials:
    """Revision 0 means that nobody ever set any. No records: it signs in with nothing anywhere."""

    workspace_id: WorkspaceId
    action_id: ActionId
    revision: int = 0
    records: tuple[Credential, ...] = ()
    """Newest first, each of a set of its own."""
    published_set: str = field(default="", compare=False)
    """The set whose record releases before this one shall use, which have one only."""
    cleared_by: MemberId | None = None
    cleared_at: datetime | None = None

    @property
    def place(self) -> Place:
        """Where each of its keys is sealed. Which record a key is of, its own origins say."""
        return Place(self.workspace_id, "credentials", self.action_id, "api_key")

    @property
    def place_of_client_secret(self) -> Place:
        """The same of client secrets."""
        return Place(self.workspace_id, "credentials", self.action_id, "client_secret")

    @property
    def seals(self) -> tuple[Sealed, ...]:
        """Its secrets, as they are sealed."""
        return tuple(record.sealed for record in self.records if record.sealed)

    @property
    def revisions_of_clients(self) -> frozenset[int]:
        """Of the records that get tokens for themselves."""
        clients = (each for each in self.records if each.sign_in is SignIn.CLIENT_CREDENTIALS)
        return frozenset(each.revision for each in clients)

    def ensure_known(self) -> None:
        """Raises `SignInUnknown`. What is not known is neither used, shown nor replaced."""
        if not all(record.is_known for record in self.records):
            raise SignInUnknown

    def of_set(self, origin_set: str) -> Credential | None:
        return next((each for each in self.records if each.origin_set == origin_set), None)

    def for_call(self, origin_set: str, origin: str) -> Credential | None:
        """The record of that set, else the newest one with that origin; None: nothing is sent.

        `CredentialDeleted` where it was deleted, `CredentialBoundElsewhere` where there are only
        others, `SignInUnknown` for one that a later release wrote. `origin` is canonical.
        """
        if not self.records:
            return None
        holding = (each for each in self.records if origin in each.origins)
        found = self.of_set(origin_set) or next(holding, None)
        if found is None or (found.origins and origin not in found.origins):
            self.ensure_known()
            raise self._bound_elsewhere(origin)
        if not found.is_known:
            raise SignInUnknown
        if found.deleted:
            raise CredentialDeleted(origin)
        return found

    def refusal_of(
        self, origin_set: str, origins: Iterable[str], known_keys: Iterable[str]
    ) -> PlatformError | None:
        """Why calls of a release with this set would not sign in; None: they would."""
        keys = {*known_keys}
        for origin in origins:
            try:
                found = self.for_call(origin_set, origin)
            except (CredentialBoundElsewhere, CredentialDeleted, SignInUnknown) as refusal:
                return refusal
            if found and found.sealed and found.sealed.key_id not in keys:
                return KeyUnknown()
        return None

    def serving(self, origin_set: str, origins: Iterable[str]) -> tuple[Credential, ...]:
        """The records that calls of a release with this set use."""
        exact = self.of_set(origin_set)
        if exact is not None:
            return (exact,)
        newest = (
            next((each for each in self.records if origin in each.origins), None)
            for origin in origins
        )
        return tuple(dict.fromkeys(found for found in newest if found is not None))

    def for_member(
        self, hosts: ActionHosts, account: Account | None, *, may_draft: bool
    ) -> Credential | None:
        """The record that a member signs in by: the published release's or, for whoever may call
        the draft, the draft's; of both the first that their account does not serve yet. None where
        nobody signs in on their own.
        """
        sets = [(hosts.published_set, hosts.published or ())]
        if may_draft:
            sets.append((origin_set_digest(hosts.draft), hosts.draft))
        served = [record for each in sets for record in self.serving(*each) if record.per_user]
        lacking = (each for each in served if account is None or not serves(account, each))
        return next(chain(lacking, served), None)

    def why_outdated(self, account: Account) -> WhyEnded | None:
        """Why no call of this action can sign in with it any more; None: some can."""
        if any(serves(account, each) for each in self.records):
            return None
        digests = {each.account_digest for each in self.records}
        moved = account.settings_digest in digests
        return WhyEnded.ORIGINS_CHANGED if moved else WhyEnded.SETTINGS_CHANGED

    def entered(
        self, hosts: ActionHosts, way: Way | None, by: MemberId, at: datetime
    ) -> "ActionCredentials":
        """With a record of the set that is entered for, and without those that nothing calls."""
        revision = self.revision + 1
        origins = hosts.entered_for
        new = Credential(origin_set_digest(origins), origins, revision, way, by, at)
        others = self._still_called(hosts) if self.records else self._signing_in_with_nothing(hosts)
        kept = [each for each in others if each.origin_set != new.origin_set]
        of_published = {*self._of_published(hosts)}
        kept.sort(key=lambda each: (each in of_published, each.revision), reverse=True)
        bounded = sorted(kept[: MAX_RECORDS - 1], key=lambda each: each.revision, reverse=True)
        return replace(
            self,
            revision=revision,
            records=(new, *bounded),
            published_set=hosts.published_set,
            cleared_by=None,
            cleared_at=None,
        )

    def without(self, origin_set: str | None, by: MemberId, at: datetime) -> "ActionCredentials":
        """With that set's credential deleted; None: with all. Answers these very credentials where
        there is none. What signs in with nothing does so still, and a deleted one keeps its place
        in the order: calls that another record served go on with that one.
        """
        left = tuple(
            replace(each, way=None, set_by=by, set_at=at, deleted=True)
            if each.way and origin_set in (None, each.origin_set)
            else each
            for each in self.records
        )
        if left == self.records:
            return self
        return replace(self, revision=self.revision + 1, records=left)

    def _still_called(self, hosts: ActionHosts) -> list[Credential]:
        """The records of sets that kept releases call, and what the published one goes on with."""
        if not hosts.releases_known:
            return [*self.records]
        called = {*hosts.released_sets}
        kept = [each for each in self.records if each.origin_set in called]
        return [*kept, *(each for each in self._of_published(hosts) if each not in kept)]

    def _of_published(self, hosts: ActionHosts) -> tuple[Credential, ...]:
        """What serves the published release; of another set's, the hosts that they share become
        its own, so that nothing that is entered for one of them later serves it instead.
        """
        origins = hosts.published or ()
        serving = self.serving(hosts.published_set, origins)
        if len(serving) != 1 or serving[0].origin_set == hosts.published_set:
            return serving
        shared = tuple(origin for origin in origins if origin in serving[0].origins)
        return (replace(serving[0], origin_set=hosts.published_set, origins=shared),)

    def _signing_in_with_nothing(self, hosts: ActionHosts) -> list[Credential]:
        """Releases go on without a credential until one is entered for what they call."""
        return [
            Credential(each, hosts.origins_of(each), self.revision) for each in hosts.released_sets
        ]

    def _bound_elsewhere(self, origin: str) -> PlatformError:
        ways = [each for each in self.records if each.way]
        if not ways and any(each.deleted for each in self.records):
            return CredentialDeleted(origin)
        bound = {each for record in ways or self.records for each in record.origins}
        return CredentialBoundElsewhere(sorted(bound), origin, signs_in=bool(ways))


def serves(account: Account, record: Credential) -> bool:
    """Whether calls that the record is for sign in with it."""
    return account.serves(record.account_digest, record.origins)
