"""Which hosts a workspace may call. Nothing is allowed until somebody allows it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from contracts.ids import WorkspaceId
from egress.domain_name import normalise_domain
from egress.errors import DomainInvalid
from kit.retention import MAX_REMEMBERED
from policy_service.domain.errors import DomainNotListed, TooManyDomains


class Mode(StrEnum):
    ALL = "all"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class DomainRules:
    """One workspace's rules; `domains` are normalised A-labels, sorted."""

    workspace_id: WorkspaceId
    revision: int = 0
    mode: Mode = Mode.LIST
    domains: tuple[str, ...] = ()
    taken_off: tuple[str, ...] = ()
    """The last that were removed: removing one of them again succeeds."""

    def covering(self, host: str) -> str | None:
        """The entry that allows this host: itself or a parent, never a subdomain.

        A host of the operator's that is no public domain, such as `dev` or an address, is no
        parent: `*.dev` belongs to others (H38).
        """
        labels = host.lower().rstrip(".").split(".")
        names = [".".join(labels[start:]) for start in range(len(labels))]
        itself, parents = names[0], {*names[1:]}
        return next(
            (
                domain
                for domain in self.domains
                if domain == itself or (domain in parents and _is_public(domain))
            ),
            None,
        )

    def replaced(
        self,
        mode: Mode,
        unverified_domains: Iterable[str],
        limit: int,
        operators_hosts: frozenset[str] = frozenset(),
    ) -> "DomainRules":
        """These rules themselves where they say so already.

        `operators_hosts` may be listed although they are no public domains, and what is listed
        stays.
        """
        listable = operators_hosts.union(self.domains)
        domains = sorted({_entry(text, listable) for text in unverified_domains})
        if (mode, tuple(domains)) == (self.mode, self.domains):
            return self
        if len(domains) > limit:
            raise TooManyDomains(limit)
        gone = [domain for domain in (*self.taken_off, *self.domains) if domain not in domains]
        taken_off = tuple(dict.fromkeys(gone))[-MAX_REMEMBERED:]
        return replace(
            self,
            revision=self.revision + 1,
            mode=mode,
            domains=tuple(domains),
            taken_off=taken_off,
        )

    def allowing(
        self, unverified_domain: str, limit: int, operators_hosts: frozenset[str] = frozenset()
    ) -> "DomainRules":
        """These rules themselves where the domain is listed already."""
        domains = [*self.domains, unverified_domain]
        return self.replaced(self.mode, domains, limit, operators_hosts)

    def without(self, unverified_domain: str) -> "DomainRules":
        """These rules themselves where the domain was taken off before."""
        domain = _entry(unverified_domain, frozenset((*self.domains, *self.taken_off)))
        if domain in self.taken_off:
            return self
        if domain not in self.domains:
            raise DomainNotListed(domain)
        remaining = tuple(listed for listed in self.domains if listed != domain)
        taken_off = (*self.taken_off, domain)[-MAX_REMEMBERED:]
        return replace(self, revision=self.revision + 1, domains=remaining, taken_off=taken_off)


@lru_cache(maxsize=10_000)
def _is_public(domain: str) -> bool:
    try:
        return normalise_domain(domain) == domain
    except DomainInvalid:
        return False


def _entry(text: str, listable: frozenset[str]) -> str:
    """As it is listed: one of `listable`, or a public domain, normalised."""
    host = text.strip().lower()
    return host if host in listable else normalise_domain(text)
