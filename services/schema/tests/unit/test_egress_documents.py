"""Whose list is asked before a document is fetched (decision 30), and what its status says."""

from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from contracts.requests import HostRefusal
from egress import EgressSettings, OutboundResponse
from schema_service.adapters.egress_documents import EgressDocuments
from schema_service.domain.errors import HostNotListed, ImportFailed, ImportUnavailable

PRIVATE = "https://erp.corp.example.net:8443"
SETTINGS = EgressSettings(allowed_origins={PRIVATE: "10.1.2.3", "http://[::1]:9000": "::1"})


@dataclass
class Answer:
    status: int
    location: str | None = None

    def header(self, _):
        return self.location

    async def response(self):
        return OutboundResponse(self.status, (), b"openapi: 3.1.0", 0)


@dataclass
class ScriptedEgress:
    """Each path is answered with a redirect, or with a document where none is named."""

    redirects: dict[str, str] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)
    settings: EgressSettings = SETTINGS
    status: int = 200

    @asynccontextmanager
    async def stream(self, request):
        self.sent.append(request.target.origin)
        location = self.redirects.get(request.target.path)
        yield Answer(302, location) if location else Answer(self.status)


@dataclass
class ScriptedHosts:
    listed: set[str] = field(default_factory=set)
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def refuse_unlisted(self, workspace_id, host):
        self.asked.append((workspace_id, host))
        if host not in self.listed:
            raise HostNotListed(HostRefusal(host=host, code="policy.x", sentence="No.", hint="Ask"))


async def test_t17_a_public_origin_needs_no_list():
    egress, hosts = ScriptedEgress(), ScriptedHosts()

    await EgressDocuments(egress, hosts).fetch("ws_1", "https://api.example.com/openapi.json")

    assert hosts.asked == []
    assert egress.sent == ["https://api.example.com:443"]


async def test_t17_a_host_of_a_private_origin_at_another_port_is_public_and_needs_no_list():
    egress, hosts = ScriptedEgress(), ScriptedHosts()

    await EgressDocuments(egress, hosts).fetch("ws_1", "https://erp.corp.example.net/x")

    assert hosts.asked == []


@pytest.mark.parametrize(
    ("url", "host"),
    [(f"{PRIVATE}/x", "erp.corp.example.net"), ("http://[::1]:9000/x", "[::1]")],
)
async def test_t17_a_private_origin_is_asked_about_as_its_host_is_listed(url, host):
    unlisted, listing = ScriptedHosts(), ScriptedHosts({host})
    egress = ScriptedEgress()

    with pytest.raises(HostNotListed) as refused:
        await EgressDocuments(egress, unlisted).fetch("ws_1", url)
    assert (refused.value.code, refused.value.hint) == ("policy.x", "Ask")
    assert egress.sent == []

    await EgressDocuments(egress, listing).fetch("ws_1", url)
    assert listing.asked == [("ws_1", host)]
    assert len(egress.sent) == 1


async def test_t17_a_redirect_from_a_public_origin_into_a_private_one_asks_before_it_is_followed():
    egress, hosts = ScriptedEgress({"/moved": f"{PRIVATE}/x"}), ScriptedHosts()

    with pytest.raises(HostNotListed):
        await EgressDocuments(egress, hosts).fetch("ws_1", "https://api.example.com/moved")

    assert egress.sent == ["https://api.example.com:443"]
    assert hosts.asked == [("ws_1", "erp.corp.example.net")]


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        (204, ImportFailed),
        (304, ImportFailed),  # nobody asked whether it changed
        (401, ImportFailed),
        (404, ImportFailed),
        (408, ImportUnavailable),
        (429, ImportUnavailable),
        (499, ImportFailed),
        (500, ImportUnavailable),
        (503, ImportUnavailable),
    ],
)
async def test_a_server_that_may_answer_later_is_distinguished_from_one_without_the_document(
    status, refusal
):
    egress = ScriptedEgress(status=status)

    with pytest.raises(refusal):
        await EgressDocuments(egress, None).fetch("ws_1", "https://api.example.com/x")
