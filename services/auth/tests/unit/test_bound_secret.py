import pytest

from auth_service.domain.bound_secret import BoundSecret
from auth_service.domain.credential import ApiKey, Credential, Placement
from auth_service.domain.errors import CredentialBoundElsewhere
from auth_service.domain.presentation import Presentation
from auth_service.domain.sealed_field import Sealed
from contracts.errors import PlatformError
from egress.server_url import canonical_origin
from kit.sealing import Secret

KEY = Presentation.bearer(Secret("canary"))
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


def stored(key_id="k1"):
    sealed = Sealed(key_id, f"v1|{key_id}|…")
    key = ApiKey(Placement.BEARER, ("Authorization",), (), ("https://a.example",), sealed)
    return Credential("ws_1", "act_1", 1, key)


@pytest.mark.parametrize(
    ("credential", "current", "code"),
    [
        pytest.param(stored(), ["https://a.example"], None, id="unchanged"),
        pytest.param(stored(), [], None, id="nothing called"),
        pytest.param(
            stored(), ["https://b.example"], "auth.credential_bound_elsewhere", id="moved"
        ),
        pytest.param(
            stored(),
            ["https://a.example", "https://b.example"],
            "auth.credential_bound_elsewhere",
            id="one more host",
        ),
        pytest.param(stored("lost"), ["https://a.example"], "auth.key_unknown", id="lost key"),
        pytest.param(Credential("ws_1", "act_1"), ["https://b.example"], None, id="none"),
    ],
)
def test_a_credential_says_why_it_is_not_usable(credential, current, code):
    reason = credential.unusable_because(current, {"k1"})

    assert (reason.code if reason else None) == code
