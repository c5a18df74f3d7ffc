from dataclasses import dataclass

from auth_service.usecases.check_actions import CheckActions
from auth_service.usecases.check_client import CheckClient
from auth_service.usecases.clear_credential import ClearCredential
from auth_service.usecases.describe_credential import DescribeCredential
from auth_service.usecases.destroy_credential import DestroyCredential
from auth_service.usecases.issue_credential import IssueCredential
from auth_service.usecases.issue_service_token import IssueServiceToken
from auth_service.usecases.open_client_secret import OpenClientSecret
from auth_service.usecases.read_callback import ReadCallback
from auth_service.usecases.read_credential import ReadCredential
from auth_service.usecases.read_references import ReadReferences
from auth_service.usecases.renew_token import RenewToken
from auth_service.usecases.seal_way import SealWay
from auth_service.usecases.set_credential import SetCredential
from auth_service.usecases.try_credential import TryCredential


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
    try_credential: TryCredential
    read_references: ReadReferences
    open_client_secret: OpenClientSecret
