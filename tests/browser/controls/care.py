"""Somebody is looked after, and what is grave: every control, pressed by hand, and who reads what came of it."""

from tests.browser.company import PHONE, Company
from tests.browser.controls.hands import (
    asks,
    keeps,
    opens_beside,
    outright,
    takes_powers,
    to_the_corner,
    worries,
    writes_in,
)
from tests.browser.effects import Effects, does_not_read, goes, reads
from tests.browser.house import House


async def looked_after(house: House, cast: Company, effect: Effects) -> None:
    """The corner, a pause, private words, worries, copies."""
    evening = await house.an_evening()
    ana, ben, chi = await cast("Ana"), await cast("Ben", **PHONE), await cast("Chi", **PHONE)
    jo = await cast("Jo")
    await evening.has_facilitator("Jo")
    for facilitator in (ana, jo):
        await facilitator.facilitates(evening)
    await ana.starts()
    for member in (ben, chi):
        await member.joins(evening)
        await member.is_in_the_room()
    corner = chi.page.get_by_role("button", name="Quiet corner")
    await effect(
        chi,
        "go_to_corner",
        to_the_corner(chi, corner),
        reads("You are out of the talk, and your seat is kept.", chi),
        reads("taking a moment", ana, jo, at="#people-inside"),
    )
    await effect(
        chi,
        "leave_corner",
        chi.page.get_by_role("button", name="Come back").click(),
        reads("Welcome back.", chi),
        goes("taking a moment", ana, jo, at="#people-inside"),
    )
    await opens_beside(chi, "If something is not right")
    await effect(
        chi,
        "ask_for_pause",
        chi.presses("Pause, please"),
        reads("You have asked for a pause.", chi),
        reads("One person asks for a pause.", ana, jo, at="#pauses"),
    )
    await does_not_read(ben, "asks for a pause")
    await chi.room.look_back()
    await effect(
        ana,
        "answer_pause_asking",
        ana.panel.side.locator("#pauses").get_by_role("button", name="Answer", exact=True).click(),
        reads("Ana answers those who asked for a pause:", ana, jo, ben, chi),
    )
    await effect(
        ana, "pause", ana.pauses(), reads("Ana has paused the room. We need a minute.", ben, chi, jo)
    )
    await effect(
        ana, "resume", ana.presses("Go on"), reads("Ana has started the room again.", ana, ben, chi, jo)
    )
    await chi.page.get_by_role("button", name="Private line").click()
    await effect(
        chi,
        "write_line",
        writes_in(chi.panel.side, "Write to them", "It is a lot today.", "Send to them"),
        reads("It is a lot today.", ana, jo, at="#lines"),
    )
    await effect(
        ana,
        "claim_line",
        ana.panel.side.locator("#lines").get_by_role("button", name="I’ve got this").click(),
        reads("You’ve got this.", ana),
        reads("Ana has got this.", jo),
    )
    await effect(
        ana,
        "write_line",
        writes_in(ana.panel.side.locator("#lines"), "Answer", "I am here.", "Send"),
        reads("I am here.", chi, jo),
    )
    await effect(
        ana,
        "release_line",
        ana.panel.side.locator("#lines").get_by_role("button", name="Hand it on").click(),
        goes("You’ve got this.", ana),
        goes("Ana has got this.", jo),
    )
    await effect(
        chi,
        "decline_line",
        asks(
            chi,
            chi.panel.side.get_by_role("button", name="I’d rather they did not write to me"),
            "Please do not write",
        ),
        reads("Chi would rather not have private words.", ana, jo),
    )
    await chi.room.look_back()
    await ben.says("I am fine.")
    await chi.reads("I am fine.")
    for secret in ("It is a lot today.", "would rather not have private words"):
        await does_not_read(ben, secret)

    await opens_beside(chi)
    await effect(
        chi,
        "flag",
        worries(chi, "It is too loud."),
        reads("Worried about somebody", ana, jo, at="#flags"),
        reads("It is too loud.", ana, jo, at="#flags"),
        reads("Sent.", chi, at="#not-right"),
    )
    await effect(
        chi,
        "flag_about_facilitation",
        asks(chi, chi.panel.button("I’m not okay with how this is run"), "Tell them"),
        reads("Sent.", chi, at="#not-right"),
    )
    await effect(
        chi,
        "make_slip",
        keeps(chi, "Write a report slip", "I am fine.", "Write it"),
        reads("A report was made about something you wrote.", ben),
    )
    await chi.room.look_back()
    await ana.unfolds("If somebody may be in danger")
    await effect(
        ana,
        "keep_copy",
        keeps(ana, "Keep a copy to get help", "I am fine.", "Keep a copy"),
        reads("A facilitator kept a copy of something, to get help.", ana, jo, chi),
        reads("Something you wrote was among what a facilitator kept a copy of", ben),
    )
    await effect(
        ana,
        "call_on_call",
        asks(ana, ana.panel.button("Call the on-call person"), "Call them"),
        reads("The on-call person has been asked to come.", ana, jo),
    )
    await effect(
        ana,
        "back_to_lobby",
        outright(ana, "Ben", "Ask them outside"),
        reads("Ana would like a word with you here, in private.", ben),
        reads("One person is talking with a facilitator.", ana, jo, chi),
    )
    await does_not_read(chi, "on-call person has been asked")


async def grave(house: House, cast: Company, effect: Effects) -> None:
    """What takes a second yes, and stepping back."""
    evening = await house.an_evening()
    ana, ben, chi = await cast("Ana"), await cast("Ben", **PHONE), await cast("Chi", **PHONE)
    jo = await cast("Jo")
    kim = await cast("Kim")
    for name in ("Jo", "Kim"):
        await evening.has_facilitator(name)
    for facilitator in (ana, jo, kim):
        await facilitator.facilitates(evening)
    await ana.starts()
    for member in (ben, chi):
        await member.joins(evening)
        await member.is_in_the_room()
    yes = jo.panel.side.locator("#asks").get_by_role("button", name="Yes")
    await effect(ana, "remove", ana.removes(chi), reads("Ana asks to remove somebody. Chi.", jo, kim))
    await effect(
        jo,
        "co_sign",
        yes.click(),
        reads("You have been asked to leave this session", chi),
        reads("One person has left the session.", ana, jo, kim, ben),
        reads("removed from this session", ana, jo, kim),
    )
    await effect(
        ana,
        "readmit",
        asks(ana, ana.panel.beside("Chi", "Let them come again"), "Let them"),
        goes("removed from this session", ana, jo, kim),
    )
    await effect(
        ana,
        "hand_over",
        asks(ana, ana.panel.beside("Jo", "Ask to lead"), "Ask"),
        reads("You are asked to lead.", jo),
        reads("Ana has asked Jo to lead.", kim),
    )
    await effect(
        jo,
        "take_lead",
        jo.panel.side.get_by_role("button", name="Take the lead").locator("visible=true").first.click(),
        reads("Jo is now leading.", ana, jo, kim, ben),
    )
    await effect(
        ana,
        "suspend",
        takes_powers(ana, kim),
        reads("Ana asks to take a facilitator’s powers for this session. Kim.", jo),
    )
    await effect(
        jo,
        "co_sign",
        yes.click(),
        reads("Your powers as a facilitator have been taken for this session.", kim),
        reads("Kim has no facilitator’s powers any more in this session.", ana, jo, ben),
    )
    # From here on Kim is among the members, with all that can be done about one of them.
    await effect(
        jo,
        "quiet",
        jo.quiets(kim),
        reads("A facilitator has asked you to take a few minutes.", kim),
        reads("quiet, 2 minutes to go", ana, jo),
    )
    await ana.unfolds("For the whole room, and final")
    await ben.says("we are still here")
    await ana.reads("we are still here")
    await effect(
        ana,
        "clear_screens",
        asks(ana, ana.panel.button("Clear everybody’s screen"), "Clear them"),
        reads("Ana asks to clear everybody’s screen.", jo),
    )
    await does_not_read(ben, "asks to clear")
    await effect(
        jo,
        "co_sign",
        yes.click(),
        reads("Ana has cleared the screens. What was said here is gone.", ana, jo, kim, ben),
        goes("we are still here", ana, jo, kim, ben),
    )
    await jo.unfolds("You and the other facilitators")
    await effect(
        jo,
        "step_back",
        asks(jo, jo.panel.button("Step back"), "Step back"),
        reads("Jo has stepped back for now.", ana, ben),
        reads("You have stepped back.", jo),
    )
    await effect(
        jo, "come_on_duty", jo.presses("Facilitate again"), reads("Jo facilitates again.", ana, jo, ben)
    )
    await effect(
        ana,
        "end_for_safety",
        asks(ana, ana.panel.button("End now, for safety"), "End now"),
        reads("Ana asks to end the session now, for safety.", jo),
    )
    await effect(
        jo,
        "co_sign",
        yes.click(),
        reads("The facilitators ended it early, to keep everybody safe.", ana, jo, ben),
    )
