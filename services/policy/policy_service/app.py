from dataclasses import dataclass

from policy_service.ports import RuleStore
from policy_service.usecases.allow_domain import AllowDomain
from policy_service.usecases.change_settings import ChangeSettings
from policy_service.usecases.check_hosts import CheckHosts
from policy_service.usecases.decide_invocation import DecideInvocation
from policy_service.usecases.disallow_domain import DisallowDomain
from policy_service.usecases.list_domains import ListDomains
from policy_service.usecases.read_settings import ReadSettings
from policy_service.usecases.replace_domains import ReplaceDomains


@dataclass(frozen=True, slots=True)
class PolicyApp:
    """Everything that policy can do."""

    rules: RuleStore
    list_domains: ListDomains
    replace_domains: ReplaceDomains
    allow_domain: AllowDomain
    disallow_domain: DisallowDomain
    decide_invocation: DecideInvocation
    check_hosts: CheckHosts
    read_settings: ReadSettings
    change_settings: ChangeSettings
