"""The live pages of those who signed in: gone within two seconds of a sign-out, on every node, and never out by idleness."""

from collections.abc import Awaitable, Callable

from server.staff_pages import LOOK_SECONDS
from tests.server.browser import Browser
from tests.server.house import Evening, House
from tests.server.visitor import Visitor

OpensHouses = Callable[..., Awaitable[House]]
PROMISE_SECONDS = 2.0


async def another_device(evening: Evening, node: House) -> Visitor:
    """Of Ana's, signed in for itself, with its page at that node."""
    browser = await node.signed_in("Ana")
    page = Visitor(browser, evening.live_path, "Ana")
    await page.connects()
    return page


async def desk_of(evening: Evening, node: House) -> tuple[Browser, str]:
    return await node.signed_in("Olu", organiser=True), f"/desk/rooms/{evening.room.id}/people"


async def under_way(one: House, two: House) -> tuple[Evening, Visitor, Visitor, Visitor]:
    """Ana at both nodes with a device of hers, and Ben."""
    evening = await one.evening()
    ana = await evening.facilitates("Ana")
    await ana.starts()
    there = await another_device(evening, two)
    return evening, ana, there, await evening.visits("Ben")


def test_every_node_looks_twice_within_what_is_promised():
    """How long a page takes to close after a look is the network's; the stories below tell that it does."""
    assert 2 * LOOK_SECONDS <= PROMISE_SECONDS


async def test_signed_out_everywhere_her_pages_end_at_every_node(nodes: tuple[House, House]):
    one, two = nodes
    evening, ana, there, ben = await under_way(one, two)
    olu, path = await desk_of(evening, one)
    await olu.posts(path, do="out", account=(await one.account("Ana")).id)
    for page in (ana, there):
        await page.is_closed(4001)
    for page in (ana, there):
        await page.opens()
        await page.is_closed(4001)
    await ben.says("still here")
    again = await another_device(evening, two)
    assert (again.seat, again.you["role"]) == (ana.seat, "facilitator")
    await again.asks("pause", ref="again", reason="a_minute")
    await ben.sees("paused")


async def test_she_signs_herself_out_of_everything(nodes: tuple[House, House]):
    one, two = nodes
    _, ana, there, _ = await under_way(one, two)
    await there.browser.posts("/desk/account", do="out")
    for page in (ana, there):
        await page.is_closed(4001)


async def test_to_sign_out_here_leaves_the_other_device(nodes: tuple[House, House]):
    one, two = nodes
    _, ana, there, ben = await under_way(one, two)
    await ana.browser.posts("/sign-out")
    await ana.is_closed(4001)
    await there.says("I am on the laptop now", ref="laptop")
    await ben.hears("I am on the laptop now", frm="Ana")


async def test_whoever_holds_back_the_hello_is_out_all_the_same(nodes: tuple[House, House]):
    one, two = nodes
    evening, _, there, _ = await under_way(one, two)
    await there.closes_the_tab()
    await there.opens()
    olu, path = await desk_of(evening, one)
    await olu.posts(path, do="out", account=(await one.account("Ana")).id)
    await there.is_closed(4001)


async def test_an_account_is_removed_and_its_pages_end_at_every_node(nodes: tuple[House, House]):
    one, two = nodes
    evening, ana, there, ben = await under_way(one, two)
    olu, path = await desk_of(evening, two)
    await olu.posts(path, do="remove", account=(await one.account("Ana")).id)
    for page in (ana, there):
        await page.is_closed(4004)
    await ben.sees("powers_suspended")
    for page in (ana, there):
        await page.opens()
        await page.is_closed(4001)


async def test_who_facilitates_for_hours_without_another_page_is_not_idle(another_house: OpensHouses):
    house = await another_house()
    evening = await house.evening()
    ana = await evening.facilitates("Ana")
    for _ in range(2):
        house.clock.at += 20 * 60
        await house.home.staff_pages.look()
    await ana.is_cut_off()
    await ana.comes_back()
    assert ana.you["role"] == "facilitator"
    await ana.closes_the_tab()
    house.clock.at += 31 * 60
    await house.home.staff_pages.look()
    await ana.opens()
    await ana.is_closed(4001)


async def test_a_cookie_of_nobody_leads_to_the_sign_in_whatever_is_asked_for(evening: Evening):
    stranger = evening.house.browser()
    await stranger.gets("/")
    stranger.holds("desk", "x" * 32)
    for path in (evening.live_path, "/live/bcdfghjkmnpqrstv"):
        page = Visitor(stranger, path, "Ana")
        await page.opens()
        await page.is_closed(4001)
