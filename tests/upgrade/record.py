"""`python -m tests.upgrade.record`: write `golden/` anew, by running the old release.

Needed only if the walk is made to reach more of it; what a release wrote does not change.
"""

import asyncio
import subprocess
import tempfile
from pathlib import Path

import nats
from bson import json_util  # noqa: TID251 - extended JSON is the driver's

from kit import mongo
from kit.testing import eventually
from openactions_local.demo import demo_server
from openactions_local.servers import accepts, free_port, mongodb_server, nats_server
from tests.e2e.platform_process import PlatformProcess
from tests.upgrade import old_release
from tests.upgrade.walk import write_everything

GOLDEN = Path(__file__).parent / "golden"
SERVICES = ("auth", "catalog", "execution", "identity", "policy", "schema")
STREAMS = ("FACTS", "DEAD_LETTERS")
UNREADABLE = "fact.action.removed.v1"


async def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        release = old_release.install(folder)
        ports = [free_port(), free_port()]
        servers = [
            mongodb_server(folder / "mongodb", ports[0]),
            nats_server(folder / "nats", ports[1]),
        ]
        for server, port in zip(servers, ports, strict=True):
            server.start()
            await server.ready(lambda port=port: accepts(port))
        urls = (f"mongodb://127.0.0.1:{ports[0]}", f"nats://127.0.0.1:{ports[1]}")
        try:
            await asyncio.to_thread(_write, release, folder, *urls)
            await _export_documents(urls[0])
            await _export_messages(urls[1])
        finally:
            for server in servers:
                await server.stop()


def _write(release, folder, mongodb_url, nats_url):
    demo_port = free_port()
    variables = {"MONGODB_URL": mongodb_url, "NATS_URL": nats_url}
    arguments = ["--data", folder / "data", "--port", "0", "--demo-port", demo_port]
    with (
        demo_server(demo_port),
        PlatformProcess(arguments, variables, program=release.openactions) as up,
    ):
        write_everything(up.url, up.token, demo_port)
        asyncio.run(_publish_what_nobody_can_read(nats_url))
    subprocess.run(
        [release.python, Path(__file__).parent / "left_behind.py", mongodb_url], check=True
    )


async def _publish_what_nobody_can_read(nats_url):
    client = await nats.connect(nats_url)
    jetstream = client.jetstream()
    headers = {"Nats-Msg-Id": "unreadable", "ce-id": "unreadable"}
    await jetstream.publish(UNREADABLE, b"not JSON", headers=headers)

    async def dead_lettered():
        return (await jetstream.stream_info("DEAD_LETTERS")).state.messages

    await eventually(dead_lettered)
    await client.close()


async def _export_documents(url):
    client = mongo.connect(url)
    for service in SERVICES:
        for name in sorted(await client[service].list_collection_names()):
            documents = [document async for document in client[service][name].find({}).sort("_id")]
            _write_golden(f"{service}.{name}.json", documents)
            indexes = [dict(index) async for index in client[service][name].list_indexes()]
            _write_golden(f"{service}.{name}.indexes.json", indexes)
    client.close()


async def _export_messages(url):
    client = await nats.connect(url)
    jetstream = client.jetstream()
    for stream in STREAMS:
        state = (await jetstream.stream_info(stream)).state
        messages = [
            await jetstream.get_msg(stream, sequence)
            for sequence in range(state.first_seq, state.last_seq + 1)
        ]
        kept = [
            {"subject": each.subject, "headers": each.headers, "data": each.data.decode()}
            for each in messages
        ]
        _write_golden(f"stream.{stream}.json", kept)
    await client.close()


def _write_golden(name, items):
    text = json_util.dumps(items, json_options=json_util.CANONICAL_JSON_OPTIONS, indent=1)
    (GOLDEN / name).write_text(text + "\n")


if __name__ == "__main__":
    asyncio.run(main())
