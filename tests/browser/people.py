"""The cast at real browsers: ana facilitates, ben and chi come with a phone, olu organises.

    await ana.facilitates(evening)
    await ben.joins(evening)
    await ana.starts()
    await ben.says("hi")
    await ana.reads("hi")

What somebody does is done by hand on what they see; what they read is waited for. At the end of a test nobody may have
met an error, an address that is not ours, or a script that the page's policy stopped.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

from playwright.async_api import (
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Request,
    WebSocket,
    expect,
)

from tests.browser.house import LEAVE_TO, Address, Way
from tests.browser.network import Network
from tests.browser.pages import Door, LeaveQuickly, Panel, Room

# So that a test can speak through the very socket that the page has opened.
HANDS = """
globalThis.WebSocket = class extends WebSocket {
  constructor(...how) { super(...how); globalThis.socketInHand = this; }
};
"""

MOST_STOPS = 60
_LOOKS = 200
SEES_WHERE = """
(() => {
  const here = document.activeElement;
  return here === document.body || (here.matches(":focus-visible") && getComputedStyle(here).outlineStyle !== "none");
})()
"""


class Person:
    """Somebody at a browser that is theirs alone, behind a network that is theirs alone."""

    def __init__(
        self, name: str, context: BrowserContext, page: Page, network: Network, house: Address
    ) -> None:
        self.name = name
        self.context = context
        self.network = network
        self.house = house
        self.complaints: list[str] = []
        self.frames: list[dict[str, Any]] = []
        self.sent: list[dict[str, Any]] = []
        self.sockets: list[WebSocket] = []
        self._listeners: list[tuple[Any, Callable[[Any], None]]] = [
            ("console", self._console),
            ("pageerror", self._error),
            ("websocket", self._socket),
            ("request", self._look_where),
        ]
        self._watch(page)
        self.at(page)
        self.size = page.viewport_size or {"width": 1280, "height": 800}

    def at(self, page: Page) -> None:
        """Turn to this tab."""
        self.page = page
        self.door = Door(page)
        self.room = Room(page)
        self.panel = Panel(page)
        self.leave_quickly = LeaveQuickly(page)

    async def opens(self, path: str) -> None:
        await self.page.goto(self.house.url + path)

    # Coming in

    async def joins(self, evening: Way, *, listening: bool = False) -> None:
        await self.opens(evening.join_path)
        await self.door.enter(self.name, listening=listening)

    async def joins_again(self, evening: Way) -> None:
        """By the link, as they did before; a door that stays shut has no name to ask for."""
        await self.opens(evening.join_path)
        if await self.door.name.is_visible():
            await self.door.enter(self.name)

    async def facilitates(self, evening: Way) -> None:
        """Having signed in some time before."""
        await self.is_signed_in()
        await self.opens(evening.live_path)
        await self.is_in_the_room()

    async def comes_to_the_green_room(self, evening: Way) -> None:
        """Before the doors open."""
        await self.is_signed_in()
        await self.opens(evening.live_path)
        await self.sees_the_title("Before the session")

    async def is_signed_in(self) -> None:
        token = await self.house.sign_in(self.name)
        await self.context.add_cookies(
            [{"name": "desk", "value": token, "url": self.house.url, "httpOnly": True}]
        )

    async def signs_in_with_the_link(self) -> None:
        await self.page.get_by_role("button", name="Sign in").click()

    async def opens_a_second_tab(self) -> Page:
        tab = await self.context.new_page()
        self._watch(tab)
        await tab.goto(self.page.url)
        return tab

    # By keyboard

    async def tabs_to(self, where: Locator, *, backwards: bool = False) -> None:
        """From where they are to there, and at each stop they can see where they are."""
        await expect(where).to_be_visible()
        for _ in range(MOST_STOPS):
            if await where.evaluate("element => element === document.activeElement"):
                return
            await self.types("Shift+Tab" if backwards else "Tab")
            assert await self._sees_where(), f"{self.name} cannot see where the keyboard stands"
        raise AssertionError(f"no way by keyboard to {where}")

    async def _sees_where(self) -> bool:
        """A slow machine may still be laying out a page that has just come."""
        for _ in range(_LOOKS):
            if await self.page.evaluate(SEES_WHERE):
                return True
            await asyncio.sleep(0.05)
        return False

    async def types(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)

    # In the room

    async def writes(self, text: str) -> None:
        await self.room.composer.fill(text)

    async def says(self, text: str) -> None:
        await self.writes(text)
        await self.sends()

    async def sends(self) -> None:
        await self.room.send.click()

    async def sends_by_hand(self, **command: object) -> None:
        """Past the page, straight through the socket it has opened."""
        await self.page.evaluate(
            "frame => socketInHand.send(frame)", json.dumps({"ref": "by-hand", **command})
        )

    async def is_refused(self, **command: object) -> None:
        """What is sent by hand, and the room has said no before anything else is done."""
        socket = self.sockets[-1]
        async with socket.expect_event("framereceived", lambda said: json.loads(said)["type"] == "refused"):
            await self.sends_by_hand(**command)

    async def takes_back(self, text: str) -> None:
        await self.chooses(text, "Take back")
        await self.room.answer("Take it back")

    async def chooses(self, text: str, deed: str) -> None:
        line = self.room.line(text)
        # Pressed once more it would be let go.
        if await line.get_attribute("data-chosen") is None:
            await line.click()
        await self.room.deed(deed).click()

    async def leaves(self) -> None:
        await self.room.look_beside()
        await self.room.leave.click()

    # Out of touch

    async def loses_the_network(self) -> None:
        """Every connection breaks, none comes about, and the device knows that it is offline."""
        self.network.cut()
        await self.context.set_offline(True)

    async def finds_the_network_again(self) -> None:
        self.network.mend()
        await self.context.set_offline(False)

    # Facilitating

    async def presses(self, button: str) -> None:
        await self.panel.button(button).click()

    async def starts(self) -> None:
        """And it is on: who comes from here on comes to a session that has begun."""
        await self.presses("Start the session")
        await expect(self.panel.button("Start the session")).to_be_hidden()

    async def pauses(self, reason: str = "We need a minute.") -> None:
        await self.panel.side.get_by_role("combobox", name="Pause, because").select_option(label=reason)
        await self.presses("Pause")

    async def quiets(self, who: "Person", minutes: str = "2 minutes") -> None:
        await self.panel.beside(who.name, "Quiet").click()
        await self.room.answer("Quiet", How_long=minutes, Why="Something came across as unkind.")

    async def removes(self, who: "Person") -> None:
        await self.panel.beside(who.name, "Remove").click()
        await self.room.answer("Remove", Why="It was not for this room.")

    async def takes_down(self, text: str) -> None:
        await self.chooses(text, "Take down")
        await self.room.answer("Take it down", Why="private details")

    async def ends_in_a_minute(self) -> None:
        await self.presses("End in a minute")
        await self.room.answer("End in a minute")

    async def ends_now(self) -> None:
        await self.presses("End now")
        await self.room.answer("End now")

    async def unfolds(self, title: str) -> None:
        """A part of what stands beside the talk."""
        await self.panel.side.locator("summary").get_by_text(title, exact=True).click()

    # What they can see

    async def is_in_the_room(self) -> None:
        await expect(self.room.composer.or_(self.room.held_back).first).to_be_visible()

    async def is_in_the_lobby(self) -> None:
        await self.is_told("you are in the waiting room")

    async def reads(self, *texts: str) -> None:
        """Exactly this stands in the log, once, in this order: what was said, or what stands where it stood."""
        await expect(self.room.words).to_have_text(texts)

    async def reads_last(self, text: str) -> None:
        await expect(self.room.words.last).to_have_text(text)

    async def is_told(self, text: str) -> None:
        """Somewhere on the page, in words that can be seen."""
        await expect(self.page.get_by_text(text).locator("visible=true").first).to_be_visible()

    async def sees_the_title(self, title: str) -> None:
        await expect(self.room.title).to_have_text(title)

    async def sees_here(self, *names: str) -> None:
        await self.room.look_beside()
        await expect(self.room.who_is_here.locator("[data-fill=name]")).to_have_text(names)
        await self.room.look_back()

    async def hears(self, text: str) -> None:
        """Read out by a screen reader, now or in the last moments."""
        await expect(
            self.page.locator("[role=status], [role=alert]").get_by_text(text).first
        ).to_be_attached()

    # What reached their browser

    def heard(self, kind: str) -> list[dict[str, Any]]:
        return [frame for frame in self.frames if frame["type"] == kind]

    @property
    def position(self) -> int:
        """The number of the last thing that reached them."""
        welcomes = [int(frame["at"]["seq"]) for frame in self.heard("welcome") if frame["at"]]
        return max([0, *welcomes, *(int(frame["seq"]) for frame in self.frames if frame.get("seq"))])

    async def kept(self) -> dict[str, Any]:
        """Everything that a page of ours has left in this browser, cookies aside."""
        found: dict[str, Any] = await self.page.evaluate(
            """async () => ({
                 local: {...localStorage}, session: {...sessionStorage}, cookie: document.cookie,
                 databases: await indexedDB.databases(), caches: await caches.keys(), history: history.state,
                 workers: (await navigator.serviceWorker.getRegistrations()).length, window: window.name,
               })"""
        )
        return {name: what for name, what in found.items() if what}

    async def goes_home(self) -> list[str]:
        """All that was odd: errors, warnings, foreign addresses, anything that a page of ours has left here."""
        await self.finds_the_network_again()
        for page in self.context.pages:
            for event, listener in self._listeners:
                page.remove_listener(event, listener)
            # Of our site, so that what it keeps can be looked at, and the process behind the page need not be made again.
            await page.goto(f"{self.house.url}/health")
            self.at(page)
            self.complaints += [f"{self.name}: kept {what}" for what in (await self.kept()).items()]
        return [*self.complaints, *(f"{self.name}: led to {host}" for host in self.network.strangers)]

    # Internal

    def _watch(self, page: Page) -> None:
        for event, listener in self._listeners:
            page.on(event, listener)

    def _error(self, error: Error) -> None:
        self.complaints.append(f"{self.name}: {error}")

    def _socket(self, socket: WebSocket) -> None:
        self.sockets.append(socket)
        socket.on("framereceived", lambda payload: self.frames.append(json.loads(payload)))
        socket.on("framesent", lambda payload: self.sent.append(json.loads(payload)))

    def _console(self, said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"} and not self._is_expected(said.text):
            self.complaints.append(f"{self.name}: {said.text}")

    def _is_expected(self, text: str) -> bool:
        """A page that says no with its status, and connections that the test broke."""
        if text.startswith("Failed to load resource: the server responded with a status of 4"):
            return True
        return self.network.was_cut and any(
            sign in text for sign in ("net::ERR_", "WebSocket connection to", "WebSocket is already")
        )

    def _look_where(self, request: Request) -> None:
        if not request.url.startswith((self.house.url + "/", LEAVE_TO, "data:", "about:")):
            self.complaints.append(f"{self.name}: asked for {request.url}")


async def everyone_reads(people: Sequence[Person], *texts: str) -> None:
    for person in people:
        await person.reads(*texts)
