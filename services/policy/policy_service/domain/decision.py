"""The verdict on one call. The sentence a caller reads is decided here and nowhere else."""

from contracts.requests import Answer, Verdict
from policy_service.domain.domain_rules import DomainRules, Mode

NO_DOMAINS = "No domains are allowed by your workspace's settings."


def decide_host(host: str, rules: DomainRules) -> Verdict:
    """May this workspace call this host at all?"""
    if rules.mode is Mode.ALL:
        return Verdict(
            answer=Answer.ALLOW,
            code="policy.allowed",
            sentence="All domains are allowed.",
            rule="domains: all",
            revision=rules.revision,
        )
    if not rules.domains:
        return Verdict(
            answer=Answer.DENY,
            code="policy.no_domains_allowed",
            sentence=NO_DOMAINS,
            hint=f"An owner or admin can allow it: POST /v1/domains with {host}.",
            rule="domains: none",
            revision=rules.revision,
        )
    covering = rules.covering(host)
    if covering is None:
        return Verdict(
            answer=Answer.DENY,
            code="policy.domain_not_allowed",
            sentence=f"{host} is not among the domains that your workspace allows.",
            hint=f"An owner or admin can allow it: POST /v1/domains with {host}.",
            rule="domains: list",
            revision=rules.revision,
        )
    return Verdict(
        answer=Answer.ALLOW,
        code="policy.allowed",
        sentence=f"{covering} is allowed.",
        rule=f"domains: {covering}",
        revision=rules.revision,
    )


def decide(host: str, *, consequential: bool, rules: DomainRules) -> Verdict:
    """The domain rules come first; a consequential call that passes them needs an approval."""
    verdict = decide_host(host, rules)
    if verdict.answer is Answer.DENY or not consequential:
        return verdict
    return Verdict(
        answer=Answer.ASK,
        code="policy.approval_required",
        sentence="This call changes something and needs a person's approval first.",
        hint="Mark the operation `x-openai-isConsequential: false` if it is harmless.",
        rule="consequential",
        revision=rules.revision,
    )
