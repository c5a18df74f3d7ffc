"""What a principal may do with a GPT, as the catalog refuses it."""

from catalog_service.domain.errors import GptNotFound
from catalog_service.domain.gpt import Gpt
from contracts.access import NOT_FOUND, Refused, Verb, may
from contracts.principal import Principal


def ensure_may(principal: Principal, verb: Verb, gpt: Gpt) -> None:
    """Raises `GptNotFound` for whoever may do nothing with it, else why not this."""
    answer = may(principal, verb, gpt.access)
    if answer is NOT_FOUND:
        raise GptNotFound
    if isinstance(answer, Refused):
        raise answer.error()
