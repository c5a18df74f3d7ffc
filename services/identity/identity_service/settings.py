from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from kit.key_services.settings import KeysSettings
from kit.root_keys import RootKeys
from kit.settings import ServiceSettings

MIN_TOKEN_CHARACTERS = 32
MIN_DISTINCT = 8
"""32 random hexadecimal digits hold fewer distinct ones once in ten million draws."""
EXAMPLES = ("change", "example", "operator", "password", "secret", "token")


def _drawn_at_random(unverified: SecretStr) -> SecretStr:
    token = unverified.get_secret_value()
    if len(token) < MIN_TOKEN_CHARACTERS:
        raise ValueError(
            f"must have at least {MIN_TOKEN_CHARACTERS} characters; draw it at random: "
            "`openssl rand -hex 32`"
        )
    if len(set(token)) < MIN_DISTINCT:
        raise ValueError("repeats itself; draw it at random: `openssl rand -hex 32`")
    if any(word in token.lower() for word in EXAMPLES):
        raise ValueError("is an example; draw it at random: `openssl rand -hex 32`")
    return unverified


class IdentitySettings(ServiceSettings):
    """Read once, in `main`. A missing or malformed variable stops the process."""

    model_config = SettingsConfigDict(env_prefix="IDENTITY_", env_ignore_empty=True)

    mongodb_database: str = "identity"
    first_workspace_title: str = Field(default="First workspace", min_length=1, max_length=100)
    reset_owner_token: bool = False
    """Announce a new owner token for the first workspace at start; the others are revoked."""
    owner_token_file: Path | None = None
    """Where an owner token is announced instead of on stdout; whoever installs takes it away."""
    sign_in_link_file: Path | None = None
    """Where each start leaves a sign-in link of the first workspace's owner, for whoever starts it
    at their own desk; unset: none.
    """
    operator_token: Annotated[SecretStr, AfterValidator(_drawn_at_random)] | None = None
    """Whoever bears it creates workspaces. Unset or empty: that route does not exist."""
    operator_nats_url: SecretStr | None = None
    """The broker with its user `dead_letters`, for `/v1/operator/dead-letters`. Unset: `nats_url`,
    which is enough where the broker has no users.
    """
    keys: RootKeys | None = None
    """`id:base64(32 random bytes)`, several with commas between; the first one writes. Unset: no
    client secret of a company's sign-in can be kept.
    """
    key_services: KeysSettings = Field(default_factory=KeysSettings)
    max_members: int = Field(default=1_000, ge=1, le=10_000)
    """How many members a workspace may have; a few more where several are added at once, for each
    counts before it adds.
    """
    max_tokens_per_member: int = Field(default=50, ge=2, le=1_000)
    keep_expired_tokens_days: int = Field(default=90, ge=1, le=3_650)
    """How long a token that has expired still shows in lists."""
