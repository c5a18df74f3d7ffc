"""Every request there is, importable from here; one module an owner."""

from contracts.principal import Role
from contracts.requests.auth import IssueCredential, SealedCredential
from contracts.requests.catalog import (
    ActionOrigins,
    BoundAction,
    PublishedGpt,
    ReadAction,
    ReadGpt,
)
from contracts.requests.identity import Authenticate, AuthenticatedCaller
from contracts.requests.policy import (
    Answer,
    CheckHosts,
    Decide,
    HostRefusal,
    HostsChecked,
    ReadSettings,
    Verdict,
    WorkspaceSettings,
)
from contracts.requests.schema import (
    OperationBrief,
    OperationsText,
    ReadOperations,
    ReadSchema,
    SchemaBrief,
)

__all__ = [
    "ActionOrigins",
    "Answer",
    "Authenticate",
    "AuthenticatedCaller",
    "BoundAction",
    "CheckHosts",
    "Decide",
    "HostRefusal",
    "HostsChecked",
    "IssueCredential",
    "OperationBrief",
    "OperationsText",
    "PublishedGpt",
    "ReadAction",
    "ReadGpt",
    "ReadOperations",
    "ReadSchema",
    "ReadSettings",
    "Role",
    "SchemaBrief",
    "SealedCredential",
    "Verdict",
    "WorkspaceSettings",
]
