from dataclasses import dataclass

from auth_service.domain.action_credentials import ActionCredentials
from auth_service.domain.action_hosts import ActionHosts
from auth_service.domain.credential import Credential
from contracts.origin import origin_set_digest


@dataclass(frozen=True, slots=True)
class CredentialUse:
    """Who signs in with one of an action's credentials."""

    draft: bool
    published: bool
    versions: tuple[int, ...]
    """Of those kept, newest first."""


def use_of(record: Credential, among: ActionCredentials, hosts: ActionHosts) -> CredentialUse:
    draft_set = origin_set_digest(hosts.draft)
    sets = [
        each
        for each in hosts.released_sets
        if record in among.serving(each, hosts.origins_of(each))
    ]
    return CredentialUse(
        draft=record in among.serving(draft_set, hosts.draft),
        published=hosts.published_set in sets,
        versions=hosts.versions_of(sets),
    )


@dataclass(frozen=True, slots=True)
class Stopped:
    """What signs in no more: kept versions, the draft, the published release."""

    versions: tuple[int, ...] = ()
    draft: bool = False
    published: bool = False


def stopped_by(before: ActionCredentials, after: ActionCredentials, hosts: ActionHosts) -> Stopped:
    def stops(origin_set: str) -> bool:
        origins = hosts.origins_of(origin_set)
        used = [each.way for each in before.serving(origin_set, origins)]
        left = [each.way for each in after.serving(origin_set, origins)]
        return any(used) and not any(left)

    sets = [each for each in hosts.released_sets if stops(each)]
    return Stopped(
        versions=hosts.versions_of(sets),
        draft=bool(hosts.draft) and stops(origin_set_digest(hosts.draft)),
        published=hosts.published_set in sets,
    )
