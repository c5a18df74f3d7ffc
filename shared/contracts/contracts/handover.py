"""A reference to bytes that one service hands over to another, beside a message."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class HandedOver(BaseModel):
    """Sealed to the receiving service's key and kept for ten minutes (`kit.handover`).

    The reference alone opens nothing: whoever reads must hold the private key, and must know the
    workspace and the purpose.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(max_length=96)
    size: int = Field(ge=0)
    """Bytes of the content as it was, unsealed."""
    expires_at: datetime
