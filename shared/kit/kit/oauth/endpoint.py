from collections.abc import Mapping
from urllib.parse import urlencode


def with_query(address: str, parameters: Mapping[str, str]) -> str:
    """An endpoint may have a query of its own, which stays (RFC 6749, 3.1)."""
    mark = "&" if "?" in address else "?"
    return f"{address}{mark}{urlencode(parameters)}"
