from dataclasses import dataclass

from identity_service.ports import (
    DirectoryStore,
    GroupRolesStore,
    GroupStore,
    MemberStore,
    SessionStore,
    TokenStore,
    WorkspaceStore,
)
from identity_service.usecases.add_member import AddMember
from identity_service.usecases.announce_owner_token import AnnounceOwnerToken
from identity_service.usecases.announce_sign_in_link import AnnounceSignInLink
from identity_service.usecases.authenticate_caller import AuthenticateCaller
from identity_service.usecases.authenticate_session import AuthenticateSession
from identity_service.usecases.authenticate_token import AuthenticateToken
from identity_service.usecases.bootstrap_workspace import BootstrapWorkspace
from identity_service.usecases.change_group import ChangeGroup
from identity_service.usecases.change_member import ChangeMember
from identity_service.usecases.check_members import CheckMembers
from identity_service.usecases.close_workspace import CloseWorkspace
from identity_service.usecases.create_group import CreateGroup
from identity_service.usecases.create_sign_in_link import CreateSignInLink
from identity_service.usecases.create_token import CreateToken
from identity_service.usecases.create_workspace import CreateWorkspace
from identity_service.usecases.end_session import EndSession
from identity_service.usecases.end_sessions_of_member import EndSessionsOfMember
from identity_service.usecases.follow_sign_in_link import FollowSignInLink
from identity_service.usecases.join_group import JoinGroup
from identity_service.usecases.keep_an_owner import KeepAnOwner
from identity_service.usecases.place_member import PlaceMember
from identity_service.usecases.provision_member import ProvisionMember
from identity_service.usecases.read_group import ReadGroup
from identity_service.usecases.read_member import ReadMember
from identity_service.usecases.read_oldest_owner import ReadOldestOwner
from identity_service.usecases.read_own_session import ReadOwnSession
from identity_service.usecases.read_sign_in_link import ReadSignInLink
from identity_service.usecases.remove_due_workspaces import RemoveDueWorkspaces
from identity_service.usecases.remove_group import RemoveGroup
from identity_service.usecases.remove_member import RemoveMember
from identity_service.usecases.renew_session import RenewSession
from identity_service.usecases.restore_workspace import RestoreWorkspace
from identity_service.usecases.retitle_workspace import RetitleWorkspace
from identity_service.usecases.revoke_token import RevokeToken
from identity_service.usecases.revoke_tokens_of_member import RevokeTokensOfMember
from identity_service.usecases.set_group_roles import SetGroupRoles
from identity_service.usecases.sign_in import SignIn
from identity_service.usecases.switch_member import SwitchMember


@dataclass(frozen=True, slots=True)
class IdentityApp:
    """Everything that identity can do."""

    bootstrap_workspace: BootstrapWorkspace
    announce_owner_token: AnnounceOwnerToken
    create_workspace: CreateWorkspace
    workspaces: WorkspaceStore
    retitle_workspace: RetitleWorkspace
    close_workspace: CloseWorkspace
    restore_workspace: RestoreWorkspace
    remove_due_workspaces: RemoveDueWorkspaces
    members: MemberStore
    add_member: AddMember
    read_member: ReadMember
    check_members: CheckMembers
    read_oldest_owner: ReadOldestOwner
    change_member: ChangeMember
    remove_member: RemoveMember
    switch_member: SwitchMember
    keep_an_owner: KeepAnOwner
    revoke_tokens_of_member: RevokeTokensOfMember
    create_token: CreateToken
    tokens: TokenStore
    revoke_token: RevokeToken
    authenticate_token: AuthenticateToken
    authenticate_session: AuthenticateSession
    authenticate_caller: AuthenticateCaller
    announce_sign_in_link: AnnounceSignInLink
    create_sign_in_link: CreateSignInLink
    read_sign_in_link: ReadSignInLink
    follow_sign_in_link: FollowSignInLink
    sign_in: SignIn
    sessions: SessionStore
    read_own_session: ReadOwnSession
    renew_session: RenewSession
    end_session: EndSession
    end_sessions_of_member: EndSessionsOfMember
    directory: DirectoryStore
    groups: GroupStore
    group_roles: GroupRolesStore
    place_member: PlaceMember
    provision_member: ProvisionMember
    read_group: ReadGroup
    create_group: CreateGroup
    change_group: ChangeGroup
    remove_group: RemoveGroup
    join_group: JoinGroup
    set_group_roles: SetGroupRoles
