"""A client of one platform: requests in, plain data out, refusals as `ProblemError`."""

import json
from collections.abc import Iterator
from typing import Any, Self

import httpx

from openactions import json_text
from openactions.errors import ProblemError, Unreachable

TIMEOUT_SECONDS = 60.0
DEFAULT_URL = "http://127.0.0.1:8080"


class Answer(dict[str, Any]):
    """An object of the platform's. What Python's values cannot hold, such as members of the same
    name in an API's answer, is in `text`, the JSON as it came.
    """

    def __init__(self, members: dict[str, Any], text: str) -> None:
        super().__init__(members)
        self.text = text


class OpenActions:
    """`OpenActions(url, token)`; usable as a context manager, safe to share between threads."""

    def __init__(self, url: str = DEFAULT_URL, token: str | None = None) -> None:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        try:
            self._http = httpx.Client(
                base_url=url, headers=headers, timeout=TIMEOUT_SECONDS, trust_env=False
            )
        except (httpx.InvalidURL, UnicodeEncodeError) as error:
            raise Unreachable(f"{url!r} and this token cannot be used: {error}") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def get(self, path: str, **query: Any) -> Any:
        return self._request("GET", path, params=query or None)

    def post(self, path: str, body: Any = None) -> Any:
        return self._request("POST", path, json=body)

    def post_document(self, path: str, text: str, media_type: str) -> Any:
        """Send a document as it is, such as `application/yaml`."""
        headers = {"content-type": media_type}
        return self._request("POST", path, content=text.encode(), headers=headers)

    def put(self, path: str, body: Any) -> Any:
        return self._request("PUT", path, json=body)

    def patch(self, path: str, body: Any) -> Any:
        return self._request("PATCH", path, json=body)

    def delete(self, path: str) -> Any:
        return self._request("DELETE", path)

    def each(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Every item of a list, such as `each("/v1/gpts", q="vet")`, page after page."""
        cursor: dict[str, Any] = {}
        while True:
            page = self.get(path, **query, **cursor)
            yield from page["items"]
            if page["next_cursor"] is None:
                return
            cursor = {"cursor": page["next_cursor"]}

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

    def invoke(
        self,
        gpt_id: str,
        operation: str,
        arguments: dict[str, Any] | str | None = None,
        *,
        stage: str = "published",
        idempotency_key: str | None = None,
        asynchronous: bool = False,
    ) -> Answer:
        """Call an operation; the answer says how it ended (`outcome`, `status`, `body`).

        Arguments that are text are JSON already, and sent as they are: so a number such as
        `0.10000000000000000001`, which Python's floats cannot hold, keeps its digits. ValueError
        for text that is not JSON.
        The stage `draft` calls what is not published yet, for those who may edit the GPT.
        With an idempotency key it may be repeated for a day and is sent once. Asynchronous, the
        answer has an `id`, and `invocation` reads how the call ended.
        """
        body = {"gpt_id": gpt_id, "operation": operation}
        if stage != "published":
            body["stage"] = stage
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

    def is_ready(self) -> bool:
        """Does the service behind this address say that it can do its work?"""
        try:
            return self._http.get("/readyz", timeout=2).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def _request(self, method: str, path: str, **options: Any) -> Any:
        try:
            response = self._http.request(method, path, **options)
        except httpx.HTTPError as error:
            raise Unreachable(f"{self._http.base_url} does not answer: {error}") from None
        body = _body(response)
        if response.is_error:
            if not isinstance(body, dict) or "code" not in body:
                raise Unreachable(
                    f"{self._http.base_url} answers with {response.status_code}, and not as"
                    " OpenActions does."
                )
            raise ProblemError(body)
        return body


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
        text = json.dumps(arguments or {}, allow_nan=False)
    return f'{json.dumps(body)[:-1]}, "arguments": {text}}}'.encode()


def _body(response: httpx.Response) -> Any:
    if not response.content:
        return None
    if "json" in response.headers.get("content-type", ""):
        value = json_text.read(response.text)
        return Answer(value, response.text) if isinstance(value, dict) else value
    return response.text
