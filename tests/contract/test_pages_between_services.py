"""B10: what does not fit a message travels in pages, through a real broker."""

import orjson
import pytest

from catalog_service.adapters.bus_schemas import BusSchemas
from contracts.request import MAX_MESSAGE_BYTES
from contracts.requests import ReadOperations, ReadSchema
from kit.testing import bearer
from services.schema.tests.schema_platform import Site, schema_service

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]

BUILDER = {**bearer("builder"), "content-type": "application/json"}
DOMAIN = f"{'.'.join(['d' * 61] * 3)}.example.com"
ASTRAL = "𠮷"
"""A Japanese character that UTF-8 writes with 4 bytes."""


def host(number):
    name = f"{number:03}{'h' * (252 - len(DOMAIN) - 3)}.{DOMAIN}"
    assert len(name) == 253
    return name


def document(count=128, description="", path=ASTRAL * 200):
    """`count` operations with names of 64 characters, hosts of 253 and long Japanese paths."""
    paths = {
        f"/{number}/{path}": {
            "servers": [{"url": f"https://{host(number)}"}],
            "get": {
                "operationId": f"{number:03}" + f"n{ASTRAL}" * 40,
                "summary": "s",
                "description": description,
                "responses": {},
            },
        }
        for number in range(count)
    }
    info = {"title": ASTRAL * 300, "version": "1"}
    return orjson.dumps({"openapi": "3.1.0", "info": info, "paths": paths})


@pytest.fixture
async def service(nats_url, mongodb_url, database_name):
    async with schema_service(nats_url, mongodb_url, database_name, Site()) as pair:
        yield pair


async def stored(client, raw):
    answer = await client.post("/v1/schemas", content=raw, headers=BUILDER)
    assert answer.status_code == 201, answer.text
    return answer.json()


def size_of(reply):
    return len(reply.model_dump_json().encode())


@pytest.mark.parametrize("named", [False, True])
async def test_b10_128_operations_with_long_names_hosts_and_japanese_paths_arrive(service, named):
    client, bus = service
    schema = await stored(client, document())
    names = [each["name"] for each in schema["operations"]]
    asked = tuple(names) if named else ()

    brief = await BusSchemas(bus).read("ws_ours", schema["id"], asked)
    first = await bus.ask(ReadSchema(workspace_id="ws_ours", schema_id=schema["id"], names=asked))

    assert [each.name for each in brief.operations] == names
    assert (len(names), max(map(len, names))) == (128, 64)
    assert all(each.ready and each.source_digest for each in brief.operations)
    assert brief.origins == tuple(sorted(f"https://{host(n)}:443" for n in range(128)))
    assert brief.next_offset is None
    assert size_of(brief) > MAX_MESSAGE_BYTES, "else one message would do"
    assert 30 < len(first.operations) < 128, "without pages: what a message holds"
    assert first.origins == tuple(sorted(each.origin for each in first.operations))


async def test_b10_every_page_fits_a_message_and_none_is_empty(service):
    client, bus = service
    schema = await stored(client, document())
    asked = ReadSchema(workspace_id="ws_ours", schema_id=schema["id"])

    pages, offset = [], 0
    while offset is not None:
        pages.append(await bus.ask(asked.model_copy(update={"offset": offset})))
        offset = pages[-1].next_offset

    assert len(pages) > 1
    assert all(page.operations and size_of(page) <= MAX_MESSAGE_BYTES for page in pages)
    assert all(size_of(page) > MAX_MESSAGE_BYTES * 3 // 4 for page in pages[:-1])
    assert {page.total for page in pages} == {128}


async def test_b10_a_page_beyond_the_end_is_empty(service):
    client, bus = service
    schema = await stored(client, document(2))

    page = await bus.ask(ReadSchema(workspace_id="ws_ours", schema_id=schema["id"], offset=9))

    assert (page.operations, page.next_offset, page.total) == ((), None, 2)


@pytest.mark.parametrize("text", [ASTRAL, '"', "\\", "\x01", "x", '𠮷"\\\x01x'])
async def test_b10_slices_of_operations_fit_a_message_whatever_their_text(service, text):
    client, bus = service
    schema = await stored(client, document(2, description=text * 60_000, path="p"))
    names = tuple(each["name"] for each in schema["operations"])
    asked = ReadOperations(workspace_id="ws_ours", schema_id=schema["id"], names=names)

    slices, offset = [], 0
    while offset is not None:
        slices.append(await bus.ask(asked.model_copy(update={"offset": offset})))
        offset = slices[-1].next_offset

    assert all(size_of(each) <= MAX_MESSAGE_BYTES for each in slices)
    assert all(size_of(each) > MAX_MESSAGE_BYTES // 2 for each in slices[:-1])
    forms = orjson.loads("".join(each.text for each in slices))
    assert [form["description"] for form in forms] == [text * 60_000] * 2
