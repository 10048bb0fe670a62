"""The page in a real browser: what one does there, and what comes of it."""

import pytest
from playwright.async_api import expect

from .browser import Stage, browser, say, stage
from .fake import SUPPORT

__all__ = ["browser", "stage"]
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_form_is_sent_with_its_answers(stage: Stage) -> None:
    """A form gives its answers; an answer that is missing is told of beside its question."""
    page = await stage.open()
    await say(page, "inställningar")
    await page.get_by_label("English").check()
    await page.get_by_label("Tidszon").select_option("Zon 3")
    await page.get_by_label("Zon 2", exact=True).uncheck()
    await page.get_by_label("Zon 1", exact=True).check()
    await page.get_by_label("Tid", exact=True).fill("14:45")
    await page.get_by_label("Till").fill("2026-12-31")
    await page.get_by_label("Ord").fill("<b>mjukt</b>")
    await page.get_by_label("Lapp").fill("en rad\noch en till")
    await page.get_by_role("button", name="Spara").click()
    await expect(page.get_by_text("Välj ett av svaren.")).to_be_visible()
    assert stage.landa.inbounds[-1].turn.values == {
        "language": "en",
        "zone": "z3",
        "days": "z0 z1",
        "time": "14:45",
        "until": "2026-12-31",
        "word": "<b>mjukt</b>",
        "lines": "en rad\noch en till",
    }
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
