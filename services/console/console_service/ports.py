"""What console needs of the world."""

from typing import Protocol

from console_service.domain.asset import Asset


class BuiltFiles(Protocol):
    """What `./openactions console build` made of `web/`."""

    def page(self) -> str:
        """The page around every view, with `NONCE` where the nonce belongs."""
        ...

    def find_asset(self, name: str) -> Asset | None: ...
