"""Relative URLs of servers (OAS 3.1, 4.8.5)."""

from urllib.parse import urljoin, urlsplit

_ROOT = "https://host.invalid/"


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


def below(base_url: str, reference: str) -> str:
    """Where a server at a relative URL is, behind the base URL that a builder gave.

    `/v2` behind `https://h` is `https://h/v2`. The base URL's own path stays, which RFC 3986, 5.2
    would drop: whoever gives `https://h/api` means below it. Dot segments climb no higher, as they
    do at a root (RFC 3986, 5.2.4). Steps that both have stand once: the builder may have given the
    whole.
    """
    end = next((n for n, each in enumerate(reference) if each in "?#"), len(reference))
    path, rest = _within(reference[:end]), reference[end:]
    base = base_url.rstrip("/")
    own = urlsplit(base).path.split("/")[1:]
    steps = path.strip("/").split("/") if path.strip("/") else []
    shared = next(
        n for n in range(min(len(own), len(steps)), -1, -1) if own[len(own) - n :] == steps[:n]
    )
    more = "/".join(steps[shared:])
    if not more:
        return base + rest
    slash = "/" if path.endswith("/") else ""
    return urljoin(f"{base}/", f"./{more}{slash}{rest}")


def _within(path: str) -> str:
    """Without dot segments, as if it stood at a root."""
    return urlsplit(urljoin(_ROOT, f"./{path.lstrip('/')}")).path
