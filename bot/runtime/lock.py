"""An SQLite file belongs to one running Landa."""

import fcntl
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from bot.core.errors import SettingsError


@contextmanager
def only_one(path: Path) -> Generator[None]:
    """Hold *path* for this process; the system lets go of it even after a kill.

    raises  SettingsError when another process holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SettingsError(
                (
                    f"DATABASE_URL: another Landa is using {path}. Stop it first, "
                    "or use PostgreSQL to run several.",
                )
            ) from None
        yield
