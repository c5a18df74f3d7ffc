"""What services are set to because the embedded database reads all that a filter matches."""

from openactions_local.services import EMBEDDED_DATABASE, SETTINGS, Platform, settings_of

SERVERS = ("mongodb://db", "nats://bus", "", "")


def test_a13_pages_are_read_by_time_and_few_lists_at_once():
    platform = Platform(*SERVERS, settings=EMBEDDED_DATABASE)
    services = sorted(SETTINGS.keys() - {"auth"})  # it wants a key that nobody needs here

    assert settings_of(platform, "execution").pages_by_time
    assert {settings_of(platform, service).max_lists for service in services} == {4}
