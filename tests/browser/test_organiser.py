"""The organiser's way, from a one-time link to a facilitator at the door of a room that did not exist before."""

import re
from zoneinfo import ZoneInfo

from playwright.async_api import expect


async def test_olu_makes_a_room_and_invites_somebody_to_facilitate_it(house, olu, ana, ben):
    # The link signs in once.
    link = await house.link(await house.account("Olu", organiser=True))
    await olu.opens(link)
    await olu.signs_in_with_the_link()
    await expect(olu.page.get_by_role("heading", name="Your rooms")).to_be_visible()
    await ben.opens(link)
    await expect(ben.page.get_by_role("button", name="Sign in")).to_have_count(0)

    # A form that does not fit comes back filled in, and what is wrong stands beside the field.
    page = olu.page
    await page.get_by_role("link", name="Make a room").click()
    await page.get_by_label("Peer support").check()
    await page.get_by_label("Name of the room").fill("Wednesday walk")
    await page.get_by_label("In one line").fill("We walk, each at home, and write about it.")
    await page.get_by_label("This room is for").fill("people who like company")
    soon = house.clock.now.astimezone(ZoneInfo("Europe/London"))
    await page.get_by_label("Date", exact=True).fill(f"{soon:%Y-%m-%d}")
    await page.get_by_label("Start", exact=True).fill(f"{soon:%H:%M}")
    await page.get_by_label("Length in minutes").fill("600")
    await page.get_by_label("Where the group’s clock is").select_option("Europe/London")
    await page.get_by_role("button", name="Make the room").click()
    length = page.get_by_label("Length in minutes")
    await expect(page.get_by_role("alert")).to_contain_text("One thing needs another look")
    await expect(length).to_have_accessible_description(
        re.compile("Please give a length from 30 to 120 minutes")
    )
    await expect(length).to_have_value("600")
    await expect(page.get_by_label("Name of the room")).to_have_value("Wednesday walk")
    await expect(page.get_by_label("Peer support")).to_be_checked()
    await length.fill("60")
    await page.get_by_role("button", name="Make the room").click()
    await expect(page.get_by_role("heading", name="Wednesday walk")).to_be_visible()

    # The link to share is copied with one press.
    await olu.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.get_by_role("button", name="Copy").click()
    await expect(page.get_by_text("Copied.")).to_be_visible()
    join = await page.evaluate("navigator.clipboard.readText()")
    assert join == await page.get_by_label("The room’s link").input_value()

    # A facilitator is invited, accepts in a browser of their own, and is at the room's door.
    await page.get_by_role("button", name="Invite a facilitator").click()
    invitation = await page.get_by_label("Link for one person").input_value()
    await ana.page.goto(invitation)
    await expect(ana.page.get_by_role("heading", name="Wednesday walk")).to_be_visible()
    await ana.page.get_by_label("Your name, as people in the room will see it").fill("Effie")
    await ana.page.get_by_label("Sign-in name").fill("effie")
    await ana.page.get_by_label("Password").fill("short")
    await ana.page.get_by_role("button", name="Accept").click()
    # That it takes ten letters stood there before, too.
    await expect(ana.page.get_by_label("Password")).to_have_attribute("aria-invalid", "true")
    await expect(ana.page.get_by_label("Password")).to_have_accessible_description(re.compile("10 letters"))
    await expect(ana.page.get_by_label("Sign-in name")).to_have_value("effie")
    await ana.page.get_by_label("Password").fill("kettle window bicycle")
    await ana.page.get_by_role("button", name="Accept").click()
    await ana.page.get_by_role("heading", name="Wednesday walk").get_by_role("link").click()
    await ana.page.get_by_role("link", name="Go in and facilitate").click()
    await ana.is_in_the_room()
    await expect(ana.panel.button("Start the session")).to_be_visible()

    await page.goto(join)
    await expect(olu.door.name).to_be_visible()
    await ben.page.goto(join)
    await ben.door.enter("Ben")
    await ben.is_in_the_lobby()
    await ana.starts()
    await ben.is_in_the_room()

    # The invitation worked once.
    await ben.page.goto(invitation)
    await expect(ben.page.get_by_role("button", name="Accept")).to_have_count(0)


async def test_who_signs_in_with_a_password_goes_on_where_they_wanted_to(house, evening, olu, ana):
    await olu.is_signed_in()
    await olu.opens(f"/desk/rooms/{evening.room.id}")
    await olu.page.get_by_role("button", name="Invite a facilitator").click()
    await ana.page.goto(await olu.page.get_by_label("Link for one person").input_value())
    await ana.page.get_by_label("Your name, as people in the room will see it").fill("Fay")
    await ana.page.get_by_label("Sign-in name").fill("fay")
    await ana.page.get_by_label("Password").fill("kettle window bicycle")
    await ana.page.get_by_role("button", name="Accept").click()
    await ana.page.get_by_role("button", name="Sign out").click()
    await expect(ana.page.get_by_role("link", name="Facilitators: sign in")).to_be_visible()

    await ana.opens(f"/desk/rooms/{evening.room.id}")
    await ana.page.get_by_label("Sign-in name").fill("fay")
    await ana.page.get_by_label("Password").fill("kettle window bicycel")
    await ana.page.get_by_role("button", name="Sign in").click()
    await ana.is_told("The sign-in name and the password do not fit together. Please try again.")
    await expect(ana.page.get_by_label("Sign-in name")).to_have_value("fay")
    await expect(ana.page.get_by_label("Password")).to_have_value("")
    await ana.page.get_by_label("Password").fill("kettle window bicycle")
    await ana.page.get_by_role("button", name="Sign in").click()
    await expect(ana.page.get_by_role("heading", name="Your rooms")).to_be_visible()
