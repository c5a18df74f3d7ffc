from collections.abc import Callable
from dataclasses import dataclass

from console_service.domain.page import NONCE, content_security_policy
from console_service.ports import BuiltFiles


@dataclass(frozen=True, slots=True)
class ShowPage:
    """The page around every view, with a nonce of its own, and its Content-Security-Policy."""

    built: BuiltFiles
    draw_nonce: Callable[[], str]

    async def __call__(self) -> tuple[str, str]:
        nonce = self.draw_nonce()
        return self.built.page().replace(NONCE, nonce), content_security_policy(nonce)
