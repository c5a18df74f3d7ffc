from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from contracts.ids import MemberId
from contracts.principal import Principal, Scope
from contracts.requests import Role
from identity_service.domain.api_token import ApiToken
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
    role: Role
    scopes: list[str]


class WorkspaceView(BaseModel):
    id: str
    title: str
    closing_until: datetime | None = Field(
        description="When it is going to be removed; null unless an owner asked for that."
    )
    you: YouView

    @classmethod
    def of(cls, workspace: Workspace, caller: Principal) -> "WorkspaceView":
        you = YouView(member_id=caller.member_id, role=caller.role, scopes=sorted(caller.scopes))
        return cls(
            id=workspace.id,
            title=workspace.title,
            closing_until=workspace.closing_until,
            you=you,
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


class TokenView(BaseModel):
    id: str
    name: str
    member_id: str
    hint: str = Field(description="The four characters after `oat_`.")
    scopes: list[str] | None = Field(
        description="At most these, of what the member's role allows now; null: all of that."
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
