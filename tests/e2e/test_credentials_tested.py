"""Credentials that a builder enters, refers to, and tests; through the whole embedded platform,
with a real API and the kit's double of Vault.
"""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic, sleep

import pytest

from openactions import OpenActions, ProblemError
from services.auth.tests.vault_served import vault_served
from shared.kit.tests.vault_double import TOKEN
from tests.e2e.platform_process import PlatformProcess
from tests.quotas import NO_QUOTAS

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]
WITHIN_SECONDS = 20
HOST, KEY = "pets.example.com", "the-key-of-the-pets-api"


@contextmanager
def api():
    """Takes one key, and repeats it; `calls` has the method of each request."""
    calls = []

    class Api(BaseHTTPRequestHandler):
        def _answer(self):
            calls.append(self.command)
            sent = self.headers["authorization"] or ""
            body = json.dumps({"sent": sent}).encode()
            self.send_response(200 if sent == f"Bearer {KEY}" else 401)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _answer  # noqa: N815 - as http.server calls them

        def log_message(self, *_):
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port, calls
    finally:
        server.shutdown()
        server.server_close()


def document(port):
    return f"""
openapi: 3.1.0
info: {{title: Pets, version: "1"}}
servers: [{{url: "http://{HOST}:{port}"}}]
paths:
  /pets:
    post: {{operationId: addPet, responses: {{"200": {{description: ok}}}}}}
    get: {{operationId: listPets, responses: {{"200": {{description: ok}}}}}}
"""


@pytest.fixture(scope="module")
def platform(tmp_path_factory):
    with api() as (port, calls), vault_served() as vault:
        form = ["--data", tmp_path_factory.mktemp("data"), "--port", "0", "--demo-port", port]
        environment = {
            "EGRESS_ALLOWED_ORIGINS": f"http://{HOST}:{port}=127.0.0.1",
            "AUTH_SECRET_REFERENCES": "vault:secret/data/{workspace_id}/*",
            "KEYS_VAULT_URL": vault.url,
            "KEYS_VAULT_TOKEN": TOKEN,
            "KEYS_ALLOWED_ORIGINS": vault.url,
        }
        with PlatformProcess(form, environment, compared=True) as up:
            yield up, port, calls, vault


@pytest.fixture
def owner(platform):
    up, _, calls, _ = platform
    calls.clear()
    with OpenActions(up.url, up.token) as owner:
        owner.put("/v1/domains", {"mode": "list", "domains": [HOST]})
        owner.patch("/v1/settings", NO_QUOTAS)
        yield owner


@pytest.fixture
def action(platform, owner):
    """Of a draft; it is never published."""
    schema = owner.post_document("/v1/schemas", document(platform[1]), "application/yaml")
    gpt_id = owner.post("/v1/gpts", {"name": "Pets"})["id"]
    bound = owner.post(f"/v1/gpts/{gpt_id}/actions", {"schema_id": schema["id"]})
    return gpt_id, f"/v1/credentials/{bound['id']}"


def enter(owner, path, token):
    owner.put(path, {"type": "api_key", "placement": "bearer", "token": token})


def code_of(promise, *arguments):
    """Its refusal's; None where nothing was refused."""
    try:
        promise(*arguments)
    except ProblemError as refused:
        return refused.code
    return None


def comes_in_force(wanted, look):
    """A replica hears of a change by a message, which may come after the answer (decision 1)."""
    until = monotonic() + WITHIN_SECONDS
    while (seen := look()) != wanted:
        assert monotonic() < until, f"{seen!r} instead of {wanted!r}"
        sleep(0.05)


def test_a_right_key_is_accepted_and_a_wrong_one_rejected_on_record(platform, owner, action):
    gpt_id, path = action
    enter(owner, path, "not-the-key-of-the-api")
    rejected = owner.post(f"{path}/test", {"operation_id": "listPets"})
    enter(owner, path, KEY)
    comes_in_force("accepted", lambda: owner.post(f"{path}/test", None)["outcome"])
    accepted = owner.post(f"{path}/test", None)

    assert (rejected["outcome"], rejected["status"]) == ("rejected", 401)
    assert (accepted["operation_id"], accepted["status"]) == ("listPets", 200)
    assert {*platform[2]} == {"GET"}
    found = owner.invocation(accepted["invocation_id"])
    assert (found["gpt_id"], found["operation"], found["status"]) == (gpt_id, "listPets", 200)


def test_a_post_is_never_called_and_domains_are_asked_as_for_any_call(platform, owner, action):
    _, path = action
    enter(owner, path, KEY)
    post = code_of(owner.post, f"{path}/test", {"operation_id": "addPet"})
    owner.put("/v1/domains", {"mode": "list", "domains": ["else.example.com"]})

    assert post == "execution.test_changes_something"
    comes_in_force("policy.domain_not_allowed", lambda: code_of(owner.post, f"{path}/test", None))
    assert "POST" not in platform[2]


def test_a_reference_to_vault_signs_in_and_its_value_is_masked_in_results(platform, owner, action):
    gpt_id, path = action
    vault, workspace = platform[3], owner.get("/v1/workspace")["id"]
    stored = f"secret/data/{workspace}/pets"
    vault.secrets[stored] = {"data": {"token": KEY}, "metadata": {}}
    reference = {"from": "vault", "path": stored, "key": "token"}
    enter(owner, path, reference)

    comes_in_force("accepted", lambda: owner.post(f"{path}/test", None)["outcome"])
    called = owner.invoke(gpt_id, "listPets", stage="draft")
    foreign = {**reference, "path": "secret/data/ws_another/pets"}

    assert (called["status"], called["masked"]) == (200, 1)
    assert KEY not in json.dumps([called, owner.get(path)])
    assert code_of(enter, owner, path, foreign) == "auth.secret_name_not_allowed"
