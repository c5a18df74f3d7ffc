"""The operator's settings: unset means deny, unparsable means do not start (H109)."""

from ipaddress import IPv4Address, ip_address

import pytest
from pydantic import ValidationError

from egress import AddressRefused, EgressError, EgressSettings, Target

DEMO = "http://demo.local:8123"


def test_no_private_origin_is_allowed_unless_it_is_named():
    settings = EgressSettings()

    assert not settings.allows_origin("https://api.example.com:443")
    assert settings.allowed_origins == {}
    assert settings.refusal(ip_address("127.0.0.1")) == "loopback"


@pytest.mark.parametrize(
    "text",
    [
        f"{DEMO}=127.0.0.1,https://[fd00::1]:8443=fd00::1",
        f'{{"{DEMO}": "127.0.0.1", "https://[fd00::1]:8443": "fd00::1"}}',
    ],
)
def test_the_table_is_read_as_pairs_or_as_json(text):
    settings = EgressSettings(allowed_origins=text)

    assert settings.allowed_origins[DEMO] == IPv4Address("127.0.0.1")
    assert settings.allows_origin("https://[fd00::1]:8443")


@pytest.mark.parametrize("text", ["http://127.0.0.1:9000", "http://localhost:9000/"])
def test_t17_an_origin_on_this_machine_is_allowed_under_both_of_its_names(text):
    settings = EgressSettings(allowed_origins=text)

    loopback = IPv4Address("127.0.0.1")
    assert settings.allowed_origins == {
        "http://127.0.0.1:9000": loopback,
        "http://localhost:9000": loopback,
    }


def test_t17_an_address_need_not_be_written_twice():
    settings = EgressSettings(allowed_origins="http://[::1]:9000,https://10.1.2.3")

    assert {origin: str(to) for origin, to in settings.allowed_origins.items()} == {
        "http://[::1]:9000": "::1",
        "http://localhost:9000": "::1",
        "https://10.1.2.3:443": "10.1.2.3",
    }


def test_t17_a_name_without_an_address_is_told_what_to_add():
    with pytest.raises(ValidationError, match=r"add it, such as http://box.lan:8123=192.168.1.20"):
        EgressSettings(allowed_origins="http://box.lan:8123")


def test_t5_the_former_name_of_the_setting_counts_for_one_version(monkeypatch, caplog):
    monkeypatch.setenv("EGRESS_LET_THROUGH", f"{DEMO}=127.0.0.1")

    assert EgressSettings().allows_origin(DEMO)
    assert "set EGRESS_ALLOWED_ORIGINS" in caplog.text


def test_t5_the_setting_goes_before_its_former_name(monkeypatch):
    monkeypatch.setenv("EGRESS_LET_THROUGH", f"{DEMO}=127.0.0.1")
    monkeypatch.setenv("EGRESS_ALLOWED_ORIGINS", "http://127.0.0.1:9000")

    assert not EgressSettings().allows_origin(DEMO)


@pytest.mark.parametrize(
    "text",
    [
        "garbage",
        "{",
        "[]",
        "http://demo.local=127.0.0.1",
        "http://demo.local:8123/=127.0.0.1",
        "http://Demo.local:8123=127.0.0.1",
        "http://demo.local:8123=localhost",
        "http://demo.local:8123=10.0.0.0/8",
        "http://*.local:8123=127.0.0.1",
        "ftp://demo.local:8123=127.0.0.1",
        "http://u@demo.local:8123=127.0.0.1",
        "http://demo.local:8123=",
    ],
)
def test_an_entry_that_is_not_exact_stops_the_start(text):
    with pytest.raises(ValidationError):
        EgressSettings(allowed_origins=text)


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254",
     "fd20:ce::254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "169.254.1.1", "fe80::1",
     "0.0.0.0", "::", "224.0.0.1", "255.255.255.255"],
)  # fmt: skip
def test_h109_metadata_can_never_be_allowed(address):
    with pytest.raises(ValidationError):
        EgressSettings(allowed_origins={DEMO: address})


@pytest.mark.parametrize(
    "contradiction",
    [
        {"denied_networks": "127.0.0.0/8"},
        {"own_hosts": "demo.local"},
        {"own_hosts": "127.0.0.1"},
    ],
)
def test_what_is_denied_and_allowed_at_once_stops_the_start(contradiction):
    with pytest.raises(ValidationError):
        EgressSettings(allowed_origins={DEMO: "127.0.0.1"}, **contradiction)


@pytest.mark.parametrize("wrong", ["no host", "a..b", "*.example.com"])
def test_an_own_host_that_is_no_host_stops_the_start(wrong):
    with pytest.raises(ValidationError):
        EgressSettings(own_hosts=wrong)


def test_the_operator_may_deny_public_networks_and_own_addresses():
    settings = EgressSettings(denied_networks="8.8.8.0/24,2606:4700::/32", own_hosts="1.1.1.1")

    assert settings.refusal(ip_address("8.8.8.8")) == "denied"
    assert settings.refusal(ip_address("2606:4700::1")) == "denied"
    assert settings.refusal(ip_address("1.1.1.1")) == "denied"
    assert settings.refusal(ip_address("9.9.9.9")) is None


ALLOWED = EgressSettings(allowed_origins={DEMO: "127.0.0.1", "http://127.0.0.1:9000": "127.0.0.1"})


@pytest.mark.parametrize("url", [f"{DEMO}/x", "http://DEMO.local.:8123/x", "http://127.0.0.1:9000"])
def test_an_origin_that_is_allowed_is_understood(url):
    assert ALLOWED.allows_origin(Target.parse(url, ALLOWED).origin)


@pytest.mark.parametrize(
    "url",
    [
        "https://demo.local:8123/",
        "http://demo.local:8124/",
        "http://demo.local/",
        "http://other.local:8123/",
        "http://x.demo.local:8123/",
        "http://127.0.0.1:8123/",
        "http://127.0.0.2:9000/",
        "http://2130706433:9000/",
        "http://user@demo.local:8123/",
        "http://127.1:9000/",
        "http://api.example.com:8123/",
        "http://169.254.169.254/",
    ],
)
def test_h109_allowing_one_origin_opens_nothing_else(url):
    with pytest.raises(EgressError):
        Target.parse(url, ALLOWED)


def test_another_port_opens_only_by_its_setting():
    url = "https://api.example.com:8443/"

    with pytest.raises(EgressError):
        Target.parse(url)
    assert Target.parse(url, EgressSettings(allowed_ports="443,8443")).port == 8443


def test_a_literal_address_is_told_apart_from_a_name():
    with pytest.raises(AddressRefused):
        Target.parse("https://127.0.0.1:9000/", ALLOWED)
