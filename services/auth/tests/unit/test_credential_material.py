import base64

import pytest

from auth_service.domain.credential_material import CredentialMaterial
from auth_service.domain.errors import HeaderRepeated, SecretInvalid
from contracts.errors import PlatformError
from kit.sealing import Secret


def sent(material):
    return material.revealed()["headers"]


def test_basic_is_user_and_password_in_base64_of_utf8():
    [[name, value]] = sent(CredentialMaterial.basic(Secret("Aladdin"), Secret("sésame:ouvre-toi")))

    assert name == "Authorization"
    scheme, _, pair = value.partition(" ")
    assert scheme == "Basic"
    assert base64.b64decode(pair).decode() == "Aladdin:sésame:ouvre-toi"


def test_a_ready_made_value_is_sent_as_it_is():
    shown = CredentialMaterial.encoded_basic(Secret("QWxhZGRpbjpvcGVuIHNlc2FtZQ=="))

    assert sent(shown) == [["Authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="]]


def test_a_bearer_token_may_hold_what_apis_really_issue():
    assert sent(CredentialMaterial.bearer(Secret("1|ab:c"))) == [["Authorization", "Bearer 1|ab:c"]]


def test_a_key_may_travel_in_the_query_or_in_several_headers():
    assert CredentialMaterial.in_query("api_key", Secret("a b&c")).revealed() == {
        "headers": [],
        "query": [["api_key", "a b&c"]],
    }
    both = CredentialMaterial.in_headers([("X-App-Id", Secret("7")), ("X-App-Key", Secret("k"))])
    assert sent(both) == [["X-App-Id", "7"], ["X-App-Key", "k"]]


@pytest.mark.parametrize(
    "refused",
    [
        pytest.param(
            lambda s: CredentialMaterial.basic(Secret("us:er"), s), id="colon in the user name"
        ),
        pytest.param(
            lambda s: CredentialMaterial.basic(Secret("a\nb"), s), id="line break in the user"
        ),
        pytest.param(lambda s: CredentialMaterial.basic(Secret("\udc80"), s), id="lone surrogate"),
        pytest.param(lambda _: CredentialMaterial.basic(Secret(""), Secret("")), id="both empty"),
        pytest.param(
            lambda _: CredentialMaterial.encoded_basic(Secret("Basic abc=")), id="with scheme"
        ),
        pytest.param(
            lambda _: CredentialMaterial.bearer(Secret("Bearer abc")), id="bearer with scheme"
        ),
        pytest.param(lambda _: CredentialMaterial.bearer(Secret("")), id="empty"),
        pytest.param(
            lambda _: CredentialMaterial.in_headers(
                [(f"X-{n}", Secret("v" * 8_000)) for n in range(3)]
            ),
            id="too much together",
        ),
    ],
)
def test_what_would_not_sign_in_is_refused_when_entered(refused):
    with pytest.raises(SecretInvalid) as said:
        refused(Secret("canary-value"))
    assert said.value.hint
    assert "canary-value" not in said.value.sentence + said.value.hint


@pytest.mark.parametrize(
    "value",
    [
        "a\r\nb: c",
        "a\nb",
        "a\x00b",
        "key\n",
        " key",
        "key ",
        "\tkey",
        "kéy",
        "k" * 8_193,
        "\x7f",
        "\u202e",
    ],
)
def test_h66_a_value_that_could_end_its_header_is_refused(value):
    for refused in (
        lambda: CredentialMaterial.bearer(Secret(value)),
        lambda: CredentialMaterial.in_headers([("X-Api-Key", Secret(value))]),
        lambda: CredentialMaterial.in_query("key", Secret(value)),
    ):
        with pytest.raises(SecretInvalid):
            refused()


@pytest.mark.parametrize(
    "name",
    [
        *("Authorization", "Host", "Cookie", "Content-Length", "Transfer-Encoding", "Connection"),
        *("Proxy-Authorization", "X-Forwarded-For", "Forwarded", "X-HTTP-Method-Override", "TE"),
        *("host", "HOST", "OpenAI-Gpt-Id", "Sec-Fetch-Site", "traceparent", "User-Agent"),
    ],
)
def test_h65_a_reserved_header_is_refused(name):
    with pytest.raises(PlatformError) as refused:
        CredentialMaterial.in_headers([(name, Secret("v"))])
    assert refused.value.code == "auth.header_reserved"


@pytest.mark.parametrize(
    "name", ["", "X Api Key", "X-Api-Key:", "X-Ápi", "X\r\nY", "X\x00", "(x)", "x" * 129]
)
def test_what_is_no_token_is_no_header_name(name):
    with pytest.raises(PlatformError) as refused:
        CredentialMaterial.in_headers([(name, Secret("v"))])
    assert refused.value.code == "auth.header_name_invalid"


@pytest.mark.parametrize("name", ["", "a b", "ké", "a\n", "x" * 129])
def test_a_parameter_name_is_visible_ascii(name):
    with pytest.raises(PlatformError) as refused:
        CredentialMaterial.in_query(name, Secret("v"))
    assert refused.value.code == "auth.parameter_name_invalid"


def test_a_header_is_named_once_in_whatever_case():
    with pytest.raises(HeaderRepeated):
        CredentialMaterial.in_headers([("X-Key", Secret("1")), ("x-key", Secret("2"))])
