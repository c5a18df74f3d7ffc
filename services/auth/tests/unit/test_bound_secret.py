import pytest

from auth_service.domain.bound_secret import BoundSecret
from auth_service.domain.credential_material import CredentialMaterial
from auth_service.domain.errors import CredentialBoundElsewhere
from contracts.errors import PlatformError
from egress.server_url import canonical_origin
from kit.sealing import Secret

KEY = CredentialMaterial.bearer(Secret("canary"))
BOUND = BoundSecret(("https://api.example.com", "https://api.example.com:8443"), KEY)


@pytest.mark.parametrize(
    "origin",
    [
        *("https://api.example.com", "https://API.example.com.", "https://api.example.com:443"),
        "https://api.example.com:8443",
    ],
)
def test_a_secret_is_handed_out_for_the_origins_it_was_entered_for(origin):
    assert BOUND.for_origin(origin) is KEY


@pytest.mark.parametrize(
    "origin",
    [
        *("https://example.com", "https://api.example.com.evil.com", "http://api.example.com"),
        *("https://api.example.com:8080", "https://evil.com", "https://api.example.com:80"),
    ],
)
def test_a_secret_goes_to_no_other_origin(origin):
    with pytest.raises(CredentialBoundElsewhere) as refused:
        BOUND.for_origin(origin)
    assert "was entered for https://api.example.com" in refused.value.sentence
    assert "enter it again for the new host" in refused.value.hint


@pytest.mark.parametrize("origin", ["", "api.example.com", "https://u@api.example.com", "//x"])
def test_what_is_no_origin_is_refused(origin):
    with pytest.raises(PlatformError):
        BOUND.for_origin(origin)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("https://Bücher.example", "https://xn--bcher-kva.example"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://127.0.0.1:9000/v1", "http://127.0.0.1:9000"),
        ("https://[2001:DB8::1]:443", "https://[2001:db8::1]"),
    ],
)
def test_origins_have_one_spelling(written, canonical):
    assert canonical_origin(written) == canonical


def test_a_secret_comes_back_from_storage_as_it_went_in():
    assert BoundSecret.from_storage(BOUND.for_storage()) == BOUND
