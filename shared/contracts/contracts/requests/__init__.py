"""Every request there is, importable from here; one module an owner."""

from contracts.requests.auth import (
    ActionProblem,
    ActionsChecked,
    ActionToCheck,
    CheckActions,
    CredentialDescription,
    CredentialSlot,
    DescribeCredential,
    IssueCredential,
    SealedCredential,
    pages_to_check,
)
from contracts.requests.catalog import (
    ActionOrigins,
    BoundAction,
    KeptOrigins,
    PublishedGpt,
    ReadAction,
    ReadGpt,
)
from contracts.requests.identity import Authenticate, AuthenticatedCaller, Role
from contracts.requests.policy import Answer, CheckHosts, Decide, HostRefusal, HostsChecked, Verdict
from contracts.requests.schema import (
    OperationBrief,
    OperationsText,
    ReadOperations,
    ReadSchema,
    SchemaBrief,
)

__all__ = [
    "ActionOrigins",
    "ActionProblem",
    "ActionToCheck",
    "ActionsChecked",
    "Answer",
    "Authenticate",
    "AuthenticatedCaller",
    "BoundAction",
    "CheckActions",
    "CheckHosts",
    "CredentialDescription",
    "CredentialSlot",
    "Decide",
    "DescribeCredential",
    "HostRefusal",
    "HostsChecked",
    "IssueCredential",
    "KeptOrigins",
    "OperationBrief",
    "OperationsText",
    "PublishedGpt",
    "ReadAction",
    "ReadGpt",
    "ReadOperations",
    "ReadSchema",
    "Role",
    "SchemaBrief",
    "SealedCredential",
    "Verdict",
    "pages_to_check",
]
