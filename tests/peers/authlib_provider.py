"""An authorization server on Authlib and Flask, over TLS; run in `.venv/peers`.

Whoever comes is signed in and allows everything. Arguments: a port, a file with key and chain, and
the redirect URI of its clients.
"""

import ssl
import sys
from dataclasses import dataclass

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, TokenMixin, grants
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from flask import Flask, request
from werkzeug.serving import make_server

SECRET = "a secret: of 100 % + letters"
port, pem, redirect_uri = sys.argv[1:4]


@dataclass
class Client(ClientMixin):
    client_id: str
    method: str

    def get_client_id(self):
        return self.client_id

    def get_default_redirect_uri(self):
        return redirect_uri

    def get_allowed_scope(self, scope):
        return scope or ""

    def check_redirect_uri(self, uri):
        return uri == redirect_uri

    def check_client_secret(self, client_secret):
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method, endpoint):
        return method == self.method

    def check_response_type(self, response_type):
        return response_type == "code"

    def check_grant_type(self, grant_type):
        return grant_type in {"authorization_code", "refresh_token", "client_credentials"}


@dataclass
class Code:
    code: str
    redirect_uri: str
    scope: str
    code_challenge: str
    code_challenge_method: str

    def get_redirect_uri(self):
        return self.redirect_uri

    def get_scope(self):
        return self.scope


@dataclass
class Token(TokenMixin):
    client: Client
    access_token: str
    refresh_token: str
    scope: str
    expires_in: int
    ended: bool = False

    def check_client(self, client):
        return client.client_id == self.client.client_id

    def get_scope(self):
        return self.scope

    def get_expires_in(self):
        return self.expires_in


CLIENTS = {
    "by post": Client("by post", "client_secret_post"),
    "by basic": Client("by basic", "client_secret_basic"),
}
codes: dict[str, Code] = {}
tokens: list[Token] = []


def found_token(text):
    return next((each for each in tokens if text in (each.access_token, each.refresh_token)), None)


def save_token(token, asked):
    tokens.append(
        Token(
            asked.client,
            token["access_token"],
            token.get("refresh_token", ""),
            token.get("scope", ""),
            token["expires_in"],
        )
    )


class AuthorizationCode(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post")

    def save_authorization_code(self, code, asked):
        sent = asked.payload.data
        codes[code] = Code(
            code,
            sent["redirect_uri"],
            sent.get("scope", ""),
            sent["code_challenge"],
            sent["code_challenge_method"],
        )

    def query_authorization_code(self, code, client):
        return codes.get(code)

    def delete_authorization_code(self, authorization_code):
        del codes[authorization_code.code]

    def authenticate_user(self, authorization_code):
        return "ada"


class RefreshToken(grants.RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post")
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token):
        token = found_token(refresh_token)
        return token if token and not token.ended else None

    def authenticate_user(self, refresh_token):
        return "ada"

    def revoke_old_credential(self, refresh_token):
        refresh_token.ended = True


class ClientCredentials(grants.ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post")


class Revocation(RevocationEndpoint):
    CLIENT_AUTH_METHODS = ("client_secret_basic", "client_secret_post")

    def query_token(self, token_string, token_type_hint):
        return found_token(token_string)

    def revoke_token(self, token, request):
        token.ended = True


app = Flask(__name__)
app.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = True
app.config["OAUTH2_TOKEN_EXPIRES_IN"] = {"authorization_code": 600, "client_credentials": 600}
server = AuthorizationServer(app, CLIENTS.get, save_token)
server.register_grant(AuthorizationCode, [CodeChallenge(required=True)])
server.register_grant(RefreshToken)
server.register_grant(ClientCredentials)
server.register_endpoint(Revocation)


@app.get("/authorize")
def authorize():
    grant = server.get_consent_grant(end_user="ada")
    return server.create_authorization_response(grant=grant, grant_user="ada")


@app.post("/token")
def token():
    return server.create_token_response()


@app.post("/revoke")
def revoke():
    return server.create_endpoint_response("revocation")


@app.get("/api/me")
def me():
    used = found_token(request.headers.get("authorization", "").removeprefix("Bearer "))
    return {"login": "ada"} if used and not used.ended else ("", 401)


context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(pem)
serving = make_server("127.0.0.1", int(port), app, threaded=True, ssl_context=context)
print("listening", flush=True)
serving.serve_forever()
