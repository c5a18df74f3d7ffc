"""A browser that signs in by a link, as far as a test needs one."""

import re
from dataclasses import dataclass, field

from kit.public_address import OpenActionsSettings
from services.identity.tests.operating import OPERATOR_TOKEN, bearer

ORIGIN = "http://127.0.0.1:8080"
PUBLIC = OpenActionsSettings(public_url=ORIGIN)
NAVIGATION = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
TYPED = {"sec-fetch-site": "none", **NAVIGATION}
BUTTON = {"sec-fetch-site": "same-origin", "origin": "null", **NAVIGATION}
SCRIPT = {"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors", "origin": ORIGIN}
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@dataclass
class Browser:
    """It keeps the cookie that it is given, and sends it back."""

    client: object
    cookie: str = ""
    headers: dict = field(default_factory=lambda: {"user-agent": FIREFOX})

    async def open(self, path, **headers):
        return await self._request("GET", path, {**TYPED, **headers})

    async def press(self, page, **headers):
        """The button of a page."""
        form = re.search(r'<form method="post" action="([^"]+)">(.*?)</form>', page.text, re.DOTALL)
        fields = dict(re.findall(r'name="([^"]+)" value="([^"]+)"', form[2]))
        return await self._request("POST", form[1], {**BUTTON, **headers}, data=fields)

    async def call(self, method, path, headers=SCRIPT, **body):
        """From a script of a page of ours."""
        return await self._request(method, path, headers, **body)

    async def _request(self, method, path, headers, **body):
        sent = {**self.headers, **headers}
        if path.startswith("/"):  # as it is at the address that people open
            sent["host"] = ORIGIN.removeprefix("http://")
        if self.cookie:
            sent["cookie"] = f"openactions={self.cookie}"
        answer = await self.client.request(method, path, headers=sent, **body)
        self.client.cookies.clear()  # several browsers share it
        if set_cookie := answer.headers.get("set-cookie"):
            self.cookie = set_cookie.partition(";")[0].partition("=")[2]
        return answer

    async def follow(self, link):
        """Sign in by a link; the answer of the button."""
        return await self.press(await self.open(link))


async def new_link(client, workspace_id):
    """The path of a link for the workspace's oldest owner."""
    path = f"/v1/workspaces/{workspace_id}/sign-in-links"
    made = await client.post(path, headers=bearer(OPERATOR_TOKEN))
    assert made.status_code == 201, made.text
    return made.json()["url"].removeprefix(ORIGIN)


async def signed_in(client, workspace_id):
    browser = Browser(client)
    answer = await browser.follow(await new_link(client, workspace_id))
    assert answer.status_code == 303, answer.text
    return browser
