"""Relative URLs of servers (OAS 3.1, 4.8.5)."""

from urllib.parse import urljoin, urlsplit


def absolute(url: str, source_url: str | None) -> str | None:
    """Relative ones are resolved against where the document came from (RFC 3986, 5.2).

    One that begins with a host lacks nothing but its scheme. None where there is nothing to
    resolve it against.
    """
    try:
        if url.startswith("//"):
            return f"https:{url}"
        whole = urljoin(source_url or "", url)
        return whole if urlsplit(whole).scheme else None
    except ValueError:
        return url
