from collections.abc import Iterable
from typing import Self

from pydantic import SecretStr

from auth_service.domain.attempt import Attempt, Ticket
from kit.html import own_path
from kit.root_keys import read_keys
from kit.sealed_states import SealedStates

ATTEMPTS, TICKETS = b"openactions/connection-attempt/v1", b"openactions/connection-ticket/v1"
NO_SECRET = ""


class SealedSignIns:
    """Attempts by the browser's secret (`kit.sealed_states`), tickets by the installation's keys
    alone: they are shown before any browser is known.

    Where all root keys are in a key service, whoever likes can make either up. What they say is
    compared with the session and with the settings in force, so that gains nothing over beginning
    one: a ticket leads nowhere that `/aip/{action}/sign-in` does not.
    """

    def __init__(self, root_keys: Iterable[bytes] = ()) -> None:
        keys = tuple(root_keys)
        self._attempts = SealedStates(Attempt, ATTEMPTS, keys)
        self._tickets = SealedStates(Ticket, TICKETS, keys)

    @classmethod
    def of(cls, keys: SecretStr) -> Self:
        """Of the service's setting `keys` (`kit.root_keys.RootKeys`)."""
        return cls(read_keys(keys.get_secret_value()).values())

    def seal_attempt(self, attempt: Attempt, browser_secret: str) -> str:
        return self._attempts.seal(attempt, browser_secret)

    def open_attempt(self, state: str, browser_secret: str) -> Attempt | None:
        attempt = self._attempts.open(state, browser_secret)
        return attempt if attempt and _leads_back(attempt.return_to) else None

    def seal_ticket(self, ticket: Ticket) -> str:
        return self._tickets.seal(ticket, NO_SECRET)

    def open_ticket(self, text: str) -> Ticket | None:
        ticket = self._tickets.open(text, NO_SECRET)
        return ticket if ticket and _leads_back(ticket.return_to) else None


def _leads_back(return_to: str) -> bool:
    return own_path(return_to) == return_to
