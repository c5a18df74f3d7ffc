"""Who may do what with a GPT, with invocations and with members: one pure function.

Scopes say what a token is for, and the route demands them (`Principal.demand`). This says what the
member behind it may do: by role, as a GPT's owner, or by the GPT's access list.

- Another workspace's things are not found, whatever is asked.
- All members chat with a GPT that is shared with the workspace, by link or with everybody. With a
  private one, its owner and its access list do; its draft is called by its owner and by those who
  may edit on its list. Owners and admins of the workspace are no exception there: a call uses what
  its owner signed in with. They may put themselves on the list, which the audit trail shows.
- Owners and admins of the workspace view, duplicate, edit, publish, share and remove all its GPTs.
- The owner of a GPT does the same with it. `edit` on its list is enough to edit and publish, `view`
  to see its settings and duplicate it; each level includes those below. Who may chat with it, who
  owns it and whether it exists is not an editor's to change.
- Builders build: duplicating, editing, publishing, sharing and removing needs the role `builder` or
  above, also for whoever a list names or who owned a GPT before a change of role.
- To whoever may do nothing with a GPT it is not found.
- Members read their own invocations, owners and admins the workspace's, and manage its members.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from contracts.errors import ERROR_OF_KIND, Kind, PlatformError
from contracts.ids import MemberId, WorkspaceId
from contracts.principal import Principal, Role


class Verb(StrEnum):
    CHAT = "chat"
    VIEW_SETTINGS = "view_settings"
    DUPLICATE = "duplicate"
    EDIT = "edit"
    TRY_DRAFT = "try_draft"
    """Call what is not published, with the GPT's credentials."""
    PUBLISH = "publish"
    """With the sharing that it has; another one needs CHANGE_ACCESS too."""
    CHANGE_ACCESS = "change_access"
    """Its owner, its sharing and its access list."""
    REMOVE = "remove"
    READ_OWN = "read_own"
    READ_ALL = "read_all"
    MANAGE = "manage"


EVERYBODY: Final = "*"
"""Stands for all members of a workspace where ids of members are listed."""


class Sharing(StrEnum):
    PRIVATE = "private"
    WORKSPACE = "workspace"
    LINK = "link"
    PUBLIC = "public"


class Level(StrEnum):
    """What an access list grants."""

    CHAT = "can_chat"
    VIEW = "can_view"
    EDIT = "can_edit"


@dataclass(frozen=True, slots=True)
class GptAccess:
    """Who has access to a GPT: in force at once, and part of no release."""

    workspace_id: WorkspaceId
    owner: MemberId | None
    sharing: Sharing
    entries: tuple[tuple[MemberId, Level], ...] = ()


@dataclass(frozen=True, slots=True)
class Invocations:
    """The invocations of a workspace; READ_OWN are the principal's among them."""

    workspace_id: WorkspaceId


@dataclass(frozen=True, slots=True)
class Members:
    """The members of a workspace."""

    workspace_id: WorkspaceId


Thing = GptAccess | Invocations | Members


@dataclass(frozen=True, slots=True)
class Permitted:
    reason: str
    """What gives the right, such as `role: admin`, `owner` or `list: can_edit`."""


@dataclass(frozen=True, slots=True)
class Refused:
    kind: Kind
    code: str
    sentence: str
    hint: str

    def error(self) -> PlatformError:
        """To raise. What is not found may instead be refused in the thing's own words."""
        return ERROR_OF_KIND[self.kind](self.sentence, hint=self.hint, code=self.code)


NOT_FOUND: Final = Refused(
    Kind.NOT_FOUND,
    "platform.not_found",
    "There is nothing here.",
    "Check the id; lists show what you can see.",
)
"""The same words for what never existed, for another workspace's and for what nobody shared."""
PRIVATE: Final = Refused(
    Kind.DENIED,
    "access.private",
    "This GPT is private: its owner and the members on its access list may use it.",
    "Add yourself to its access list, which you may change: PUT /v1/gpts/{gpt_id}/access.",
)
BUILDERS_ONLY: Final = Refused(
    Kind.DENIED,
    "access.builders_only",
    "Members with the role `user` use GPTs and do not build them.",
    "An owner or admin of your workspace can make you a builder.",
)
LEVEL_TOO_LOW: Final = Refused(
    Kind.DENIED,
    "access.level_too_low",
    "Your access to this GPT does not include that.",
    "Its owner, or an owner or admin of your workspace, can change its access list.",
)
NOT_THE_OWNER: Final = Refused(
    Kind.DENIED,
    "access.owner_only",
    "Only the owner of this GPT, and owners and admins of its workspace, may do that.",
    "Ask one of them.",
)
ADMINS_ONLY: Final = Refused(
    Kind.DENIED,
    "access.admins_only",
    "Only owners and admins of your workspace may do that.",
    "Ask one of them.",
)


class _Held(IntEnum):
    """What somebody holds of a GPT; each includes those below."""

    NOTHING = 0
    CHAT = 1
    VIEW = 2
    EDIT = 3
    ALL = 4


_ADMINS: Final = frozenset({Role.OWNER, Role.ADMIN})
_HELD_BY_LEVEL: Final = {Level.CHAT: _Held.CHAT, Level.VIEW: _Held.VIEW, Level.EDIT: _Held.EDIT}
_NEEDED: Final = {
    Verb.CHAT: _Held.CHAT,
    Verb.VIEW_SETTINGS: _Held.VIEW,
    Verb.DUPLICATE: _Held.VIEW,
    Verb.EDIT: _Held.EDIT,
    Verb.TRY_DRAFT: _Held.EDIT,
    Verb.PUBLISH: _Held.EDIT,
    Verb.CHANGE_ACCESS: _Held.ALL,
    Verb.REMOVE: _Held.ALL,
}
_BUILDING: Final = _NEEDED.keys() - {Verb.CHAT, Verb.VIEW_SETTINGS}
_CALLING: Final = frozenset({Verb.CHAT, Verb.TRY_DRAFT})
_OF_INVOCATIONS: Final = frozenset({Verb.READ_OWN, Verb.READ_ALL})
_OF_MEMBERS: Final = frozenset({Verb.MANAGE})


def may(principal: Principal, verb: Verb, thing: Thing) -> Permitted | Refused:
    """May this member do that? ValueError for a verb that the thing does not have."""
    if isinstance(thing, GptAccess):
        if verb not in _NEEDED:
            raise ValueError(f"nobody can {verb} a GPT")
        return _may_with_gpt(principal, verb, thing)
    verbs = _OF_MEMBERS if isinstance(thing, Members) else _OF_INVOCATIONS
    if verb not in verbs:
        raise ValueError(f"nobody can {verb} {type(thing).__name__.lower()}")
    if principal.workspace_id != thing.workspace_id:
        return NOT_FOUND
    if verb is Verb.READ_OWN:
        return Permitted("own")
    return _by_role(principal) or ADMINS_ONLY


def _by_role(principal: Principal) -> Permitted | None:
    return Permitted(f"role: {principal.role}") if principal.role in _ADMINS else None


def _may_with_gpt(principal: Principal, verb: Verb, gpt: GptAccess) -> Permitted | Refused:
    if principal.workspace_id != gpt.workspace_id:
        return NOT_FOUND
    ruling = _by_role(principal)
    if ruling and not (verb in _CALLING and gpt.sharing is Sharing.PRIVATE):
        return ruling
    held, reason = _held(principal, gpt)
    if held is _Held.NOTHING:
        return PRIVATE if ruling else NOT_FOUND
    if verb in _BUILDING and principal.role is Role.USER:
        return BUILDERS_ONLY
    needed = _NEEDED[verb]
    if held >= needed:
        return Permitted(reason)
    return NOT_THE_OWNER if needed is _Held.ALL else LEVEL_TOO_LOW


def _held(principal: Principal, gpt: GptAccess) -> tuple[_Held, str]:
    """The highest, and what gives it."""
    held, reason = _Held.NOTHING, ""
    if gpt.sharing != Sharing.PRIVATE:
        held, reason = _Held.CHAT, f"sharing: {gpt.sharing}"
    for member_id, level in gpt.entries:
        if member_id == principal.member_id and _HELD_BY_LEVEL[level] > held:
            held, reason = _HELD_BY_LEVEL[level], f"list: {level}"
    if gpt.owner is not None and gpt.owner == principal.member_id:
        held, reason = _Held.ALL, "owner"
    return held, reason
