"""Whatever people type, they typed words: in every field that can be filled, it stands there as it was typed."""

from playwright.async_api import expect

from tests.browser.hostile import CORPUS, batches
from tests.browser.states import under_way

# What the page shows of one event is shown of all that carry words; these do, and each puts them somewhere else.
FOREIGN = """
(root) => [...root.querySelectorAll("*")].filter((el) =>
  /^(script|img|image|svg|math|iframe|object|embed|video|audio|link|style|base|meta|marquee|xss|applet|portal)$/i.test(el.tagName)
  || [...el.attributes].some(({name}) => /^on/i.test(name))).map(({outerHTML}) => outerHTML)
"""
EVENTS = (
    """
({seq, seat, corpus, texts}) => {
  const foreign = """
    + FOREIGN
    + """;
  const comes = (frame) => socketInHand.dispatchEvent(new MessageEvent("message", {data: JSON.stringify({at: 0, ...frame})}));
  const stood = [], odd = [];
  let next = seq, id = 0;
  for (const text of corpus) {
    const words = {text, name: text, note: text, tag: text, by: text, reason: text};
    comes({type: "said", seq: ++next, id: `${seat}.x${next}`, seat, ...words});
    comes({type: "noted", seq: ++next, message: `${seat}.x${next - 1}`, ...words});
    comes({type: "reacted", seq: ++next, message: `${seat}.x${next - 2}`, seat, kind: text});
    const line = [...document.querySelectorAll("#log .line")].at(-1);
    stood.push([".line__text", ".line__who b", ".line__note b"].map((part) => line.querySelector(part).textContent));
    comes({type: "prompted", seq: ++next, ...words});
    const note = [...document.querySelectorAll("#log .note")].at(-1);
    stood.at(-1).push(note.querySelector("[data-fill=text]").textContent);
    comes({type: "lead_passed", seq: ++next, seat, name: text});
    comes({type: "taken_down", seq: ++next, message: text, category: text, by: text});
    odd.push(...foreign(line), ...foreign(note));
  }
  // What is kept beside the talk stands in lists, which are as long as a facilitator's evening, and not longer.
  for (const text of texts) {
    const words = {text, name: text, note: text, tag: text, by: text, reason: text};
    comes({type: "line_proposed", seq: ++next, id: text, seat, ...words});
    comes({type: "temperature_asked", seq: ++next, id: text, question: text, answers: [text, text], until: 1, by: text});
    comes({type: "line_written", id: `l${++id}`, line: text, seat: text, ...words});
    comes({type: "backchannel_written", id: `b${++id}`, seat, ...words});
    comes({type: "kept_for_look", id: `k${++id}`, message: text, seat, ...words});
    comes({type: "flagged", id: `f${++id}`, verb: text, message: text, seat: text, ...words});
    comes({type: "lobby_note_posted", id: `n${++id}`, seat, ...words});
  }
  const beside = (list) => [...document.querySelectorAll(`#side [data-list=${list}] > [data-key] [data-fill=text]`)].map((el) => el.textContent);
  return {stood, odd, beside: ["proposals", "backchannel", "looks"].map(beside)};
}
"""
)
STANDS = (
    "() => ({title: document.title, ours: document.querySelectorAll('.leave, #leave').length, foreign: ("
    + FOREIGN
    + ")(document.getElementById('live'))})"
)
AS_EVER = {"title": "Online session", "ours": 1, "foreign": []}


def test_there_are_enough_of_them():
    assert len(set(CORPUS)) == len(CORPUS) >= 150


async def test_whatever_arrives_stands_as_words_and_nothing_else(evening, cast):
    ana, _, _ = await under_way(evening, cast)
    # The last thing that has a number: what comes next is counted from there.
    await ana.is_told("Ana has started the session.")
    welcome = ana.heard("welcome")[-1]
    dialogs = []
    ana.page.on("dialog", lambda dialog: dialogs.append(dialog))  # noqa: PLW0108  it asks for a Python function
    texts = batches(900)
    shown = await ana.page.evaluate(
        EVENTS,
        {
            "seq": ana.position,
            "seat": welcome["you"]["seat"][::-1],
            "corpus": list(CORPUS),
            "texts": texts,
        },
    )
    changed = [
        (typed, stood) for typed, stood in zip(CORPUS, shown["stood"], strict=True) if stood != [typed] * 4
    ]
    assert changed == []
    assert shown["odd"] == []
    for beside in shown["beside"]:
        assert [(one, other) for one, other in zip(texts, beside, strict=True) if one != other] == []
    assert await ana.page.evaluate(STANDS) == AS_EVER
    assert dialogs == []
    # Chromium tells of every thing that the policy stopped, and of every script that failed.
    assert ana.complaints == []


async def test_whatever_is_typed_arrives_as_it_was_typed(evening, cast):
    ana, ben, chi = await under_way(evening, cast)
    texts = batches(900)
    for text in texts:
        await ben.writes(text)
        await ben.sends()
        if await ben.room.asked.is_visible():
            await ben.room.answer("Send it anyway")
        await chi.reads_last(text)
    await chi.reads(*texts)
    note, line, question, answer, name = (batches(most)[0] for most in (60, 300, 140, 40, 24))
    await ben.page.locator(".composer__more summary").click()
    await ben.page.get_by_label("Content note: it folds the message").fill(note)
    await ben.says("folded")
    await chi.is_told(f"Content note: {note}")
    await ben.page.get_by_role("button", name="Private line").click()
    await ben.panel.side.get_by_label("Write to them").fill(line)
    await ben.page.get_by_role("button", name="Send to them").locator("visible=true").click()
    await expect(ana.panel.side.locator("#lines .private__notes")).to_contain_text(line)
    await ben.room.look_back()
    await ana.unfolds("How we talk")
    await ana.page.get_by_label("Post a card for all to read").fill(line)
    await ana.panel.side.locator("[data-do=prompt] button").click()
    await chi.is_told(line)
    await ana.unfolds("Ask how it is going")
    await ana.page.get_by_label("A question").fill(question)
    await ana.page.get_by_label("An answer", exact=True).fill(answer)
    await ana.page.get_by_label("Another answer", exact=True).fill(f"not {answer[4:]}")
    await ana.presses("Ask everyone")
    await expect(chi.page.locator("#now").get_by_role("button", name=answer, exact=True)).to_be_visible()
    await chi.room.look_beside()
    await chi.unfolds("My seat")
    await chi.page.get_by_label("Another name, from now on").fill(name)
    await chi.page.get_by_role("button", name="Change", exact=True).click()
    await expect(ana.room.who_is_here.filter(has_text=name)).to_have_count(1)
    for person in (ana, ben, chi):
        assert await person.page.evaluate(STANDS) == AS_EVER
