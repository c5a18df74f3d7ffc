"""Refusals of what a company's directory asks for."""

from contracts.errors import Conflict, Invalid


class UserNameTaken(Conflict):
    code = "identity.user_name_taken"

    def __init__(self) -> None:
        super().__init__(
            "Another member of this workspace has this user name or e-mail address.",
            hint='Find that member with the filter userName eq "…", and change it instead.',
        )


class GroupNameTaken(Conflict):
    code = "identity.group_name_taken"

    def __init__(self) -> None:
        super().__init__(
            "Another group of this workspace has this name.",
            hint='Find that group with the filter displayName eq "…", and change it instead.',
        )


class TooManyGroups(Invalid):
    code = "identity.too_many_groups"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"A workspace can have at most {limit:,} groups.",
            hint="Let your directory send only the groups that have a role here.",
        )


class GroupTooLarge(Invalid):
    code = "identity.group_too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"A group can have at most {limit:,} members.",
            hint="Give the people of a larger group their role by several smaller groups.",
        )


class UnknownGroupMember(Invalid):
    code = "identity.unknown_group_member"

    def __init__(self) -> None:
        super().__init__(
            "The group names a member who is none of this workspace's users.",
            hint="Create the user first, and name it by the id that it got here.",
        )
