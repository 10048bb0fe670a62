"""The page that the app's entry in Teams leads to."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.teams.about import ABOUT, About, page
from bot.core.library import Library


@pytest.fixture
async def client(library: Library) -> AsyncIterator[TestClient]:
    app = web.Application()
    app.router.add_get(ABOUT, About(library.words, "sv"))
    async with TestClient(TestServer(app)) as started:
        yield started


@pytest.mark.parametrize(
    ("asked", "language", "says"),
    [
        ("", "sv", "Vem ser vad"),
        ("en-GB,en;q=0.8,sv;q=0.5", "en", "Who sees what"),
        ("fi, sv", "sv", "Vem ser vad"),
        (',;="<', "sv", "Vem ser vad"),
    ],
)
async def test_in_the_readers_language(
    client: TestClient, asked: str, language: str, says: str
) -> None:
    """The page speaks what the browser asks for, as far as Landa does."""
    answer = await client.get(ABOUT, headers={"Accept-Language": asked})
    text = await answer.text()
    assert answer.status == 200
    assert f'<html lang="{language}">' in text
    assert says in text


async def test_it_can_do_nothing(client: TestClient) -> None:
    """It has no script, no style, no picture, sets no cookie and is framed nowhere."""
    answer = await client.get(ABOUT)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    assert not {"<script", "<style", "<img", "http"} & set((await answer.text()).split("="))


def test_marks_and_characters(library: Library) -> None:
    """Strong words are strong; everything else is text."""
    shown = page(library.words["sv"])
    assert "<strong>Din chef och dina kollegor</strong>" in shown
    assert "*" not in shown.split("<main>")[1]
    assert "slack" not in shown.lower()
