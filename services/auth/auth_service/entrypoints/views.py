from datetime import datetime

from pydantic import BaseModel, Field

from auth_service.domain.credential import Credential
from auth_service.domain.credential_use import CredentialUse, Stopped, use_of
from auth_service.domain.entered import Entered, EnteredApiKey
from auth_service.domain.placement import Placement
from auth_service.domain.referred_key import ReferredKey
from auth_service.domain.sign_in import SignIn
from auth_service.domain.tested_credential import TestedCredential, TestOutcome
from auth_service.entrypoints.way_views import ClientView, ReferenceView, WayView
from auth_service.usecases.read_credential import CurrentCredentials
from contracts.errors import PlatformError
from contracts.secret_values import MIN_MASKED_CHARACTERS


class ReasonView(BaseModel):
    code: str
    detail: str
    hint: str

    @classmethod
    def of(cls, reason: PlatformError) -> "ReasonView":
        return cls(code=reason.code, detail=reason.sentence, hint=reason.hint)


class WarningView(BaseModel):
    code: str
    detail: str
    hint: str


NOT_MASKED = WarningView(
    code="auth.secret_not_masked",
    detail=f"A secret of this credential has fewer than {MIN_MASKED_CHARACTERS} characters: an "
    "answer of the API that repeats it shows it to whoever called.",
    hint="Use a longer key if the API has one.",
)


PER_USER = "Whether each member signs in with a key or an account of their own."
SCHEME = "In `Authorization`, before each member's own key."
REFERENCES = "What stands for parts of the key that stay in a store of the operator's."
LABELS = "What the form for each member's own key calls its values."


class RecordView(BaseModel):
    """What was entered for one set of origins, and who signs in with it."""

    origin_set: str = Field(description="SHA-256 of the origins, by which DELETE names it.")
    type: SignIn
    placement: Placement | None = None
    headers: list[str] = Field(default=[], description="Names of the headers that are sent.")
    query: list[str] = Field(default=[], description="Names of the query parameters.")
    per_user: bool = Field(default=False, description=PER_USER)
    scheme: str = Field(default="", description=SCHEME)
    labels: list[str] = Field(default=[], description=LABELS)
    references: list[ReferenceView] = Field(default=[], description=REFERENCES)
    client: ClientView | None = None
    origins: list[str] = Field(
        default=[],
        description="The only hosts that it is sent to; not listed for a type `none` that was kept "
        "for an earlier version.",
    )
    set_by: str | None = None
    set_at: datetime | None = None
    deleted: bool = Field(
        default=False, description="Its key was deleted: calls that used it are refused."
    )
    draft: bool = Field(description="Whether calls of the draft use it.")
    published: bool = Field(description="Whether calls of the published version use it.")
    versions: list[int] = Field(description="The kept versions whose calls use it, newest first.")

    @classmethod
    def of(cls, record: Credential, use: CredentialUse) -> "RecordView":
        return cls(
            **WayView.of(record).members,
            origin_set=record.origin_set,
            origins=list(record.origins),
            set_by=record.set_by,
            set_at=record.set_at,
            deleted=record.deleted,
            draft=use.draft,
            published=use.published,
            versions=list(use.versions),
        )


class CredentialView(BaseModel):
    """How an action signs in. What it signs in with was shown for the last time when entered.

    The members beside `records` are those of the record that the draft signs in with or, where it
    calls other hosts, of the newest one. Read `records`: the others go in the next version.
    """

    type: SignIn
    placement: Placement | None = None
    headers: list[str] = Field(default=[], description="Names of the headers that are sent.")
    query: list[str] = Field(default=[], description="Names of the query parameters.")
    per_user: bool = Field(default=False, description=PER_USER)
    scheme: str = Field(default="", description=SCHEME)
    labels: list[str] = Field(default=[], description=LABELS)
    references: list[ReferenceView] = Field(default=[], description=REFERENCES)
    client: ClientView | None = None
    origins: list[str] = Field(default=[], description="The only hosts that it is sent to.")
    set_by: str | None = None
    set_at: datetime | None = None
    usable: bool = Field(description="Whether calls of the draft sign in.")
    reason: ReasonView | None = Field(default=None, description="Why they do not.")
    revision: int
    records: list[RecordView] = Field(
        default=[], description="One for each set of origins, newest first; at most 64."
    )
    warnings: list[WarningView] = Field(
        default=[],
        description="About what was entered with this request, such as `auth.secret_not_masked`: "
        "it is stored, and nothing of it is known that a later reading could warn of.",
    )

    @classmethod
    def of(cls, current: CurrentCredentials, entered: Entered | None = None) -> "CredentialView":
        credentials, reason, shown = current.credentials, current.unusable_because, current.of_draft
        return cls(
            **WayView.of(shown).members,
            origins=list(shown.origins) if shown and shown.way else [],
            set_by=shown.set_by if shown else credentials.cleared_by,
            set_at=shown.set_at if shown else credentials.cleared_at,
            usable=reason is None,
            reason=ReasonView.of(reason) if reason else None,
            revision=credentials.revision,
            records=[
                RecordView.of(record, use_of(record, credentials, current.hosts))
                for record in credentials.records
            ],
            warnings=[NOT_MASKED] if _is_readable(entered) else [],
        )


class StoppedView(BaseModel):
    """What signed in with the credentials that were destroyed, and does so no more."""

    versions: list[int] = Field(description="Kept versions, newest first.")
    draft: bool
    published: bool = Field(description="Whether the published version is among them.")

    @classmethod
    def of(cls, stopped: Stopped) -> "StoppedView":
        return cls(
            versions=list(stopped.versions), draft=stopped.draft, published=stopped.published
        )


class TestedView(BaseModel):
    """What came of a test; `status` is the API's answer, null where there was none."""

    __test__ = False

    outcome: TestOutcome = Field(
        description="By the status: 2xx and 3xx `accepted`, 401 and 403 `rejected`, else `unclear`."
    )
    status: int | None
    operation_id: str
    invocation_id: str = Field(description="The call's record: GET /v1/invocations/{id}.")
    sentence: str
    hint: str

    @classmethod
    def of(cls, tested: TestedCredential) -> "TestedView":
        called = tested.called
        return cls(
            outcome=tested.outcome,
            status=called.status,
            operation_id=called.operation,
            invocation_id=called.invocation_id,
            sentence=tested.sentence,
            hint=tested.hint,
        )


class CallbackView(BaseModel):
    callback_url: str = Field(description="Enter it at the provider, to the letter.")


def _is_readable(entered: Entered | None) -> bool:
    """Whether an answer that repeats the secret shows it. A client secret is in no call; what a
    reference stands for is not known when it is entered.
    """
    if not isinstance(entered, EnteredApiKey) or isinstance(entered.material, ReferredKey):
        return False
    return not entered.material.is_masked
