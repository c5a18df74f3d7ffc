from enum import StrEnum


class Placement(StrEnum):
    """Where an API key stands in a request."""

    BASIC = "basic"
    BEARER = "bearer"
    CUSTOM = "custom"
    QUERY = "query"
    HEADERS = "headers"
