"""The verdict on one call. The sentence a caller reads is decided here and nowhere else."""

from contracts.requests import Answer, Verdict
from policy_service.domain.domain_rules import DomainRules, Mode
from policy_service.domain.workspace_settings import WorkspaceSettings

DISABLED = "Custom actions are disabled for your workspace. Contact your admin to enable them."
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


def decide(
    host: str, *, consequential: bool, rules: DomainRules, settings: WorkspaceSettings
) -> Verdict:
    """The workspace's switch comes first, then the domain rules; a consequential call that passes
    both needs an approval.
    """
    if not settings.custom_actions_enabled:
        return Verdict(
            answer=Answer.DENY,
            code="policy.custom_actions_disabled",
            sentence=DISABLED,
            hint="An owner or admin can enable them: PUT /v1/settings.",
            rule="settings: custom_actions_enabled",
            revision=settings.revision,
        )
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
