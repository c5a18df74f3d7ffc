from enum import StrEnum


class SignIn(StrEnum):
    """How an action signs in, by the names of the settings."""

    NONE = "none"
    API_KEY = "api_key"
    OAUTH = "oauth"
    """Each member with an account of their own (RFC 6749, 4.1)."""
    CLIENT_CREDENTIALS = "client_credentials"
    """The action itself (RFC 6749, 4.4)."""
