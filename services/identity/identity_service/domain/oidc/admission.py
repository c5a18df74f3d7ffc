"""Whether a person whom a provider vouches for is a member, becomes one, or is refused."""

from collections.abc import Collection

from contracts.requests import Role
from identity_service.domain.group import GroupRoles
from identity_service.domain.member import Member, MemberKind
from identity_service.domain.oidc.email_domain import domain_of
from identity_service.domain.oidc.errors import NotAdmitted
from identity_service.domain.oidc.id_token import Person
from identity_service.domain.oidc.sign_in_settings import Identity, SignInSettings

_INVITE = "Ask an owner or an admin of the workspace to invite you with your e-mail address."


def refuse_unfit(member: Member) -> None:
    if not member.active:
        raise NotAdmitted(
            "your membership is switched off",
            hint="Ask an owner or an admin of the workspace to switch it on again.",
        )
    if member.kind is not MemberKind.PERSON:
        raise NotAdmitted("you would be a service account, which does not sign in", hint=_INVITE)


def refuse_another_account(person: Person, member: Member, bound: Collection[Identity]) -> None:
    """Of the member with the person's verified address. One who is bound already to another name
    at this issuer is somebody else, who had the address before: addresses are given away anew.
    """
    refuse_unfit(member)
    if any(each.issuer == person.issuer for each in bound):
        raise NotAdmitted(
            "the member with your e-mail address signs in with another account of your company",
            hint="Sign in with that account. If that was somebody else before you, ask an owner "
            "or an admin of the workspace to remove that member, and to invite you.",
        )


def refuse_newcomer(person: Person, domains: Collection[str], *, was_removed: bool) -> None:
    """Unless their verified address is of a domain that is the workspace's own."""
    if was_removed:
        raise NotAdmitted("you were removed from it", hint=_INVITE)
    if person.email is None:
        raise NotAdmitted(
            "your company's sign-in did not say that it verified your e-mail address",
            hint="Whoever manages your company's accounts lets this application have `email` and "
            "`email_verified`.",
        )
    if domain_of(person.email) not in domains:
        raise NotAdmitted("nobody invited you with your e-mail address", hint=_INVITE)


def role_of(person: Person, settings: SignInSettings, roles: GroupRoles) -> Role:
    """The highest that one of the groups gives which the company's sign-in names; the default role
    where none does.
    """
    groups = person.groups if settings.group_claim else None
    return roles.highest_named(groups or ()) or settings.default_role


def groups_give_roles(settings: SignInSettings, roles: GroupRoles) -> bool:
    return settings.group_claim is not None and bool(roles.entries)


def may_change_by_groups(settings: SignInSettings, roles: GroupRoles, role: Role) -> bool:
    """Whether somebody who was given the role by hand may lose it when they sign in."""
    stays = role is Role.OWNER and not roles.make_owners
    return groups_give_roles(settings, roles) and not stays


def renewed_role(
    person: Person, settings: SignInSettings, roles: GroupRoles, member: Member
) -> Role:
    """At each sign-in that names the person's groups, where groups give roles. Without the claim
    nobody said that they are in none.

    Whoever has their role from the company's directory (SCIM) keeps that, and whoever is kept for
    emergencies stays an owner. All owners do unless a group makes owners, which owners decide: else
    an admin could bring one down with a group of their own.
    """
    if person.groups is None or not groups_give_roles(settings, roles):
        return member.role
    if member.id == settings.emergency_owner:
        return member.role
    if member.directory is not None and member.directory.gave_role:
        return member.role
    if member.role is Role.OWNER and not roles.make_owners:
        return member.role
    return role_of(person, settings, roles)
