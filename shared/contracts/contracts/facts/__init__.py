"""Every fact there is, importable from here; one module an aggregate."""

from contracts.facts.action import ActionRemoved
from contracts.facts.connection import ConnectionLinked, ConnectionLost, ConnectionRevoked
from contracts.facts.credential import CredentialChanged
from contracts.facts.domains import DomainsChanged
from contracts.facts.gpt import GptAccessChanged, GptChanged, GptPublished, GptRemoved
from contracts.facts.invocation import (
    CoercedArgument,
    InvocationFinished,
    InvocationStarted,
    Outcome,
)
from contracts.facts.member import MemberChanged
from contracts.facts.schema import SchemaCompiled, SchemaStored, SchemaVerified
from contracts.facts.session import SessionRevoked
from contracts.facts.settings import SettingsChanged
from contracts.facts.token import TokenRevoked
from contracts.facts.workspace import (
    WorkspaceClosed,
    WorkspaceCreated,
    WorkspaceRemoved,
    WorkspaceRestored,
)

__all__ = [
    "ActionRemoved",
    "CoercedArgument",
    "ConnectionLinked",
    "ConnectionLost",
    "ConnectionRevoked",
    "CredentialChanged",
    "DomainsChanged",
    "GptAccessChanged",
    "GptChanged",
    "GptPublished",
    "GptRemoved",
    "InvocationFinished",
    "InvocationStarted",
    "MemberChanged",
    "Outcome",
    "SchemaCompiled",
    "SchemaStored",
    "SchemaVerified",
    "SessionRevoked",
    "SettingsChanged",
    "TokenRevoked",
    "WorkspaceClosed",
    "WorkspaceCreated",
    "WorkspaceRemoved",
    "WorkspaceRestored",
]
