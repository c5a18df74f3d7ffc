"""A peer on loopback that does exactly what a test's script says, and its certificates."""

import asyncio
import contextlib
import datetime as dt
import ipaddress
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from egress import EgressSettings, OutboundRequest, Target

Script = Callable[["Peer", asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Peer:
    """Counts connections and keeps each request's bytes; `origin` is what settings allow."""

    script: Script
    scheme: str = "http"
    host: str = "peer.local"
    port: int = 0
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)
    tasks: set[asyncio.Task] = field(default_factory=set)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    @property
    def origin(self):
        return f"{self.scheme}://{self.host}:{self.port}"

    def settings(self, **more):
        return EgressSettings(allowed_origins={self.origin: "127.0.0.1"}, **more)

    def request(self, method="GET", path="/", settings=None, **more):
        target = Target.parse(self.origin, settings or self.settings()).at(path)
        return OutboundRequest(method, target, **{"pool_key": "ws:con"} | more)

    async def read(self, reader):
        """One request, head and body."""
        head = await reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        self.requests.append(head + await reader.readexactly(length))

    async def serve(self, reader, writer):
        self.connections += 1
        self.writers.append(writer)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            await self.script(self, reader, writer)
        writer.close()

    def accept(self, reader, writer):
        task = asyncio.get_running_loop().create_task(self.serve(reader, writer))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)


def answering(*answers: bytes, then: str = "close") -> Script:
    """Answers each request of a connection with the next bytes, repeating the last."""

    async def script(peer, reader, writer):
        turn = 0
        while True:
            await peer.read(reader)
            writer.write(answers[min(turn, len(answers) - 1)])
            await writer.drain()
            turn += 1
            if turn >= len(answers) and then == "close":
                return
            if turn >= len(answers) and then == "hang":
                await asyncio.Event().wait()

    return script


def reply(body=b"ok", status=b"200 OK", *headers: bytes) -> bytes:
    lines = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


class Authority:
    """A certificate authority of the test's own, and what it signs."""

    def __init__(self, folder):
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
        self.certificate = self._sign(self.name, self.key.public_key(), ca=True)
        self.ca_file = folder / "ca.pem"
        self.ca_file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def context(self, host="peer.local", *, days=30, self_signed=False, version=None, ip=None):
        """A server's TLS context with a certificate for `host` (or the address `ip` alone)."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        alt = x509.IPAddress(ipaddress.ip_address(ip)) if ip else x509.DNSName(host)
        signer = key if self_signed else self.key
        issuer = name if self_signed else self.name
        certificate = self._sign(name, key.public_key(), alt=alt, days=days, signer=signer,
                                 issuer=issuer)  # fmt: skip
        chain = self.folder / f"{host}-{days}-{self_signed}-{ip}.pem"
        chain.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain)
        if version is not None:
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = version
            context.set_ciphers("DEFAULT:@SECLEVEL=0")
        return context

    def _sign(self, name, key, *, alt=None, ca=False, days=30, signer=None, issuer=None):
        now = dt.datetime.now(dt.UTC)
        start = now - dt.timedelta(days=60)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(issuer or self.name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(now + dt.timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )
        if alt is not None:
            builder = builder.add_extension(x509.SubjectAlternativeName([alt]), critical=False)
        return builder.sign(signer or self.key, hashes.SHA256())
