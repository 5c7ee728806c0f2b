"""A talk of five thousand messages: the page stays light, and every one of them can be found again."""

from playwright.async_api import expect

MANY = 5000
LATE = 50  # milliseconds
# As they come through the page's own socket, from somebody who writes faster than anybody can.
POUR = """
async ({seq, seat, many, after}) => {
  let longest = 0;
  for (let n = 1; n <= many; n += 1) {
    const said = {type: "said", seq: seq + n, id: `${seat}.${n}`, seat, name: "Ada", text: `message ${n}.`, at: 1e9 + n * 9};
    const began = performance.now();
    socketInHand.dispatchEvent(new MessageEvent("message", {data: JSON.stringify(said)}));
    longest = Math.max(longest, performance.now() - began);
    if (n % 250 === 0) await new Promise((then) => requestAnimationFrame(() => setTimeout(then)));
  }
  return longest;
}
"""
# What comes back into the page comes with the next frame.
TO_THE_TOP = """box => new Promise((then) => {
  box.scrollTop = 0;
  requestAnimationFrame(() => setTimeout(() => then(box.scrollTop === 0)));
})"""
COMES = "frame => socketInHand.dispatchEvent(new MessageEvent('message', {data: JSON.stringify(frame)}))"
IN_THE_PAGE = "document.querySelectorAll('#log .line').length"
# Frames of the screen while somebody scrolls through all of it: how long each of them took, in milliseconds.
SCROLL = """
async () => {
  const box = document.getElementById("scroller"), times = [];
  box.scrollTop = box.scrollHeight;
  await new Promise((then) => {
    const step = (now) => {
      times.push(now);
      box.scrollTop -= 900;
      if (times.length < 120) requestAnimationFrame(step); else then();
    };
    requestAnimationFrame(step);
  });
  return times.slice(1).map((time, at) => time - times[at]);
}
"""


async def test_five_thousand_messages_leave_the_page_light_and_are_all_there(evening, ana, ben, figure):
    await ana.facilitates(evening)
    await ana.starts()
    await ben.joins(evening)
    await ben.is_in_the_room()
    seq = ben.position
    before = await ben.page.evaluate("document.querySelectorAll('*').length")
    await ben.page.evaluate(POUR, {"seq": seq, "seat": "ada", "many": MANY})
    await ben.reads_last(f"message {MANY}.")
    await expect(ben.room.line(f"message {MANY}.")).to_be_in_viewport()
    assert await ben.page.evaluate(IN_THE_PAGE) <= 600
    assert await ben.page.evaluate("document.querySelectorAll('*').length") - before <= 6000

    # Somebody takes an early one back while it is out of the page: it is gone there, too.
    await ben.page.evaluate(COMES, {"type": "taken_back", "seq": seq + MANY + 1, "message": "ada.7"})
    scroller = ben.page.locator("#scroller")
    first = ben.room.line("message 1.")
    for _ in range(200):
        if await scroller.evaluate(TO_THE_TOP) and await first.count():
            break
    await expect(first).to_be_in_viewport()
    await expect(ben.room.words.nth(6)).to_have_text("Taken back by the person who wrote it.")
    assert "message 7." not in await ben.page.content()
    assert await ben.page.evaluate(IN_THE_PAGE) <= 600

    # From there by the arrow keys, and back to the end with one press.
    await first.focus()
    await ben.types("ArrowDown")
    await expect(ben.room.line("message 2.")).to_be_focused()
    await ben.page.evaluate(
        COMES,
        {
            "type": "said",
            "seq": seq + MANY + 2,
            "id": "ada.x",
            "seat": "ada",
            "name": "Ada",
            "text": "the last",
            "at": 1e9,
        },
    )
    await ben.page.get_by_role("button", name="One new message").click()
    await expect(ben.room.line("the last")).to_be_in_viewport()
    # How smooth it is depends on what else the machine does: told, and not judged.
    times = await ben.page.evaluate(SCROLL)
    late = sum(1 for time in times if time > LATE)
    figure(f"scrolled through in {len(times)} frames, {late} of them later than {LATE} ms")
    assert await ben.page.evaluate(IN_THE_PAGE) <= 600
