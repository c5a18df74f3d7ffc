"""The schema service on a real broker and database, and a real server that it may import from."""

import threading
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep

import uvicorn
from starlette.applications import Starlette
from starlette.responses import (
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from contracts.requests import (
    Authenticate,
    CheckHosts,
    FindSchemaUses,
    HostsChecked,
    Role,
    SchemaUses,
)
from egress import EgressSettings
from kit.blob_settings import BlobsSettings
from kit.testing import known_callers, neighbours, running
from openactions_local.servers import free_port
from schema_service.main import build
from schema_service.settings import SchemaSettings


@dataclass
class Site:
    """`docs.example.com`: path → text, or where the path leads to."""

    port: int = field(default_factory=free_port)
    texts: dict[str, str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    huge: str = "/huge"
    """A path that answers 200 MB."""

    @property
    def origin(self):
        return f"http://docs.example.com:{self.port}"

    def url(self, path):
        return self.origin + path

    async def page(self, request):
        path = request.url.path
        self.asked.append(path)
        if path == self.huge:
            return StreamingResponse(_huge())
        if path in self.moved:
            return RedirectResponse(self.moved[path])
        if path not in self.texts:
            return Response(status_code=404)
        etag = f'"{len(self.texts[path])}"'
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304)
        return PlainTextResponse(self.texts[path], headers={"etag": etag})


async def _huge():
    for _ in range(200):
        yield b"openapi: 3.1.0 #" + b"x" * 1024 * 1024


@contextmanager
def serving(pages):
    app = Starlette(routes=[Route("/{path:path}", pages.page)])
    server = uvicorn.Server(uvicorn.Config(app, port=pages.port, log_config=None))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        sleep(0.02)
    yield pages
    server.should_exit = True
    thread.join()


async def unused(_):
    return SchemaUses(gpts=(), others=False)


async def all_listed(_):
    return HostsChecked()


@asynccontextmanager
async def blobs_in(chosen):
    """A folder of its own, where a test has not chosen another store."""
    with TemporaryDirectory(prefix="openactions-blobs-") as folder:
        yield chosen or BlobsSettings(url=Path(folder).as_uri())


@asynccontextmanager
async def schema_service(
    nats_url,
    mongodb_url,
    database_name,
    site,
    *,
    egress=None,
    uses=unused,
    check_hosts=all_listed,
    **settings,
):
    """A client of the service, and a bus, to ask it and to receive its facts.

    The site is an allowed origin, unless `egress` is given. Policy does not answer where
    `check_hosts` is None.
    """
    async with neighbours(nats_url) as others, blobs_in(settings.pop("blobs", None)) as blobs:
        chosen = SchemaSettings(
            mongodb_url=mongodb_url,
            mongodb_database=database_name,
            nats_url=nats_url,
            stream_replicas=1,
            blobs=blobs,
            **settings,
        )
        callers = known_callers(
            ("builder", "ws_ours", Role.BUILDER),
            ("stranger", "ws_theirs", Role.OWNER),
            ("leaver", "ws_removed", Role.OWNER),
        )
        await others.answer(Authenticate, callers)
        await others.answer(FindSchemaUses, uses)
        if check_hosts:
            await others.answer(CheckHosts, check_hosts)
        egress = egress or EgressSettings(allowed_origins={site.origin: "127.0.0.1"})
        async with running(build(chosen, egress)) as client:
            yield client, others.bus
