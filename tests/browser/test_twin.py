"""A full room and a second one beside it, as the people in them, and in line for them, read it on their screens."""

from playwright.async_api import expect

from rooms.twins import second_of
from tests.browser.company import PHONE


async def test_who_stands_in_line_goes_to_a_second_room_or_stays_and_is_offered_the_next_seat(
    house, cast, ana, ben
):
    evening = await house.an_evening(seats=2)
    await evening.has_facilitator("Jo")
    jo, eli, fay, chi = [await cast(name, **PHONE) for name in ("Jo", "Eli", "Fay", "Chi")]
    for facilitator in (ana, jo):
        await facilitator.facilitates(evening)
    await ana.starts()
    for member in (eli, fay):
        await member.joins(evening)
        await member.is_in_the_room()
    for member in (ben, chi):
        await member.joins(evening)
        await expect(member.page.get_by_role("heading", name="Every seat is taken just now")).to_be_visible()
        await member.page.get_by_role("button", name="Stand in line").click()
        await member.is_told("every seat is taken, and you stand in line")
    await chi.is_told("You are number 2 in the line.")
    await ana.is_told("2 people stand in line for a seat.")

    await ana.panel.beside("Jo", "Ask to open a second room").click()
    await ana.room.answer("Ask")
    await jo.room.look_beside()
    await jo.presses("Yes, I will")
    await eli.is_told("Jo looks after a second room, for those who stood in line.")
    await jo.presses("Go to the second room")
    await jo.page.wait_for_url(f"**/live/{second_of(evening.session.id)}")
    await jo.is_in_the_room()
    await expect(jo.room.strip).to_contain_text("second room")

    for member in (ben, chi):
        await member.is_told("A second room is open, with Jo.")
    await ben.page.get_by_role("button", name="Go to the second room").click()
    await ben.is_in_the_room()
    await ben.says("hi Jo")
    await jo.reads("hi Jo")
    await ana.reads()

    # Chi was asked, and not moved.
    await chi.is_told("You are next.")
    await eli.leaves()
    await chi.is_told("A seat is free for you.")
    await chi.page.get_by_role("button", name="Take the seat").click()
    await chi.is_in_the_room()
    await chi.says("hi Ana")
    await ana.reads("hi Ana")
    await ben.reads("hi Jo")
