"""How soon what is said can be read, on a device that is slow. The figures are printed: how slow this machine is today is
nobody's fault, and a test that hangs on it proves nothing."""

import statistics
from typing import Any

import pytest

from tests.browser.people import Person

SLOWER = 6
A_SECOND = 20
SECONDS = 10
STANDING = 200
# From the frame to the screen that shows it. After `requestAnimationFrame` comes the drawing, and then the next task.
TALKS = """
async ({seq, seat, standing, many, every}) => {
  const said = (n) => ({
    type: "said", seq: seq + n, id: `${seat}.${n}`, seat: n % 3 ? seat : "bob", name: n % 3 ? "Ada" : "Bob",
    text: `message ${n}, which is about as long as what people write when they are in the middle of a talk`, at: 17e8 + n * 60,
  });
  const comes = (n) => socketInHand.dispatchEvent(new MessageEvent("message", {data: JSON.stringify(said(n))}));
  const drawn = () => new Promise((then) => requestAnimationFrame(() => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = () => then(performance.now());
    port2.postMessage(0);
  }));
  for (let n = 1; n <= standing; n += 1) comes(n);
  await drawn();
  const scripts = [], screens = [];
  const began = performance.now();
  for (let n = 1; n <= many; n += 1) {
    const due = began + n * every;
    if (due > performance.now()) await new Promise((then) => setTimeout(then, due - performance.now()));
    const came = performance.now();
    comes(standing + n);
    scripts.push(performance.now() - came);
    screens.push(drawn().then((at) => at - came));
  }
  return {scripts, screens: await Promise.all(screens)};
}
"""


async def slowed(person: Person) -> Any:
    """Their processor, as a cheap phone has it."""
    browser = await person.context.new_cdp_session(person.page)
    await browser.send("Performance.enable", {"timeDomain": "threadTicks"})
    await browser.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return browser


async def worked(browser: Any) -> dict[str, float]:
    """Seconds that the page itself has worked so far, whatever else the machine does."""
    found = (await browser.send("Performance.getMetrics"))["metrics"]
    names = {
        "TaskDuration": "all",
        "ScriptDuration": "scripts",
        "RecalcStyleDuration": "styles",
        "LayoutDuration": "layout",
    }
    return {names[each["name"]]: each["value"] for each in found if each["name"] in names}


def told(what: str, times: list[float]) -> str:
    cuts = statistics.quantiles(times, n=100)
    return f"{what}: half within {cuts[49]:.0f} ms, 95 of 100 within {cuts[94]:.0f} ms, all within {max(times):.0f} ms"


@pytest.mark.parametrize("role", ["member", "facilitator"])
async def test_twenty_messages_a_second_on_a_processor_slowed_six_times(evening, ana, ben, role):
    await ana.facilitates(evening)
    await ana.starts()
    await ben.joins(evening)
    await ben.is_in_the_room()
    reader = ben if role == "member" else ana
    browser = await slowed(reader)
    many = A_SECOND * SECONDS
    talk = {
        "seq": reader.position,
        "seat": "ada",
        "standing": STANDING,
        "many": many,
        "every": 1000 / A_SECOND,
    }
    began = await worked(browser)
    times = await reader.page.evaluate(TALKS, talk)
    ended = await worked(browser)
    await browser.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    work = {name: (ended[name] - began[name]) * 1000 / (many + STANDING) for name in began}
    print()
    print(
        f"{role}: work of that processor for each message:",
        *(f"{what} {ms:.1f} ms" for what, ms in work.items()),
    )
    print(told(f"{role}: from the frame to the screen", times["screens"]))
    print(told(f"{role}: in our scripts", times["scripts"]))
    assert len(times["screens"]) == many
    last = f"message {STANDING + many}, which is about as long as what people write when they are in the middle of a talk"
    await reader.reads_last(last)
