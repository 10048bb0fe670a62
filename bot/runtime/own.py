"""An SQLite file belongs to one running Landa, which makes it ready for itself."""

import fcntl
from collections.abc import Generator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from pathlib import Path

from bot.core.errors import SettingsError, StorageError
from bot.runtime.schema import prepare_sqlite

Stack = ExitStack | AsyncExitStack


def own(path: Path, key: str, stack: Stack) -> None:
    """Hold *path* until *stack* ends, with this version's tables in it.

    key     the setting that led to *path*.
    raises  SettingsError when another process holds it, or no database can be there.
    """
    hold(path, key, stack)
    try:
        prepare_sqlite(path)
    except OSError as fault:
        raise _no_place(key, fault) from None
    except StorageError:
        raise SettingsError((f"{key}: the file is not a database of Landa.",)) from None


def hold(path: Path, key: str, stack: Stack) -> None:
    """The same, whatever is there or not."""
    try:
        stack.enter_context(_only_one(path, key))
    except OSError as fault:
        raise _no_place(key, fault) from None


def _no_place(key: str, fault: OSError) -> SettingsError:
    return SettingsError((f"{key}: no database file can be there: {fault.strerror}.",))


@contextmanager
def _only_one(path: Path, key: str) -> Generator[None]:
    """The system lets go of the lock even after a kill."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            why = (
                "another Landa is using the database. Stop it first, or use PostgreSQL for several."
            )
            raise SettingsError((f"{key}: {why}",)) from None
        yield
