from typing import Annotated, Literal

from pydantic import Field

from auth_service.domain.errors import OwnKeyInvalid
from auth_service.domain.header_field import (
    AUTHORIZATION,
    checked_header_name,
    checked_parameter_name,
    checked_scheme,
    is_authorization,
)
from auth_service.domain.own_key import OwnKey
from auth_service.domain.placement import Placement
from auth_service.entrypoints.body import Body, Name

MAX_HEADERS = 10
Label = Annotated[str, Field(min_length=1, max_length=100)]


class OwnKeyBody(Body):
    """Each member enters a key of their own, which stands where this says; there is none here."""

    type: Literal["api_key"]
    per_user: Literal[True]
    placement: Placement
    name: Name | None = Field(
        default=None, description="Of the header (`custom`) or the query parameter (`query`)."
    )
    names: list[Name] | None = Field(
        default=None, max_length=MAX_HEADERS, description="Of the headers (`headers`)."
    )
    scheme: Name | None = Field(
        default=None,
        description="In `Authorization` (`custom`), before the key: `SharedAccessKey`.",
    )
    labels: list[Label] | None = Field(
        default=None,
        max_length=MAX_HEADERS,
        description="What the form calls each value: user name and password of `basic`, else one "
        "for each name.",
    )

    def entered(self) -> OwnKey:
        names = self._names()
        match self.placement:
            case Placement.QUERY:
                parameters = tuple(checked_parameter_name(name) for name in names)
                return OwnKey(self.placement, (), parameters, labels=self._labels(names))
            case Placement.BASIC:
                labels = self._labels(("User name", "Password"))
            case Placement.BEARER:
                labels = self._labels(("Token",))
            case _:
                labels = self._labels(names)
                names = self._header_names(names)
        return OwnKey(self.placement, names, (), self.scheme or "", labels)

    def _names(self) -> tuple[str, ...]:
        """As they were entered: `name` or `names`, whichever the placement has."""
        single = self.placement in (Placement.CUSTOM, Placement.QUERY)
        several = self.placement is Placement.HEADERS
        if (self.name is not None) != single or bool(self.names) != several:
            raise OwnKeyInvalid(
                "The placements `custom` and `query` take `name`, `headers` takes `names`, and the "
                "others neither."
            )
        if single:
            return (self.name or "",)
        return tuple(self.names or ()) if several else (AUTHORIZATION,)

    def _header_names(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """`Authorization` is `custom` with a scheme; nothing else has one."""
        with_scheme = self.placement is Placement.CUSTOM and is_authorization(names[0])
        if with_scheme and self.scheme is not None:
            checked_scheme(self.scheme)
            return (AUTHORIZATION,)
        checked = tuple(checked_header_name(name) for name in names)
        if self.scheme is not None:
            raise OwnKeyInvalid("`scheme` is for the header Authorization alone.")
        if len({name.lower() for name in checked}) < len(checked):
            raise OwnKeyInvalid("Two of the headers have the same name.")
        return checked

    def _labels(self, otherwise: tuple[str, ...]) -> tuple[str, ...]:
        labels = otherwise if self.labels is None else tuple(self.labels)
        if len(labels) != len(otherwise):
            raise OwnKeyInvalid(f"`labels` has one for each value: {len(otherwise)} here.")
        return labels
