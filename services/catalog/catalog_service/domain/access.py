"""What a principal may do with a GPT, as the catalog refuses it."""

from catalog_service.domain.errors import GptNotFound
from catalog_service.domain.gpt import Gpt
from catalog_service.domain.seen_gpt import SeenGpt
from contracts.access import NOT_FOUND, Permitted, Refused, Verb, may
from contracts.principal import Principal


def ensure_may(principal: Principal, verb: Verb, gpt: Gpt) -> None:
    """Raises `GptNotFound` for whoever may do nothing with it, else why not this."""
    answer = may(principal, verb, gpt.access)
    if answer is NOT_FOUND:
        raise GptNotFound
    if isinstance(answer, Refused):
        raise answer.error()


def seen_by(principal: Principal, gpt: Gpt) -> SeenGpt:
    """With its settings, the draft, for whoever may view them; as it is published for whoever may
    only chat with it. Raises `GptNotFound` where that is nothing.
    """
    if isinstance(may(principal, Verb.VIEW_SETTINGS, gpt.access), Permitted):
        return SeenGpt(gpt, with_settings=True)
    ensure_may(principal, Verb.CHAT, gpt)
    if gpt.published is None:
        raise GptNotFound
    return SeenGpt(gpt, with_settings=False)
