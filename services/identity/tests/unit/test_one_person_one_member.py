"""An address names one member: as theirs, or as the user name in the company's directory."""

import pytest

from contracts.facts import MemberChanged
from contracts.ids import MemberId
from contracts.principal import ON_BEHALF_SCOPES, SCOPES_OF_ROLE, Principal, Role, Scope, Via
from contracts.requests import Authenticate
from identity_service.domain.api_token import ApiToken
from identity_service.domain.directory_entry import DirectoryEntry, key_of
from identity_service.domain.member import Member, MemberEdit
from identity_service.domain.member_errors import AlreadyAMember, EmailTaken
from identity_service.usecases.accept_invitation import AcceptInvitation
from identity_service.usecases.add_member import AddMember, NewMember
from identity_service.usecases.change_member import ChangeMember
from identity_service.usecases.create_invitation import CreateInvitation, WantedInvitation
from identity_service.usecases.keep_an_owner import KeepAnOwner
from identity_service.usecases.lend import Lend
from identity_service.usecases.place_member import PlaceMember
from identity_service.usecases.read_invitation import ReadInvitation
from services.identity.tests.directory_fakes import MemoryGroupRoles, MemoryGroups
from services.identity.tests.fakes import CountedSecrets
from services.identity.tests.invitation_fakes import MemoryInvitations
from services.identity.tests.session_platform import OURS, new_platform

USER_NAME, MAIL = "ada@acme.com", "ada.lovelace@acme.com"
ENTRY = DirectoryEntry("Ada@Acme.com", key_of("Ada@Acme.com"))
ADA = Member(MemberId("mem_prov"), OURS, "Ada", Role.USER, email=MAIL, directory=ENTRY)
OWNER = Member(MemberId("mem_boss"), OURS, "Olga", Role.OWNER, email="olga@acme.com")


@pytest.fixture
async def ours():
    platform = await new_platform()
    for member in (ADA, OWNER):
        await platform.members.add(member)
    platform.keep = KeepAnOwner(platform.members, platform.tokens, platform.clock)
    return platform


def caller(member=OWNER):
    scopes = SCOPES_OF_ROLE[member.role]
    return Principal(OURS, member.id, member.role, Via.TOKEN, scopes, None, "tok")


@pytest.mark.parametrize("address", [USER_NAME, MAIL])
async def test_nobody_else_is_added_invited_or_changed_to_an_address_of_somebody(ours, address):
    invite = CreateInvitation(
        MemoryInvitations(),
        ours.members,
        CountedSecrets(),
        ours.clock,
        Lend(ours.tokens, ours.sessions),
    )
    add, change = AddMember(ours.members, 10), ChangeMember(ours.members, ours.keep)
    wanted = NewMember("Ada", Role.USER, email=address)
    works = (
        lambda: add(caller(), wanted),
        lambda: invite(caller(), WantedInvitation(address, "Ada", Role.USER)),
        lambda: change(caller(), OWNER.id, MemberEdit(email=address), None),
    )

    for work in works:
        with pytest.raises(EmailTaken):
            await work()
    own = await change(caller(), ADA.id, MemberEdit(email=USER_NAME), None)
    assert own.email == USER_NAME


@pytest.mark.parametrize("address", [USER_NAME, MAIL])
async def test_an_invitation_to_an_address_that_is_a_members_by_now_stays_unused(ours, address):
    drawn, invitations = CountedSecrets(), MemoryInvitations()
    await ours.members.remove(ADA, ADA.as_fact())
    create = CreateInvitation(
        invitations, ours.members, drawn, ours.clock, Lend(ours.tokens, ours.sessions)
    )
    invitation, _ = await create(caller(), WantedInvitation(address, "Ada", Role.USER))
    await ours.members.add(ADA)
    read = ReadInvitation(invitations, ours.members, ours.workspaces, ours.enforce, ours.clock)
    accept = AcceptInvitation(invitations, ours.members, read, ours.sign_in, 10)

    with pytest.raises(AlreadyAMember):
        await accept(invitation.digest, "Firefox on Linux", None)

    assert await invitations.find_by_digest(invitation.digest) == invitation
    assert len(await ours.members.people(OURS)) == 2


@pytest.mark.parametrize("address", [USER_NAME, MAIL])
async def test_a_backend_may_name_somebody_by_either(ours, address):
    named = frozenset({Scope.USERS_IMPERSONATE, *ON_BEHALF_SCOPES})
    token = ("tok_backend", OURS, OWNER.id, "Backend", "backend", "", named, ours.clock())
    await ours.tokens.add(ApiToken(*token))

    acting = Authenticate(token_digest="backend", on_behalf_of=address)

    assert (await ours.authenticate_caller(acting)).member_id == ADA.id


async def test_another_user_name_is_a_fact_for_whoever_cached_whose_it_was(ours):
    place = PlaceMember(ours.members, MemoryGroups(), MemoryGroupRoles(), ours.keep, ours.end_all)

    def renamed(member):
        entry = DirectoryEntry("grace@acme.com", key_of("grace@acme.com"))
        return Member(
            ADA.id, OURS, "Ada", member.role, member.revision, email=MAIL, directory=entry
        )

    await place(caller(), ADA.id, renamed)
    await place(caller(), ADA.id, renamed)

    [fact] = ours.members.facts.of(MemberChanged)
    assert (fact.member_id, fact.role, fact.active) == (ADA.id, Role.USER, True)
