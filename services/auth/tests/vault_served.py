"""The kit's double of Vault on a socket of loopback; it answers GET alone, as reading is one."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from kit.key_services.settings import KeysSettings
from openactions_local.servers import LOOPBACK
from shared.kit.tests.vault_double import TOKEN, VaultDouble


class ServedVault(VaultDouble):
    """`raw` is all that it answers, where a test sets it: status, headers and body. While
    `may_answer` is not set, it is silent.
    """

    def __init__(self):
        super().__init__()
        self.raw, self.url = None, ""
        self.may_answer = threading.Event()
        self.may_answer.set()

    def settings(self, **changes):
        return KeysSettings(
            **{
                "vault_url": self.url,
                "vault_token": TOKEN,
                "allowed_origins": self.url,
                "seconds": 1,
                **changes,
            }
        )

    def answered(self, path, headers):
        self.may_answer.wait(10)
        if self.raw is not None:
            return self.raw
        status, document = self.read(path, headers)
        return status, {"content-type": "application/json"}, json.dumps(document).encode()


@contextmanager
def vault_served():
    vault = ServedVault()

    class VaultHttp(BaseHTTPRequestHandler):
        def do_GET(self):
            sent = {name.lower(): value for name, value in self.headers.items()}
            status, headers, body = vault.answered(self.path, sent)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Nothing."""

    server = ThreadingHTTPServer((LOOPBACK, 0), VaultHttp)
    vault.url = f"http://{LOOPBACK}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield vault
    finally:
        vault.may_answer.set()
        server.shutdown()
        server.server_close()
        thread.join()
