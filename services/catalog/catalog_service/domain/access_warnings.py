"""Warnings about a change of access to a GPT that may not be intended."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog_service.domain.gpt import Gpt
from contracts.access import Level, Permitted, Verb, may
from contracts.ids import MemberId
from contracts.principal import Principal


@dataclass(frozen=True, slots=True)
class AccessWarning:
    """The change is stored all the same."""

    code: str
    sentence: str
    hint: str
    member_id: MemberId


def access_warnings(
    by: Principal, seen: Gpt, changed: Gpt, users: Sequence[MemberId]
) -> tuple[AccessWarning, ...]:
    """`users` are those who were given more and have the role `user`."""
    warnings = [
        AccessWarning(
            "catalog.editor_builds_nothing",
            f"{member_id} has the role `user`, and edits nothing until they are a builder.",
            "An owner or admin of your workspace can change their role: PATCH /v1/members/{id}.",
            member_id,
        )
        for member_id, level in changed.entries
        if level is Level.EDIT and member_id in users
    ]
    views = isinstance(may(by, Verb.VIEW_SETTINGS, changed.access), Permitted)
    if seen.owner == by.member_id and changed.owner != seen.owner and not views:
        warnings.append(
            AccessWarning(
                "catalog.access_given_away",
                "You gave this GPT away and do not see its settings any more.",
                "Its new owner, or an owner or admin of your workspace, can put you on its access "
                "list: PUT /v1/gpts/{gpt_id}/access.",
                by.member_id,
            )
        )
    return tuple(warnings)
