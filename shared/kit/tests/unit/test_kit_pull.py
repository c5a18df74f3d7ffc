"""Messages of a pull consumer, gathered; the client here is scripted by hand."""

import asyncio

import orjson

from kit.pull import PullSubscription


class Message:
    def __init__(self, data, status=None):
        self.data = data
        self.headers = {"Status": status} if status else None


class ScriptedClient:
    """Answers each request with the next list of messages."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.requests = []

    def new_inbox(self):
        return "inbox"

    async def subscribe(self, subject, cb):
        self.deliver = cb

    async def publish(self, subject, payload, reply):
        self.requests.append(orjson.loads(payload))
        for message in self.answers.pop(0) if self.answers else ():
            await self.deliver(message)


NOTHING = Message(b"", status="408")


async def subscribed(client, read=None):
    async def data_of(message):
        return message.data

    subscription = PullSubscription(client, "next", read or data_of)
    await subscription.start()
    return subscription


async def test_what_fills_a_request_comes_as_one_batch():
    subscription = await subscribed(ScriptedClient([Message(b"1"), Message(b"2")]))

    assert await subscription.gather(2, seconds=60) == [b"1", b"2"]


async def test_a_batch_ends_when_its_time_is_up():
    subscription = await subscribed(ScriptedClient([Message(b"1")]))

    assert await subscription.gather(2, seconds=0) == [b"1"]


async def test_a_request_stands_until_it_is_filled():
    client = ScriptedClient([Message(b"1")])
    subscription = await subscribed(client)
    await subscription.gather(2, seconds=0)
    asyncio.get_running_loop().call_soon(asyncio.ensure_future, client.deliver(Message(b"2")))

    assert await subscription.gather(2, seconds=0) == [b"2"]
    assert len(client.requests) == 1


async def test_no_messages_for_a_while_is_an_empty_batch_and_ends_the_request():
    client = ScriptedClient([NOTHING], [Message(b"1")])
    subscription = await subscribed(client)

    assert await subscription.gather(1, seconds=60) == []
    assert await subscription.gather(1, seconds=60) == [b"1"]


async def test_what_cannot_be_read_is_left_out():
    async def nothing(message):
        return None

    subscription = await subscribed(ScriptedClient([Message(b"1")]), read=nothing)

    assert await subscription.gather(1, seconds=60) == []
