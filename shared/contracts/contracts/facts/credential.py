from contracts.fact import Fact
from contracts.ids import ActionId


class CredentialChanged(Fact, name="credential.changed", by="auth", voids=True):
    """How an action signs in was set, replaced or destroyed; copies of the old one are void."""

    action_id: ActionId
    revision: int
