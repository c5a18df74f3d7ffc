from dataclasses import dataclass

from auth_service.domain.attempt import Ticket
from auth_service.domain.errors import TicketOver
from auth_service.ports import Clock, SignInSeal
from contracts.ids import ActionId


@dataclass(frozen=True, slots=True)
class ReadTicket:
    """For whom an address was made; looking at it does not use it up. `TicketOver` unless it is of
    this action, and its time is not over.
    """

    seal: SignInSeal
    clock: Clock

    async def __call__(self, action_id: ActionId, text: str) -> Ticket:
        ticket = self.seal.open_ticket(text)
        if ticket is None or ticket.action_id != action_id or not ticket.live(self.clock()):
            raise TicketOver
        return ticket
