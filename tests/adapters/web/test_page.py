"""The page in a real browser: what one hears, reaches by keyboard, and sees on a small screen."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.core.message import Message

from .fake import BREATHING, STILL, SUPPORT, FakeLanda, settings

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP, PHONE, NARROW, ZOOMED = (1280, 800), (360, 740), (320, 640), (640, 400)
FOCUSED = "() => document.activeElement.textContent.trim() || document.activeElement.id"
HEARD = """() => {
  window.heard = [];
  for (const log of document.querySelectorAll('[role="log"]')) {
    new MutationObserver((changes) => {
      if (log.getAttribute("aria-live") !== "polite") return;
      for (const { addedNodes } of changes)
        for (const node of addedNodes) window.heard.push(node.textContent);
    }).observe(log, { childList: true });
  }
}"""


@dataclass
class Stage:
    """A Landa, and a browser that can open its page in many ways."""

    landa: FakeLanda
    browser: Browser
    url: str

    async def open(
        self, size: tuple[int, int] = DESKTOP, scheme: str = "light", motion: str = "no-preference"
    ) -> Page:
        """The page, live. What goes wrong in its scripts, or against its policy, fails the test."""
        page = await self.browser.new_page(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            reduced_motion=motion,
        )
        page.set_default_timeout(8000)
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("console", lambda line: line.type == "error" and page.faults.append(line.text))
        page.on(
            "request", lambda asked: asked.url.startswith(self.url) or page.faults.append(asked.url)
        )
        await page.goto(self.url)
        await expect(page.get_by_test_id("now")).not_to_be_empty()
        await page.wait_for_selector('#chat [role="log"][aria-live="polite"]', state="attached")
        await page.evaluate(HEARD)
        return page


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def stage(browser: Browser) -> AsyncIterator[Stage]:
    landa = FakeLanda()
    async with landa.serving() as server:
        yield Stage(landa, browser, str(server.make_url("/")))
        faults = [
            fault for each in browser.contexts for page in each.pages for fault in page.faults
        ]
        for context in browser.contexts:
            await context.close()
    assert faults == []


async def say(page: Page, text: str, room: str = "chat") -> None:
    await page.get_by_test_id(f"{room}-text").fill(text)
    await page.keyboard.press("Enter")


async def fill(stage: Stage) -> None:
    """Every kind of card in both rooms."""
    for room in ("chat", "channel"):
        address = {"person": "anna", "room": room}
        for card in (SUPPORT, settings("Välj ett av svaren."), STILL, BREATHING):
            await stage.landa.say(card, address)


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


async def test_a_form_is_sent_with_its_answers(stage: Stage) -> None:
    """A form gives its answers; an answer that is missing is told of beside its question."""
    page = await stage.open()
    await say(page, "inställningar")
    await page.get_by_label("English").check()
    await page.get_by_label("Tidszon").select_option("Zon 3")
    await page.get_by_role("button", name="Spara").click()
    await expect(page.get_by_text("Välj ett av svaren.")).to_be_visible()
    assert stage.landa.inbounds[-1].turn.values == {"language": "en", "zone": "z3"}
    described = page.get_by_label("Svenska")
    await expect(described).to_have_accessible_description("Välj ett av svaren.")
    await page.get_by_role("button", name="Inte nu").click()
    await expect(page.get_by_text("Då är vi klara för nu.")).to_be_visible()
    assert stage.landa.inbounds[-1].turn.values is None


async def test_words_stay_words(stage: Stage) -> None:
    """What somebody writes is shown as it stands, and never becomes a part of the page."""
    page = await stage.open()
    await say(page, "<img src=x onerror=alert(1)> <b>hej</b>", "channel")
    line = page.get_by_test_id("channel-log").get_by_role("article")
    await expect(line).to_contain_text("<img src=x onerror=alert(1)> <b>hej</b>")
    await expect(line.locator("img, b")).to_have_count(0)


async def test_the_private_answer_is_marked(stage: Stage) -> None:
    """In the channel one sees which cards nobody else sees, and the others do not see them."""
    page = await stage.open()
    await say(page, "hej alla", "channel")
    await say(page, "/landa", "channel")
    log = page.get_by_test_id("channel-log")
    await expect(log.get_by_role("article").nth(2)).to_contain_text("only you sv")
    await expect(log.get_by_role("article").nth(0)).not_to_contain_text("only you sv")
    await page.get_by_role("radio", name="cecilia").check(force=True)
    await expect(log.get_by_role("article")).to_have_count(1)


async def test_somebody_elses_news_is_seen(stage: Stage) -> None:
    """A card for another in the team shows at that person's name until one has looked."""
    page = await stage.open()
    await stage.landa.say(SUPPORT, {"person": "bashir", "room": "chat"})
    bashir = page.get_by_role("radio", name="bashir sv bashir role sv new sv")
    await expect(bashir).to_have_count(1)
    await bashir.check(force=True)
    await expect(bashir).to_have_count(0)


async def test_the_page_finds_its_way_back(stage: Stage) -> None:
    """After lost contact the page tells so, keeps the words, and goes on by itself."""
    page = await stage.open()
    await page.context.set_offline(True)
    await say(page, "/landa")
    await expect(page.get_by_test_id("status")).to_have_text("not sent sv", timeout=8000)
    await expect(page.get_by_test_id("chat-text")).to_have_value("/landa")
    await page.context.set_offline(False)
    page.faults.clear()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Lugna kroppen")).to_be_visible(timeout=8000)
    await expect(page.get_by_test_id("status")).to_be_empty()


async def test_an_answer_that_was_lost_is_asked_for_again(stage: Stage) -> None:
    """An act whose answer was lost is sent again as the same act."""
    page = await stage.open()
    tries = []

    async def lose_first(route: object) -> None:
        tries.append(route.request.post_data_json["id"])
        await (route.abort() if len(tries) == 1 else route.continue_())

    await page.route("**/preview/act", lose_first)
    await say(page, "/landa")
    await expect(page.get_by_role("button", name="Lugna kroppen")).to_be_visible()
    assert len(tries) == 2
    assert tries[0] == tries[1]
    page.faults.clear()


async def test_the_other_language_keeps_the_person(stage: Stage) -> None:
    """Changing language changes the page's words and its lang, and one is still the same person."""
    page = await stage.open()
    await page.get_by_role("radio", name="cecilia").check(force=True)
    await page.get_by_role("link", name="i en").click()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.get_by_role("radio", name="cecilia")).to_be_checked()
    await expect(page.get_by_test_id("now")).to_have_text("Mon 09:14")
