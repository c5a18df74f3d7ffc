"""OAuth clients as builders enter them: what is filled in, refused, kept and never kept."""

import pytest
from auth_rig import ACT, ORIGIN, WHO, WS, Rig, client, principal

from auth_service.domain.errors import ClientSecretNeeded, SignInDomainNotAllowed, SignInRequired
from auth_service.domain.oauth.errors import ParameterReserved, SettingInvalid, UrlInvalid
from auth_service.domain.oauth.profile import TokenExchangeMethod
from auth_service.domain.sign_in import SignIn
from auth_service.domain.sign_in_domains import SignInDomains
from auth_service.usecases.check_client import CheckClient
from contracts.facts import CredentialChanged
from contracts.requests import DescribeCredential

OAUTH = SignIn.OAUTH
GITHUB_API = ("https://api.github.com",)


async def checked(origins=(ORIGIN,), domains=(), plain=(), **changes):
    entered = client(**{"sign_in": OAUTH, **changes})
    await CheckClient(Rig().endpoint, SignInDomains(domains), frozenset(plain))(entered, origins)
    return entered.settings


async def test_a_preset_fills_what_is_left_out():
    github = await checked(
        GITHUB_API, preset="github", token_url=None, authorization_url=None, scope="repo user"
    )

    assert github.token_url == "https://github.com/login/oauth/access_token"
    assert github.authorization_url == "https://github.com/login/oauth/authorize"
    assert github.sealed_to == ("https://api.github.com", "https://github.com")
    assert github.scopes == ("repo", "user")


async def test_a_known_token_url_brings_its_providers_differences_without_a_preset():
    notion = await checked(
        ("https://api.notion.com",),
        token_url="https://api.notion.com/v1/oauth/token",
        authorization_url=None,
    )

    assert (notion.preset, notion.body, notion.uses_pkce) == ("notion", "json", False)
    assert notion.exchange is TokenExchangeMethod.BASIC_AUTH_HEADER


async def test_what_is_entered_stands_before_the_preset():
    google = await checked(
        preset="google",
        authorization_parameters={"prompt": "select_account"},
        uses_pkce=False,
        token_url=None,
        authorization_url=None,
        revocation_url="",
    )

    assert google.authorization_parameters == (("prompt", "select_account"),)
    assert (google.uses_pkce, google.revocation_url) == (False, "")


async def test_scopes_are_cut_at_commas_where_the_provider_does():
    slack = await checked(
        ("https://slack.com",),
        preset="slack",
        token_url=None,
        authorization_url=None,
        scope="channels:read,chat:write users:read",
    )

    assert slack.scopes == ("channels:read", "chat:write", "users:read")


@pytest.mark.parametrize(
    "changes",
    [
        {"token_url": None},
        {"authorization_url": None},
        {"client_id": "a\nb"},
        {"scope": 'a "b"'},
        {"secret": "a\x00b"},
        {"exchange": TokenExchangeMethod.NONE},
    ],
)
async def test_what_no_client_can_have_is_refused(changes):
    with pytest.raises(SettingInvalid):
        await checked(**changes)


@pytest.mark.parametrize("member", ["authorization_url", "token_url"])
@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,hello",
        "file:///etc/passwd",
        "https://user@id.example.com/x",
        "https://id.example.com/x#fragment",
        "http://id.example.com/x",
        "https://id.example.com/x?redirect_uri=https://evil.example",
        "https://id.example.com/x?client_id=other",
        "https://id.example.com/" + "x" * 2_048,
    ],
)
async def test_h85_an_address_that_could_lead_elsewhere_is_refused_when_it_is_entered(member, url):
    with pytest.raises((UrlInvalid, ParameterReserved, SettingInvalid)):
        await checked(**{member: url})


@pytest.mark.parametrize("member", ["token_url", "refresh_url", "revocation_url"])
async def test_h85_an_address_that_egress_refuses_is_refused_when_it_is_entered(member):
    with pytest.raises(UrlInvalid):
        await checked(**{member: "https://internal.example.com/token"})


@pytest.mark.parametrize(
    "changes",
    [
        {"authorization_parameters": {"state": "mine"}},
        {"authorization_parameters": {"Request_URI": "https://evil.example"}},
        {"token_parameters": {"client_secret": "mine"}},
        {"token_parameters": {"grant_type": "password"}},
    ],
)
async def test_h85_no_parameter_stands_for_what_the_platform_says(changes):
    with pytest.raises(ParameterReserved):
        await checked(**changes)


async def test_plain_http_is_for_origins_that_the_operator_allows():
    demo = {
        "token_url": "http://127.0.0.1:9000/token",
        "authorization_url": "http://127.0.0.1:9000/authorize",
    }
    api = ("http://127.0.0.1:8000",)

    assert (await checked(api, plain=["http://127.0.0.1:9000"], **demo)).token_url == demo[
        "token_url"
    ]
    with pytest.raises(UrlInvalid):
        await checked(api, **demo)


@pytest.mark.parametrize(
    ("url", "domains"),
    [
        ("https://accounts.google.com/authorize", ()),
        ("https://login.microsoftonline.com/common/authorize", ()),
        ("https://ims-na1.adobelogin.com/authorize", ()),
        ("https://example.com/authorize", ()),
        ("https://tenant.auth0.com/authorize", ("tenant.auth0.com",)),
    ],
)
async def test_people_are_sent_to_the_apis_own_domain_and_to_listed_ones(url, domains):
    assert (await checked(authorization_url=url, domains=domains)).authorization_url == url


@pytest.mark.parametrize(
    "member", ["authorization_url", "token_url", "refresh_url", "revocation_url"]
)
@pytest.mark.parametrize(
    "host",
    [
        "tenant.auth0.com",
        "example.org",
        "notgoogle.com",
        "google.com.evil.org",
        "example.com.evil.org",
    ],
)
async def test_no_secret_and_nobody_is_sent_to_other_domains(member, host):
    with pytest.raises(SignInDomainNotAllowed) as refused:
        await checked(**{member: f"https://{host}/x"})

    assert refused.value.code == "auth.sign_in_domain_not_allowed"
    assert "AUTH_SIGN_IN_DOMAINS" in refused.value.hint


async def test_hosts_below_a_public_suffix_share_no_domain():
    with pytest.raises(SignInDomainNotAllowed):
        await checked(("https://mine.github.io",), token_url="https://theirs.github.io/token")


@pytest.mark.parametrize("host", ["10.9.2.3:9392", "8.8.2.3", "[::3]:9391"])
async def test_an_address_is_a_domain_of_its_own(host):
    api = ("http://10.1.2.3:9391", "http://[::2]:9391")
    urls = {"authorization_url": f"http://{host}/a", "token_url": f"http://{host}/token"}

    with pytest.raises(SignInDomainNotAllowed):
        await checked(api, plain=[f"http://{host}"], **urls)


async def test_a_secret_that_is_left_out_stays_while_other_settings_change():
    rig = Rig()
    first = await rig.enter_client()
    second = await rig.enter_client(secret=None, scope="read write")

    assert second.revision == 2
    assert second.records[0].client.sealed == first.records[0].client.sealed
    assert await rig.issue(rig.asked())
    assert rig.endpoint.forms[0]["client_secret"] == "canary-client-secret"
    assert rig.endpoint.forms[0]["scope"] == "read write"


@pytest.mark.parametrize(
    "changes",
    [
        {"token_url": "https://other.example.com/token"},
        {"revocation_url": "https://other.example.com/revoke"},
        {"sign_in": OAUTH, "refresh_url": "https://other.example.com/token"},
    ],
)
async def test_h88_a_kept_secret_is_sent_to_no_host_that_it_was_not_entered_for(changes):
    rig = Rig()
    await rig.enter_client()

    with pytest.raises(ClientSecretNeeded) as refused:
        await rig.enter_client(secret=None, **changes)

    assert "https://id.example.com" in refused.value.sentence
    assert "https://other.example.com" in refused.value.sentence
    assert (await rig.enter_client(secret="anew", **changes)).revision == 2


async def test_a_kept_secret_is_of_no_use_for_other_hosts_of_the_api():
    rig = Rig()
    await rig.enter_client()
    rig.actions.edit(ACT, "https://new.example.com")

    with pytest.raises(ClientSecretNeeded) as refused:
        await rig.enter_client(secret=None)

    assert "other hosts of the API" in refused.value.sentence


async def test_without_a_kept_secret_one_is_needed_unless_the_client_is_public():
    rig = Rig()

    with pytest.raises(ClientSecretNeeded):
        await rig.enter_client(secret=None)
    with pytest.raises(ClientSecretNeeded):
        await rig.enter_client(secret=None, exchange=TokenExchangeMethod.NONE)
    public = await rig.enter_client(secret=None, sign_in=OAUTH, exchange=TokenExchangeMethod.NONE)

    assert public.records[0].client.sealed is None


async def test_setting_the_same_client_again_changes_nothing():
    rig = Rig()
    for secret in ("canary-client-secret", "canary-client-secret", None):
        await rig.enter_client(secret=secret)

    assert len(rig.store.facts.of(CredentialChanged)) == 1


async def test_who_guesses_a_client_secret_is_told_nothing():
    """Whoever did not enter it sets it anew, were it the same."""
    rig = Rig()
    await rig.enter_client()

    again = await rig.enter_client(who=principal("mem_2"))

    assert again.revision == 2


async def test_each_members_own_sign_in_is_described_and_calls_are_refused_until_it_is_there():
    rig = Rig()
    await rig.enter_client(sign_in=OAUTH)

    described = await rig.describe(
        DescribeCredential(workspace_id=WS, action_id=ACT, origin=ORIGIN)
    )

    assert (described.type, described.per_user, len(described.slots)) == ("oauth", True, 1)
    with pytest.raises(SignInRequired) as refused:
        await rig.issue(rig.asked())
    assert refused.value.code == "auth.sign_in_required"


async def test_a_reading_says_that_the_draft_signs_in_and_not_with_what():
    rig = Rig()
    await rig.enter_client(sign_in=OAUTH)

    current = await rig.read(WHO, ACT)

    assert current.unusable_because is None
    assert "canary-client-secret" not in repr(current)


def test_what_an_account_depends_on_changes_the_digest_and_nothing_else_does():
    base = client(sign_in=OAUTH).settings
    same = [
        client("another", sign_in=OAUTH),
        client(sign_in=OAUTH, exchange=TokenExchangeMethod.BASIC_AUTH_HEADER),
        client(sign_in=OAUTH, uses_pkce=False),
    ]
    other = [
        client(sign_in=OAUTH, scope="read write"),
        client(sign_in=OAUTH, client_id="client-2"),
        client(sign_in=OAUTH, token_url="https://id.example.com/other"),
        client(sign_in=OAUTH, authorization_url="https://id.example.com/other"),
        client(sign_in=OAUTH, revocation_url="https://revoke.example.com"),
        client(sign_in=OAUTH, token_parameters={"audience": "x"}),
        client(),
    ]

    assert {each.settings.digest for each in same} == {base.digest}
    digests = [each.settings.digest for each in other]
    assert base.digest not in digests
    assert len({*digests}) == len(other)
