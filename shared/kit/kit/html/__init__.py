"""Pages for people, made of one template and one catalogue of texts; they work without script."""

from kit.html.forms import mark_of, read_form
from kit.html.own_path import own_path
from kit.html.page import Asked, Form, Link, Page, answer_of, see_other
from kit.html.route import PageRoute, hint_of, refusal
from kit.html.session_of import session_of

__all__ = [
    "Asked",
    "Form",
    "Link",
    "Page",
    "PageRoute",
    "answer_of",
    "hint_of",
    "mark_of",
    "own_path",
    "read_form",
    "refusal",
    "see_other",
    "session_of",
]
