"""A request: one question that one service answers at once, over NATS request/reply.

Never for a secret in the clear, never above 64 KiB in either direction.
"""

from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

REQUESTS: dict[str, type["Request[Any]"]] = {}
"""Every request by its subject."""

MAX_MESSAGE_BYTES = 64 * 1024


class Reply(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


R = TypeVar("R", bound=Reply)


class Request(BaseModel, Generic[R]):
    model_config = ConfigDict(frozen=True, extra="ignore")
    name: ClassVar[str]
    label: ClassVar[str]
    """The name, with the version from the second on: unique in documents."""
    subject: ClassVar[str]
    owner: ClassVar[str]
    reply: ClassVar[type[Reply]]
    repeatable: ClassVar[bool]
    """It changes nothing, so the asker may send it again when no answer comes."""

    def __init_subclass__(
        cls, *, name: str = "", version: int = 1, repeatable: bool = True, **kwargs: Any
    ) -> None:
        super().__init_subclass__(**kwargs)
        if not name:  # Pydantic's own parametrised class, Request[SomeReply]
            return
        cls.name, cls.owner, cls.repeatable = name, name.partition(".")[0], repeatable
        cls.label = name if version == 1 else f"{name}.v{version}"
        cls.subject = f"request.{name}.v{version}"
        known = REQUESTS.setdefault(cls.subject, cls)
        if known.__qualname__ != cls.__qualname__ or known.__module__ != cls.__module__:
            raise TypeError(f"{cls.subject} is already declared, by {known.owner}")

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        for parent in cls.__mro__:
            arguments = getattr(parent, "__pydantic_generic_metadata__", {}).get("args")
            if arguments:
                cls.reply = arguments[0]
                return
