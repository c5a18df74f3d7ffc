from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from kit.settings import ServiceSettings


class IdentitySettings(ServiceSettings):
    """Read once, in `main`. A missing or malformed variable stops the process."""

    model_config = SettingsConfigDict(env_prefix="IDENTITY_", env_ignore_empty=True)

    mongodb_database: str = "identity"
    first_workspace_title: str = Field(default="First workspace", min_length=1, max_length=100)
    reset_owner_token: bool = False
    """Announce a new owner token for the first workspace at start; the owner's others die."""
    owner_token_file: Path | None = None
    """Where an owner token is announced instead of on stdout; whoever installs takes it away."""
    operator_token: SecretStr | None = Field(default=None, min_length=32)
    """Whoever bears it creates workspaces. Unset or empty: that route does not exist."""
    max_members: int = Field(default=1_000, ge=1, le=10_000)
    """How many members a workspace may have."""
    max_tokens_per_member: int = Field(default=50, ge=2, le=1_000)
