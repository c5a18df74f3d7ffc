"""Which members an object of a request's body may have, by the form that a route declares."""

from collections.abc import Sequence
from typing import Any

from fastapi.routing import APIRoute

from kit.members_of_forms import members_at


class KnownMembers:
    """Of one route's body. The JSON Schema of its form is made when the first member is not known,
    and kept.
    """

    def __init__(self, route: APIRoute) -> None:
        body = route.body_field
        self._form: Any = body.field_info.annotation if body else None

    def at(self, place: Sequence[str | int]) -> frozenset[str]:
        """Of the object at this place of the body; empty where that is not known."""
        return members_at(self._form, place)
