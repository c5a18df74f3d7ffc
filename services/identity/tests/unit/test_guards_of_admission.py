"""Which role somebody has who signs in with the company's account, guard by guard."""

import asyncio
from dataclasses import replace

import pytest

from contracts.ids import MemberId
from contracts.requests import Role
from identity_service.domain.directory_entry import DirectoryEntry
from identity_service.domain.group import GroupRole, GroupRoles
from identity_service.domain.member import Member
from identity_service.domain.member_errors import EmailTaken
from identity_service.domain.oidc.admission import renewed_role, role_of
from identity_service.domain.oidc.errors import AttemptOver, NotAdmitted
from identity_service.domain.oidc.id_token import Person
from identity_service.domain.oidc.sign_in_settings import SignInSettings
from services.identity.tests.company import ISSUER, new_company_platform
from services.identity.tests.session_platform import OURS

SETTINGS = SignInSettings(OURS, ISSUER, "openactions", group_claim="groups")
ROLES = GroupRoles(OURS, (GroupRole("makers", Role.BUILDER), GroupRole("bosses", Role.OWNER)))
NOBODYS = GroupRoles(OURS)
MAKER = Person(ISSUER, "u1", None, "ada@acme.com", "Ada", frozenset({"makers"}))
ADMIN = Member(MemberId("mem_1"), OURS, "Ada", Role.ADMIN)
OWNER = replace(ADMIN, role=Role.OWNER)
GIVEN = replace(ADMIN, directory=DirectoryEntry("ada", "ada", gave_role=True))


@pytest.mark.parametrize(
    ("settings", "roles", "role"),
    [
        ({}, ROLES, Role.BUILDER),
        ({}, NOBODYS, Role.USER),
        # Verified for another workspace of the same application, whose settings name the claim.
        ({"group_claim": None}, ROLES, Role.USER),
        ({"group_claim": None, "default_role": Role.ADMIN}, ROLES, Role.ADMIN),
    ],
)
def test_a_newcomer_has_the_role_of_their_groups_where_this_workspace_reads_groups(
    settings, roles, role
):
    assert role_of(MAKER, replace(SETTINGS, **settings), roles) is role


@pytest.mark.parametrize(
    ("member", "settings", "roles", "role"),
    [
        (ADMIN, {}, ROLES, Role.BUILDER),
        (ADMIN, {"group_claim": None}, ROLES, Role.ADMIN),
        (ADMIN, {}, NOBODYS, Role.ADMIN),
        (GIVEN, {}, ROLES, Role.ADMIN),
        (OWNER, {}, ROLES, Role.BUILDER),
        (OWNER, {"emergency_owner": OWNER.id}, ROLES, Role.OWNER),
        (OWNER, {}, GroupRoles(OURS, ROLES.entries[:1]), Role.OWNER),
    ],
)
def test_a_role_is_renewed_by_the_groups_and_stays_where_they_do_not_say_it(
    member, settings, roles, role
):
    assert renewed_role(MAKER, replace(SETTINGS, **settings), roles, member) is role


class MeanwhileIn:
    """The same person becomes a member between the question and the first `add`."""

    def __init__(self, members):
        self._members, self._first = members, True

    def __getattr__(self, name):
        return getattr(self._members, name)

    async def add(self, member):
        if self._first:
            self._first = False
            await self._members.add(replace(member, id=MemberId("mem_first")))
            raise EmailTaken
        await self._members.add(member)


async def test_whoever_comes_in_twice_at_the_same_moment_is_one_member():
    platform = await new_company_platform()
    platform.company.person = {"sub": "u1", "email": "ada@acme.com", "email_verified": True}
    admit = replace(platform.admit, members=MeanwhileIn(platform.members))
    platform.finish = replace(platform.finish, admit_person=admit)

    assert (await platform.member_who_came()).id == "mem_first"


class BothAtOnce:
    """Two are about to be bound before either is."""

    def __init__(self, identities):
        self._identities, self._both = identities, asyncio.Barrier(2)

    def __getattr__(self, name):
        return getattr(self._identities, name)

    async def add(self, identity):
        await self._both.wait()
        return await self._identities.add(identity)


@pytest.mark.parametrize("subjects", [("u1", "u2"), ("u1", "u1")])
async def test_f9_of_two_accounts_with_one_address_that_come_at_once_one_is_bound(subjects):
    platform = await new_company_platform()
    await platform.invite()
    admit = replace(platform.admit, identities=BothAtOnce(platform.identities))
    settings = await platform.sign_in_settings.find(OURS)
    people = [replace(MAKER, subject=subject) for subject in subjects]

    came = await asyncio.gather(
        *(admit(settings, person) for person in people), return_exceptions=True
    )

    refused = [each for each in came if isinstance(each, NotAdmitted)]
    bound = await platform.identities.of_member(OURS, MemberId("mem_ada"))
    assert (len(refused), len(bound)) == (len({*subjects}) - 1, 1)
    assert [each.id for each in came if each not in refused] == ["mem_ada"] * (2 - len(refused))


async def test_an_account_that_another_member_is_bound_to_at_this_moment_signs_nobody_in():
    platform = await new_company_platform()
    await platform.invite()
    admit = replace(platform.admit, identities=TakenMeanwhile(platform.identities))
    settings = await platform.sign_in_settings.find(OURS)

    with pytest.raises(AttemptOver):
        await admit(settings, MAKER)


class TakenMeanwhile:
    """The account becomes another member's between the question and the first `add`."""

    def __init__(self, identities):
        self._identities = identities

    def __getattr__(self, name):
        return getattr(self._identities, name)

    async def add(self, identity):
        await self._identities.add(replace(identity, id="idn_o", member_id=MemberId("mem_other")))
        return await self._identities.add(identity)


class SwitchedOffMeanwhile:
    """The member is switched off after they were found, before their role is renewed."""

    def __init__(self, members):
        self._members, self._asked = members, 0

    def __getattr__(self, name):
        return getattr(self._members, name)

    async def find(self, workspace_id, member_id):
        found = await self._members.find(workspace_id, member_id)
        self._asked += 1
        if self._asked == 1:
            off = found.switched(active=False)
            await self._members.replace(found, off, off.as_fact())
        return found


async def test_f11_whoever_is_switched_off_while_they_sign_in_is_refused():
    platform = await new_company_platform()
    platform.company.person = {"sub": "u1", "email": "ada@acme.com", "email_verified": True}
    await platform.member_who_came()
    admit = replace(platform.admit, members=SwitchedOffMeanwhile(platform.members))
    settings = await platform.sign_in_settings.find(OURS)

    with pytest.raises(NotAdmitted):
        await admit(settings, MAKER)
