from typing import Protocol, TypeVar

T_co = TypeVar("T_co", covariant=True)


class Voidable(Protocol[T_co]):
    """What another service answered, and whether it may still be relied on."""

    @property
    def value(self) -> T_co: ...

    def holds(self) -> bool:
        """False once a fact voided it, its time is up, or this replica cannot receive facts."""
        ...
