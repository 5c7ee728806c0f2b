"""Somebody presses, and others read it: how soon, from the last tap to the drawn screen, and how many taps it took.

    await effect(ana, "pause", ana.pauses(), reads("Ana has paused the room.", ben, chi))

What is to be read must appear, or go, because of what is done: those who are to read it look out for it from before.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from tests.browser.company import PATIENCE, Browsers, Screen, Wishes
from tests.browser.people import Person

# All by the clock of this machine. Words for ears alone do not count. After `requestAnimationFrame` comes the drawing, and
# then the next task. To open what stands over the talk on a phone is no tap of a control.
EYES = """
globalThis.eyes = (() => {
  let pressed = 0, taps = 0;
  addEventListener("click", ({isTrusted, timeStamp, target}) => {
    if (!isTrusted) return;
    pressed = performance.timeOrigin + timeStamp;
    if (target.closest?.("button, summary") && !target.closest("[popovertarget]")) taps += 1;
  }, {capture: true});
  const drawn = () => new Promise((then) => requestAnimationFrame(() => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = () => then(performance.timeOrigin + performance.now());
    port2.postMessage(0);
  }));
  const times = (el, words) => el.checkVisibility() ? el.innerText.replace(/\\s+/g, " ").split(words).length - 1 : 0;
  const sum = (found, words) => [...found].reduce((many, el) => many + times(el, words), 0);
  const count = (words, at) => sum(document.querySelectorAll(at), words)
    - sum([...document.querySelectorAll(".for-ears")].filter((el) => el.closest(at)), words);
  const glances = [];
  const comes = (so) => new Promise((then) => {
    const looks = new MutationObserver(() => {
      if (!so()) return;
      looks.disconnect();
      then();
    });
    looks.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
  });
  const looksOut = async ([words, at, goes]) => {
    const stands = () => count(words, at) > 0;
    if (goes && !stands()) await comes(stands);
    const before = count(words, at);
    glances.push(comes(() => goes ? count(words, at) < before : count(words, at) > before).then(drawn));
    return glances.length - 1;
  };
  return {looksOut, count, hand: () => ({pressed, taps}), seen: (n) => glances[n]};
})();
"""


@dataclass(frozen=True, slots=True)
class Glance:
    who: Person
    words: str
    at: str
    goes: bool


def reads(words: str, *people: Person, at: str = "body") -> list[Glance]:
    """It appears, once more than before, in what they can see. at: where, as a CSS selector."""
    return [Glance(who, words, at, goes=False) for who in people]


def goes(words: str, *people: Person, at: str = "body") -> list[Glance]:
    """It goes from what they can see."""
    return [Glance(who, words, at, goes=True) for who in people]


@dataclass
class Effects:
    """Of the stories of one file. By command, each time it was used; a time is that of the last who was to read it, in ms."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    taps: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    stories: set[Any] = field(default_factory=set)

    async def __call__(
        self, who: Person, command: str, deed: Awaitable[object], *looks: list[Glance], posts: str = ""
    ) -> None:
        """``posts``: the end of the address to which the page posts it, for what does not go over the socket."""
        glances = [(each, await self._looks_out(command, each)) for each in chain(*looks)]
        assert glances, f"{command}: nobody looks"
        already = len(who.sent)
        before = await who.page.evaluate("eyes.hand()")
        if posts:
            async with who.page.expect_request(f"**{posts}"):
                await deed
        else:
            await deed
        seen = [await self._seen(command, each, n) for each, n in glances]
        after = await who.page.evaluate("eyes.hand()")
        asked = next((frame for frame in who.sent[already:] if frame["type"] == command), {})
        assert asked or posts, f"{who.name} has not sent {command}"
        self.times[command].append(max(seen) - after["pressed"])
        if asked.get("seat") or asked.get("message"):
            self.taps[command].append(after["taps"] - before["taps"])

    async def _looks_out(self, command: str, glance: Glance) -> int:
        how = [glance.words, glance.at, glance.goes]
        try:
            async with asyncio.timeout(PATIENCE / 1000):
                return int(await glance.who.page.evaluate("how => eyes.looksOut(how)", how))
        except TimeoutError:
            raise AssertionError(f"{command}: {glance.who.name} has never read {glance.words!r}") from None

    async def _seen(self, command: str, glance: Glance, n: int) -> float:
        try:
            async with asyncio.timeout(PATIENCE / 1000):
                return float(await glance.who.page.evaluate("n => eyes.seen(n)", n))
        except TimeoutError:
            how = "still reads" if glance.goes else "does not read"
            raise AssertionError(f"{command}: {glance.who.name} {how} {glance.words!r}") from None


async def does_not_read(who: Person, words: str) -> None:
    """To be asked once something later has been read."""
    assert await who.page.evaluate("words => eyes.count(words, 'body')", words) == 0, (
        f"{who.name} reads {words!r}"
    )


class WatchedBrowsers(Browsers):
    """To lend, each with eyes."""

    async def open(self, wishes: Wishes) -> Screen:
        screen = await super().open(wishes)
        await screen.context.add_init_script(EYES)
        return screen
