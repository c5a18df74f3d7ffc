"""B22: rules change while a call waits for its connection; not a byte of it may leave then."""

import asyncio
import socket  # noqa: TID251 - a peer that accepts slowly
from urllib.parse import urlsplit

import pytest

from contracts.facts import (
    CredentialChanged,
    DomainsChanged,
    GptPublished,
    SchemaCompiled,
    TokenRevoked,
)
from contracts.requests import Gate, IssueCredential, ReadOperations
from kit.caller import digest_of
from kit.testing import eventually, token_of
from services.execution.tests.execution_platform import operation
from services.execution.tests.fakes import DENIED

pytestmark = pytest.mark.integration


@pytest.fixture
def settings():
    return {"patience": 10}


@pytest.fixture(params=["addNobody", "addNobodyAnonymously"])
def slow(platform, request):
    """The operation that is called, with a credential and without one (`security: []`)."""
    signed = platform.operations["addNobody"]
    platform.operations["addNobodyAnonymously"] = operation(
        "addNobodyAnonymously", "POST", signed.server, anonymous=True
    )
    return request.param


@pytest.fixture
def door(platform):
    """An API whose queue of connections is full: the next one comes about once `open` is called."""
    with Door(urlsplit(platform.operations["addNobody"].server).port) as door:
        yield door


class Door:
    def __init__(self, port):
        self.listening = socket.create_server(("127.0.0.1", port), backlog=0)
        self.filler = socket.create_connection(("127.0.0.1", port))
        self.received = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.filler.close()
        self.listening.close()

    async def open(self):
        """Take whoever filled the queue, then answer whoever waited, and note what it sent."""
        loop = asyncio.get_running_loop()
        self.listening.setblocking(False)
        first, _ = await loop.sock_accept(self.listening)
        first.close()
        waited, _ = await loop.sock_accept(self.listening)
        with waited:
            while data := await loop.sock_recv(waited, 65_536):
                self.received.append(data)
                await loop.sock_sendall(waited, b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")


async def waiting_for_a_connection(platform, slow):
    calling = asyncio.ensure_future(platform.invoke(slow))
    last_question = IssueCredential if slow == "addNobody" else Gate

    async def decided():
        return platform.times_asked(last_question) == 1

    await eventually(decided)
    return calling


async def test_b22_a_domain_removed_while_the_api_accepts_slowly_gets_not_one_byte(
    platform, door, slow
):
    calling = await waiting_for_a_connection(platform, slow)
    platform.verdict = DENIED
    await platform.others.bus.publish(
        DomainsChanged(workspace_id=platform.workspace_id, revision=2)
    )

    async def in_force():
        return (await platform.invoke()).status_code == 403

    await eventually(in_force)
    opening = asyncio.ensure_future(door.open())
    refused = await calling
    opening.cancel()

    assert (refused.status_code, refused.json()["code"]) == (403, DENIED.code)
    assert door.received == []


async def test_b22_a_gpt_published_without_the_operation_while_the_api_accepts_slowly_sends_nothing(
    platform, door, slow
):
    calling = await waiting_for_a_connection(platform, slow)
    assert (await platform.invoke()).status_code == 200  # is answered so until the fact is received
    platform.operations.clear()
    await platform.others.bus.publish(
        GptPublished(workspace_id=platform.workspace_id, gpt_id="gpt_1", version=2, action_ids=())
    )

    async def in_force():
        return (await platform.invoke()).status_code == 404

    await eventually(in_force)
    opening = asyncio.ensure_future(door.open())
    refused = await calling
    opening.cancel()

    assert (refused.status_code, refused.json()["code"]) == (
        404,
        "execution.operation_not_found",
    )
    assert door.received == []


async def test_b22_a_credential_replaced_while_the_api_accepts_slowly_is_never_sent(platform, door):
    calling = await waiting_for_a_connection(platform, "addNobody")
    platform.api_key = "key-2"
    await platform.others.bus.publish(
        CredentialChanged(workspace_id=platform.workspace_id, action_id="act_1", revision=2)
    )

    async def in_force():
        await platform.invoke()
        return platform.api.requests[-1][2]["x-api-key"] == "key-2"

    await eventually(in_force)
    opening = asyncio.ensure_future(door.open())
    answer = await calling
    opening.cancel()

    assert answer.json()["outcome"] == "succeeded"
    assert b"x-api-key: key-2" in b"".join(door.received)
    assert b"key-1" not in b"".join(door.received)


async def test_b9_a_document_compiled_again_while_the_api_accepts_slowly_is_called_as_it_is_now(
    platform, door
):
    calling = await waiting_for_a_connection(platform, "addNobody")
    server = platform.operations["addNobody"].server
    platform.operations["addNobody"] = operation("addNobody", "POST", f"{server}/mended")
    asked = platform.times_asked(ReadOperations)
    await platform.others.bus.publish(
        SchemaCompiled(workspace_id=platform.workspace_id, schema_id="sch_1", compiler=2)
    )

    async def in_force():
        await platform.invoke()
        return platform.times_asked(ReadOperations) > asked

    await eventually(in_force)
    opening = asyncio.ensure_future(door.open())
    answer = await calling
    opening.cancel()

    assert answer.json()["outcome"] == "succeeded"
    assert b"".join(door.received).startswith(b"POST /mended/")


async def test_b22_a_token_revoked_while_the_api_accepts_slowly_sends_not_one_byte(
    platform, door, slow
):
    calling = await waiting_for_a_connection(platform, slow)
    digest = digest_of(token_of("owner"))
    platform.revoked.add(digest)
    await platform.others.bus.publish(
        TokenRevoked(workspace_id=platform.workspace_id, token_id="tok_owner", token_digest=digest)
    )

    async def in_force():
        return (await platform.invoke()).status_code == 401

    await eventually(in_force)
    opening = asyncio.ensure_future(door.open())
    refused = await calling
    opening.cancel()

    assert (refused.status_code, refused.json()["code"]) == (503, "execution.rules_changing")
    assert door.received == []
