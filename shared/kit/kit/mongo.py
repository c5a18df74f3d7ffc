"""The MongoDB client and its failures. Only this module, `kit.documents` and `adapters/mongo_*.py`
know the driver; whoever replaces it starts here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bson.errors import InvalidStringData
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorDatabase
from pymongo.errors import DocumentTooLarge, DuplicateKeyError, PyMongoError

from contracts.errors import Conflict, Invalid
from kit.errors import DatabaseUnavailable

Document = dict[str, Any]
Client = AsyncIOMotorClient[Document]
Database = AsyncIOMotorDatabase[Document]
OPERATION_TIMEOUT_MS = 5_000
SERVER_SELECTION_TIMEOUT_MS = 2_000


class Unstorable(Invalid):
    """Text that is not Unicode (a lone surrogate), a number beyond 64 bits, more than 16 MB."""

    code = "platform.unstorable"

    def __init__(self) -> None:
        super().__init__(
            "Something in this cannot be stored.",
            hint="Texts must be valid Unicode, integers fit in 64 bits, and all of it in 16 MB.",
        )


class Taken(Conflict):
    """A unique key is already in use. Adapters turn it into their own plain fact."""

    code = "platform.taken"


@contextmanager
def driver_errors() -> Iterator[None]:
    """No exception of the driver leaves an adapter."""
    try:
        yield
    except DuplicateKeyError as error:
        raise Taken("This already exists.") from error
    except (DocumentTooLarge, InvalidStringData, UnicodeEncodeError, OverflowError) as error:
        raise Unstorable from error
    except PyMongoError as error:
        raise DatabaseUnavailable from error


def connect(url: str) -> Client:
    """A client that waits briefly and writes durably; nothing connects until it is used."""
    return AsyncIOMotorClient(
        url,
        serverSelectionTimeoutMS=SERVER_SELECTION_TIMEOUT_MS,
        timeoutMS=OPERATION_TIMEOUT_MS,
        waitQueueTimeoutMS=SERVER_SELECTION_TIMEOUT_MS,
        maxPoolSize=50,
        w="majority",
        journal=True,
        tz_aware=True,
    )
