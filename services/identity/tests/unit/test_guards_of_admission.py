"""Which role somebody has who signs in with the company's account, guard by guard."""

from dataclasses import replace

import pytest

from contracts.ids import MemberId
from contracts.requests import Role
from identity_service.domain.directory_entry import DirectoryEntry
from identity_service.domain.group import GroupRole, GroupRoles
from identity_service.domain.member import Member
from identity_service.domain.member_errors import EmailTaken
from identity_service.domain.oidc.admission import renewed_role, role_of
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
