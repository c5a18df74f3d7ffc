"""The awful provider on a socket, at a host below the API's domain that only tests resolve."""

import threading
from contextlib import contextmanager
from time import sleep

import uvicorn

from egress import EgressSettings
from openactions_local.servers import free_port
from services.auth.tests.awful_provider import AwfulProvider

HOST = "id.example.com"


@contextmanager
def listening(provider: AwfulProvider):
    """`url(path)` of it, and the settings of egress that let it be called."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(provider.app(), port=port, log_config=None))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        sleep(0.02)
    origin = f"http://{HOST}:{port}"
    try:
        yield origin, EgressSettings(allowed_origins={origin: "127.0.0.1"})
    finally:
        server.should_exit = True
        thread.join()


def oauth_client(provider: AwfulProvider, origin: str) -> dict[str, str]:
    """As a builder enters it: the body of `PUT /v1/credentials/{action_id}`."""
    return {
        "type": "oauth",
        "client_id": provider.client_id,
        "client_secret": provider.client_secret,
        "authorization_url": f"{origin}/authorize",
        "token_url": f"{origin}/token",
        "revocation_url": f"{origin}/revoke",
        "scope": "read",
    }
