from dataclasses import dataclass

from contracts.ids import MemberId, new_id
from contracts.requests import Role
from identity_service.domain.errors import LastOwner, LastOwnerToken, TooManyMembers
from identity_service.domain.member import Member, MemberEdit
from identity_service.domain.member_errors import EmailTaken
from identity_service.domain.oidc.admission import (
    refuse_another_account,
    refuse_newcomer,
    refuse_unfit,
    renewed_role,
    role_of,
)
from identity_service.domain.oidc.errors import AttemptOver
from identity_service.domain.oidc.id_token import Person
from identity_service.domain.oidc.sign_in_settings import Identity, SignInSettings
from identity_service.ports import (
    ConfirmedDomainStore,
    GroupRolesStore,
    IdentityStore,
    MemberStore,
    SignInNotes,
)
from identity_service.usecases.keep_an_owner import KeepAnOwner
from kit.contention import repeats_on_contention


@dataclass(frozen=True, slots=True)
class AdmitPerson:
    """The member of a workspace whom a provider vouches for; `NotAdmitted` where there is none.

    A member is known by issuer and subject. Who is not known yet is bound, once, to whom somebody
    invited with exactly the verified address, or whom the directory names so, or becomes a member
    where its domain is the workspace's own. The role follows the groups at each sign-in that
    names them, where groups give roles (`GroupRoles`), unless it comes from the company's
    directory.
    """

    members: MemberStore
    identities: IdentityStore
    confirmed: ConfirmedDomainStore
    group_roles: GroupRolesStore
    keep_an_owner: KeepAnOwner
    notes: SignInNotes
    limit: int

    async def __call__(self, settings: SignInSettings, person: Person) -> Member:
        try:
            member = await self._admitted(settings, person)
        except EmailTaken:  # the same person came in at the same moment
            member = await self._admitted(settings, person)
        return await self._with_renewed_role(settings, person, member.id)

    async def _admitted(self, settings: SignInSettings, person: Person) -> Member:
        within = settings.workspace_id
        known = await self.identities.find(within, person.issuer, person.subject)
        if known is not None:
            member = await self.members.find(within, known.member_id)
            if member is not None:
                refuse_unfit(member)
                return member
        email = person.email
        invited = await self.members.find_by_address(within, email) if email else None
        if invited is not None:
            bound = await self.identities.of_member(within, invited.id)
            refuse_another_account(person, invited, bound)
            return await self._bound(invited, person, known, "invited")
        newcomer = await self._newcomer(settings, person, was_removed=known is not None)
        return await self._bound(newcomer, person, known, "newcomer")

    async def _newcomer(
        self, settings: SignInSettings, person: Person, *, was_removed: bool
    ) -> Member:
        within = settings.workspace_id
        confirmed = await self.confirmed.find(within)
        domains = {*settings.domains}.intersection(confirmed.domains)
        refuse_newcomer(person, domains, was_removed=was_removed)
        if await self.members.count(within) >= self.limit:
            raise TooManyMembers(self.limit)
        email = person.email or ""
        member = Member(
            id=MemberId(new_id("mem")),
            workspace_id=within,
            name=person.name or email.partition("@")[0],
            role=role_of(person, settings, await self.group_roles.read(within)),
            email=email,
        )
        await self.members.add(member)
        return member

    async def _bound(
        self, member: Member, person: Person, before: Identity | None, how: str
    ) -> Member:
        """The member first, then who it is: a crash in between leaves one who is bound by the
        address the next time.
        """
        if before is not None:
            await self.identities.remove(before)
        identity = Identity(
            new_id("idn"), member.workspace_id, member.id, person.issuer, person.subject
        )
        if not await self.identities.add(identity):
            await self._demand_is_this_person(member, person)
        self.notes.admitted(member, how)
        return member

    async def _demand_is_this_person(self, member: Member, person: Person) -> None:
        """Somebody bound the member, or the account, at this moment."""
        bound = await self.identities.of_member(member.workspace_id, member.id)
        if any((each.issuer, each.subject) == (person.issuer, person.subject) for each in bound):
            return
        refuse_another_account(person, member, bound)
        raise AttemptOver

    @repeats_on_contention
    async def _with_renewed_role(
        self, settings: SignInSettings, person: Person, member_id: MemberId
    ) -> Member:
        seen = await self.members.find(settings.workspace_id, member_id)
        if seen is None:
            raise AttemptOver
        refuse_unfit(seen)
        roles = await self.group_roles.read(settings.workspace_id)
        changed = seen.edited(MemberEdit(role=renewed_role(person, settings, roles, seen)))
        if changed is seen:
            return seen
        if seen.role is Role.OWNER:
            try:
                await self.keep_an_owner(seen)
            except (LastOwner, LastOwnerToken):  # the workspace must not be left without one
                return seen
        await self.members.replace(seen, changed, changed.as_fact())
        return changed
