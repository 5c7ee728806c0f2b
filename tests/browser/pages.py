"""The pages by the words that people see on them: where to find what, and how it is used by hand."""

from playwright.async_api import Locator, Page, expect


class Door:
    """The agreement, the name, the way in."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.name = page.get_by_label("Your name for this session")
        self.come_in = page.get_by_role("button", name="I’ll keep to this: come in", exact=True)
        self.come_in_to_listen = page.get_by_role("button", name="I’ll keep to this: come in to listen")

    async def enter(self, name: str, *, listening: bool = False) -> None:
        await self.name.fill(name)
        await (self.come_in_to_listen if listening else self.come_in).click()


class Room:
    """The live room as everybody in it sees it, and the pages that take its place."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.title = page.locator("#live h1:visible").first
        self.strip = page.locator(".strip")
        self.banner = page.locator(".banner:visible")
        self.log = page.get_by_role("log", name="Messages")
        self.words = self.log.locator(".line__text")
        self.notes = self.log.locator(".note")
        self.composer = page.get_by_label("Your message")
        self.send = page.get_by_role("button", name="Send", exact=True)
        self.held_back = page.locator(".held-back:visible")
        self.tray = page.locator("#tray")
        self.people_button = page.locator(".strip__people")
        self.back = page.get_by_role("button", name="Back to the talk")
        self.leave = page.get_by_role("button", name="Leave the room")
        self.who_is_here = page.get_by_role("list", name="Who is here").get_by_role("listitem")
        self.asked = page.get_by_role("dialog").and_(page.locator("dialog"))

    def line(self, text: str) -> Locator:
        """The one thing that was said in these words."""
        return self.log.get_by_role("article").filter(has_text=text)

    def deed(self, name: str) -> Locator:
        """What can be done with the line that was chosen."""
        return self.page.locator("#deeds").get_by_role("button", name=name, exact=True)

    def now(self, button: str) -> Locator:
        """What the room asks of them just now."""
        return self.page.locator("#now").get_by_role("button", name=button, exact=True)

    async def look_beside(self) -> None:
        """The people and the session stand beside the talk, or are a sheet over it that has to be opened."""
        if await self.people_button.is_visible():
            await self.people_button.click()

    async def look_back(self) -> None:
        if await self.back.is_visible():
            await self.back.click()

    async def answer(self, yes: str, **choices: str) -> None:
        """The question that stands before something grave."""
        await expect(self.asked).to_be_visible()
        for label, choice in choices.items():
            pick = self.asked.get_by_role("combobox", name=label.replace("_", " "))
            await pick.select_option(label=choice)
        await self.asked.get_by_role("button", name=yes, exact=True).click()


class Panel:
    """What a facilitator can do, beside the same room."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.side = page.get_by_role("complementary", name="People and the session")
        self.news = page.locator("#news")
        self.waiting = page.get_by_role("list", name="Waiting to come in").get_by_role("listitem")
        self.here = page.get_by_role("list", name="Who is here").get_by_role("listitem")
        self.gone = page.get_by_role("list", name="Left in the last 15 minutes").get_by_role("listitem")

    def button(self, name: str) -> Locator:
        return self.side.get_by_role("button", name=name, exact=True)

    def row(self, who: str) -> Locator:
        name = self.page.locator("[data-fill=name]").get_by_text(who, exact=True)
        return self.side.get_by_role("listitem").filter(has=name)

    def beside(self, who: str, button: str) -> Locator:
        return self.row(who).get_by_role("button", name=button, exact=True)


class LeaveQuickly:
    """On every page, in three ways."""

    def __init__(self, page: Page) -> None:
        self.button = page.get_by_role("link", name="Leave quickly")
        self.hidden_link = page.get_by_role("link", name="Leave this site quickly")
