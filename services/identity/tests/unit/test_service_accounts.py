"""Service accounts: programs that never sign in, and whose tokens outlive people."""

import pytest

from contracts.errors import PlatformError
from contracts.facts import MemberChanged
from contracts.ids import MemberId
from contracts.principal import SCOPES_OF_ROLE, Principal, Via
from contracts.requests import Role
from identity_service.domain.member import Member, MemberEdit, MemberKind
from identity_service.domain.sign_in_link import LIVES_FOR, PATH, SignInLink
from identity_service.usecases.add_member import AddMember, NewMember
from identity_service.usecases.change_member import ChangeMember
from identity_service.usecases.create_sign_in_link import CreateSignInLink
from identity_service.usecases.create_token import CreateToken, WantedToken
from identity_service.usecases.edit_member import EditMember
from identity_service.usecases.keep_an_owner import KeepAnOwner
from identity_service.usecases.lend import Lend
from identity_service.usecases.let_member_sign_in import LetMemberSignIn
from identity_service.usecases.read_sign_in_link import ReadSignInLink
from identity_service.usecases.remove_member import RemoveMember
from identity_service.usecases.revoke_tokens_of_member import RevokeTokensOfMember
from identity_service.usecases.switch_member import SwitchMember
from kit.caller import digest_of
from services.identity.tests.fakes import CountedSecrets, CountedTokens, MemorySignInLinks
from services.identity.tests.session_platform import ADA, OURS, THEIRS, new_platform

OWNER = Member(MemberId("mem_owner"), OURS, "Owner", Role.OWNER)
ADMIN = Member(MemberId("mem_admin"), OURS, "Admin", Role.ADMIN)
CI = Member(MemberId("mem_ci"), OURS, "CI", Role.BUILDER, kind=MemberKind.SERVICE)
FOREIGN = Member(MemberId("mem_foreign"), THEIRS, "Eve", Role.USER)


@pytest.fixture
async def ours():
    platform = await new_platform()
    for member in (OWNER, ADMIN, CI, FOREIGN):
        await platform.members.add(member)
    members, tokens, clock = platform.members, platform.tokens, platform.clock
    platform.links = MemorySignInLinks()
    lend = Lend(tokens, platform.sessions)
    create = CreateSignInLink(
        platform.links, members, platform.enforce, CountedSecrets("osl_"), clock
    )
    platform.create_link, platform.let_in = create, LetMemberSignIn(members, create, lend)
    platform.read_link = ReadSignInLink(
        platform.links, members, platform.workspaces, platform.enforce, clock
    )
    platform.create_token = CreateToken(tokens, members, CountedTokens(), clock, 10, lend)
    keep = KeepAnOwner(members, tokens, clock)
    revoke = RevokeTokensOfMember(tokens)
    platform.remove = RemoveMember(members, keep, revoke, platform.end_all)
    change = ChangeMember(members, keep)
    switch = SwitchMember(members, keep, platform.end_all)
    platform.edit = EditMember(members, change, switch)
    return platform


def caller(member, scopes=None):
    scopes = SCOPES_OF_ROLE[member.role] if scopes is None else frozenset(scopes)
    return Principal(OURS, member.id, member.role, Via.SESSION, scopes, None, "ses")


async def code_of(work):
    try:
        await work
    except PlatformError as error:
        return error.code
    return None


async def test_a_service_account_signs_in_by_no_way(ours):
    link = SignInLink("sil_1", OURS, CI.id, "digest", ours.clock() + LIVES_FOR)
    await ours.links.add(link)

    for refused in (
        ours.let_in(caller(OWNER), CI.id),
        ours.read_link("digest"),
        ours.sign_in(CI, "Firefox on Linux"),
    ):
        assert await code_of(refused) == "identity.service_signs_in_nowhere"
    assert await ours.sessions.of_member(OURS, CI.id) == []


async def test_whoever_is_switched_off_gets_no_link_and_no_session(ours):
    seen = await ours.members.find(OURS, ADA.id)
    off = seen.switched(active=False)
    await ours.members.replace(seen, off)

    for refused in (ours.let_in(caller(OWNER), ADA.id), ours.sign_in(off, "Firefox on Linux")):
        assert await code_of(refused) == "identity.member_inactive"


async def test_the_operators_link_is_for_a_person(ours):
    first = Member(MemberId("mem_a"), OURS, "Robot", Role.OWNER, kind=MemberKind.SERVICE)
    await ours.members.add(first)

    link, _ = await ours.create_link(OURS)

    assert link.member_id == OWNER.id


async def test_a_link_of_a_member_lets_that_member_in(ours):
    link, path = await ours.let_in(caller(ADMIN), ADA.id)

    offered = await ours.read_link(digest_of(path.removeprefix(PATH)))
    assert (link.member_id, offered.member.id) == (ADA.id, ADA.id)
    assert link.expires_at == ours.clock() + LIVES_FOR


@pytest.mark.parametrize(
    ("by", "scopes", "member", "code"),
    [
        (ADMIN, None, OWNER, "identity.role_above_own"),
        (OWNER, {"members:write"}, ADA, "identity.scopes_exceeded"),
        (OWNER, None, FOREIGN, "platform.not_found"),
    ],
)
async def test_nobody_gets_in_through_a_link_with_more_than_they_have(
    ours, by, scopes, member, code
):
    assert await code_of(ours.let_in(caller(by, scopes), member.id)) == code


async def test_tokens_of_a_service_account_stay_when_whoever_made_them_leaves(ours):
    """What a creator's own token allows counts when it is made: nothing is taken away later."""
    wanted = WantedToken("Deploys", CI.id)
    token, drawn = await ours.create_token(caller(ADMIN), wanted)
    before = await ours.authenticate_token(drawn.digest)

    await ours.remove(caller(OWNER), ADMIN.id)
    after = await ours.authenticate_token(drawn.digest)

    assert (after.member_id, after.token_id) == (CI.id, token.id)
    assert after.scopes == before.scopes == SCOPES_OF_ROLE[Role.BUILDER]


async def test_nobodys_leaving_gives_a_token_more_than_its_creator_could(ours):
    limited = {"tokens:write", "gpts:read"}
    wanted = WantedToken("Reader", CI.id, frozenset({"gpts:read"}))
    _, drawn = await ours.create_token(caller(ADMIN, limited), wanted)

    await ours.remove(caller(OWNER), ADMIN.id)
    seen = await ours.members.find(OURS, CI.id)
    await ours.members.replace(seen, seen.edited(MemberEdit(role=Role.ADMIN)))

    assert (await ours.authenticate_token(drawn.digest)).scopes == {"gpts:read"}


async def test_a_service_accounts_role_is_not_above_its_makers(ours):
    add = AddMember(ours.members, 100)
    robot = NewMember("Robot", Role.ADMIN, MemberKind.SERVICE)

    made = await add(caller(ADMIN), robot)

    assert (made.kind, made.role) == (MemberKind.SERVICE, Role.ADMIN)
    above = add(caller(ADMIN), NewMember("Robot", Role.OWNER, MemberKind.SERVICE))
    assert await code_of(above) == "identity.role_above_own"


async def test_an_edit_changes_and_switches_at_once_on_the_revision_that_was_seen(ours):
    edit = MemberEdit(name="Ada L.", email="ada@example.com")

    stale = ours.edit(caller(OWNER), ADA.id, edit, active=False, expected_revision=7)
    assert await code_of(stale) == "platform.changed_meanwhile"
    off = await ours.edit(caller(OWNER), ADA.id, edit, active=False, expected_revision=1)
    again = await ours.edit(caller(OWNER), ADA.id, edit, active=False, expected_revision=1)

    assert (off.name, off.email, off.active) == ("Ada L.", "ada@example.com", False)
    assert again == off
    on = ours.edit(caller(OWNER), ADA.id, MemberEdit(), active=True, expected_revision=1)
    assert await code_of(on) == "platform.changed_meanwhile"
    foreign = ours.edit(caller(OWNER), FOREIGN.id, MemberEdit(), active=False)
    assert await code_of(foreign) == "platform.not_found"


async def test_another_address_voids_what_others_keep_about_the_member(ours):
    await ours.edit(caller(OWNER), ADA.id, MemberEdit(name="A."))
    assert ours.members.facts.of(MemberChanged) == []

    await ours.edit(caller(OWNER), ADA.id, MemberEdit(email="a@example.com"))

    [fact] = ours.members.facts.of(MemberChanged)
    assert (fact.member_id, fact.role) == (ADA.id, ADA.role)
