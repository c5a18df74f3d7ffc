"""The embedded platform's keys: one a service that stores secrets, drawn once, for us alone."""

import stat

from openactions_local.folder import DataFolder
from openactions_local.services import SETTINGS, Platform


def test_each_service_has_a_key_of_its_own_that_a_restart_finds_again(tmp_path):
    (tmp_path / "keys").mkdir()
    auth, other = (DataFolder(tmp_path).root_keys(service) for service in ("auth", "other"))

    assert auth != other
    assert DataFolder(tmp_path).root_keys("auth") == auth
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()}
    assert modes == {0o600}


def test_only_services_that_store_secrets_are_given_keys():
    platform = Platform("mongodb://db", "nats://bus", "keys of {}".format, "")

    given = {service: platform.environment(service) for service in SETTINGS}

    assert given["auth"]["AUTH_KEYS"] == "keys of auth"
    for service, settings in SETTINGS.items():
        takes = "keys" in settings.model_fields
        assert (f"{service.upper()}_KEYS" in given[service]) == takes
