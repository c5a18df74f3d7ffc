from dataclasses import dataclass

from auth_service.ports import Connections
from auth_service.usecases.begin_attempt import BeginAttempt
from auth_service.usecases.check_actions import CheckActions
from auth_service.usecases.check_client import CheckClient
from auth_service.usecases.clear_credential import ClearCredential
from auth_service.usecases.count_connections import CountConnections
from auth_service.usecases.describe_credential import DescribeCredential
from auth_service.usecases.destroy_credential import DestroyCredential
from auth_service.usecases.end_connection import EndConnection
from auth_service.usecases.end_of_action import EndOfAction
from auth_service.usecases.end_of_member import EndOfMember
from auth_service.usecases.find_issuer import FindIssuer
from auth_service.usecases.find_member_record import FindMemberRecord
from auth_service.usecases.find_sign_in import FindSignIn
from auth_service.usecases.finish_attempt import FinishAttempt
from auth_service.usecases.issue_credential import IssueCredential
from auth_service.usecases.issue_member_token import IssueMemberToken
from auth_service.usecases.issue_service_token import IssueServiceToken
from auth_service.usecases.link_connection import LinkConnection
from auth_service.usecases.offer_sign_in import OfferSignIn
from auth_service.usecases.open_client import OpenClient
from auth_service.usecases.outdate_connections import OutdateConnections
from auth_service.usecases.prepare_revocation import PrepareRevocation
from auth_service.usecases.read_callback import ReadCallback
from auth_service.usecases.read_credential import ReadCredential
from auth_service.usecases.read_own_key import ReadOwnKey
from auth_service.usecases.read_ticket import ReadTicket
from auth_service.usecases.renew_token import RenewToken
from auth_service.usecases.revoke_pending import RevokePending
from auth_service.usecases.seal_way import SealWay
from auth_service.usecases.set_credential import SetCredential
from auth_service.usecases.set_own_key import SetOwnKey
from auth_service.usecases.sign_in_page import SignInPage
from auth_service.usecases.start_connection import StartConnection


@dataclass(frozen=True, slots=True)
class AuthApp:
    """Everything that auth can do."""

    read_credential: ReadCredential
    set_credential: SetCredential
    clear_credential: ClearCredential
    destroy_credential: DestroyCredential
    issue_credential: IssueCredential
    describe_credential: DescribeCredential
    check_actions: CheckActions
    check_client: CheckClient
    seal_way: SealWay
    read_callback: ReadCallback
    issue_service_token: IssueServiceToken
    renew_token: RenewToken
    issue_member_token: IssueMemberToken
    open_client: OpenClient
    sign_in_page: SignInPage
    link_connection: LinkConnection
    connections: Connections
    count_connections: CountConnections
    end_connection: EndConnection
    end_of_member: EndOfMember
    end_of_action: EndOfAction
    outdate_connections: OutdateConnections
    prepare_revocation: PrepareRevocation
    revoke_pending: RevokePending
    find_member_record: FindMemberRecord
    read_own_key: ReadOwnKey
    set_own_key: SetOwnKey
    find_sign_in: FindSignIn
    find_issuer: FindIssuer
    start_connection: StartConnection
    read_ticket: ReadTicket
    offer_sign_in: OfferSignIn
    begin_attempt: BeginAttempt
    finish_attempt: FinishAttempt
