from collections.abc import Iterable
from typing import Self

from pydantic import SecretStr

from identity_service.domain.oidc.attempt import Attempt
from kit.html import own_path
from kit.root_keys import read_keys
from kit.sealed_states import SealedStates

PURPOSE = b"openactions/sign-in-attempt/v1"
MAX_ID = 64
"""Characters."""
YEARS = range(2020, 3000)
"""Of dates to which ten minutes can be added, in any zone."""


class SealedAttempts:
    """By the browser's secret (`kit.sealed_states`). Where an installation has no root keys, a
    browser can make attempts up, which gains it nothing over beginning one: `EndAttempt` compares
    what they say.
    """

    def __init__(self, root_keys: Iterable[bytes] = ()) -> None:
        self._states = SealedStates(Attempt, PURPOSE, root_keys)

    @classmethod
    def of(cls, keys: SecretStr | None) -> Self:
        """Of the service's setting `keys` (`kit.root_keys.RootKeys`)."""
        return cls(read_keys(keys.get_secret_value()).values() if keys else ())

    def seal(self, attempt: Attempt, browser_secret: str) -> str:
        return self._states.seal(attempt, browser_secret)

    def open(self, state: str, browser_secret: str) -> Attempt | None:
        attempt = self._states.open(state, browser_secret)
        return attempt if attempt and _may_be_ours(attempt) else None


def _may_be_ours(attempt: Attempt) -> bool:
    """Without root keys a browser can seal what it likes, among it a way back to somebody else."""
    began = attempt.created_at
    has_date = began.utcoffset() is not None and began.year in YEARS
    leads_back = own_path(attempt.return_to) == attempt.return_to
    return has_date and leads_back and len(attempt.id) <= MAX_ID
