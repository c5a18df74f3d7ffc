import pytest

from contracts.requests import Answer
from policy_service.domain.decision import decide, decide_host
from policy_service.domain.domain_rules import DomainRules, Mode
from policy_service.domain.workspace_settings import WorkspaceSettings


def rules(*domains, mode=Mode.LIST):
    return DomainRules("ws_1", revision=1, mode=mode, domains=domains)


DEFAULTS = WorkspaceSettings("ws_1")


def decided(allowed, settings=DEFAULTS, *, consequential=True):
    return decide("example.com", consequential=consequential, rules=allowed, settings=settings)


@pytest.mark.parametrize(
    ("allowed", "host", "code"),
    [
        pytest.param(rules(), "api.example.com", "policy.no_domains_allowed", id="empty list"),
        pytest.param(rules("example.com"), "example.com", "policy.allowed", id="itself"),
        pytest.param(rules("example.com"), "a.b.example.com", "policy.allowed", id="subdomain"),
        pytest.param(
            rules("api.example.com"), "example.com", "policy.domain_not_allowed", id="parent"
        ),
        pytest.param(
            rules("example.com"), "evilexample.com", "policy.domain_not_allowed", id="H37 suffix"
        ),
        pytest.param(
            rules("example.com"), "example.com.evil.com", "policy.domain_not_allowed", id="H37 deep"
        ),
        pytest.param(rules("example.com"), "EXAMPLE.com.", "policy.allowed", id="H14 spelling"),
        pytest.param(rules(mode=Mode.ALL), "anything.org", "policy.allowed", id="all"),
    ],
)
def test_a_host_is_called_only_when_a_rule_covers_it(allowed, host, code):
    assert decide_host(host, allowed).code == code


def test_a_consequential_call_asks_only_where_the_domain_is_allowed():
    assert decided(rules()).answer is Answer.DENY
    verdict = decided(rules("example.com"))
    assert verdict.answer is Answer.ASK


@pytest.mark.parametrize("allowed", [rules(), rules("example.com"), rules(mode=Mode.ALL)])
@pytest.mark.parametrize("consequential", [True, False])
def test_with_custom_actions_disabled_nothing_is_called_whatever_the_rules_say(
    allowed, consequential
):
    settings = WorkspaceSettings("ws_1", revision=7, custom_actions_enabled=False)

    verdict = decided(allowed, settings, consequential=consequential)

    assert verdict.answer is Answer.DENY
    assert (verdict.code, verdict.revision) == ("policy.custom_actions_disabled", 7)
    assert verdict.sentence == (
        "Custom actions are disabled for your workspace. Contact your admin to enable them."
    )
    assert verdict.hint


def test_the_other_switches_decide_no_call():
    settings = WorkspaceSettings("ws_1", 1, unique_hosts=True, first_call_asks=False)

    assert decided(rules("example.com"), settings, consequential=False).answer is Answer.ALLOW
