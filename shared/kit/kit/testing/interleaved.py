from collections.abc import Awaitable, Callable, Collection
from functools import wraps
from typing import Any

Other = Callable[[], Awaitable[object]]


class Interleaved:
    """A port before which others come: each call of one of `methods` waits for the next of them.

    So two writers meet between a reading and a write without any clock.
    """

    def __init__(self, port: Any, methods: Collection[str], *others: Other) -> None:
        self._port = port
        self._methods = methods
        self.others = list(others)

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)
        if name not in self._methods:
            return method

        @wraps(method)
        async def after_another(*arguments: Any) -> Any:
            if self.others:
                await self.others.pop(0)()
            return await method(*arguments)

        return after_another
