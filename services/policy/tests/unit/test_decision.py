import pytest

from contracts.requests import Answer
from policy_service.domain.decision import decide, decide_host
from policy_service.domain.domain_rules import DomainRules, Mode


def rules(*domains, mode=Mode.LIST):
    return DomainRules("ws_1", revision=1, mode=mode, domains=domains)


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
    assert decide("example.com", consequential=True, rules=rules()).answer is Answer.DENY
    verdict = decide("example.com", consequential=True, rules=rules("example.com"))
    assert verdict.answer is Answer.ASK
