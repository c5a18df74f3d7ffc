"""Where blobs are: a folder, or a bucket of an S3-compatible store. There is no default."""

from pathlib import Path
from typing import Self
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from kit.settings import EXAMPLE_PASSWORDS

KNOWN_DEFAULTS = EXAMPLE_PASSWORDS | {"minioadmin", "rustfsadmin"}


class BlobsUnusable(Exception):
    """The settings are well-formed, and what they name cannot be used; the sentence says why."""


class BlobsSettings(BaseSettings):
    """`BLOBS_…`: the same for every service of an installation that keeps or hands over blobs.

    What is missing, half given or unreadable stops the start. Both keys are required for a bucket:
    without them the client would ask the host's metadata address for some.
    """

    model_config = SettingsConfigDict(
        env_prefix="BLOBS_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    url: str = Field(min_length=1)
    """`file:///folder` or `s3://bucket/prefix`."""
    endpoint: str = ""
    """`https://host:port` of the store; empty: Amazon S3 of the region."""
    region: str = Field(default="us-east-1", pattern=r"^[a-z0-9-]{1,64}$")
    access_key_id: str = ""
    secret_access_key: SecretStr = SecretStr("")
    ca_file: Path | None = None
    """Certificates (PEM) that are trusted beside the public ones."""
    seconds: float = Field(default=30, gt=0)
    """How long one request to the store may take."""

    @model_validator(mode="after")
    def _is_a_store(self) -> Self:
        parts = urlsplit(self.url)
        if parts.query or parts.fragment or "@" in parts.netloc:
            raise ValueError("url is `file:///folder` or `s3://bucket/prefix`, no more")
        if parts.scheme == "file":
            if parts.netloc or not parts.path.strip("/"):
                raise ValueError("url names a folder by its whole path: `file:///folder`")
        elif parts.scheme == "s3":
            self._check_bucket(parts.netloc)
        else:
            raise ValueError("url begins with `file:///` or `s3://`")
        return self

    def _check_bucket(self, bucket: str) -> None:
        if not bucket or ":" in bucket:
            raise ValueError("url names a bucket: `s3://bucket/prefix`")
        secret = self.secret_access_key.get_secret_value()
        if not self.access_key_id or not secret:
            raise ValueError("access_key_id and secret_access_key are both needed for a bucket")
        if secret.lower() in KNOWN_DEFAULTS or secret == self.access_key_id:
            raise ValueError("secret_access_key is an example; draw one at random")
        endpoint = urlsplit(self.endpoint)
        if self.endpoint and (
            endpoint.scheme not in {"http", "https"}
            or not endpoint.hostname
            or endpoint.path.strip("/")
            or "@" in endpoint.netloc
        ):
            raise ValueError("endpoint is `https://host:port`")

    @property
    def folder(self) -> Path | None:
        """None where blobs are in a bucket."""
        parts = urlsplit(self.url)
        return Path(unquote(parts.path)) if parts.scheme == "file" else None

    @property
    def bucket(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def prefix(self) -> str:
        return urlsplit(self.url).path.strip("/")

    @property
    def address(self) -> str:
        """Always named to the client: it would read AWS_… of its own accord otherwise."""
        return self.endpoint.rstrip("/") or f"https://s3.{self.region}.amazonaws.com"
