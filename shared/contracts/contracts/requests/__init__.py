"""Every request there is, importable from here; one module an owner."""

from contracts.principal import Role
from contracts.requests.auth import IssueCredential, SealedCredential
from contracts.requests.catalog import (
    AccessEntry,
    AccessOfGpt,
    ActionOrigins,
    BoundAction,
    KeptOrigins,
    PublishedGpt,
    ReadAccess,
    ReadAction,
    ReadGpt,
    ReadRelease,
    ReadReleaseTexts,
    ReleaseAction,
    ReleasePage,
    ReleaseTexts,
    ReleaseTool,
    Stage,
)
from contracts.requests.identity import Authenticate, AuthenticatedCaller
from contracts.requests.policy import Answer, CheckHosts, Decide, HostRefusal, HostsChecked, Verdict
from contracts.requests.schema import (
    OperationBrief,
    OperationsText,
    ReadOperations,
    ReadSchema,
    SchemaBrief,
)

__all__ = [
    "AccessEntry",
    "AccessOfGpt",
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
    "KeptOrigins",
    "OperationBrief",
    "OperationsText",
    "PublishedGpt",
    "ReadAccess",
    "ReadAction",
    "ReadGpt",
    "ReadOperations",
    "ReadRelease",
    "ReadReleaseTexts",
    "ReadSchema",
    "ReleaseAction",
    "ReleasePage",
    "ReleaseTexts",
    "ReleaseTool",
    "Role",
    "SchemaBrief",
    "SealedCredential",
    "Stage",
    "Verdict",
]
