"""Requests to one platform: plain data in and out, refusals as `ProblemError`."""

from collections.abc import Iterator
from typing import Any, Self

import httpx

from openactions import json_text
from openactions.errors import ProblemError, Unreachable

TIMEOUT_SECONDS = 60.0
DEFAULT_URL = "http://127.0.0.1:8080"


class Answer(dict[str, Any]):
    """An object of the platform's. What Python's values cannot hold, such as members of the same
    name in an API's answer, is in `text`, the JSON as it came. `etag` names the revision that it
    shows, where it has one: a change with `if_match` is refused once there is another.
    """

    def __init__(self, members: dict[str, Any], text: str, etag: str | None = None) -> None:
        super().__init__(members)
        self.text = text
        self.etag = etag


class Requests:
    """`Requests(url, token)`; usable as a context manager, safe to share between threads.

    `on_behalf_of` is a member's id or e-mail address: all is asked for them, with a token whose
    scopes name `users:impersonate`.
    """

    def __init__(
        self, url: str = DEFAULT_URL, token: str | None = None, *, on_behalf_of: str | None = None
    ) -> None:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        if on_behalf_of is not None:
            headers["openactions-user"] = on_behalf_of
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

    def post(self, path: str, body: Any = None, *, if_match: str | None = None) -> Any:
        return self._request("POST", path, json=body, headers=_conditions(if_match))

    def post_document(self, path: str, text: str, media_type: str) -> Any:
        """Send a document as it is, such as `application/yaml`."""
        headers = {"content-type": media_type}
        return self._request("POST", path, content=text.encode(), headers=headers)

    def put(self, path: str, body: Any, *, if_match: str | None = None) -> Any:
        return self._request("PUT", path, json=body, headers=_conditions(if_match))

    def patch(self, path: str, body: Any, *, if_match: str | None = None) -> Any:
        return self._request("PATCH", path, json=body, headers=_conditions(if_match))

    def delete(self, path: str, body: Any = None, *, if_match: str | None = None) -> Any:
        return self._request("DELETE", path, json=body, headers=_conditions(if_match))

    def each(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Every item of a list, such as `each("/v1/gpts", q="vet")`, page after page."""
        cursor: dict[str, Any] = {}
        while True:
            page = self.get(path, **query, **cursor)
            yield from page["items"]
            if page["next_cursor"] is None:
                return
            cursor = {"cursor": page["next_cursor"]}

    def is_ready(self) -> bool:
        """Does the service behind this address say that it can do its work?"""
        try:
            return self._http.get("/readyz", timeout=2).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def _request(self, method: str, path: str, **options: Any) -> Any:
        """What is answered; `options` are httpx's. Raises `ProblemError` or `Unreachable`."""
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


def _conditions(if_match: str | None) -> dict[str, str]:
    return {} if if_match is None else {"if-match": if_match}


def _body(response: httpx.Response) -> Any:
    if not response.content:
        return None
    if "json" in response.headers.get("content-type", ""):
        value = json_text.read(response.text)
        if isinstance(value, dict):
            return Answer(value, response.text, response.headers.get("etag"))
        return value
    return response.text
