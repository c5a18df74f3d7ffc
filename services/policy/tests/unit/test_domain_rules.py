import pytest

from contracts.errors import PlatformError
from kit.retention import MAX_REMEMBERED
from policy_service.domain.domain_rules import DomainRules, Mode


def test_a_workspace_starts_with_nothing_allowed():
    fresh = DomainRules("ws_1")

    assert (fresh.mode, fresh.domains, fresh.revision) == (Mode.LIST, (), 0)


def test_entries_are_normalised_sorted_and_unique():
    changed = DomainRules("ws_1").replaced(
        Mode.LIST, ["B.example.com", "bücher.de", "b.example.com."], 9
    )

    assert changed.domains == ("b.example.com", "xn--bcher-kva.de")


def test_allowing_what_is_allowed_changes_nothing():
    listed = DomainRules("ws_1").allowing("example.com", 9)

    assert listed.allowing("EXAMPLE.com", 9) is listed


@pytest.mark.parametrize("entry", ["*", "*.com", "co.uk", "ex*ample.com", "127.0.0.1", "localhost"])
def test_h38_an_entry_that_would_allow_too_much_is_refused(entry):
    with pytest.raises(PlatformError):
        DomainRules("ws_1").allowing(entry, 9)


OPERATORS = frozenset({"127.0.0.1", "localhost"})


@pytest.mark.parametrize("entry", ["127.0.0.1", " LOCALHOST "])
def test_t17_a_host_of_the_operators_allowed_origins_may_be_listed(entry):
    listed = DomainRules("ws_1").allowing(entry, 9, OPERATORS)

    assert listed.covering(entry.strip().lower()) == entry.strip().lower()
    assert listed.covering("127.0.0.2") is None


@pytest.mark.parametrize("entry", ["127.0.0.2", "box.lan", "0.1"])
def test_t17_another_private_host_may_not_be_listed(entry):
    with pytest.raises(PlatformError):
        DomainRules("ws_1").allowing(entry, 9, OPERATORS)


def test_t17_a_listed_host_stays_and_goes_whatever_the_operator_allows_by_now():
    listed = DomainRules("ws_1").allowing("127.0.0.1", 9, OPERATORS)

    assert listed.allowing("example.com", 9).domains == ("127.0.0.1", "example.com")
    gone = listed.without("127.0.0.1")
    assert gone.domains == ()
    assert gone.without("127.0.0.1") is gone


def test_a_list_longer_than_the_limit_is_refused():
    full = DomainRules("ws_1").replaced(Mode.LIST, ["a.example.com", "b.example.com"], 2)

    with pytest.raises(PlatformError) as refused:
        full.allowing("c.example.com", 2)
    assert refused.value.code == "policy.too_many_domains"


def test_what_is_listed_may_be_allowed_again_where_the_limit_is_lower_by_now():
    full = DomainRules("ws_1").replaced(Mode.LIST, ["a.example.com", "b.example.com"], 2)

    assert full.allowing("a.example.com", 1) is full


def test_b5_a_domain_that_a_new_list_leaves_out_may_be_taken_off_again():
    shorter = DomainRules("ws_1").allowing("example.com", 9).replaced(Mode.LIST, [], 9)

    assert shorter.without("example.com") is shorter
    assert shorter.allowing("example.com", 9).taken_off == ()


def test_b6_only_the_last_hundred_that_were_taken_off_are_remembered():
    many = [f"a{number}.example.com" for number in range(MAX_REMEMBERED + 1)]

    none = DomainRules("ws_1").replaced(Mode.LIST, many, 1_000).replaced(Mode.LIST, [], 1_000)

    assert len(none.taken_off) == MAX_REMEMBERED


def test_what_is_not_listed_cannot_be_taken_off():
    with pytest.raises(PlatformError) as refused:
        DomainRules("ws_1").without("example.com")
    assert refused.value.code == "policy.domain_not_listed"


@pytest.mark.parametrize("host", ["dev", "github.io", "box.lan", "localhost"])
def test_h38_an_operators_host_that_is_no_public_domain_allows_nothing_below_it(host):
    listed = DomainRules("ws_1").allowing(host, 9, frozenset({host}))

    assert listed.covering(host) == host
    assert listed.covering(f"evil.{host}") is None
