"""What identity needs of the world."""

from identity_service.ports.company import (
    AttemptSeal,
    ChoiceStore,
    CodeExchange,
    ConfirmedDomainStore,
    EndedAttemptStore,
    IdentityStore,
    LogoutTokenStore,
    Providers,
    Questions,
    SignInNotes,
    SignInSettingsStore,
    Tokens,
)
from identity_service.ports.credentials import (
    SessionStore,
    SignInLinkStore,
    TokenStore,
    UseNotes,
)
from identity_service.ports.directory import (
    DirectoryStore,
    GroupRolesStore,
    GroupStore,
)
from identity_service.ports.drawing import (
    AnnounceOwnerToken,
    AnnounceSignInLink,
    Clock,
    DrawSecret,
    DrawText,
    DrawToken,
)
from identity_service.ports.members import (
    InvitationStore,
    MemberStore,
)
from identity_service.ports.operating import DeadLetterStore
from identity_service.ports.workspaces import (
    BootstrapStore,
    WorkspaceStore,
)

__all__ = [
    "AnnounceOwnerToken",
    "AnnounceSignInLink",
    "AttemptSeal",
    "BootstrapStore",
    "ChoiceStore",
    "Clock",
    "CodeExchange",
    "ConfirmedDomainStore",
    "DeadLetterStore",
    "DirectoryStore",
    "DrawSecret",
    "DrawText",
    "DrawToken",
    "EndedAttemptStore",
    "GroupRolesStore",
    "GroupStore",
    "IdentityStore",
    "InvitationStore",
    "LogoutTokenStore",
    "MemberStore",
    "Providers",
    "Questions",
    "SessionStore",
    "SignInLinkStore",
    "SignInNotes",
    "SignInSettingsStore",
    "TokenStore",
    "Tokens",
    "UseNotes",
    "WorkspaceStore",
]
