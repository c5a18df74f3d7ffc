"""What `openactions up` itself reads from the environment."""

from pydantic import Field
from pydantic_settings import BaseSettings


class Servers(BaseSettings):
    """Real servers instead of the embedded ones: MONGODB_URL, NATS_URL; and when a blocked event
    loop ends the platform: OPENACTIONS_WATCHDOG_SECONDS, 0 for never.
    """

    mongodb_url: str | None = Field(default=None, pattern=r"^mongodb(\+srv)?://.")
    nats_url: str | None = Field(default=None, pattern=r"^(nats|tls|ws|wss)://.")
    openactions_watchdog_seconds: float = Field(default=10, ge=0)
