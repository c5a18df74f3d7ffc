import secrets

from identity_service.domain.api_token import PREFIX, RANDOM_BYTES, DrawnToken
from kit.caller import digest_of


def draw_random_token() -> DrawnToken:
    text = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    return DrawnToken(text, digest_of(text))
