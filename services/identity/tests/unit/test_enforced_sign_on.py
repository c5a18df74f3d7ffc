"""Settings of a company's sign-in, and what is left once nobody gets in but with its accounts."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from contracts.requests import Role
from identity_service.domain.api_token import ApiToken, DrawnToken
from identity_service.domain.member import MemberKind
from identity_service.domain.oidc.errors import (
    DomainNotVerified,
    DomainUnusable,
    EmergencyOwnerUnfit,
    NoCompanySignIn,
    NoKeys,
    ProviderUnreachable,
    ProviderUnsuitable,
    SignOnEnforced,
)
from identity_service.usecases.set_sign_in import SetSignIn, WantedSignIn
from kit.documents import ChangedMeanwhile
from kit.errors import NothingHere, NotInForce, SessionEnded
from services.identity.tests.company import (
    CLIENT,
    ISSUER,
    OWNER,
    SECRET,
    new_company_platform,
    other_keys,
)
from services.identity.tests.session_platform import ADA, OURS


@pytest.fixture
async def platform():
    made = await new_company_platform()
    await made.members.add(ADA)
    await with_token(made, OWNER)
    made.company.person = {"sub": "u1", "email": "bob@acme.com", "email_verified": True}
    return made


async def with_token(platform, member, **other):
    drawn = DrawnToken("oat_x", f"digest of {member.id}")
    token = ApiToken.for_owner(f"tok_{member.id}", OURS, member.id, drawn, platform.clock())
    await platform.tokens.add(replace(token, **other))


async def enforce(platform, owner=OWNER):
    return await platform.configure(enforced=True, emergency_owner=owner.id)


async def is_signed_in(platform, session):
    """By what is stored: who is refused for another reason may still have a session."""
    found = await platform.sessions.find_by_digest(session.digest)
    is_live = found is not None and found.live(platform.clock())
    if not is_live:
        with pytest.raises(SessionEnded):
            await platform.authenticate_session(session.digest)
    return is_live


async def test_once_it_is_enforced_other_sessions_end_and_none_begins_by_a_link(platform):
    by_link, _ = await platform.sign_in(ADA, "Firefox")
    by_company = await platform.session_that_began()

    await enforce(platform)

    assert not await is_signed_in(platform, by_link)
    assert await is_signed_in(platform, by_company)
    with pytest.raises(SignOnEnforced):
        await platform.sign_in(ADA, "Firefox")
    assert (await platform.came()).session


async def test_the_emergency_owner_keeps_sessions_and_gets_in_by_a_link_which_is_noted(platform):
    before, _ = await platform.sign_in(OWNER, "Firefox")
    assert platform.notes.emergencies == []

    await enforce(platform)
    await platform.sign_in(OWNER, "Firefox")

    assert await is_signed_in(platform, before)
    assert platform.notes.emergencies == [OWNER.id]


async def test_another_owner_does_not(platform):
    await platform.invite(id="mem_a_second", role=Role.OWNER)
    await enforce(platform)

    with pytest.raises(SignOnEnforced):
        await platform.sign_in(await platform.members.find(OURS, "mem_a_second"), "Firefox")


async def test_where_the_emergency_owner_is_one_no_more_the_oldest_is(platform):
    await platform.invite(id="mem_a_second", role=Role.OWNER)
    await enforce(platform)
    seen = await platform.members.find(OURS, OWNER.id)
    await platform.members.replace(seen, replace(seen, role=Role.USER, revision=2))

    second = await platform.members.find(OURS, "mem_a_second")
    assert (await platform.sign_in(second, "Firefox"))[0]
    with pytest.raises(SignOnEnforced):
        await platform.sign_in(await platform.members.find(OURS, OWNER.id), "Firefox")


async def test_it_is_enforced_only_with_an_owner_who_can_get_in(platform):
    await platform.invite(id="mem_service", kind=MemberKind.SERVICE, role=Role.OWNER)
    await platform.invite("b@acme.com", id="mem_off", active=False, role=Role.OWNER)
    await platform.invite("c@acme.com", id="mem_tokenless", role=Role.OWNER)
    await platform.invite("d@acme.com", id="mem_late", role=Role.OWNER)
    await platform.invite("e@acme.com", id="mem_narrow", role=Role.OWNER)
    for name in ("mem_service", "mem_off"):
        await with_token(platform, await platform.members.find(OURS, name))
    late = await platform.members.find(OURS, "mem_late")
    await with_token(platform, late, expires_at=platform.clock())
    narrow = await platform.members.find(OURS, "mem_narrow")
    await with_token(platform, narrow, scopes=frozenset({"gpts:read"}))
    await with_token(platform, ADA)
    unfit = ["mem_service", "mem_off", "mem_tokenless", "mem_late", "mem_narrow", ADA.id]

    for named in (*unfit, "mem_nobody", None):
        with pytest.raises(EmergencyOwnerUnfit):
            await platform.configure(enforced=True, emergency_owner=named)


async def test_whoever_signs_in_at_the_moment_when_it_is_enforced_is_signed_out(platform):
    class Late:
        """Sign-on is enforced between the question and the session."""

        asked = 0

        async def find(self, workspace_id):
            self.asked += 1
            return None if self.asked == 1 else settings

    settings = replace(await platform.sign_in_settings.find(OURS), enforced=True)
    late = replace(platform.enforce, settings=Late())

    with pytest.raises(SignOnEnforced):
        await replace(platform.sign_in, enforce_sign_on=late)(ADA, "Firefox")
    assert await platform.nobody_is_signed_in()


async def test_sessions_of_another_application_end_when_the_settings_change(platform):
    session = await platform.session_that_began()
    await platform.configure(default_role=Role.BUILDER)
    assert await is_signed_in(platform, session)

    await platform.configure(client_id="another")

    assert not await is_signed_in(platform, session)


async def test_sessions_end_when_the_settings_are_removed_and_links_work_again(platform):
    session = await platform.session_that_began()
    await enforce(platform)

    await platform.remove(OURS, None)

    assert not await is_signed_in(platform, session)
    assert (await platform.sign_in(ADA, "Firefox"))[0]
    with pytest.raises(NoCompanySignIn):
        await platform.began()
    await platform.remove(OURS, None)


async def test_what_is_not_in_force_yet_is_said_and_may_be_repeated(platform):
    await platform.sign_in(ADA, "Firefox")
    platform.sessions.late = True
    with pytest.raises(NotInForce):
        await enforce(platform)

    platform.sessions.late = False
    await enforce(platform)
    assert await platform.nobody_is_signed_in()


async def test_an_end_that_is_not_in_force_keeps_no_other_session_alive(platform):
    """Two owners signed in by links; who may do so is looked at anew when a member changes."""
    ends = []
    for name in ("mem_a_second", "mem_a_third"):
        await platform.invite(f"{name}@acme.com", id=name, role=Role.OWNER)
        other = await platform.members.find(OURS, name)
        ends.append((await platform.sign_in(other, "Firefox"))[0])
    end, tried = platform.end, []

    async def late(workspace_id, member_id, session_id):
        tried.append(session_id)
        await end(workspace_id, member_id, session_id)
        raise NotInForce

    settings = replace(
        await platform.sign_in_settings.find(OURS), enforced=True, emergency_owner=OWNER.id
    )
    store = SimpleNamespace(find=lambda _: answered(settings))
    unwanted = replace(platform.set.end_unwanted_sessions, settings=store, end_session=late)
    with pytest.raises(NotInForce):
        await unwanted.since_changed(OURS, OWNER.id)

    assert {*tried} == {each.id for each in ends}


async def answered(value):
    return value


async def test_the_owner_for_emergencies_is_asked_for_once(platform):
    for number in range(5):
        await platform.invite(f"p{number}@acme.com", id=f"mem_p{number}")
        await platform.sign_in(await platform.members.find(OURS, f"mem_p{number}"), "Firefox")
    asked, find = [], platform.members.with_role

    async def with_role(*arguments):
        asked.append(arguments)
        return await find(*arguments)

    platform.members.with_role = with_role
    await enforce(platform)

    assert len(asked) == 1
    assert await platform.nobody_is_signed_in()


async def test_a_revision_that_is_not_the_newest_changes_nothing(platform):
    wanted = WantedSignIn(ISSUER, CLIENT)
    with pytest.raises(ChangedMeanwhile):
        await platform.set(platform.caller(), wanted, 7)
    with pytest.raises(ChangedMeanwhile):
        await platform.remove(OURS, 7)


async def test_a_domain_must_be_confirmed_by_the_operator(platform):
    with pytest.raises(DomainNotVerified, match=r"other\.com"):
        await platform.configure(domains=["acme.com", "other.com"])
    with pytest.raises(NothingHere):
        await platform.confirm("ws_nobody", ["acme.com"])


@pytest.mark.parametrize("domain", ["com", "co.uk", "*.acme.com", "127.0.0.1", "a b", "acme.local"])
async def test_what_is_no_domain_of_a_company_is_refused(platform, domain):
    with pytest.raises(DomainUnusable):
        await platform.confirm(OURS, [domain])


async def test_domains_have_one_spelling(platform):
    confirmed = await platform.confirm(OURS, ["@ACME.com", "acme.com", "bücher.de"])

    assert confirmed.domains == ("acme.com", "xn--bcher-kva.de")


async def test_a_secret_is_sealed_stays_and_goes_with_its_client(platform):
    first = await platform.configure(client_secret=SECRET)
    again = await platform.configure(default_role=Role.BUILDER)
    other = await platform.configure(client_id="another")

    assert first.secret is not None
    assert SECRET.reveal() not in repr(first)
    assert again.secret == first.secret
    assert other.secret is None


async def test_without_keys_of_the_installation_no_secret_is_taken(platform):
    parts = {name: getattr(platform.set, name) for name in SetSignIn.__slots__}
    without = SetSignIn(**{**parts, "keys": None})

    with pytest.raises(NoKeys):
        await without(platform.caller(), WantedSignIn(ISSUER, CLIENT, SECRET), None)
    assert (await without(platform.caller(), WantedSignIn(ISSUER, CLIENT), None)).secret is None


UNSUITABLE = {
    "another issuer": {"issuer": "https://login.evil.com"},
    "a slash more": {"issuer": f"{ISSUER}/"},
    "no issuer": {"issuer": None},
    "no token endpoint": {"token_endpoint": None},
    "keys that are a number": {"jwks_uri": 7},
    "an endpoint without TLS": {"token_endpoint": "http://login.acme.com/token"},
    "an endpoint within": {"jwks_uri": "https://127.0.0.1/keys"},
    "an authorization endpoint that is a script": {"authorization_endpoint": "javascript:x"},
    "an end of sessions without TLS": {"end_session_endpoint": "http://login.acme.com/bye"},
    "no code flow": {"response_types_supported": ["id_token"]},
    "no S256": {"code_challenge_methods_supported": ["plain"]},
    "shared secrets as signatures": {"id_token_signing_alg_values_supported": ["HS256", "none"]},
}


@pytest.mark.parametrize("name", UNSUITABLE)
async def test_a_provider_that_does_not_suit_is_refused_before_it_is_set(platform, name):
    platform.company.configuration = UNSUITABLE[name]

    with pytest.raises(ProviderUnsuitable):
        await platform.check(OURS, None)
    await platform.sign_in_settings.remove(await platform.sign_in_settings.find(OURS))
    with pytest.raises(ProviderUnsuitable):
        await platform.configure()
    assert await platform.sign_in_settings.find(OURS) is None


@pytest.mark.parametrize(
    "issuer", ["http://login.acme.com", "https://localhost", "https://10.0.0.1", "https://acme"]
)
async def test_an_issuer_that_may_not_be_called_is_refused(platform, issuer):
    with pytest.raises(ProviderUnsuitable):
        await platform.check(OURS, issuer)


async def test_the_test_says_what_suits_and_what_might_be_better(platform):
    checked = await platform.check(OURS, None)
    assert checked.keys == 1
    assert len(checked.notes) == 1

    platform.company.configuration = {
        "code_challenge_methods_supported": None,
        "end_session_endpoint": None,
        "authorization_response_iss_parameter_supported": True,
    }
    assert len((await platform.check(OURS, None)).notes) == 2


async def test_a_provider_without_a_key_does_not_suit(platform):
    platform.company.keys = []
    platform.company.configuration = {"jwks_uri": f"{ISSUER}/keys?new"}
    with pytest.raises(ProviderUnreachable):
        await platform.check(OURS, None)

    platform.company.configuration = {}
    platform.seconds.at += 60
    with pytest.raises(ProviderUnsuitable, match="no key"):
        await platform.check(OURS, None)
    platform.company.keys = [other_keys()["ES256"]]
