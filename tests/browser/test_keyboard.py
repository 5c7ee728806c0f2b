"""A whole evening without a pointer: the member's journey and the facilitator's."""

from playwright.async_api import expect


async def test_a_member_comes_in_talks_looks_who_is_here_and_leaves(evening, ana, cast):
    ben = await cast("Ben", viewport={"width": 640, "height": 600})
    await ana.facilitates(evening)
    await ana.starts()

    await ben.opens(evening.join_path)
    await ben.tabs_to(ben.door.name)
    await ben.page.keyboard.type("Ben")
    await ben.tabs_to(ben.door.come_in)
    await ben.types("Enter")
    await ben.is_in_the_room()

    await ben.tabs_to(ben.room.composer)
    await ben.page.keyboard.type("first line")
    await ben.types("Shift+Enter")
    await ben.page.keyboard.type("second line")
    await ben.types("Enter")
    await ana.reads("first line\nsecond line")
    await expect(ben.room.composer).to_be_focused()
    await expect(ben.room.composer).to_have_value("")

    # Words that come in do not take the keyboard away, and can be walked through.
    await ana.says("hello Ben")
    await ben.reads("first line\nsecond line", "hello Ben")
    await expect(ben.room.composer).to_be_focused()
    await ben.tabs_to(ben.room.log, backwards=True)
    await ben.types("ArrowUp")
    await expect(ben.room.line("hello Ben")).to_be_focused()
    await ben.types("ArrowUp")
    await expect(ben.room.line("first line")).to_be_focused()
    await ben.tabs_to(ben.room.deed("Take back"))
    await ben.types("Enter")
    await ben.tabs_to(ben.room.asked.get_by_role("button", name="Take it back"))
    await ben.types("Enter")
    await ana.reads("Taken back by the person who wrote it.", "hello Ben")

    # The people and the way out are a sheet on a small screen.
    await ben.tabs_to(ben.room.people_button, backwards=True)
    await ben.types("Enter")
    await ben.tabs_to(ben.room.back)
    for way_back in ("Enter", "Escape"):
        await ben.types(way_back)
        await expect(ben.room.people_button).to_be_focused()
        await ben.types("Enter")
    await ben.tabs_to(ben.room.leave)
    await ben.types("Enter")
    await ben.sees_the_title("You have left")


async def test_a_facilitator_runs_an_evening(house, evening, ana, ben):
    await ben.joins(evening)
    await ben.is_in_the_lobby()
    await ana.opens(await house.link(await house.account("Ana"), room=evening.room))
    await ana.tabs_to(ana.page.get_by_role("button", name="Sign in"))
    await ana.types("Enter")
    await ana.is_in_the_room()

    await ana.tabs_to(ana.panel.beside("Ben", "Let in"))
    await ana.types("Enter")
    await ben.is_in_the_room()
    await ana.tabs_to(ana.panel.button("Start the session"))
    await ana.types("Enter")
    await ben.says("something private")
    await ana.reads("something private")

    await ana.tabs_to(ana.room.log, backwards=True)
    await ana.types("ArrowUp")
    await ana.tabs_to(ana.room.deed("Take down"))
    await ana.types("Enter")
    await expect(ana.room.asked.get_by_role("button", name="Not now")).to_be_focused()
    await ana.tabs_to(ana.room.asked.get_by_role("combobox", name="Why"), backwards=True)
    await ana.page.keyboard.type("unkind")
    await ana.tabs_to(ana.room.asked.get_by_role("button", name="Take it down"))
    await ana.types("Enter")
    await ana.reads("Taken down by Ana: unkind.")

    # A question that is not answered changes nothing, and gives the keyboard back.
    quiet = ana.panel.beside("Ben", "Quiet")
    await ana.tabs_to(quiet)
    await ana.types("Enter", "Escape")
    await expect(quiet).to_be_focused()
    await ana.types("Enter", "Enter")
    await expect(quiet).to_be_focused()
    await ana.types("Enter")
    await ana.tabs_to(ana.room.asked.get_by_role("button", name="Quiet"))
    await ana.types("Enter")
    await ben.is_told("A facilitator has asked you to take a few minutes.")
    await ana.tabs_to(ana.panel.beside("Ben", "Let write again"))
    await ana.types("Enter")
    await ben.hears("You can write again.")

    await ana.tabs_to(ana.panel.side.get_by_role("combobox", name="Pause, because"), backwards=True)
    await ana.page.keyboard.type("Let")
    await ana.tabs_to(ana.panel.button("Pause"))
    await ana.types("Enter")
    await ben.is_told("Ana has paused the room. Let us all take a breather.")
    await ana.tabs_to(ana.panel.button("Go on"), backwards=True)
    await ana.types("Enter")
    await expect(ben.room.banner).to_have_count(0)

    await ana.tabs_to(ana.panel.button("End in a minute"))
    await ana.types("Enter")
    await ana.tabs_to(ana.room.asked.get_by_role("button", name="End in a minute"))
    await ana.types("Enter")
    await ben.is_told("This session ends in one minute.")
    await ana.tabs_to(ana.panel.button("End now"))
    await ana.types("Enter")
    await ana.tabs_to(ana.room.asked.get_by_role("button", name="End now"))
    await ana.types("Enter")
    await ana.sees_the_title("This session has ended")
    await ben.sees_the_title("This session has ended")


async def test_help_opens_over_the_room_and_gives_the_keyboard_back(evening, ana):
    await ana.facilitates(evening)
    help_now = ana.page.locator("summary").get_by_text("Help now")
    await ana.tabs_to(help_now, backwards=True)
    await ana.types("Enter")
    await ana.is_told("call your emergency number")
    await ana.types("Escape")
    await expect(help_now).to_be_focused()
    await expect(ana.page.get_by_text("call your emergency number").first).to_be_hidden()
