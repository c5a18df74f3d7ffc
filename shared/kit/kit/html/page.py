"""One renderer: everything that is filled in is escaped, and nothing runs or loads on a page."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi.responses import Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from kit.html.texts import LABELS, NOTES, TEXTS

POLICY = (
    "default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
}
SEE_OTHER = 303
_TEMPLATE = Environment(
    loader=PackageLoader("kit.html"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    auto_reload=False,
).get_template("page.html")


@dataclass(frozen=True, slots=True)
class Asked:
    """A field whose name on the page is somebody's own text, and whose value nobody sees."""

    name: str
    label: str
    max_length: int


@dataclass(frozen=True, slots=True)
class Form:
    """A button that posts hidden fields, and what it asks for, to a path of ours; `label` and
    each of `asks`, which is the field's name, too, are of `LABELS`. `secrets` are asked for, too.
    """

    action: str
    label: str
    fields: Mapping[str, str]
    values: Mapping[str, str] = field(default_factory=dict)
    asks: Sequence[str] = ()
    secrets: Sequence[Asked] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """To a path of ours; `label` is one of `LABELS`."""

    path: str
    label: str


@dataclass(frozen=True, slots=True)
class Page:
    """`name` is one of `TEXTS`, and `values` what its sentences leave open; each of `notes`, which
    come after them, is one of `NOTES`.
    """

    name: str
    values: Mapping[str, str] = field(default_factory=dict)
    forms: Sequence[Form] = ()
    links: Sequence[Link] = ()
    status: int = 200
    notes: Sequence[str] = ()


def answer_of(page: Page) -> Response:
    nonce = secrets.token_urlsafe(16)
    headers = {**HEADERS, "content-security-policy": POLICY.format(nonce=nonce)}
    return Response(_text_of(page, nonce), page.status, headers, "text/html; charset=utf-8")


def _text_of(page: Page, nonce: str) -> str:
    text = TEXTS[page.name]
    lines = [_filled(line, page.values) for line in text.lines]
    lines += [escape(NOTES[each]) for each in page.notes]
    return _TEMPLATE.render(
        title=text.title,
        lines=[line for line in lines if line],
        forms=[_form(each) for each in page.forms],
        links=[{"path": each.path, "label": LABELS[each.label]} for each in page.links],
        nonce=nonce,
    )


def _form(form: Form) -> dict[str, Any]:
    label = _filled(LABELS[form.label], form.values)
    return {
        "action": form.action,
        "fields": sorted(form.fields.items()),
        "asks": [(name, LABELS[name]) for name in form.asks],
        "secrets": form.secrets,
        "label": label,
    }


def _filled(text: str, values: Mapping[str, str]) -> Markup:
    """A value is set apart, so that letters written from right to left do not turn the sentence."""
    apart = {
        name: Markup("<bdi>{}</bdi>").format(value) if value else ""
        for name, value in values.items()
    }
    return escape(text).format(**apart)


def see_other(path: str, cookie: str | None = None) -> Response:
    """Go on with GET there (RFC 9110, 15.4.4)."""
    headers = {"location": path, "referrer-policy": "no-referrer"}
    return Response(None, SEE_OTHER, headers | ({"set-cookie": cookie} if cookie else {}))
