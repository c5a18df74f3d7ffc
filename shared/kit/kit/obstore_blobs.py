"""`BlobStore` on obstore: a local folder, or a bucket of an S3-compatible store.

The only module that imports obstore. It connects from Rust, where no audit hook of Python sees it:
so it is built from `BlobsSettings` alone, without the environment variables that it would read by
itself (AWS_…, …_PROXY), and no caller's text reaches it but the checked parts of a `BlobName`.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from contracts.ids import WorkspaceId
from kit import logs, metrics
from kit.blob_settings import BlobsSettings, BlobsUnusable
from kit.blobs import (
    BlobName,
    BlobNotFound,
    BlobStoreUnavailable,
    hour_has_passed,
    is_workspace,
)

log = logs.logger("kit.blobs")
CHUNK_BYTES = 1024 * 1024
LISTED_AT_ONCE = 500
CONNECT_SECONDS = 2
READ, DELETE = "read", "delete"
"""Where a blob may be missing; elsewhere it is the bucket or the folder."""
NO_BUCKET = "NoSuchBucket"
"""S3's code for it, which the library passes on in a text only."""
RETRIES = 2
RETRY_SECONDS = 4
"""Shorter than a request over the bus waits for its answer."""


class ObstoreBlobs:
    def __init__(self, settings: BlobsSettings) -> None:
        with _without_environment():
            self._store = _store(settings)
        self._is_bucket = settings.folder is None
        self._seconds = settings.seconds

    async def put(self, name: BlobName, content: bytes) -> None:
        """In one request: an upload in parts that breaks off would leave hidden ones."""
        with _failures("put"):
            async with asyncio.timeout(self._seconds):
                await self._store.put_async(name.path, content, use_multipart=False)

    async def stream(self, name: BlobName) -> AsyncIterator[bytes]:
        with _failures(READ):
            async with asyncio.timeout(self._seconds):
                found = await self._store.get_async(name.path)
            chunks = aiter(found.stream(min_chunk_size=CHUNK_BYTES))
            while (chunk := await self._next(chunks)) is not None:
                yield bytes(chunk)

    async def _next(self, chunks: AsyncIterator[Any]) -> Any:
        async with asyncio.timeout(self._seconds):
            return await anext(chunks, None)

    async def delete(self, name: BlobName) -> None:
        try:
            with _failures(DELETE):
                async with asyncio.timeout(self._seconds):
                    await self._store.delete_async(name.path)
        except BlobNotFound:
            return

    async def overdue(self, area: str, now: datetime) -> AsyncIterator[BlobName]:
        for hour in await self._hours(area):
            if hour_has_passed(hour, now):
                async for name in self._named(f"{area}/{hour}/"):
                    if name.expires_at <= now:
                        yield name

    async def of_workspace(self, area: str, workspace_id: WorkspaceId) -> AsyncIterator[BlobName]:
        if not is_workspace(workspace_id):
            return
        for hour in await self._hours(area):
            async for name in self._named(f"{area}/{hour}/{workspace_id}/"):
                yield name

    async def _page(self, pages: AsyncIterator[Any]) -> Any:
        try:
            return await self._next(pages)
        except FileNotFoundError:
            if self._is_bucket:  # which has no folders: it is missing itself
                raise
            return None  # a folder that another sweep emptied meanwhile

    async def _hours(self, area: str) -> list[str]:
        with _failures("list"):
            async with asyncio.timeout(self._seconds):
                found = await self._store.list_with_delimiter_async(f"{area}/")
        return sorted(prefix.rstrip("/").rpartition("/")[2] for prefix in found["common_prefixes"])

    async def _named(self, prefix: str) -> AsyncIterator[BlobName]:
        pages = aiter(self._store.list(prefix, chunk_size=LISTED_AT_ONCE))
        while True:
            with _failures("list"):
                page = await self._page(pages)
            if page is None:
                return
            for found in page:
                if (name := BlobName.of(found["path"])) is not None:
                    yield name


def _store(settings: BlobsSettings) -> LocalStore | S3Store:
    if settings.folder is not None:
        try:
            settings.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            return LocalStore(settings.folder, automatic_cleanup=True)
        except (OSError, BaseError) as error:
            raise BlobsUnusable(f"BLOBS_URL: this folder cannot be used: {error}") from None
    options: Any = {
        "allow_http": settings.address.startswith("http://"),
        "connect_timeout": timedelta(seconds=CONNECT_SECONDS),
        "timeout": timedelta(seconds=settings.seconds),
    }
    if settings.ca_file is not None:
        options["root_certificate"] = _certificates(settings.ca_file)
    try:
        return _bucket(settings, options)
    except (BaseError, ValueError) as error:
        sentence = f"BLOBS_URL, BLOBS_CA_FILE: this bucket cannot be used: {error}"
        raise BlobsUnusable(sentence) from None


def _bucket(settings: BlobsSettings, options: Any) -> S3Store:
    return S3Store(
        settings.bucket,
        prefix=settings.prefix or None,
        endpoint=settings.address,
        region=settings.region,
        access_key_id=settings.access_key_id,
        secret_access_key=settings.secret_access_key.get_secret_value(),
        skip_signature=False,
        disable_bulk_delete=True,  # deleted one at a time, which every such store can do
        virtual_hosted_style_request=False,
        client_options=options,
        retry_config={
            "max_retries": RETRIES,
            "retry_timeout": timedelta(seconds=RETRY_SECONDS),
        },
    )


@contextmanager
def _without_environment() -> Iterator[None]:
    """What the library finds there it uses: a session token beside our keys, another endpoint, a
    proxy that all content goes through. It looks once, while it is built.
    """
    variables = os.environ  # noqa: TID251 - hidden from a library, not read
    names = [name for name in variables if name.upper().startswith("AWS_")]
    names += [name for name in variables if name.upper().endswith("_PROXY")]
    hidden = {name: variables.pop(name) for name in names}
    try:
        yield
    finally:
        variables.update(hidden)


def _certificates(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BlobsUnusable(f"BLOBS_CA_FILE cannot be read: {error.strerror}") from None


@contextmanager
def _failures(doing: str) -> Iterator[None]:
    """The library's errors as ours; the log has what it says, which is never content."""
    try:
        yield
    except (BaseError, OSError, TimeoutError) as error:
        cause = str(error).partition("\n")[0][:300] or type(error).__name__
        no_bucket = NO_BUCKET in str(error)
        if isinstance(error, FileNotFoundError) and doing in {READ, DELETE} and not no_bucket:
            raise BlobNotFound from None
        if not no_bucket and not isinstance(error, FileNotFoundError):
            log.warning("blob_store_failed", doing=doing, cause=cause)
        else:
            log.error("blob_store_missing", doing=doing, cause=cause, setting="BLOBS_URL")  # noqa: TRY400 - the cause is its one line
        metrics.blob_store_failures.labels(doing).inc()
        raise BlobStoreUnavailable from error
