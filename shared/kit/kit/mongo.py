"""The MongoDB client and its failures. Only `kit` imports the driver: here, and in
`across_workspaces`, `documents`, `indexes`, `leases`, `reading` and `workspace_documents`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pymongo
from bson.errors import InvalidStringData
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorDatabase
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    ConnectionFailure,
    DocumentTooLarge,
    DuplicateKeyError,
    NotPrimaryError,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WaitQueueTimeoutError,
    WTimeoutError,
)

from contracts.errors import Conflict, Invalid
from kit.errors import DatabaseRefused, DatabaseUnavailable, WriteUnconfirmed

Document = dict[str, Any]
Client = AsyncIOMotorClient[Document]
Database = AsyncIOMotorDatabase[Document]
OPERATION_TIMEOUT_MS = 5_000
SERVER_SELECTION_TIMEOUT_MS = 2_000
_PASSING = frozenset(
    {
        *(6, 7, 89, 9001),  # the host, or the way to it
        *(91, 189, 10107, 11600, 11602, 13435, 13436),  # not (any more) the primary, or stopping
        *(24, 46, 50, 112, 134, 202, 262, 314, 11601),  # busy, out of time, a conflict of writes
        43,  # a cursor that a restart forgot
    }
)
"""Codes that MongoDB's own drivers retry, and those of time that ran out."""
_PASSING_LABELS = ("RetryableWriteError", "TransientTransactionError", "RetryableError")
_UNCONFIRMED = frozenset({64, 91, 11600, 11602})
"""WriteConcernFailed, and a node that stepped down or stopped in the middle of a write."""


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
def driver_errors(*, writing: bool = False) -> Iterator[None]:
    """No exception of the driver leaves an adapter.

    A lost connection, a node that is not (any more) the primary and a time that ran out are
    `DatabaseUnavailable`; of a write that had been sent, `WriteUnconfirmed`. Whatever else the
    database says is `DatabaseRefused`, with the driver's exception as its cause.
    """
    try:
        yield
    except DuplicateKeyError as error:
        raise Taken("This already exists.") from error
    except (DocumentTooLarge, InvalidStringData, UnicodeEncodeError, OverflowError) as error:
        raise Unstorable from error
    except PyMongoError as error:
        raise meaning_of(error, writing=writing) from error


@contextmanager
def database_deadline(seconds: float) -> Iterator[None]:
    """All operations within end by then, together; else each has OPERATION_TIMEOUT_MS.

    The driver counts all the time from here on. So an operation that begins too late, since other
    work took the time, is `DatabaseUnavailable` as well, though the database may be well.
    """
    with pymongo.timeout(seconds):
        yield


def meaning_of(error: PyMongoError, *, writing: bool) -> Exception:
    codes = _codes_of(error)
    if writing and (_was_sent(error) or codes & _UNCONFIRMED):
        return WriteUnconfirmed()
    if _passes(error, codes):
        return DatabaseUnavailable()
    details = getattr(error, "details", None) or {}
    code = next(iter(sorted(codes)), None)
    return DatabaseRefused(details.get("codeName") or type(error).__name__, code)


def _passes(error: PyMongoError, codes: frozenset[int]) -> bool:
    """Does it say that the same may work in a moment?"""
    if isinstance(error, ConnectionFailure) or error.timeout:  # NotPrimaryError is one of the first
        return True
    return bool(codes & _PASSING) or any(error.has_error_label(label) for label in _PASSING_LABELS)


def _was_sent(error: PyMongoError) -> bool:
    """Did the connection break, or the time run out, with a write on its way?"""
    if isinstance(error, ServerSelectionTimeoutError | WaitQueueTimeoutError | NotPrimaryError):
        return False
    return isinstance(error, AutoReconnect | WTimeoutError)


def _codes_of(error: PyMongoError) -> frozenset[int]:
    """A bulk write hides them in its details, one for each write."""
    if not isinstance(error, BulkWriteError):
        return frozenset({error.code} if isinstance(error, OperationFailure) and error.code else ())
    faults = [
        *error.details.get("writeErrors", ()),
        *error.details.get("writeConcernErrors", ()),
    ]
    return frozenset(fault["code"] for fault in faults)


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
