"""How services of keys are reached. The root keys themselves are in `NAME_KEYS`."""

import re
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from kit.root_keys import FILE
from kit.settings import EXAMPLE_PASSWORDS

_MOUNT = re.compile(r"[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*")
_TOKEN = re.compile(r"[!-~]{1,8192}")


class KeysUnusable(Exception):
    """The settings are well-formed, and what they name cannot be used; the sentence says why."""


class KeysSettings(BaseSettings):
    """`KEYS_…`: the same for every service of an installation that encrypts what it stores."""

    model_config = SettingsConfigDict(
        env_prefix="KEYS_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    per_workspace: bool = False
    """Whether keys of workspaces wrap data keys, which the release before cannot read (decision
    44). They do in any case where the first root key is one of a key service."""
    vault_url: str = ""
    """`https://host:port`, of a node that answers by itself: redirects are not followed."""
    vault_token: SecretStr = SecretStr("")
    """Or `@/path` of a file with it, which is read at each use."""
    vault_mount: str = "transit"
    vault_namespace: str = Field(default="", pattern=r"^[A-Za-z0-9_/-]{0,128}$")
    aws_access_key_id: str = ""
    aws_secret_access_key: SecretStr = SecretStr("")
    aws_session_token: SecretStr = SecretStr("")
    aws_endpoint: str = ""
    """`https://host:port`; empty: `kms.REGION.amazonaws.com` of each key's region, and
    `secretsmanager.REGION.amazonaws.com` for secrets by reference."""
    allowed_origins: str = ""
    """Of these services, those at private addresses, as in `EGRESS_ALLOWED_ORIGINS`."""
    ca_file: Path | None = None
    """Certificates (PEM) that are trusted beside the public ones."""
    seconds: float = Field(default=5, gt=0, le=30)
    """How long one request may take."""

    @model_validator(mode="after")
    def _is_usable(self) -> Self:
        for name, url in (("vault_url", self.vault_url), ("aws_endpoint", self.aws_endpoint)):
            parts = urlsplit(url)
            is_origin = parts.scheme in {"http", "https"} and parts.hostname and not parts.query
            if url and (not is_origin or parts.path.strip("/") or "@" in parts.netloc):
                raise ValueError(f"{name} is `https://host:port`")
        if not _MOUNT.fullmatch(self.vault_mount):
            raise ValueError("vault_mount is a path such as `transit`")
        for name, secret in (
            ("vault_token", self.vault_token),
            ("aws_secret_access_key", self.aws_secret_access_key),
        ):
            if secret.get_secret_value().lower() in EXAMPLE_PASSWORDS:
                raise ValueError(f"{name} is an example")
        return self

    def token_of_vault(self) -> str:
        """As it is now; raises `ValueError` where there is no usable one."""
        token = self.vault_token.get_secret_value()
        if token.startswith(FILE):
            try:
                token = Path(token.removeprefix(FILE)).read_text("ascii").strip()
            except OSError as error:
                raise ValueError(f"the file of the token: {error.strerror}") from None
        if not _TOKEN.fullmatch(token):
            raise ValueError("there is no token")
        return token
