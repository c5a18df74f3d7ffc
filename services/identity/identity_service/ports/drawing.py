"""The clock, random secrets and ids, and announcements at the first start."""

from collections.abc import Callable
from datetime import datetime

from identity_service.domain.api_token import DrawnToken
from identity_service.domain.drawn_secret import DrawnSecret

Clock = Callable[[], datetime]
DrawToken = Callable[[], DrawnToken]
DrawSecret = Callable[[], DrawnSecret]
AnnounceOwnerToken = Callable[[str], None]
"""Shows an owner token to whoever operates the installation, outside any log."""
AnnounceSignInLink = Callable[[str], None]
"""The same for the address by which the first owner signs in."""
DrawText = Callable[[], str]
"""256 random bits in base64url, 43 characters."""
