"""A real browser with a profile of its own: killed in mid-draft, brought back, left quickly, led back; what is on its disk?"""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.async_api import BrowserContext, Error, async_playwright, expect

from tests.browser.company import LAUNCH, NO_BROWSER, PATIENCE, PHONE, a_network, behind, path_of_chromium
from tests.browser.house import LEAVE_TO
from tests.browser.people import Person
from tests.canary.controls import Control
from tests.canary.scanner import Scanner
from tests.canary.scene import Scene, Setting, a_scene
from tests.canary.search import Outcome, files_in
from tests.faults.node import until

KIND: Final = "browser profile"
_SETTING: Final = Setting(nodes=1, members=("Ben",))
# What a page must never do with what is typed; put into it by the test.
_KEEPS: Final = 'addEventListener("input", event => localStorage.setItem("kept", event.target.value), true)'


def why_not() -> str | None:
    return None if path_of_chromium() else NO_BROWSER


@dataclass(frozen=True, slots=True)
class Where:
    """The node as tests.browser knows a house, and the way to the session."""

    url: str
    port: int
    join_path: str
    live_path: str

    async def sign_in(self, name: str) -> str:
        raise NotImplementedError(f"{name} is a member here")


class Lodger:
    """Lee, at a browser that comes and goes, with one profile that stays. The very names are words."""

    def __init__(self, scene: Scene, profile: Path) -> None:
        self.scene = scene
        self.profile = profile
        # Beside it, and searched with it.
        self._home = profile.with_name("home")
        self._home.mkdir(exist_ok=True)
        self._names: list[str] = []
        node, evening = scene.town.nodes[0], scene.plants.evening
        self._where = Where(
            node.url, node.port, f"/join/{evening.room.join_token}", f"/live/{evening.session.id}"
        )

    @property
    def url(self) -> str:
        return self._where.url

    @contextlib.asynccontextmanager
    async def sits(self, *, restores: bool = False, script: str = "") -> AsyncIterator[Person]:
        expect.set_options(timeout=PATIENCE)
        own = {name: str(self._home) for name in ("HOME", "TMPDIR", "XDG_RUNTIME_DIR")}
        async with async_playwright() as player, a_network(self._where) as network:
            context = await player.chromium.launch_persistent_context(
                str(self.profile),
                executable_path=path_of_chromium(),
                proxy=behind(network),
                env={**os.environ, **own},
                args=["--restore-last-session"] if restores else [],
                **LAUNCH,
                **PHONE,
            )
            try:
                if script:
                    await context.add_init_script(script)
                yield Person("Lee", context, context.pages[0], network, self._where)
            finally:
                with contextlib.suppress(Error):
                    await context.close()

    async def comes_in(self, lee: Person) -> None:
        """By the keys, for browsers keep what was typed, not what a script has put there."""
        await lee.opens(self._where.join_path)
        # Another each time: who was killed is still missed under the one before.
        self._names.append(self.scene.registry.plant("name"))
        await lee.door.name.press_sequentially(self._names[-1])
        await lee.door.come_in.click()
        await lee.is_in_the_room()

    async def takes_part(self, lee: Person) -> None:
        plants = self.scene.plants
        heard, said, back, unsent, draft = (
            plants.word(family) for family in ("said", "said", "taken back", "not sent", "draft")
        )
        plants.ana.says(heard)
        await lee.reads(heard)
        for words in (said, back):
            await lee.room.composer.press_sequentially(words)
            await lee.sends()
        await lee.reads(heard, said, back)
        await lee.takes_back(back)
        lee.network.hears_nothing()
        await lee.room.composer.press_sequentially(unsent)
        await lee.sends()
        await lee.room.composer.press_sequentially(draft)

    async def types_elsewhere(self, context: BrowserContext) -> None:
        """In a field of a site that thinks nothing of it: once this is on the disk, what came before it would be, too."""
        word = self.scene.registry.plant("typed elsewhere", required={KIND})
        tab = await context.new_page()
        await tab.goto(LEAVE_TO)
        await tab.locator("textarea").press_sequentially(word)
        # Whoever goes on may come back: now a browser has a reason to write it down, and does not take its time.
        await tab.goto(f"{LEAVE_TO}?on")
        scanner = Scanner(plant for plant in self.scene.registry if plant.word == word)

        async def is_on_the_disk() -> bool:
            return any(scanner.finds(_read(path)) for path in files_in(self.profile))

        await until(is_on_the_disk, "the browser has written what was typed elsewhere")

    def is_killed(self) -> None:
        """The browser, and whichever of its helpers name the profile too."""
        ours = [pid for pid in _pids() if str(self.profile) in _command(pid)]
        assert ours, "no browser with this profile runs"
        for pid in ours:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    async def shows_nothing(self, lee: Person, when: str) -> None:
        """No page holds a word, in its text or in a field."""
        scanner = Scanner(plant for plant in self.scene.registry if KIND not in plant.expected)
        for page in lee.context.pages:
            with contextlib.suppress(Error):
                fields = (
                    "[...document.querySelectorAll('input, textarea')].map(field => field.value).join(' ')"
                )
                shown = f"{await page.content()} {await page.evaluate(fields)} {await page.title()}"
                for find in scanner.finds(shown.encode()):
                    # Their own name stands on their own page; it does not once they have gone.
                    if find.plant.word != self._names[-1]:
                        self.scene.outcome.faults.append(f"R11: {when} a page shows {find.plant.family}")


async def in_a_browser(name: str, seed: int) -> Outcome:
    async with a_scene(name, seed, _SETTING) as scene:
        profile = scene.stage.apart / "profile"
        lodger = Lodger(scene, profile)
        async with lodger.sits() as lee:
            await lodger.comes_in(lee)
            await lodger.takes_part(lee)
            await lodger.types_elsewhere(lee.context)
            scene.outcome.faults += [f"{name}: kept {what}" for what in (await lee.kept()).items()]
            # (A15) A page of ours asks nobody else for anything; what the browser does of its own is its makers' affair.
            scene.outcome.faults += [f"{name}: {each}" for each in lee.complaints if "asked for" in each]
            lodger.is_killed()
        async with lodger.sits(restores=True) as lee:
            brought = [page for page in lee.context.pages if page.url.startswith(lodger.url)]
            if not brought:
                scene.outcome.left_out.append(
                    "what a restored page shows: this browser brought none of ours back"
                )
            await lodger.shows_nothing(lee, "brought back after a kill")
        # Another profile: after a kill a browser waits to be asked before it writes down where somebody is.
        await _leaves_quickly(Lodger(scene, profile.with_name("another")))
        scene.looks.append(lambda search: search.through_folder(KIND, scene.stage.apart))
    return scene.outcome


async def _leaves_quickly(lodger: Lodger) -> None:
    """In mid-draft; and goes back and forward to see what is there."""
    async with lodger.sits() as lee:
        await lodger.comes_in(lee)
        heard, draft = lodger.scene.plants.word("said"), lodger.scene.plants.word("draft")
        lodger.scene.plants.ana.says(heard)
        await lee.is_told(heard)
        await lee.room.composer.press_sequentially(draft)
        await lee.types("Shift", "Shift", "Shift")
        with contextlib.suppress(Error):
            # Where it leads is not on this machine, and nothing else can be reached from here.
            await lee.page.wait_for_url(lambda url: lodger._where.live_path not in url)
        await lodger.shows_nothing(lee, "left quickly,")
        for go in (lee.page.go_back, lee.page.go_forward):
            with contextlib.suppress(Error):
                await go()
            await lodger.shows_nothing(lee, "Back or Forward,")
        await lodger.types_elsewhere(lee.context)


async def control(seed: int) -> Control:
    """A page that puts what is typed into the browser's storage."""
    async with a_scene("browser control", seed, _SETTING) as scene:
        lodger = Lodger(scene, scene.stage.apart / "profile")
        async with lodger.sits(script=_KEEPS) as lee:
            await lodger.comes_in(lee)
            await lee.room.composer.press_sequentially(scene.registry.plant("leak: storage"))
            await asyncio.wait_for(lee.page.evaluate("localStorage.getItem('kept')"), 20)
        scene.looks.append(lambda search: search.through_folder(KIND, scene.stage.apart))
    is_red = any(hit.kind == KIND and hit.plant.family == "leak: storage" for hit in scene.outcome.hits)
    return Control("a leak by the browser's storage", is_red)


def _pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _command(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    return ""


def _read(path: Path) -> bytes:
    with contextlib.suppress(OSError):
        return path.read_bytes()
    return b""
