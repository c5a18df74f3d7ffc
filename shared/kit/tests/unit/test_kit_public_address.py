"""The address that people open: what it may be, and what the session's cookie is called there."""

import pytest
from pydantic import ValidationError

from kit.public_address import OpenActionsSettings, PublicAddress
from kit.service import what_to_set
from kit.settings import refusals_of
from shared.kit.tests.kit_service import Settings


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://actions.example.com", "https://actions.example.com"),
        ("https://Actions.Example.com:443/", "https://actions.example.com"),
        ("https://actions.example.com:8443", "https://actions.example.com:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost:80", "http://localhost"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("  https://a.example ", "https://a.example"),
    ],
)
def test_it_is_kept_as_browsers_write_it(given, origin):
    assert OpenActionsSettings(public_url=given).address == PublicAddress(origin)


@pytest.mark.parametrize(
    "given",
    [
        "actions.example.com",
        "ftp://actions.example.com",
        "https://",
        "https://actions.example.com/console",
        "https://actions.example.com?x=1",
        "https://actions.example.com#x",
        "https://user:secret@actions.example.com",
        "https://actions.example.com:99999",
        "https://exämple.com",
        "https://a.example\nb",
        "http://actions.example.com",
        "http://10.0.0.1",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
    ],
)
def test_an_address_that_is_none_stops_the_start(given):
    with pytest.raises(ValidationError):
        OpenActionsSettings(public_url=given)


def test_the_variable_is_named_where_it_is_wrong(monkeypatch):
    monkeypatch.setenv("OPENACTIONS_PUBLIC_URL", "http://actions.example.com")

    sentence = what_to_set(*refusals_of(Settings))

    assert sentence.count("OPENACTIONS_PUBLIC_URL") == 1
    assert "https://" in sentence


@pytest.mark.parametrize("unset", ["", None])
def test_unset_and_empty_mean_that_nobody_signs_in(monkeypatch, unset):
    monkeypatch.delenv("OPENACTIONS_PUBLIC_URL", raising=False)
    if unset is not None:
        monkeypatch.setenv("OPENACTIONS_PUBLIC_URL", unset)

    assert OpenActionsSettings().address is None


def test_the_cookie_is_bound_to_host_and_tls_wherever_there_is_tls():
    assert PublicAddress("https://a.example").cookie == "__Host-openactions"
    assert PublicAddress("http://127.0.0.1:8080").cookie == "openactions"
