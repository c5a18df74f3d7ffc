"""Requests to providers, through the only way out."""

from auth_service.domain.oauth.answer_document import MAX_BYTES, HttpAnswer
from auth_service.domain.oauth.errors import OutcomeUnknown, ProviderUnavailable, UrlInvalid
from auth_service.domain.oauth.token_request import OAuthRequest
from auth_service.domain.renewal import REQUEST_SECONDS
from egress import Egress, EgressError, OutboundRequest, OutboundResponse, Target

USER_AGENT = ("user-agent", "OpenActions/0.1.0")
MAX_DIGITS = 9


class EgressTokenEndpoint:
    def __init__(self, egress: Egress) -> None:
        self._egress = egress

    def ensure_callable(self, url: str, name: str) -> None:
        try:
            Target.parse(url, self._egress.settings)
        except EgressError as error:
            raise UrlInvalid(name, error.sentence, hint=error.hint) from None

    async def send(self, request: OAuthRequest, pool_key: str) -> HttpAnswer:
        """The body is cut one byte beyond what is read of it, so that a longer one is known."""
        try:
            outbound = OutboundRequest(
                request.method,
                Target.parse(request.url, self._egress.settings),
                (USER_AGENT, *request.headers),
                request.body,
                pool_key=pool_key,
                timeout_seconds=REQUEST_SECONDS,
                max_bytes=MAX_BYTES + 1,
                cut=True,
                repeatable=False,
            )
            answer = await self._egress.send(outbound)
        except EgressError as error:
            kind = OutcomeUnknown if error.sent else ProviderUnavailable
            raise kind(error.sentence.rstrip("."), hint=error.hint) from None
        return _answer(answer)


def _answer(answer: OutboundResponse) -> HttpAnswer:
    return HttpAnswer(
        answer.status,
        answer.header("content-type") or "",
        answer.body,
        _seconds(answer.header("retry-after")),
    )


def _seconds(retry_after: str | None) -> float | None:
    """A number of seconds (RFC 9110, 10.2.3); a date is not looked at."""
    text = (retry_after or "").strip()
    return float(text) if text.isdecimal() and len(text) <= MAX_DIGITS else None
