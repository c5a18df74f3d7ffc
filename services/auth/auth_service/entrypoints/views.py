from datetime import datetime

from pydantic import BaseModel, Field

from auth_service.domain.credential import Placement, SignIn
from auth_service.usecases.read_credential import CurrentCredential
from contracts.errors import PlatformError


class ReasonView(BaseModel):
    code: str
    detail: str
    hint: str

    @classmethod
    def of(cls, reason: PlatformError) -> "ReasonView":
        return cls(code=reason.code, detail=reason.sentence, hint=reason.hint)


class CredentialView(BaseModel):
    """How an action signs in. What it signs in with was shown for the last time when entered."""

    type: SignIn
    placement: Placement | None = None
    headers: list[str] = Field(default=[], description="Names of the headers that are sent.")
    query: list[str] = Field(default=[], description="Names of the query parameters.")
    origins: list[str] = Field(default=[], description="The only hosts that it is sent to.")
    set_by: str | None = None
    set_at: datetime | None = None
    usable: bool
    reason: ReasonView | None = Field(default=None, description="Why it is not usable.")
    revision: int

    @classmethod
    def of(cls, current: CurrentCredential) -> "CredentialView":
        credential, reason = current.credential, current.unusable_because
        key = credential.api_key
        return cls(
            type=credential.sign_in,
            placement=key.placement if key else None,
            headers=list(key.header_names) if key else [],
            query=list(key.parameter_names) if key else [],
            origins=list(key.origins) if key else [],
            set_by=credential.set_by,
            set_at=credential.set_at,
            usable=reason is None,
            reason=ReasonView.of(reason) if reason else None,
            revision=credential.revision,
        )
