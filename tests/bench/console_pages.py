"""What a browser needs for the console's pages: `just bench console_pages`.

One embedded platform, one headless Chromium on loopback, its processor four times slower
(`--slower`). Printed are

- the kilobytes of scripts, compressed as they came, that the list of GPTs and the page of an action
  load;
- milliseconds from asking for the list until something is painted, and until its GPTs are shown and
  the page is idle;
- milliseconds of work for each key that is typed into a document (`--document-kb`), until the
  browser could paint, without waiting for the screen's next frame;
- how long the longest task takes while all GPTs (`--gpts`) are scrolled through and filtered.

Nothing passes or fails. The goals are those of issue 11.
"""

import argparse
import asyncio
import re
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import orjson
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from openactions import OpenActions
from openactions_local.child import Child
from openactions_local.servers import LOOPBACK, free_port
from tests.bench.start import PROGRAM, announced
from tests.bench.summary import middle, percentile, table

TOKEN = re.compile(r"\boat_[\w-]+")
UNTHROTTLED = ("--no-sandbox", "--disable-frame-rate-limit", "--disable-gpu-vsync")
"""Frames as soon as there is something to paint: what is measured is work, not waiting."""
SCRIPT_BYTES = """() => performance.getEntriesByType("resource")
  .filter((each) => /\\.js$/.test(new URL(each.name).pathname))
  .reduce((sum, each) => sum + each.encodedBodySize, 0)"""
FIRST_PAINT = """() => performance.getEntriesByName("first-contentful-paint")[0].startTime"""
WHEN_IDLE = """() => new Promise((done) => requestIdleCallback(() => done(performance.now())))"""
TIME_KEYS = """() => {
  window.keyTimes = [];
  addEventListener("keydown", () => {
    const began = performance.now();
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => window.keyTimes.push(performance.now() - began);
      port2.postMessage(null);
    });
  }, { capture: true });
}"""
WATCH_TASKS = """() => {
  window.longTasks = [];
  new PerformanceObserver((seen) => {
    for (const each of seen.getEntries()) window.longTasks.push(each.duration);
  }).observe({ type: "longtask" });
}"""


@dataclass(frozen=True, slots=True)
class Load:
    slower: int
    repetitions: int
    document_kb: int
    keys: int
    gpts: int


@dataclass(frozen=True, slots=True)
class Signed:
    """A platform whose owner is signed in with a browser."""

    url: str
    api: OpenActions
    browser: BrowserContext

    async def page(self, slower: int) -> Page:
        page = await self.browser.new_page()
        session = await self.browser.new_cdp_session(page)
        await session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
        return page


@asynccontextmanager
async def signed_in(folder: Path, chromium: Browser) -> AsyncIterator[Signed]:
    port, log = free_port(), folder / "up.log"
    command = [str(PROGRAM), "up", "--data", str(folder / "data"), "--port", str(port)]
    child = Child("openactions", command, log)
    child.start()
    try:
        await child.ready(lambda: announced(log, port))
        url = f"http://{LOOPBACK}:{port}"
        browser = await chromium.new_context()
        page = await browser.new_page()
        await page.goto(_sign_in_link(folder / "data"))
        await page.get_by_role("button").click()
        await page.wait_for_load_state()
        token = TOKEN.search(log.read_text())
        if token is None:
            raise RuntimeError("`up` printed no token.")
        yield Signed(url, OpenActions(url, token.group()), browser)
    finally:
        await child.stop()


def _sign_in_link(data: Path) -> str:
    command = [str(PROGRAM), "sign-in", "--data", str(data)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return printed.split()[-1]


async def loads(signed: Signed, load: Load) -> list[list[str]]:
    paints, shown, size = [], [], 0
    for _ in range(load.repetitions):
        page = await signed.page(load.slower)
        await page.goto(signed.url)
        await page.locator("main li").first.wait_for()
        shown.append(await page.evaluate(WHEN_IDLE))
        paints.append(await page.evaluate(FIRST_PAINT))
        size = await page.evaluate(SCRIPT_BYTES)
        await page.close()
    return [
        ["list of GPTs: scripts, kB", f"{size / 1000:,.0f}", "≤ 150"],
        ["list of GPTs: first paint, ms", middle(paints), "≤ 500"],
        ["list of GPTs: shown and idle, ms", middle(shown), "≤ 800"],
    ]


async def typing(signed: Signed, load: Load) -> list[list[str]]:
    text = document(load.document_kb * 1000)
    schema = signed.api.post_document("/v1/schemas", text, "application/json")
    gpt_id = signed.api.post("/v1/gpts", {"name": "Large"})["id"]
    action = signed.api.post(f"/v1/gpts/{gpt_id}/actions", {"schema_id": schema["id"]})
    page = await signed.page(load.slower)
    await page.goto(signed.url)
    await page.locator("main li").first.wait_for()
    before = await page.evaluate(SCRIPT_BYTES)
    await page.goto(f"{signed.url}/gpts/{gpt_id}/actions/{action['id']}")
    await page.locator(".cm-content").click()
    loaded = await page.evaluate(SCRIPT_BYTES)
    await page.evaluate(TIME_KEYS)
    await page.keyboard.type("x" * load.keys, delay=30)
    took = await page.evaluate("() => window.keyTimes")
    await page.close()
    return [
        ["page of an action: scripts besides, kB", f"{(loaded - before) / 1000:,.0f}", "≤ 130"],
        [f"a key in {len(text) / 1000:,.0f} kB, p50, ms", f"{percentile(took, 50):.1f}", ""],
        ["the same, p95, ms", f"{percentile(took, 95):.1f}", "≤ 16"],
    ]


async def long_list(signed: Signed, load: Load) -> list[list[str]]:
    for number in range(load.gpts):
        signed.api.post("/v1/gpts", {"name": f"GPT {number:05}"})
    page = await signed.page(load.slower)
    await page.goto(signed.url)
    await page.locator("main li").first.wait_for()
    await page.evaluate(WATCH_TASKS)
    for _ in range(50):
        await page.mouse.wheel(0, 4_000)
        await page.wait_for_timeout(50)
    scrolled = await page.evaluate("() => window.longTasks.splice(0)")
    await page.get_by_role("searchbox").fill("GPT 00001")
    await page.get_by_text("GPT 00001").first.wait_for()
    filtered = await page.evaluate("() => window.longTasks.splice(0)")
    await page.close()
    return [
        [f"{load.gpts:,} GPTs scrolled: longest task, ms", f"{max(scrolled, default=0):.0f}", ""],
        ["the same filtered, ms", f"{max(filtered, default=0):.0f}", ""],
    ]


def document(size: int) -> str:
    """A description of at least that many bytes, indented: 100 operations and their schemas."""
    schemas: dict[str, object] = {}
    paths = {f"/items{number}": {"get": _operation(number)} for number in range(100)}
    described = {
        "openapi": "3.1.0",
        "info": {"title": "Large", "version": "1"},
        "servers": [{"url": "https://api.large.example.org"}],
        "paths": paths,
        "components": {"schemas": schemas},
    }
    text = ""
    while len(text) < size:
        for number in range(len(schemas), len(schemas) + 100):
            schemas[f"Item{number}"] = {
                "type": "object",
                "properties": {f"member{each}": {"type": "string"} for each in range(10)},
            }
        text = orjson.dumps(described, option=orjson.OPT_INDENT_2).decode()
    return text


def _operation(number: int) -> dict[str, object]:
    item = {"schema": {"$ref": f"#/components/schemas/Item{number}"}}
    answer = {"description": "The item", "content": {"application/json": item}}
    return {
        "operationId": f"getItem{number}",
        "summary": "Reads one item of this kind",
        "responses": {"200": answer},
    }


async def main(load: Load) -> None:
    path = which("chromium")
    if path is None:
        raise SystemExit("Install Debian's `chromium` first: apt-get install chromium.")
    with tempfile.TemporaryDirectory(prefix="openactions-bench-") as name:
        async with async_playwright() as playwright:
            chromium = await playwright.chromium.launch(executable_path=path, args=UNTHROTTLED)
            async with signed_in(Path(name), chromium) as signed:
                signed.api.post("/v1/gpts", {"name": "First"})
                rows = [*await loads(signed, load), *await typing(signed, load)]
                rows += await long_list(signed, load) if load.gpts else []
            await chromium.close()
    print(table([f"processor {load.slower} times slower", "measured", "goal"], rows))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slower", type=int, default=4)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--document-kb", type=int, default=500)
    parser.add_argument("--keys", type=int, default=100)
    parser.add_argument("--gpts", type=int, default=0)
    asyncio.run(main(Load(**vars(parser.parse_args()))))
