"""The names by which GPTs store how their actions sign in, taken as ours: what others exported can
be sent as it is, with the secret added.

`service_http` and `user_http` are an API key, of the action or of each member. `client_url` is the
authorization URL; beside it `authorization_url` is the token URL.
"""

from collections.abc import Callable
from typing import Any

Members = dict[str, Any]
KEYS = {"service_http": False, "user_http": True}
"""Whether it is per user."""
FORMATS = {"application/json": "json", "application/x-www-form-urlencoded": "form"}
SAY_NOTHING: dict[str, Callable[[Any], bool]] = {
    "instructions": lambda value: value == "",
    "verification_tokens": lambda value: value == {},
    "pkce_required": lambda value: value is False,
}
"""Members that are in every export, with the value that means nothing; any other is refused."""


def in_our_names(unverified: Any) -> Any:
    """What is no object, and whatever has our names, as it is."""
    if not isinstance(unverified, dict):
        return unverified
    type_ = unverified.get("type")
    if isinstance(type_, str) and type_ in KEYS:
        return _key(_without_nothing(unverified), per_user=KEYS[type_])
    if type_ == "oauth" and "client_url" in unverified and "token_url" not in unverified:
        return _client(_without_nothing(unverified))
    return unverified


def _without_nothing(stored: Members) -> Members:
    return {
        name: value
        for name, value in stored.items()
        if name not in SAY_NOTHING or not SAY_NOTHING[name](value)
    }


def _key(stored: Members, *, per_user: bool) -> Members:
    key = {**stored, "type": "api_key"}
    if "authorization_type" in key:
        key["placement"] = key.pop("authorization_type")
    header = key.pop("custom_auth_header", "")
    if header:
        key["name"] = header
    return {**key, "per_user": True} if per_user else key


def _client(stored: Members) -> Members:
    client = dict(stored)
    client["token_url"] = client.pop("authorization_url", None)
    client["authorization_url"] = client.pop("client_url")
    if client.get("pkce_required") is True:
        client["pkce"] = client.pop("pkce_required")
    written = client.pop("authorization_content_type", "")
    if written:
        client["token_request_format"] = FORMATS.get(written, written)
    return client
