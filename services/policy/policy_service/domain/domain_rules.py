"""Which hosts a workspace may call. Nothing is allowed until somebody allows it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from contracts.ids import WorkspaceId
from egress.domain_name import normalise_domain
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
        """The entry that allows this host: itself or a parent, never a subdomain."""
        labels = host.lower().rstrip(".").split(".")
        parents = {".".join(labels[start:]) for start in range(len(labels))}
        return next((domain for domain in self.domains if domain in parents), None)

    def replaced(self, mode: Mode, unverified_domains: Iterable[str], limit: int) -> "DomainRules":
        """These rules themselves where they say so already."""
        domains = sorted({normalise_domain(text) for text in unverified_domains})
        if len(domains) > limit:
            raise TooManyDomains(limit)
        if (mode, tuple(domains)) == (self.mode, self.domains):
            return self
        gone = [domain for domain in (*self.taken_off, *self.domains) if domain not in domains]
        taken_off = tuple(dict.fromkeys(gone))[-MAX_REMEMBERED:]
        return replace(
            self,
            revision=self.revision + 1,
            mode=mode,
            domains=tuple(domains),
            taken_off=taken_off,
        )

    def allowing(self, unverified_domain: str, limit: int) -> "DomainRules":
        """These rules themselves where the domain is listed already."""
        domain = normalise_domain(unverified_domain)
        if domain in self.domains:
            return self
        return self.replaced(self.mode, [*self.domains, domain], limit)

    def without(self, unverified_domain: str) -> "DomainRules":
        """These rules themselves where the domain was taken off before."""
        domain = normalise_domain(unverified_domain)
        if domain in self.taken_off:
            return self
        if domain not in self.domains:
            raise DomainNotListed(domain)
        remaining = tuple(listed for listed in self.domains if listed != domain)
        taken_off = (*self.taken_off, domain)[-MAX_REMEMBERED:]
        return replace(self, revision=self.revision + 1, domains=remaining, taken_off=taken_off)
