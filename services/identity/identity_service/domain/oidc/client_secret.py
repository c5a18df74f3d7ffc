import json

from contracts.ids import WorkspaceId
from kit.key_ring import Place, SecretUnreadable
from kit.sealing import Secret

COLLECTION, FIELD = "sign_in_settings", "secret"


def place_of(workspace_id: WorkspaceId) -> Place:
    return Place(workspace_id, COLLECTION, workspace_id, FIELD)


def for_storage(secret: str, issuer: str, client_id: str) -> Secret[bytes]:
    """With the issuer it is for, so that whoever can write to the database cannot send it to
    another.
    """
    document = {"issuer": issuer, "client_id": client_id, "secret": secret}
    return Secret(json.dumps(document).encode())


def from_storage(opened: Secret[bytes], issuer: str, client_id: str) -> Secret[str]:
    document = json.loads(opened.reveal())
    if (document["issuer"], document["client_id"]) != (issuer, client_id):
        raise SecretUnreadable
    return Secret(str(document["secret"]))
