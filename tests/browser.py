"""A real browser on the web chat: a person who reads, types and taps."""

import asyncio
import shutil
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Locator, Page, async_playwright, expect
from sawt_process import free_port

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
SCREENSHOTS = Path(__file__).parent / "screenshots"
expect.set_options(timeout=30_000)  # milliseconds: the machine may be busy

# Whether anything is wider than its place, and what.
TOO_WIDE = """() => {
  const boxes = [document.documentElement, ...document.querySelectorAll("#log, .bubble, header, .writing")];
  return boxes.filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.className || box.tagName);
}"""


@contextmanager
def started() -> Iterator[str]:
    """Where a Chromium is found, for many tests; not in the loop of one of them, which would end with it."""
    address: Future[str] = Future()
    over = threading.Event()

    async def run() -> None:
        port = free_port()
        async with async_playwright() as playwright:
            flags = [*FLAGS.split(), f"--remote-debugging-port={port}"]
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
            address.set_result(f"http://127.0.0.1:{port}")
            await asyncio.to_thread(over.wait)
            await browser.close()

    with ThreadPoolExecutor() as thread:
        running = thread.submit(asyncio.run, run())
        wait([address, running], 60, FIRST_COMPLETED)
        try:
            yield address.result(0) if address.done() else running.result(0)
        finally:
            over.set()


@asynccontextmanager
async def connected(address: str) -> AsyncIterator[Browser]:
    """The one at this address, with no page open."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(address)
        yield browser
        await browser.close()


class Reader:
    """A person with a browser."""

    def __init__(self, page: Page):
        self.page = page
        self.expected = "nothing"  # in the console
        self.said: list[str] = []
        page.on("console", lambda said: self.said.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.said.append(str(error)))

    @property
    def complaints(self) -> list[str]:
        return [said for said in self.said if self.expected not in said]

    @classmethod
    async def come(cls, browser: Browser, language: str = "fr-FR", **settings: Any) -> "Reader":
        context = await browser.new_context(**{"viewport": PHONE, "locale": language, **settings})
        return cls(await context.new_page())

    async def opens(self, url: str) -> None:
        await self.page.goto(url)

    @property
    def newest(self) -> Locator:
        """The newest message of the commune."""
        return self.page.locator(".message.newest")

    def button(self, label: str) -> Locator:
        return self.newest.get_by_role("button").filter(has_text=label).first

    @property
    def own(self) -> Locator:
        return self.page.locator(".message.own .text")

    async def taps(self, *labels: str) -> None:
        for label in labels:
            await self.button(label).click(timeout=30_000)

    async def says(self, text: str) -> None:
        await self.page.locator("#write").fill(text)
        await self.page.locator("#send").click()

    async def sees(self, *texts: str) -> None:
        for text in texts:
            await expect(self.newest).to_contain_text(text)

    async def arrives(self, url: str, language: str = "Français", understood: str = "J'ai compris") -> None:
        await self.opens(url)
        await self.taps(language, understood)
        await expect(self.newest.get_by_role("button")).not_to_have_count(1)

    async def is_settled(self) -> None:
        """All that was written has been taken."""
        await expect(self.page.locator('.message.own:not([data-state="sent"])')).to_have_count(0)

    async def stored(self) -> str:
        return str(await self.page.evaluate("JSON.stringify(sessionStorage) + JSON.stringify(localStorage)"))

    async def picture(self, name: str, folder: Path = SCREENSHOTS) -> None:
        """A screenshot, once nothing moves; and nothing may be wider than its place."""
        wide = await self.page.evaluate(TOO_WIDE)
        assert wide == [], wide
        await self.page.mouse.move(1, 1)  # over nothing
        await self.page.screenshot(path=folder / f"{name}.png", animations="disabled")
