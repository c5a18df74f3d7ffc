"""H47-H50: following redirects, which only imports do."""

import asyncio

import pytest

from egress import (
    Egress,
    EgressError,
    EgressSettings,
    RedirectRefused,
    RequestInvalid,
    Target,
    TimedOut,
    follow,
)
from egress.redirects import carried_headers, next_target
from shared.egress.tests.peer import answering, reply

BASE = Target.parse("https://api.example.com/docs/v1/openapi.json?x=1")
SETTINGS = EgressSettings()


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("/other", "https://api.example.com:443/other"),
        ("other?y=2", "https://api.example.com:443/docs/v1/other?y=2"),
        ("../up", "https://api.example.com:443/docs/up"),
        ("?only=query", "https://api.example.com:443/docs/v1/openapi.json?only=query"),
        ("/with#fragment", "https://api.example.com:443/with"),
        ("//cdn.example.net/x", "https://cdn.example.net:443/x"),
        ("https://cdn.example.net/x", "https://cdn.example.net:443/x"),
        ("HTTPS://CDN.example.net", "https://cdn.example.net:443/"),
    ],
)
def test_a_location_is_resolved_as_rfc_3986_says(location, expected):
    target = next_target(BASE, location, SETTINGS)

    assert f"{target.origin}{target.path_and_query}" == expected


@pytest.mark.parametrize(
    "location",
    [
        "",
        "http://api.example.com/",
        "//127.0.0.1/",
        "https://[::1]/",
        "https://user@api.example.com/",
        "//api.example.com:22/",
        "/\\evil.com",
        "\\\\evil.com",
        "/a b",
        "/a\tb",
        "https:///evil.com",
        "https:evil.com",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "/" + "a" * 64 * 1024,
        "/ü",
    ],
)
def test_h47_a_redirect_to_what_may_not_be_called_is_refused(location):
    with pytest.raises(RedirectRefused) as refused:
        next_target(BASE, location, SETTINGS)

    assert refused.value.sent


def test_h49_a_downgrade_is_refused_even_where_http_is_allowed():
    settings = EgressSettings(allowed_origins={"http://demo.local:8123": "127.0.0.1"})

    with pytest.raises(RedirectRefused):
        next_target(BASE, "http://demo.local:8123/", settings)


def test_h50_only_harmless_headers_go_on_to_another_origin():
    headers = (
        ("Authorization", "Bearer s"),
        ("Cookie", "s"),
        ("X-Api-Key", "s"),
        ("Accept", "application/json"),
        ("User-Agent", "OpenActions"),
    )
    same = next_target(BASE, "/x", SETTINGS)
    elsewhere = next_target(BASE, "https://www.example.com/x", SETTINGS)

    assert carried_headers(headers, BASE, same) == headers
    assert [name for name, _ in carried_headers(headers, BASE, elsewhere)] == [
        "Accept",
        "User-Agent",
    ]


def redirecting(*locations: bytes):
    moves = [
        reply(b"", b"302 Found", *([b"Location: " + location] if location else []))
        for location in locations
    ]
    return answering(*moves, reply(b"arrived"))


@pytest.mark.integration
@pytest.mark.parametrize("status", [b"301", b"302", b"303", b"307", b"308"])
async def test_h47_every_kind_of_redirect_is_followed_where_it_is_allowed(serve, status):
    peer = await serve(
        answering(reply(b"", status + b" Moved", b"Location: /new"), reply(b"arrived"))
    )

    async with Egress(peer.settings()) as egress:
        found = await follow(egress, peer.request(path="/old"))

    assert (found.response.body, found.target.path) == (b"arrived", "/new")


@pytest.mark.integration
@pytest.mark.parametrize(
    "answer",
    [
        reply(b"", b"200 OK", b"Refresh: 0; url=/new"),
        reply(b'<meta http-equiv="refresh" content="0; url=/new">'),
        reply(b"", b"300 Multiple Choices", b"Location: /new"),
        reply(b"", b"201 Created", b"Location: /new"),
        reply(b"", b"200 OK", b'Alt-Svc: h2="evil.example.com:443"'),
    ],
)
async def test_h54_whatever_else_names_another_place_is_not_followed(serve, answer):
    peer = await serve(answering(answer))

    async with Egress(peer.settings()) as egress:
        await follow(egress, peer.request())

    assert len(peer.requests) == 1


@pytest.mark.integration
@pytest.mark.parametrize(("hops", "arrives"), [(3, True), (4, False), (50, False)])
async def test_h48_three_hops_and_no_more(serve, hops, arrives):
    peer = await serve(redirecting(*[b"/%d" % n for n in range(hops)]))

    async with Egress(peer.settings()) as egress:
        if arrives:
            assert (await follow(egress, peer.request())).response.body == b"arrived"
        else:
            with pytest.raises(RedirectRefused):
                await follow(egress, peer.request())

    assert len(peer.requests) == 4


@pytest.mark.integration
async def test_h48_a_loop_ends(serve):
    peer = await serve(answering(reply(b"", b"302 Found", b"Location: /"), then="hang"))
    peer.script = redirecting(*[b"/"] * 60)

    async with Egress(peer.settings()) as egress:
        with pytest.raises(RedirectRefused):
            await follow(egress, peer.request())

    assert len(peer.requests) == 4


@pytest.mark.integration
async def test_h50_the_credential_stays_with_the_origin_it_was_for(serve):
    thief = await serve(answering(reply(b"stolen?")), host="thief.local")
    peer = await serve(redirecting(thief.origin.encode() + b"/x"))
    settings = EgressSettings(allowed_origins={peer.origin: "127.0.0.1", thief.origin: "127.0.0.1"})

    async with Egress(settings) as egress:
        await follow(
            egress,
            peer.request(settings=settings, headers=(("Authorization", "Bearer s3cret"),)),
        )

    assert b"s3cret" in peer.requests[0]
    assert b"s3cret" not in thief.requests[0]


@pytest.mark.integration
async def test_a_redirect_to_a_private_address_is_refused(serve):
    peer = await serve(redirecting(b"http://127.0.0.1:22/"))

    async with Egress(peer.settings()) as egress:
        with pytest.raises(EgressError) as refused:
            await follow(egress, peer.request())

    assert refused.value.code == "egress.redirect_refused"


@pytest.mark.integration
@pytest.mark.parametrize(("refused", "sent"), [("/", 0), ("/new", 1), ("", 2)])
async def test_t17_a_check_sees_each_target_before_anything_is_sent_to_it(serve, refused, sent):
    peer = await serve(redirecting(b"/new"))
    seen = []

    async def before(target):
        seen.append(target.path)
        if target.path == refused:
            raise RedirectRefused("Not there.")

    async with Egress(peer.settings()) as egress:
        following = follow(egress, peer.request(path="/"), before=before)
        if refused:
            with pytest.raises(RedirectRefused):
                await following
        else:
            assert (await following).response.body == b"arrived"

    assert seen == ["/", "/new"][: sent + 1]
    assert len(peer.requests) == sent


@pytest.mark.integration
async def test_the_time_of_an_import_is_for_all_its_hops(serve):
    async def slow(peer, reader, writer):
        while True:
            await peer.read(reader)
            await asyncio.sleep(0.2)
            writer.write(reply(b"", b"302 Found", b"Location: /"))

    peer = await serve(slow)
    async with Egress(peer.settings()) as egress:
        with pytest.raises(TimedOut):
            await follow(egress, peer.request(timeout_seconds=0.3))

    assert len(peer.requests) == 2


@pytest.mark.integration
async def test_only_a_request_without_consequence_may_follow(serve):
    peer = await serve(redirecting(b"/x"))

    async with Egress(peer.settings()) as egress:
        with pytest.raises(RequestInvalid):
            await follow(egress, peer.request("POST", body=b"{}"))

    assert peer.requests == []
