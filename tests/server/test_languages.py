"""The language somebody reads: what they chose, else what their browser asks for; and then nothing of another one."""

import pytest

from tests.server.browser import Browser, Page
from tests.server.house import Evening, House
from tests.server.streaming import Streaming
from tests.server.test_door import OpensHouses, attributes
from tests.server.visitor import Visitor

WELSH = {"accept-language": "cy,en-GB;q=0.8"}
A_YEAR = "31536000"
# Numbers to call, our name, what the organiser wrote, and the names of lists of codes, which scripts look up.
ALIKE = {"116 123", "999", "0800 1111", "Tealight", "Thursday", "What is said here stays here.", "Ana"}
SAID = (
    "aria-label",
    "placeholder",
    "title",
    "alt",
    "data-two-more",
    "data-one-more",
    "data-code",
    "data-lost",
)


def language_of(page: Page) -> tuple[str | None, str | None]:
    given = next(given for tag, given in page.tags if tag == "html")
    return given["lang"], given["dir"]


def words_on(page: Page) -> set[str]:
    said = [*page.texts, *(value for name in SAID for value in page.attributes(name))]
    return {" ".join(each.split()) for each in said if any(map(str.isalnum, each))}


async def chooses(browser: Browser, language: str, back: str = "/help") -> str:
    answer = await browser.posts("/language", language=language, back=back)
    assert answer.status_code == 303
    return str(answer.headers["location"])


async def test_a_browser_that_asks_for_welsh_gets_it_and_the_next_one_its_own(house: House):
    browser = house.browser()
    welsh = await browser.gets("/help", **WELSH)
    english = await browser.gets("/help")
    assert (language_of(Page(welsh)), language_of(Page(english))) == (("cy", "ltr"), ("en", "ltr"))
    assert "Help nawr" in words_on(Page(welsh))
    assert "Help now" in words_on(Page(english))
    # Nothing on the way may keep a page, or somebody would get it in the language of another reader.
    assert {answer.headers["cache-control"] for answer in (welsh, english)} == {"no-store"}
    assert "set-cookie" not in welsh.headers, "what a browser asks for by itself needs no remembering"


async def test_a_choice_outweighs_what_the_browser_asks_for_and_is_kept_on_the_device(house: House):
    browser = house.browser()
    assert "Cymraeg" in words_on(Page(await browser.gets("/help")))
    answer = await browser.posts("/language", language="cy", back="/help")
    assert answer.headers["location"] == "/help"
    kept = {"path": "/", "httponly": "True", "samesite": "lax", "max-age": A_YEAR}
    assert attributes(answer.headers["set-cookie"]) == ("language", kept)
    assert browser.cookies == {"language": "cy"}
    help_page = Page(await browser.gets("/help"))
    assert language_of(help_page) == ("cy", "ltr")
    assert "English" in words_on(help_page)


async def test_who_goes_back_to_what_the_browser_asks_for_keeps_nothing(house: House):
    browser = house.browser()
    await chooses(browser, "cy")
    await chooses(browser, "en")
    assert browser.cookies == {}
    assert language_of(Page(await browser.gets("/"))) == ("en", "ltr")


async def test_over_tls_the_choice_is_bound_to_the_host(another_house: OpensHouses):
    house = await another_house(public_url="https://rooms.example.org")
    answer = await house.browser().posts("/language", language="cy", back="/")
    name, kept = attributes(answer.headers["set-cookie"])
    assert (name, kept["secure"]) == ("__Host-language", "True")


@pytest.mark.parametrize("language", ["", "xx", "ar-XB", "../en", 'cy"; path=/', "cy\r\nx: y"])
async def test_nothing_but_a_language_of_ours_is_ever_kept(house: House, language: str):
    browser = house.browser()
    await chooses(browser, language)
    assert browser.cookies == {}
    browser.holds("language", language.partition("\r")[0].replace('"', "").replace(";", ""))
    assert language_of(Page(await browser.gets("/help"))) in {("en", "ltr"), ("cy", "ltr")}


@pytest.mark.parametrize(
    "back",
    [
        "",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "https://elsewhere.example/",
        "javascript:x",
        "/\r\nx: y",
    ],
)
async def test_a_choice_leads_nowhere_but_to_a_page_of_ours(house: House, back: str):
    assert await chooses(house.browser(), "cy", back) == "/"


async def test_a_choice_comes_back_to_the_page_with_what_it_was_asked_for(house: House):
    browser = house.browser()
    page = Page(await browser.gets("/sign-in?next=/desk"))
    assert page.values["back"] == "/sign-in?next=/desk"
    assert await chooses(browser, "cy", page.values["back"]) == "/sign-in?next=/desk"


async def test_a_page_of_somebody_else_cannot_choose(house: House):
    browser = house.browser()
    answer = await browser.http.post(
        "/language",
        data={"language": "cy", "back": "/"},
        headers={"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"},
    )
    assert (answer.status_code, browser.cookies) == (403, {})


async def test_the_answer_to_a_form_offers_no_choice_for_it_could_not_be_come_back_to(evening: Evening):
    browser = await evening.comes_to_the_door()
    assert "Cymraeg" in words_on(Page(await browser.gets(evening.door_path)))
    answer = Page(await browser.posts(evening.door_path, name="B", how="come_in"))
    assert answer.faults["name"]
    assert "Cymraeg" not in words_on(answer)


async def test_a_live_room_offers_no_choice_for_what_was_said_would_go_from_the_screen(evening: Evening):
    ben = await evening.visits("Ben")
    assert "Cymraeg" not in words_on(Page(await ben.browser.gets(evening.live_path)))


async def test_a_member_reads_no_english_on_the_whole_way_in(own_evening: Evening):
    """Sentence by sentence: whatever stands in both languages is no sentence of ours."""
    evening = own_evening
    browser = await evening.comes_to_the_door()
    before = ["/", "/help", "/code", "/nowhere", f"/room/{evening.room.id}", evening.door_path]
    looked = {path: await both(browser, path) for path in before}
    await browser.posts(evening.door_path, name="Ben", how="come_in")
    looked[evening.live_path] = await both(browser, evening.live_path)
    await evening.facilitates("Ana")
    assert len(looked[evening.live_path][1]) > 400, (
        "the words for everything that can happen stand in the page"
    )
    for path, (english, welsh) in looked.items():
        assert {"Tealight"} <= english & welsh <= ALIKE | {"Help", "Help · Tealight"}, path


async def both(browser: Browser, path: str) -> tuple[set[str], set[str]]:
    english, welsh = [Page(await browser.gets(path, **how)) for how in ({}, WELSH)]
    assert language_of(welsh) == ("cy", "ltr")
    return words_on(english), words_on(welsh)


@pytest.mark.parametrize("way", [Visitor, Streaming])
async def test_a_room_says_no_in_the_language_of_the_page(evening: Evening, way: type[Visitor]):
    came = evening.over(way)
    ben, chi = await came.visits("Ben"), await came.visits("Chi")
    await chooses(ben.browser, "cy")
    await ben.closes_the_tab()
    await ben.comes_back()
    refused = {}
    for person in (ben, chi):
        await person.says("hi")
        refused[person.name] = (await person.is_refused("not_now"))["say"]
    assert refused == {
        "Ben": "Ni ellir gwneud hynny ar hyn o bryd.",
        "Chi": "That cannot be done just now.",
    }


async def test_what_exists_is_told_in_the_language_of_the_page(evening: Evening):
    ana = await evening.facilitates("Ana")
    await ana.starts()
    ben = await evening.visits("Ben")
    await chooses(ben.browser, "cy")
    told = (await ben.browser.gets(f"{evening.live_path}/now")).json()
    english = (await ana.browser.gets(f"{evening.live_path}/now")).json()
    assert "Does dim neges yng nghof y gweinydd hwn ar hyn o bryd." in told
    assert set(told) & set(english) == set()


async def test_what_an_organiser_wrote_stays_as_it_is_and_is_marked_as_theirs(evening: Evening):
    browser = await evening.comes_to_the_door()
    answer = await browser.gets(evening.door_path, **WELSH)
    assert '<bdi lang="">Thursday</bdi>' in answer.text
    assert '<li><bdi lang="">What is said here stays here.</bdi></li>' in answer.text
    assert "Ddydd a nos · Am ddim" in words_on(Page(answer)), "our own signposts are translated"
