"""An application at a company's provider: a `client_id` means something at its own issuer only."""

from typing import Protocol


class OfClient(Protocol):
    """What began at, or is about, one application at one provider."""

    @property
    def issuer(self) -> str: ...

    @property
    def client_id(self) -> str: ...


def is_same_client(one: OfClient, other: OfClient) -> bool:
    return (one.issuer, one.client_id) == (other.issuer, other.client_id)
