"""The page in a real browser: what one hears, reaches by keyboard, and sees on a small screen."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from bot.core.message import Message

from .browser import DESKTOP, FOCUSED, NARROW, PHONE, ZOOMED, Stage, browser, fill, say, stage
from .fake import SUPPORT

__all__ = ["browser", "stage"]
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("size", "room"), [(DESKTOP, "chat"), (PHONE, "chat"), (PHONE, "channel")])
async def test_axe_finds_nothing(
    stage: Stage, scheme: str, size: tuple[int, int], room: str
) -> None:
    """Axe finds no fault in the page: empty or full, light or dark, wide or narrow."""
    page = await stage.open(size, scheme, motion="reduce")
    empty = await Axe().run(page)
    assert empty.violations_count == 0, empty.generate_report()
    await fill(stage)
    await say(page, "stilla")
    if size == PHONE:
        await page.get_by_test_id("rooms").locator(f'input[value="{room}"]').check(force=True)
    await page.get_by_test_id("people").get_by_text("bashir sv", exact=True).click()
    await page.get_by_test_id("people").get_by_text("anna sv", exact=True).click()
    await stage.landa.say(Message("x"), {"person": "cecilia", "room": "chat"})
    await page.locator("#clock summary").click()
    await expect(page.get_by_test_id(f"{room}-log").get_by_role("article").first).to_be_visible()
    full = await Axe().run(page)
    assert full.violations_count == 0, full.generate_report()


@pytest.mark.parametrize("size", [NARROW, PHONE, ZOOMED, DESKTOP])
@pytest.mark.parametrize("room", ["chat", "channel"])
async def test_nothing_is_beside_the_screen(stage: Stage, size: tuple[int, int], room: str) -> None:
    """At 320 px, and at 200 % zoom, all is read without scrolling sideways."""
    page = await stage.open(size)
    await fill(stage)
    await say(page, "o" * 300)
    if size[0] < 860:
        await page.get_by_test_id("rooms").locator(f'input[value="{room}"]').check(force=True)
    await expect(page.get_by_test_id(f"{room}-log").get_by_role("article")).to_have_count(
        6 if room == "chat" else 4
    )
    wider = """() => [...document.querySelectorAll("html, .scroll, .slip, .top")]
        .filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.className)"""
    assert await page.evaluate(wider) == []


async def test_fingers_find_everything(stage: Stage) -> None:
    """On a phone everything that can be pressed is at least 44 px high."""
    page = await stage.open(PHONE)
    await fill(stage)
    await page.locator("#clock summary").click()
    targets = "a, button, summary, select, .say input, .option, .pick-face"
    small = """(targets) => [...document.querySelectorAll(targets)]
        .filter((each) => each.checkVisibility() && !each.matches(".skip"))
        .filter((each) => each.getBoundingClientRect().height < 43.9)
        .map((each) => [each.outerHTML, each.getBoundingClientRect().height])"""
    assert await page.evaluate(small, targets) == []


async def test_the_keyboard_is_enough(stage: Stage) -> None:
    """One lands, presses, forwards the time and changes person without a mouse."""
    page = await stage.open()
    press = page.keyboard.press
    await press("Tab")
    assert await page.evaluate(FOCUSED) == "skip sv"
    await press("Enter")
    await page.keyboard.type("/landa")
    await press("Enter")
    calm = page.get_by_role("button", name="Lugna kroppen")
    await expect(calm).to_be_visible()
    assert await page.evaluate(FOCUSED) == "chat-text"
    await press("Shift+Tab")
    await press("Shift+Tab")
    await expect(calm).to_be_focused()
    outline = await calm.evaluate("(it) => getComputedStyle(it).outlineWidth")
    assert outline == "3px"
    await press("Enter")
    card = page.get_by_role("article").filter(has_text="Lugn andning")
    await expect(card).to_be_focused()
    await press("Tab")
    assert await page.evaluate(FOCUSED) == "still sv"
    await page.locator("#clock summary").focus()
    await press("Enter")
    await press("Tab")
    await press("Enter")
    await expect(page.get_by_test_id("now")).to_have_text("mån 09:15")
    await press("Escape")
    await expect(page.locator("#clock summary")).to_be_focused()
    await page.get_by_role("radio", name="anna").focus()
    await press("ArrowRight")
    await expect(page.get_by_role("radio", name="bashir")).to_be_checked()
    await expect(page.get_by_role("article")).to_have_count(0)


async def test_every_card_is_heard(stage: Stage) -> None:
    """A screen reader is told of a new card, and of a rewritten one, once each."""
    page = await stage.open()
    await expect(page.get_by_role("log")).to_have_count(2)
    await say(page, "/landa")
    await page.get_by_role("button", name="Lugna kroppen").click()
    await expect(page.get_by_role("heading", name="Lugn andning")).to_be_visible()
    heard = await page.evaluate("() => window.heard")
    assert [sum(part in text for text in heard) for part in ("Ingen bråttom", "Sitt som")] == [1, 1]


async def test_an_old_conversation_is_not_read_out(stage: Stage) -> None:
    """Changing person does not read out everything that was said before."""
    page = await stage.open()
    await stage.landa.say(SUPPORT, {"person": "bashir", "room": "chat"})
    await page.get_by_role("radio", name="bashir").check(force=True)
    await expect(page.get_by_role("article")).to_have_count(1)
    assert await page.evaluate("() => window.heard") == []


async def test_focus_stays_where_one_writes(stage: Stage) -> None:
    """A card that is rewritten by itself does not take the focus from somebody who writes."""
    page = await stage.open()
    await say(page, "andas")
    await expect(page.get_by_test_id("breath")).to_be_visible()
    await page.get_by_test_id("chat-text").fill("jag skri")
    place = stage.landa.inbounds[0].place.address
    await stage.landa.say(Message("Nu är pausen slut."), {**place, "card": "out-1"})
    await expect(page.get_by_text("Nu är pausen slut.")).to_be_visible()
    await expect(page.get_by_test_id("breath")).to_have_count(0)
    await expect(page.get_by_test_id("chat-text")).to_be_focused()
    await expect(page.get_by_test_id("chat-text")).to_have_value("jag skri")


async def test_the_circle_breathes_and_rests(stage: Stage) -> None:
    """The circle follows the exercise's own phases, as many times as it says, and is then still."""
    page = await stage.open()
    await say(page, "andas")
    orb = page.locator(".orb")
    frames = """(it) => { const effect = it.getAnimations()[0].effect; return [effect.getTiming(),
        effect.getKeyframes().map((each) => [each.computedOffset, each.transform])] }"""
    timing, steps = await orb.evaluate(frames)
    assert (timing["duration"], timing["iterations"]) == (2000, 2)
    assert [at for at, _ in steps] == [0, 0.25, 0.5, 1]
    sizes = [float(transform[6:-1]) for _, transform in steps]
    assert sizes[0] == sizes[3] < sizes[1] < sizes[2]
    word = page.locator(".breath-word")
    for phase in ("breath top sv", "breath out sv", "breath in sv"):
        await expect(word).to_have_text(phase)
    await expect(word).to_have_text("", timeout=6000)
    assert await orb.evaluate("(it) => it.getAnimations().every((a) => a.playState === 'finished')")
    await expect(page.get_by_role("img", name="In, lite till, ut.")).to_be_visible()


async def test_the_circle_can_be_stopped(stage: Stage) -> None:
    """What moves can be made still with a button beside it."""
    page = await stage.open()
    await say(page, "andas")
    await page.get_by_role("button", name="still sv").click()
    await expect(page.locator(".orb")).to_have_count(0)
    await expect(page.locator(".breath-curve")).to_be_visible()
    await expect(page.get_by_role("button", name="moving sv")).to_be_focused()


@pytest.mark.parametrize(("asked", "motion"), [("andas", "reduce"), ("stilla", "no-preference")])
async def test_who_wants_stillness_gets_it(stage: Stage, asked: str, motion: str) -> None:
    """With reduced motion, or still pictures chosen, the breath is a drawing and nothing moves."""
    page = await stage.open(motion=motion)
    await say(page, asked)
    breath = page.get_by_test_id("breath")
    await expect(breath.locator("svg")).to_be_visible()
    await expect(breath.get_by_role("button")).to_have_count(0)
    assert await breath.evaluate("(it) => it.getAnimations({ subtree: true }).length") == 0
