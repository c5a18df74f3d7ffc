"""A company's sign-in that is asked over HTTP, and a person's way through it."""

import asyncio
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

from services.identity.tests.company import CLIENT, Company
from services.identity.tests.operating import OPERATOR_TOKEN, bearer
from services.identity.tests.signing_in import TYPED, Browser

BROUGHT = {**TYPED, "sec-fetch-site": "cross-site"}


@contextmanager
def listening(person):
    """The company, where that person signs in; its issuer is `issuer`."""
    company = Company(lambda: datetime.now(UTC), person=person)

    class Answers(BaseHTTPRequestHandler):
        def answer(self):
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            target = SimpleNamespace(path_and_query=self.path, host="")
            asked = SimpleNamespace(method=self.command, target=target, body=body)
            answer = asyncio.run(company.send(asked))
            self.send_response(answer.status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_POST = answer  # noqa: N815 - as the library calls them

        def log_message(self, *_):
            """Of each request."""

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        company.issuer = issuer = f"http://127.0.0.1:{server.server_port}"
        paths = {"authorization": "authorize", "token": "token", "end_session": "logout"}
        named = {f"{name}_endpoint": f"{issuer}/{path}" for name, path in paths.items()}
        company.configuration = {"issuer": issuer, "jwks_uri": f"{issuer}/keys", **named}
        company.claims = {"iss": issuer}
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield company
        finally:
            server.shutdown()


async def trusted(client, owner, company):
    """The workspace has people who sign in there with addresses of acme.com."""
    workspace = (await client.get("/v1/workspace", headers=owner)).json()["id"]
    domains, operator = {"domains": ["acme.com"]}, bearer(OPERATOR_TOKEN)
    path = f"/v1/workspaces/{workspace}/domains"
    assert (await client.put(path, json=domains, headers=operator)).status_code == 200
    settings = {"issuer": company.issuer, "client_id": CLIENT, **domains}
    answer = await client.put("/v1/workspace/sign-in", json=settings, headers=owner)
    assert answer.status_code == 200, answer.text
    return workspace


async def came(client, workspace, company):
    """A browser, signed in as the person who has the account."""
    browser = Browser(client)
    begun = await browser.open(f"/v1/session/oidc?workspace={workspace}")
    query = parse_qs(urlsplit(begun.headers["location"]).query)
    asked = {name: value[0] for name, value in query.items()}
    company.nonces["code"] = asked["nonce"]
    attempt, browser.cookie = browser.cookie, ""
    back = f"{urlsplit(asked['redirect_uri']).path}?code=code&state={asked['state']}"
    answer = await browser.open(back, **BROUGHT, cookie=f"openactions-attempt={attempt}")
    assert answer.status_code == 303, answer.text
    session = [each for each in answer.headers.get_list("set-cookie") if "oas_" in each]
    browser.cookie = session[0].partition(";")[0].partition("=")[2]
    return browser
