from urllib.parse import SplitResult, urlsplit


def is_public_policy(unverified_url: str | None) -> bool:
    """Whether this is a link that strangers may be shown: absolute, https, with a host.

    `urlsplit` drops line breaks and tabs (as WHATWG URLs do); a link that holds any is refused.
    """
    if not unverified_url or not unverified_url.isprintable() or " " in unverified_url:
        return False
    parts = _parts_of(unverified_url)
    return parts is not None and parts.scheme == "https" and bool(parts.hostname)


def _parts_of(unverified_url: str) -> SplitResult | None:
    try:
        parts = urlsplit(unverified_url)
        _ = parts.port  # raises where it is no number from 0 to 65,535
    except ValueError:
        return None
    return None if parts.username is not None or parts.password is not None else parts
