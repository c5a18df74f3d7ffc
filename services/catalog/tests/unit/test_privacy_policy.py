import pytest

from catalog_service.domain.privacy_policy import is_public_policy


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "https://example.com/privacy?lang=en#top",
        "HTTPS://Example.com:8443/",
        "https://bücher.de/datenschutz",
    ],
)
def test_an_absolute_https_url_with_a_host_may_be_shown(url):
    assert is_public_policy(url)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(None, id="none"),
        pytest.param("", id="empty"),
        pytest.param("/privacy", id="relative"),
        pytest.param("example.com/privacy", id="no scheme"),
        pytest.param("http://example.com/privacy", id="not https"),
        pytest.param("https:///privacy", id="no host"),
        pytest.param("https://:443/privacy", id="port without host"),
        pytest.param("https://example.com:99999/", id="no such port"),
        pytest.param("https://[::1", id="unclosed bracket"),
        pytest.param("https://user:word@example.com/", id="credentials"),
        pytest.param("javascript:alert(1)", id="script"),
        pytest.param("https://exa\nmple.com/", id="line break"),
        pytest.param("https://example.com/a b", id="space"),
        pytest.param("https://example.com/\u202etxt", id="bidirectional override"),
    ],
)
def test_anything_else_may_not(url):
    assert not is_public_policy(url)
