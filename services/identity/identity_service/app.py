from dataclasses import dataclass

from identity_service.ports import (
    ConfirmedDomainStore,
    DeadLetterStore,
    DirectoryStore,
    GroupRolesStore,
    GroupStore,
    InvitationStore,
    MemberStore,
    SessionStore,
    SignInSettingsStore,
    TokenStore,
    WorkspaceStore,
)
from identity_service.usecases.accept_invitation import AcceptInvitation
from identity_service.usecases.add_member import AddMember
from identity_service.usecases.admit_person import AdmitPerson
from identity_service.usecases.announce_owner_token import AnnounceOwnerToken
from identity_service.usecases.announce_sign_in_link import AnnounceSignInLink
from identity_service.usecases.authenticate_caller import AuthenticateCaller
from identity_service.usecases.authenticate_on_behalf import AuthenticateOnBehalf
from identity_service.usecases.authenticate_session import AuthenticateSession
from identity_service.usecases.authenticate_token import AuthenticateToken
from identity_service.usecases.begin_company_sign_in import BeginCompanySignIn
from identity_service.usecases.bootstrap_workspace import BootstrapWorkspace
from identity_service.usecases.change_group import ChangeGroup
from identity_service.usecases.change_member import ChangeMember
from identity_service.usecases.check_members import CheckMembers
from identity_service.usecases.check_provider import CheckProvider
from identity_service.usecases.check_signature import CheckSignature
from identity_service.usecases.choose_workspace import ChooseWorkspace
from identity_service.usecases.close_workspace import CloseWorkspace
from identity_service.usecases.confirm_domains import ConfirmDomains
from identity_service.usecases.create_group import CreateGroup
from identity_service.usecases.create_invitation import CreateInvitation
from identity_service.usecases.create_sign_in_link import CreateSignInLink
from identity_service.usecases.create_token import CreateToken
from identity_service.usecases.create_workspace import CreateWorkspace
from identity_service.usecases.edit_member import EditMember
from identity_service.usecases.end_access_of_member import EndAccessOfMember
from identity_service.usecases.end_attempt import EndAttempt
from identity_service.usecases.end_provider_sessions import EndProviderSessions
from identity_service.usecases.end_session import EndSession
from identity_service.usecases.end_sessions_of_member import EndSessionsOfMember
from identity_service.usecases.end_unwanted_sessions import EndUnwantedSessions
from identity_service.usecases.enforce_sign_on import EnforceSignOn
from identity_service.usecases.find_company_sign_in import FindCompanySignIn
from identity_service.usecases.find_provider_sign_out import FindProviderSignOut
from identity_service.usecases.finish_company_sign_in import FinishCompanySignIn
from identity_service.usecases.follow_sign_in_link import FollowSignInLink
from identity_service.usecases.join_group import JoinGroup
from identity_service.usecases.keep_an_owner import KeepAnOwner
from identity_service.usecases.lend import Lend
from identity_service.usecases.let_member_sign_in import LetMemberSignIn
from identity_service.usecases.name_member import NameMember
from identity_service.usecases.offer_company_sign_in import OfferCompanySignIn
from identity_service.usecases.place_member import PlaceMember
from identity_service.usecases.provision_member import ProvisionMember
from identity_service.usecases.read_group import ReadGroup
from identity_service.usecases.read_invitation import ReadInvitation
from identity_service.usecases.read_member import ReadMember
from identity_service.usecases.read_oldest_owner import ReadOldestOwner
from identity_service.usecases.read_own_session import ReadOwnSession
from identity_service.usecases.read_sign_in_link import ReadSignInLink
from identity_service.usecases.remove_due_workspaces import RemoveDueWorkspaces
from identity_service.usecases.remove_group import RemoveGroup
from identity_service.usecases.remove_member import RemoveMember
from identity_service.usecases.remove_sign_in import RemoveSignIn
from identity_service.usecases.renew_session import RenewSession
from identity_service.usecases.restore_workspace import RestoreWorkspace
from identity_service.usecases.retitle_workspace import RetitleWorkspace
from identity_service.usecases.revoke_invitation import RevokeInvitation
from identity_service.usecases.revoke_token import RevokeToken
from identity_service.usecases.revoke_tokens_of_member import RevokeTokensOfMember
from identity_service.usecases.set_group_roles import SetGroupRoles
from identity_service.usecases.set_sign_in import SetSignIn
from identity_service.usecases.sign_in import SignIn
from identity_service.usecases.sign_in_by_token import SignInByToken
from identity_service.usecases.sign_out import SignOut
from identity_service.usecases.switch_member import SwitchMember
from identity_service.usecases.verify_person import VerifyPerson


@dataclass(frozen=True, slots=True)
class IdentityApp:
    """Everything that identity can do."""

    bootstrap_workspace: BootstrapWorkspace
    announce_owner_token: AnnounceOwnerToken
    create_workspace: CreateWorkspace
    workspaces: WorkspaceStore
    dead_letters: DeadLetterStore
    retitle_workspace: RetitleWorkspace
    close_workspace: CloseWorkspace
    restore_workspace: RestoreWorkspace
    remove_due_workspaces: RemoveDueWorkspaces
    members: MemberStore
    add_member: AddMember
    read_member: ReadMember
    check_members: CheckMembers
    read_oldest_owner: ReadOldestOwner
    name_member: NameMember
    change_member: ChangeMember
    remove_member: RemoveMember
    switch_member: SwitchMember
    edit_member: EditMember
    keep_an_owner: KeepAnOwner
    end_access_of_member: EndAccessOfMember
    revoke_tokens_of_member: RevokeTokensOfMember
    lend: Lend
    create_token: CreateToken
    tokens: TokenStore
    revoke_token: RevokeToken
    authenticate_token: AuthenticateToken
    authenticate_session: AuthenticateSession
    authenticate_on_behalf: AuthenticateOnBehalf
    authenticate_caller: AuthenticateCaller
    announce_sign_in_link: AnnounceSignInLink
    create_sign_in_link: CreateSignInLink
    read_sign_in_link: ReadSignInLink
    follow_sign_in_link: FollowSignInLink
    let_member_sign_in: LetMemberSignIn
    sign_in_by_token: SignInByToken
    invitations: InvitationStore
    create_invitation: CreateInvitation
    read_invitation: ReadInvitation
    accept_invitation: AcceptInvitation
    revoke_invitation: RevokeInvitation
    sign_in: SignIn
    sign_out: SignOut
    sessions: SessionStore
    read_own_session: ReadOwnSession
    renew_session: RenewSession
    end_session: EndSession
    end_sessions_of_member: EndSessionsOfMember
    admit_person: AdmitPerson
    begin_company_sign_in: BeginCompanySignIn
    check_provider: CheckProvider
    choose_workspace: ChooseWorkspace
    confirm_domains: ConfirmDomains
    end_attempt: EndAttempt
    end_provider_sessions: EndProviderSessions
    end_unwanted_sessions: EndUnwantedSessions
    enforce_sign_on: EnforceSignOn
    find_company_sign_in: FindCompanySignIn
    find_provider_sign_out: FindProviderSignOut
    finish_company_sign_in: FinishCompanySignIn
    offer_company_sign_in: OfferCompanySignIn
    remove_sign_in: RemoveSignIn
    set_sign_in: SetSignIn
    check_signature: CheckSignature
    verify_person: VerifyPerson
    sign_in_settings: SignInSettingsStore
    confirmed_domains: ConfirmedDomainStore
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
