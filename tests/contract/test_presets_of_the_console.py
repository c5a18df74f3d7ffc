"""The services that the form of the console knows are those of auth, with the same values."""

import json
from pathlib import Path

import pytest

from auth_service.domain.oauth.profiles import PROFILES

PRESETS = json.loads(
    (
        Path(__file__).parents[2] / "services/console/web/src/features/action/auth/presets.json"
    ).read_text("utf-8")
)


def filled_by(profile):
    """By the names of the form's fields."""
    parameters = profile.authorization_parameters.items()
    return {
        "authorizationUrl": profile.authorization_url,
        "tokenUrl": profile.token_url,
        "exchange": profile.exchange,
        "format": profile.body,
        "pkce": profile.uses_pkce,
        "separator": profile.scope_separator,
        "refreshUrl": profile.refresh_url,
        "revocationUrl": profile.revocation.url if profile.revocation else "",
        "authorizationParameters": "\n".join(f"{name}={value}" for name, value in parameters),
    }


def test_the_console_knows_the_same_services():
    assert ["generic", *PRESETS] == list(PROFILES)


@pytest.mark.parametrize("name", PRESETS)
def test_a_service_fills_the_form_with_what_the_auth_service_would(name):
    assert PRESETS[name] == filled_by(PROFILES[name])


def test_no_service_has_what_the_form_does_not_show():
    for profile in PROFILES.values():
        assert not profile.token_parameters, profile.name
        assert not profile.is_raw, profile.name
