from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from contracts.ids import MemberId
from contracts.principal import SCOPES_OF_ROLE, Principal, Scope
from contracts.requests import Role
from identity_service.domain.api_token import ApiToken
from identity_service.domain.lent import Lent
from identity_service.domain.named_scopes import given_by
from identity_service.domain.workspace import Workspace

MAX_TOKEN_DAYS = 3_650
Name = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$"
    ),
]
"""One line for people to read."""


class YouView(BaseModel):
    """The caller, as identity sees them."""

    member_id: str
    role: Role = Field(description="With which this request acts.")
    member_role: Role = Field(
        description="Yours as a member. It is above `role` where somebody else made your token, "
        "which acts with no higher role than they had then."
    )
    scopes: list[str]

    @classmethod
    def of(cls, caller: Principal) -> "YouView":
        return cls(
            member_id=caller.member_id,
            role=caller.role,
            member_role=caller.member_role or caller.role,
            scopes=sorted(caller.scopes),
        )


class WorkspaceView(BaseModel):
    id: str
    title: str
    closing_until: datetime | None = Field(
        description="When it is going to be removed; null unless an owner asked for that."
    )
    you: YouView

    @classmethod
    def of(cls, workspace: Workspace, caller: Principal) -> "WorkspaceView":
        return cls(
            id=workspace.id,
            title=workspace.title,
            closing_until=workspace.closing_until,
            you=YouView.of(caller),
        )


class WorkspaceBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: Name


class NamedWorkspaceBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = Field(max_length=100, description="The workspace's, exactly.")


class TenantView(BaseModel):
    """A workspace as the operator of the installation sees it."""

    id: str
    title: str
    closing_until: datetime | None = Field(
        description="When it is going to be removed; null unless somebody asked for that."
    )

    @classmethod
    def of(cls, workspace: Workspace) -> "TenantView":
        return cls(id=workspace.id, title=workspace.title, closing_until=workspace.closing_until)


class NewWorkspaceView(TenantView):
    owner_token: str = Field(description="Shown this once.")


class CapView(BaseModel):
    """How far a token goes that somebody else made for its member, who may be above them now."""

    role: Role = Field(
        description="It acts with no higher role than this, which whoever made it had then."
    )
    by: list[MemberId] = Field(
        description="Who made it, and who made what it was made with. It is revoked when one of "
        "them is removed."
    )
    scopes: list[str] = Field(description="What it may do at most because of that.")

    @classmethod
    def of(cls, token: ApiToken, lent: Lent) -> "CapView":
        role = lent.at_most
        scopes = token.scopes_within(SCOPES_OF_ROLE[role], given_by(role))
        return cls(role=role, by=list(lent.by), scopes=sorted(scopes))


class TokenView(BaseModel):
    id: str
    name: str
    member_id: str
    hint: str = Field(description="The four characters after `oat_`.")
    scopes: list[str] | None = Field(
        description="At most these, of what the member's role allows now; null: all of that."
    )
    capped: CapView | None = Field(
        description="Where somebody else made it for a person: what their role then leaves of it. "
        "A token that its member creates with a session of their own has no such bound. Null: it "
        "has none, or an earlier release made it."
    )
    created_at: datetime
    created_by: str | None = Field(
        description="The member who made it, who may have left since; null for a first owner's "
        "token, and where an earlier release made it."
    )
    expires_at: datetime | None
    last_used_at: datetime | None = Field(description="To the minute.")

    @classmethod
    def of(cls, token: ApiToken) -> "TokenView":
        return cls(
            id=token.id,
            name=token.name,
            member_id=token.member_id,
            hint=token.hint,
            scopes=None if token.scopes is None else sorted(token.scopes),
            capped=CapView.of(token, token.lent) if token.lent else None,
            created_at=token.created_at,
            created_by=token.created_by,
            expires_at=token.expires_at,
            last_used_at=token.last_used_at,
        )


class NewTokenView(TokenView):
    token: str = Field(description="Shown this once.")


class TokenBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Name
    member_id: MemberId | None = Field(default=None, max_length=100, description="You, if absent.")
    scopes: frozenset[Scope] | None = Field(
        default=None,
        min_length=1,
        description="If absent: all that the member's role allows at any time, as far as your own "
        "token allows it now.",
    )
    expires_in_days: int | None = Field(
        default=None, ge=1, le=MAX_TOKEN_DAYS, description="Never expires, if absent."
    )
