"""Words, what is done with them, and what is agreed on: every control, pressed by hand, and who reads what came of it."""

from tests.browser.company import Company
from tests.browser.controls.hands import (
    asks_about,
    asks_all,
    chooses_in,
    folds,
    lets_go,
    opens_beside,
    outright,
    writes_in,
)
from tests.browser.effects import Effects, does_not_read, goes, reads
from tests.browser.house import House
from tests.browser.states import under_way


async def words(house: House, cast: Company, effect: Effects) -> None:
    """What is said, and what can be done with it."""
    ana, ben, chi = await under_way(await house.an_evening(), cast)
    text = "It was a long week."
    await effect(ben, "say", ben.says(text), reads(text, ana, ben, chi))
    await ben.page.get_by_role("button", name="My seat").click()
    wish = ben.panel.side.locator("[data-do=set_tag]")
    await effect(
        ben,
        "set_tag",
        chooses_in(wish, "How I’d like you to respond", "ideas welcome", "Keep"),
        reads("ideas welcome", ana, at="#people-inside"),
        reads("It stands above what you write: ideas welcome", ben),
    )
    await ben.room.look_back()
    await effect(chi, "react", chi.chooses(text, "me too"), reads("me too", ana, ben, chi, at="#log"))
    await effect(
        chi,
        "flag",
        asks_about(chi, text, "Tell the facilitators", "Tell them"),
        reads("about a message of Ben", ana),
    )
    await effect(
        ana,
        "add_note",
        folds(ana, text, "work"),
        reads("Content note: work", ana, ben, chi),
        goes(text, ana, chi, at="#log"),
    )
    await does_not_read(ben, "about a message of Ben")
    await chi.says("this should not stand here")
    await ben.reads_last("this should not stand here")
    for person in (ana, chi):
        await lets_go(person, "Ben")
    await effect(
        ana,
        "take_down",
        asks_about(ana, "this should not", "Take down", "Take it down", Why="unkind"),
        reads("Taken down by Ana: unkind.", ana, ben),
        reads("Ana has taken your message down: unkind.", chi),
    )
    await effect(
        ana,
        "restore",
        ana.chooses("Taken down by Ana", "Put it back"),
        reads("Ana has put a message back.", ana, ben, chi),
    )
    await effect(
        chi,
        "take_back",
        chi.takes_back("this should not"),
        reads("Taken back by the person who wrote it.", ana, ben, chi),
    )
    await ana.unfolds("How we talk")
    card = ana.panel.side.locator("[data-do=prompt]")
    await effect(
        ana,
        "prompt",
        writes_in(card, "Post a card for all to read", "What has helped?", "Post it"),
        reads("Ana has posted a card: What has helped?", ana, ben, chi),
    )
    pace = ana.panel.side.locator("[data-do=slow_mode]")
    await effect(
        ana,
        "slow_mode",
        chooses_in(pace, "Pace: one message each", "10 seconds", "Set the pace"),
        reads("Ana asks for a slower pace: one message each 10 seconds.", ana, ben, chi),
    )


async def looked_at_first(house: House, cast: Company, effect: Effects) -> None:
    """What is read first, and who is quiet for a while."""
    ana, ben, chi = await under_way(await house.an_evening(), cast)
    await ana.unfolds("Shield")
    await effect(
        ana,
        "look_first",
        ana.presses("Look first at everything"),
        reads("For now a facilitator looks at each message first.", ana, ben, chi),
    )
    await effect(
        ben,
        "say",
        ben.says("My nurse is called Mary."),
        reads("A facilitator is looking at this first.", ben),
        reads("My nurse is called Mary.", ana),
    )
    looks = ana.panel.side.locator("#looks")
    await effect(
        ana,
        "give_back",
        looks.get_by_role("button", name="Give back").click(),
        reads("Only you can read this now. It has private details in it.", ben),
        goes("My nurse is called Mary.", ana),
    )
    await chi.says("I am glad to be here.")
    await effect(
        ana,
        "pass_on",
        looks.get_by_role("button", name="Pass it on").click(),
        reads("I am glad to be here.", ben, at="#log"),
    )
    await does_not_read(chi, "Mary")
    await ana.presses("Stop looking first")
    await effect(
        ana,
        "look_first",
        outright(ana, "Ben", "Look first"),
        reads("a facilitator looks at what you write before others read it", ben),
        reads("looked at first", ana, at="#people-inside"),
    )
    await effect(
        ana,
        "quiet",
        ana.quiets(chi),
        reads("A facilitator has asked you to take a few minutes.", chi),
        reads("quiet, 2 minutes to go", ana),
    )
    await does_not_read(ben, "quiet, 2 minutes to go")
    await effect(
        ana,
        "unquiet",
        ana.panel.beside("Chi", "Let write again").click(),
        goes("A facilitator has asked you to take a few minutes.", chi),
        goes("quiet, 2 minutes to go", ana),
    )
    await does_not_read(chi, "looks at what you write")


async def agreed_on(house: House, cast: Company, effect: Effects) -> None:
    """What the room keeps to, and how it goes."""
    evening = await house.an_evening()
    ana, ben, chi = await under_way(evening, cast)
    await opens_beside(ben, "What we keep to")
    today = ben.panel.side.locator("[data-do=propose_line]")
    await effect(
        ben,
        "propose_line",
        writes_in(today, "Anything to add for today?", "One at a time.", "Propose"),
        reads("Ben proposes for today: One at a time.", ana, chi),
    )
    await ana.unfolds("What we keep to")
    await effect(
        ana,
        "check_line",
        ana.presses("Ask if all can live with it"),
        reads("For today, can everybody live with this? “One at a time.”", ana, ben, chi),
    )
    await effect(
        chi,
        "object",
        chi.room.now("I can’t live with this").click(),
        reads("Somebody can’t live with that, so it does not stand.", ana, chi),
        goes("can everybody live with this?", ana, ben, chi, at="#now"),
    )
    await effect(
        ben,
        "drop_line",
        ben.presses("Take it off the list"),
        reads("A proposal was taken off the list.", ana, chi),
        goes("“One at a time.”", ana, ben, at="#side"),
    )
    await ben.room.look_back()
    await ana.unfolds("Ask how it is going")
    question = ana.panel.side.locator("[data-do=ask_temperature]")
    await effect(
        ana,
        "ask_temperature",
        asks_all(question, "Is this pace good?", "yes", "slower"),
        reads("Ana asks everyone: Is this pace good?", ana, ben, chi),
    )
    await effect(
        ben,
        "answer_temperature",
        ben.room.now("slower").click(),
        reads("Thank you. The totals come when the time is up.", ben),
    )
    await house.publishes_another_agreement(evening)
    await ben.is_told("What we keep to has changed.")
    await effect(
        ben,
        "keep_to_agreement",
        ben.room.now("I’ll keep to this").click(),
        goes("What we keep to has changed.", ben, at="#now"),
        reads("2 people have not said yes to the changed agreement.", ana),
    )
