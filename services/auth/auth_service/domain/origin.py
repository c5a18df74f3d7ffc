"""Origins compared by what they mean: letter case, trailing dots and default ports do not count."""

from egress.domain_name import a_labels
from egress.uri import DEFAULT_PORTS, split_url


def canonical_origin(url: str) -> str:
    """`scheme://host[:port]` (RFC 6454, 6.2), the port only where it is not the scheme's own."""
    split = split_url(url)
    host = split.written_host
    name = host.lower() if host.startswith("[") else a_labels(host)
    port = "" if DEFAULT_PORTS.get(split.scheme) == split.port else f":{split.port}"
    return f"{split.scheme}://{name}{port}"
