"""Forms of our pages: short, read strictly, and marked, so that no other page can make one."""

import hmac
from collections.abc import Collection
from urllib.parse import parse_qsl

from fastapi import Request

from contracts.errors import Denied, Invalid
from kit.errors import UnsupportedMediaType

MARK = "mark"
FORM = "application/x-www-form-urlencoded"
MAX_BYTES = 16_384


class FormInvalid(Invalid):
    code = "platform.form_invalid"

    def __init__(self) -> None:
        super().__init__(
            "This form is not as a page of this installation sends it.",
            hint="Open the page again, and press its button.",
        )


class FormNotOurs(Denied):
    code = "platform.form_not_ours"

    def __init__(self) -> None:
        super().__init__(
            "This form was not made for you, or you signed in again since.",
            hint="Open the page again, and press its button.",
        )


def mark_of(secret: str, action: str) -> str:
    """For a form that goes to the path `action`: only who has the secret can make it.

    The secret is of what the form is about: the session's, or a link's own.
    """
    return hmac.digest(secret.encode(), f"form\n{action}".encode(), "sha256").hex()


async def read_form(request: Request, secret: str, names: Collection[str] = ()) -> dict[str, str]:
    """Its fields, exactly these; raises where they are others, or its mark is not of the secret."""
    content_type = request.headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise UnsupportedMediaType(content_type, wanted="a form", type_=FORM)
    fields = _fields(await request.body())
    if MARK not in fields:
        raise FormInvalid
    expected = mark_of(secret, request.url.path)
    if not hmac.compare_digest(fields.pop(MARK).encode(), expected.encode()):
        raise FormNotOurs
    if fields.keys() != {*names}:
        raise FormInvalid
    return fields


def _fields(body: bytes) -> dict[str, str]:
    if len(body) > MAX_BYTES:
        raise FormInvalid
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
        )
    except ValueError:  # not ASCII, not UTF-8 within, or no form
        raise FormInvalid from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise FormInvalid
    return fields
