"""A client of one platform: its tools and their invocations, and all that `Resources` names."""

import json
from typing import Any

from openactions.requests import DEFAULT_URL, Answer
from openactions.resources import Resources

__all__ = ["DEFAULT_URL", "Answer", "OpenActions", "checked_json"]


class OpenActions(Resources):
    """`OpenActions(url, token)`; usable as a context manager, safe to share between threads.

    `OpenActions(url, token, on_behalf_of="ada@example.com")` calls for that member.
    """

    def tools(self, gpt_id: str, **query: Any) -> list[dict[str, Any]]:
        """What a GPT offers, as a model's API takes it; its names are operations of `invoke`.

        `query` is as of `GET /v1/tools`, such as `format="anthropic"` or `stage="draft"`.
        """
        page = self.get("/v1/tools", gpt_id=gpt_id, **query)
        tools: list[dict[str, Any]] = page["tools"]
        while page["next_cursor"] is not None:
            page = self.get("/v1/tools", gpt_id=gpt_id, **query, cursor=page["next_cursor"])
            tools += page["tools"]
        return tools

    def invoke(  # noqa: PLR0913 - what a caller may say of one call, by name
        self,
        gpt_id: str,
        operation: str,
        arguments: dict[str, Any] | str | None = None,
        *,
        stage: str = "published",
        content_type: str | None = None,
        accept: str | None = None,
        idempotency_key: str | None = None,
        asynchronous: bool = False,
    ) -> Answer:
        """Call an operation; the answer says how it ended (`outcome`, `status`, `body`).

        Arguments that are text are JSON already, and sent as they are: so a number such as
        `0.10000000000000000001`, which Python's floats cannot hold, keeps its digits. ValueError
        for text that is not JSON.
        The stage `draft` calls what is not published yet, for those who may edit the GPT.
        `content_type` is the media type in which the body is sent, `accept` the one in which the
        API is asked to answer, each one of those that the operation's document has.
        With an idempotency key it may be repeated for a day and is sent once. Asynchronous, the
        answer has an `id`, and `invocation` reads how the call ended.
        """
        chosen = {
            "stage": None if stage == "published" else stage,
            "content_type": content_type,
            "accept": accept,
        }
        body = {"gpt_id": gpt_id, "operation": operation}
        body |= {name: value for name, value in chosen.items() if value is not None}
        headers = {"content-type": "application/json"}
        if asynchronous:
            headers["prefer"] = "respond-async"
        if idempotency_key is not None:
            headers["idempotency-key"] = idempotency_key
        answer: Answer = self._request(
            "POST", "/v1/invocations", content=_with_arguments(body, arguments), headers=headers
        )
        return answer

    def invocation(self, invocation_id: str, wait_seconds: int = 10) -> Answer:
        """The audit record of a call, waited for where the call is seconds old or under way."""
        headers = {"prefer": f"wait={wait_seconds}"}
        record: Answer = self._request("GET", f"/v1/invocations/{invocation_id}", headers=headers)
        return record


def checked_json(text: str) -> str:
    """The text itself, digits and all; ValueError where it is not JSON."""
    json.loads(text, parse_int=str, parse_float=str, parse_constant=_refuse)
    return text


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _with_arguments(body: dict[str, str], arguments: dict[str, Any] | str | None) -> bytes:
    if isinstance(arguments, str):
        text = checked_json(arguments)
    else:
        text = json.dumps({} if arguments is None else arguments, allow_nan=False)
    return f'{json.dumps(body)[:-1]}, "arguments": {text}}}'.encode()
