"""People who sign in with their company's account: who is let in, as whom, and who is not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.ids import WorkspaceId
from contracts.requests import Role
from identity_service.domain.directory_entry import DirectoryEntry, key_of
from identity_service.domain.errors import TooManyMembers
from identity_service.domain.member import MemberKind
from identity_service.domain.oidc.attempt import FromBrowser, ProviderAnswer
from identity_service.domain.oidc.errors import (
    AttemptOver,
    IdTokenInvalid,
    NoCompanySignIn,
    NotAdmitted,
    ProviderRefused,
    ProviderUnreachable,
)
from kit.key_ring import SecretUnreadable
from kit.oauth.pkce import challenge_of
from services.identity.tests.company import (
    CLIENT,
    FIREFOX,
    ISSUER,
    SECRET,
    new_company_platform,
)
from services.identity.tests.session_platform import OURS

CHROME = FromBrowser("Chrome on Windows", "oab_chrome")
ADA = {"sub": "u1", "email": "Ada@ACME.com", "email_verified": True, "name": "Ada"}
OTHERS = WorkspaceId("ws_zother")


@pytest.fixture
async def platform():
    made = await new_company_platform()
    made.company.person = dict(ADA)
    return made


async def not_admitted(platform, **how):
    with pytest.raises(NotAdmitted) as caught:
        await platform.came(**how)
    assert await platform.nobody_is_signed_in()
    return caught.value.sentence


async def test_the_company_is_asked_with_state_nonce_and_the_hash_of_the_verifier(platform):
    asked, code = await platform.began()
    await platform.finish(ProviderAnswer(asked["state"], OURS, code), FIREFOX)
    _, sent = platform.company.exchanged[0]

    assert asked["client_id"] == CLIENT
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["code_challenge"] == challenge_of(sent["code_verifier"])
    assert len({asked["state"], asked["nonce"], sent["code_verifier"]}) == 3
    assert sent["redirect_uri"] == asked["redirect_uri"]
    assert asked["redirect_uri"].endswith(f"/v1/session/oidc/callback/{OURS}")


async def test_a_person_of_the_workspaces_domain_becomes_a_member(platform):
    member = await platform.member_who_came()

    assert (member.name, member.email, member.role) == ("Ada", "ada@acme.com", Role.USER)
    assert platform.notes.admissions == [(member.id, "newcomer")]


async def test_they_are_the_same_member_the_next_time_whatever_their_address_is_then(platform):
    first = await platform.member_who_came()
    platform.company.person = {"sub": "u1", "email": "boss@acme.com", "email_verified": True}
    await platform.invite("boss@acme.com", id="mem_boss", role=Role.OWNER)

    assert (await platform.member_who_came()).id == first.id


async def test_a_person_is_bound_to_whom_somebody_invited_with_that_address(platform):
    await platform.invite("ada@acme.com")

    assert (await platform.member_who_came()).id == "mem_ada"
    assert platform.notes.admissions == [("mem_ada", "invited")]


async def test_a_person_is_bound_to_whom_the_directory_names_so_whatever_their_mail_is(platform):
    entry = DirectoryEntry("Ada@Acme.com", key_of("Ada@Acme.com"))
    await platform.invite("a.lovelace@acme.com", directory=entry)

    assert (await platform.member_who_came()).id == "mem_ada"
    assert len(await platform.members.people(OURS)) == 1


async def test_whoever_was_invited_may_have_an_address_of_another_domain(platform):
    await platform.invite("ada@partner.com")
    platform.company.person["email"] = "ada@partner.com"

    assert (await platform.member_who_came()).id == "mem_ada"


@pytest.mark.parametrize("verified", [None, False, "true", 1, "false"])
async def test_an_address_counts_only_where_the_provider_verified_it(platform, verified):
    await platform.invite("ada@acme.com")
    platform.company.claims = {"email_verified": verified}

    assert "verified" in await not_admitted(platform)


@pytest.mark.parametrize("email", ["eve@evil.com", "eve@acme.com.evil.com", "eve@sub.acme.com"])
async def test_nobody_of_another_domain_becomes_a_member(platform, email):
    platform.company.person["email"] = email

    assert "nobody invited you" in await not_admitted(platform)


@pytest.mark.parametrize("email", [None, 7, "acme.com", "a@b@acme.com", "x@[1.2.3.4]", "@acme.com"])
async def test_an_address_that_is_none_admits_nobody(platform, email):
    platform.company.claims = {"email": email}

    await not_admitted(platform)


async def test_a_domain_that_the_operator_took_back_admits_nobody(platform):
    await platform.confirm(OURS, [])

    await not_admitted(platform)


async def test_a_domain_that_the_workspace_does_not_name_admits_nobody(platform):
    await platform.configure(domains=[])

    await not_admitted(platform)


async def test_nobody_signs_in_as_a_service_account(platform):
    await platform.invite("ada@acme.com", kind=MemberKind.SERVICE)

    assert "service account" in await not_admitted(platform)


async def test_whoever_is_switched_off_is_refused_also_when_bound_already(platform):
    member = await platform.member_who_came()
    await platform.end_all(OURS, member.id)
    seen = await platform.members.find(OURS, member.id)
    await platform.members.replace(seen, seen.switched(active=False))

    assert "switched off" in await not_admitted(platform)


async def test_whoever_is_switched_off_is_not_bound(platform):
    await platform.invite("ada@acme.com", active=False)

    assert "switched off" in await not_admitted(platform)


async def test_somebody_else_who_has_the_address_by_now_is_refused(platform):
    member = await platform.member_who_came()
    await platform.end_all(OURS, member.id)
    platform.company.person["sub"] = "u2"

    assert "another account" in await not_admitted(platform)


async def test_whoever_was_removed_does_not_come_back_by_themselves(platform):
    member = await platform.member_who_came()
    await platform.end_all(OURS, member.id)
    await platform.members.remove(
        await platform.members.find(OURS, member.id), replace(member).as_fact()
    )

    assert "removed" in await not_admitted(platform)

    await platform.invite("ada@acme.com", id="mem_anew")
    assert (await platform.member_who_came()).id == "mem_anew"


async def test_a_workspace_that_is_full_takes_nobody_in(platform):
    for number in range(19):
        await platform.invite(f"u{number}@acme.com", id=f"mem_{number}")

    with pytest.raises(TooManyMembers):
        await platform.came()


async def test_what_the_id_token_does_not_say_the_userinfo_endpoint_may(platform):
    platform.company.userinfo = dict(ADA)
    platform.company.person = {"sub": "u1"}
    await platform.providers.discover(ISSUER, anew=True)

    assert (await platform.member_who_came()).email == "ada@acme.com"


async def test_userinfo_of_somebody_else_is_refused(platform):
    platform.company.userinfo = {**ADA, "sub": "u2"}
    platform.company.person = {"sub": "u1"}
    await platform.providers.discover(ISSUER, anew=True)

    with pytest.raises(IdTokenInvalid, match="somebody else"):
        await platform.came()


async def test_a_state_works_once(platform):
    asked, code = await platform.began()
    brought = ProviderAnswer(asked["state"], OURS, code)
    await platform.finish(brought, FIREFOX)

    with pytest.raises(AttemptOver):
        await platform.finish(brought, FIREFOX)
    assert len(platform.company.exchanged) == 1


async def test_another_browsers_state_is_refused_and_left_to_its_own(platform):
    asked, code = await platform.began()
    brought = ProviderAnswer(asked["state"], OURS, code)

    with pytest.raises(AttemptOver):
        await platform.finish(brought, CHROME)
    assert platform.company.exchanged == []
    assert (await platform.finish(brought, FIREFOX)).session


async def test_an_attempt_ends_after_ten_minutes(platform):
    asked, code = await platform.began()
    platform.clock.now += timedelta(minutes=10)

    with pytest.raises(AttemptOver):
        await platform.finish(ProviderAnswer(asked["state"], OURS, code), FIREFOX)


async def test_an_answer_without_a_code_signs_nobody_in(platform):
    with pytest.raises(AttemptOver):
        await platform.came(code=None)


@pytest.mark.parametrize("names_issuer", [True, False])
async def test_an_answer_of_another_issuer_is_refused_before_its_code_is_sent(
    platform, names_issuer
):
    platform.company.configuration = {
        "authorization_response_iss_parameter_supported": names_issuer
    }
    await platform.providers.discover(ISSUER, anew=True)

    with pytest.raises(IdTokenInvalid, match="another issuer"):
        await platform.came(issuer="https://login.evil.com")
    assert platform.company.exchanged == []


async def test_an_answer_that_does_not_name_its_issuer_though_it_should_is_refused(platform):
    platform.company.configuration = {"authorization_response_iss_parameter_supported": True}
    await platform.providers.discover(ISSUER, anew=True)

    with pytest.raises(IdTokenInvalid, match="another issuer"):
        await platform.came()
    assert (await platform.came(issuer=ISSUER)).session


async def test_a_refusal_of_the_company_is_shown_as_a_code_alone(platform):
    with pytest.raises(ProviderRefused) as caught:
        await platform.came(code=None, error="access_denied")
    assert "`access_denied`" in caught.value.sentence

    with pytest.raises(ProviderRefused) as caught:
        await platform.came(code=None, error="<b>call 555</b>")
    assert "<" not in caught.value.sentence


async def test_a_code_that_the_company_refuses_signs_nobody_in(platform):
    platform.company.refusal = (400, {"error": "invalid_grant"})

    with pytest.raises(ProviderRefused, match="invalid_grant"):
        await platform.came()


@pytest.mark.parametrize("said", [b"no JSON", b"[]", b"{}", b'{"id_token": 7}'])
async def test_a_token_endpoint_that_answers_nonsense_signs_nobody_in(platform, said):
    platform.company.refusal = (200, said)

    with pytest.raises(ProviderUnreachable):
        await platform.came()


async def test_an_attempt_of_other_settings_than_now_is_over(platform):
    asked, code = await platform.began()
    await platform.configure(client_id="another")

    with pytest.raises(AttemptOver):
        await platform.finish(ProviderAnswer(asked["state"], OURS, code), FIREFOX)


async def test_the_secret_goes_to_its_own_issuer_only(platform):
    stored = await platform.configure(client_secret=SECRET)
    await platform.came()
    request, sent = platform.company.exchanged[-1]
    assert dict(request.headers)["authorization"].startswith("Basic ")
    assert "client_secret" not in sent

    moved = replace(stored, issuer="https://login.evil.com")
    platform.sign_in_settings._settings[OURS] = moved
    with pytest.raises(SecretUnreadable):
        await platform.came()


async def test_where_nobody_set_it_up_nobody_begins(platform):
    with pytest.raises(NoCompanySignIn):
        await platform.began(workspace_id=OTHERS)


@pytest.mark.parametrize("email", ["x@acme.com", " X@ACME.com "])
async def test_the_domain_of_an_address_leads_to_the_workspace(platform, email):
    assert await platform.find(email) == OURS


@pytest.mark.parametrize("email", ["x@other.com", "acme.com", "", "x@sub.acme.com", "@acme.com"])
async def test_all_other_addresses_are_answered_in_the_same_words(platform, email):
    with pytest.raises(NoCompanySignIn):
        await platform.find(email)


async def test_a_domain_that_is_not_confirmed_leads_nowhere(platform):
    await platform.confirm(OURS, [])

    with pytest.raises(NoCompanySignIn):
        await platform.find("x@acme.com")
