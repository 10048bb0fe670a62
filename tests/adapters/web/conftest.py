"""A Landa of one's own, and a client at its door."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient

from .fake import FakeLanda


@pytest.fixture
def landa() -> FakeLanda:
    return FakeLanda()


@pytest.fixture
async def client(landa: FakeLanda) -> AsyncIterator[TestClient]:
    async with landa.serving() as server, TestClient(server) as client:
        yield client
