import base64
import os

import pytest
from pydantic import ValidationError

from auth_service.settings import AuthSettings


def settings_with(**settings):
    keys = f"k1:{base64.b64encode(os.urandom(32)).decode()}"
    servers = {"mongodb_url": "mongodb://h", "nats_url": "nats://h"}
    return AuthSettings(**servers, **{"keys": keys, **settings})


def test_h101_a_weak_key_stops_the_start():
    with pytest.raises(ValidationError, match="repeats itself"):
        settings_with(keys=f"k1:{base64.b64encode(bytes(32)).decode()}")


def test_there_is_no_default_key():
    with pytest.raises(ValidationError, match="keys"):
        AuthSettings(mongodb_url="mongodb://h", nats_url="nats://h")


def test_a_replica_may_keep_a_credential_for_a_minute_at_most():
    with pytest.raises(ValidationError):
        settings_with(release_seconds=61)


def test_sign_in_domains_are_normalised_and_what_is_no_domain_stops_the_start():
    assert settings_with(sign_in_domains="Auth0.com, login.example.org").sign_in_domains == (
        "auth0.com",
        "login.example.org",
    )
    assert settings_with(sign_in_domains="").sign_in_domains == ()
    for wrong in ("com", "*.example.org", "10.1.2.3"):
        with pytest.raises(ValidationError, match="sign_in_domains"):
            settings_with(sign_in_domains=wrong)
