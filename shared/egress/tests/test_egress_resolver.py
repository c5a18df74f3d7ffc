"""H41-H46, F35: what one lookup may answer. No network: the resolver is scripted."""

import asyncio

import pytest

from egress import (
    AddressRefused,
    EgressSettings,
    HostRefused,
    NameNotResolved,
    ScriptedResolver,
    Target,
)
from egress.resolver import checked_addresses

PUBLIC, PUBLIC_6 = "9.9.9.9", "2606:4700::1111"
QUICK = EgressSettings(resolve_seconds=0.02)


async def look_up(*answers):
    resolver = ScriptedResolver({"api.example.com": list(answers)})
    found = await checked_addresses("api.example.com", resolver, QUICK)
    return [str(address) for address in found], resolver.asked


@pytest.mark.parametrize(
    ("row", "answers"),
    [
        ("H41", ["10.0.0.1"]),
        ("H41", ["169.254.169.254"]),
        ("H41", ["::1"]),
        ("H41", ["::ffff:127.0.0.1"]),
        ("H41", ["64:ff9b::7f00:1"]),
        ("H42", [PUBLIC, "10.0.0.1"]),
        ("H42", [PUBLIC_6, PUBLIC, "::1"]),
        ("H42", ["127.0.0.1", PUBLIC]),
        ("H46", [f"9.9.{n}.1" for n in range(17)]),
        ("H46", [f"9.{n % 250}.{n // 250}.1" for n in range(500)]),
    ],
)
async def test_an_answer_with_anything_refusable_in_it_is_refused_whole(row, answers):
    with pytest.raises(AddressRefused) as refused:
        await look_up(answers)

    shown = f"{refused.value.sentence} {refused.value.hint}"
    assert not any(answer in shown for answer in answers)


async def test_a_public_answer_is_dialled_as_it_came():
    assert await look_up([PUBLIC, PUBLIC_6, PUBLIC]) == ([PUBLIC, PUBLIC_6], ["api.example.com"])


async def test_sixteen_answers_are_still_accepted():
    found, _ = await look_up([f"9.9.{n}.1" for n in range(16)])

    assert len(found) == 16


@pytest.mark.parametrize(
    "answer",
    [None, [], OSError("SERVFAIL"), ["not an address"], ["127.0.0.1.example.com"]],
    ids=["silence", "nothing", "servfail", "words", "name"],
)
async def test_h46_whatever_is_no_answer_fails_closed(answer):
    with pytest.raises(NameNotResolved):
        await look_up(answer)


async def test_f35_silence_is_given_two_tries_and_no_more():
    resolver = ScriptedResolver({"api.example.com": [None]})
    started = asyncio.get_running_loop().time()

    with pytest.raises(NameNotResolved):
        await checked_addresses("api.example.com", resolver, QUICK)

    assert len(resolver.asked) == 2
    assert asyncio.get_running_loop().time() - started < 5


async def test_a_second_try_may_succeed():
    assert await look_up(None, [PUBLIC]) == ([PUBLIC], ["api.example.com"] * 2)


async def test_h109_an_error_at_the_first_try_does_not_let_a_private_second_answer_by():
    with pytest.raises(AddressRefused):
        await look_up(OSError("SERVFAIL"), ["127.0.0.1"])


@pytest.mark.parametrize("url", ["https://localhost/", "https://127.1/", "https://[::1]/"])
async def test_a_host_refused_by_its_name_is_never_looked_up(url):
    resolver = ScriptedResolver({})

    with pytest.raises((HostRefused, AddressRefused)):
        await checked_addresses(Target.parse(url).host, resolver, QUICK)

    assert resolver.asked == []
