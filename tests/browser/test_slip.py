"""Somebody was not okay with what was said to them: a slip from their screen to the organiser's desk."""

from pathlib import Path

from playwright.async_api import expect

UNKIND = "you only ever make it about yourself"


async def test_a_report_slip_goes_from_a_phone_to_the_desk_and_is_known_there(talking, ana, ben, chi, olu):
    await ben.says("it was a hard week")
    await chi.reads("it was a hard week")
    await chi.says(UNKIND)
    await ben.reads("it was a hard week", UNKIND)
    await ben.room.look_beside()
    await ben.unfolds("If something is not right")
    await ben.presses("Write a report slip")
    await ben.room.asked.locator(".chosen label").filter(has_text=UNKIND).locator("input").check()
    async with ben.page.expect_download() as coming:
        await ben.room.answer("Write it")
    download = await coming.value
    assert download.suggested_filename == "slip.txt"
    slip = Path(await download.path()).read_text("utf-8")  # noqa: ASYNC240  a test reads little
    assert slip.startswith("Report slip.")
    assert UNKIND in slip
    assert "hard week" not in slip, "what was not chosen is not in it"
    # Who wrote it is told, and the others are not.
    await chi.is_told("A report was made about something you wrote.")
    await ben.room.look_back()
    await ben.says("that is that")
    await ana.reads("it was a hard week", UNKIND, "that is that")
    await expect(ana.room.log.get_by_text("A report was made")).to_have_count(0)

    await olu.is_signed_in()
    await olu.opens(f"/desk/rooms/{talking.room.id}")
    await olu.page.get_by_role("link", name="Look at a report slip").click()
    for given, told in ((slip, "Genuine: it was said so"), (slip.replace("only", "never"), "Not genuine")):
        await olu.page.get_by_label("The slip").fill(given)
        await olu.page.get_by_role("button", name="Look at it").click()
        await expect(olu.page.get_by_role("status").get_by_text(told)).to_be_visible()
