from datetime import datetime

from pydantic import BaseModel, Field

from contracts.principal import Principal, Role, Via
from identity_service.domain.session import Session
from identity_service.domain.sign_in_link import SignInLink
from identity_service.usecases.read_own_session import OwnSession


class OfWorkspaceView(BaseModel):
    id: str
    title: str


class OfMemberView(BaseModel):
    id: str
    name: str
    role: Role


class SessionView(BaseModel):
    """Who the caller is, where, and how they came."""

    id: str | None = Field(description="Null where you called with a token.")
    workspace: OfWorkspaceView
    member: OfMemberView
    via: Via
    scopes: list[str]
    created_at: datetime | None
    last_used_at: datetime | None = Field(description="To the minute.")
    expires_at: datetime | None = Field(
        description="A session's moves as it is used, to 7 days after its begin at most."
    )

    company_sign_out: str | None = Field(
        default=None,
        description="Where a browser signs out of the company's account, too, once it signed out "
        "here; null unless it signed in with one.",
    )

    @classmethod
    def of(cls, own: OwnSession, caller: Principal) -> "SessionView":
        session = own.session
        came_with_account = session is not None and session.at_provider is not None
        sign_out = f"/v1/session/oidc/sign-out?workspace={own.workspace.id}"
        return cls(
            id=session.id if session else None,
            workspace=OfWorkspaceView(id=own.workspace.id, title=own.workspace.title),
            member=OfMemberView(id=own.member.id, name=own.member.name, role=caller.role),
            via=caller.via,
            scopes=sorted(caller.scopes),
            created_at=session.created_at if session else None,
            last_used_at=session.last_used_at if session else None,
            expires_at=session.expires_at if session else caller.expires_at,
            company_sign_out=sign_out if came_with_account else None,
        )


class OwnSessionView(BaseModel):
    id: str
    browser: str = Field(description="As the browser called itself when you signed in.")
    created_at: datetime
    last_used_at: datetime = Field(description="To the minute.")
    expires_at: datetime = Field(description="Unless it is used before.")
    current: bool = Field(description="Whether this request came with it.")

    @classmethod
    def of(cls, session: Session, caller: Principal) -> "OwnSessionView":
        return cls(
            id=session.id,
            browser=session.browser,
            created_at=session.created_at,
            last_used_at=session.last_used_at,
            expires_at=session.expires_at,
            current=session.id == caller.credential_id,
        )


class SignInLinkView(BaseModel):
    url: str = Field(description="Shown this once. Whoever opens it first is signed in as owner.")
    expires_at: datetime

    @classmethod
    def of(cls, link: SignInLink, url: str) -> "SignInLinkView":
        return cls(url=url, expires_at=link.expires_at)
