"""A pack's folder into its files, within limits: it comes from somebody we do not know."""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from bot.runtime.content.reader import Reader

FILES_MAX = 400
BYTES_MAX = 256 * 1024
FILE_MAX = 16 * 1024
KNOTS_MAX = 400
"""Dots and brackets of one file. Thousands of them take a parser of TOML seconds to untie."""
PACKS_MAX = 100
MARK = "pack.toml"
LEFT_ALONE = {"readme", "readme.md", "readme.txt", "license", "license.md", "license.txt"}
_PART = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SLIP = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]{2,3})?\.toml")
_NAMES_MAX = 60

Entry = os.DirEntry[str]


class _TooMuchError(Exception):
    """Nothing of the pack is read."""


def named(folders: str) -> tuple[Path, ...]:
    """As the operator names them: parted by commas."""
    return tuple(Path(name) for each in folders.split(",") if (name := each.strip()))


def packs_in(folder: Path, reader: Reader) -> Iterator[Path]:
    """The packs that *folder* is or holds. Names that begin with a dot are not looked at."""
    try:
        if (folder / MARK).exists():
            yield folder
            return
        entries = _entries(folder)
    except OSError as wrong:
        reader.fault(folder, "", f"cannot be read: {wrong.strerror}")
        return
    if not entries:
        reader.fault(folder, "", f"is no pack and holds none: a pack has a file {MARK}")
    for entry in entries[:PACKS_MAX]:
        if entry.is_symlink():
            reader.fault(Path(entry.path), "", "is a link; a pack is a folder of its own")
        elif entry.is_dir(follow_symlinks=False):
            yield Path(entry.path)
        elif entry.name.lower() not in LEFT_ALONE:
            reader.fault(Path(entry.path), "", f"is not part of a pack: no {MARK} beside it")
    if len(entries) > PACKS_MAX:
        reader.fault(folder, "", f"holds more than {PACKS_MAX} packs")


def files_of(pack: Path, reader: Reader) -> dict[Path, bytes] | None:
    """What *pack* holds, in the order of its names; None when it is more than a pack may be.

    Nothing but plain files of the right names, in folders of the right names, is opened;
    a link is never followed.
    """
    if not _PART.fullmatch(pack.name) or len(pack.name) > _NAMES_MAX:
        why = "a pack's folder is named with small letters, digits and hyphens"
        reader.fault(pack, "", why)
        return None
    try:
        return _all(pack, reader)
    except _TooMuchError as why:
        reader.fault(pack, "", str(why))
    except OSError as wrong:
        reader.fault(Path(wrong.filename or pack), "", f"cannot be read: {wrong.strerror}")
    return None


def _all(pack: Path, reader: Reader) -> dict[Path, bytes]:
    found: dict[Path, bytes] = {}
    size = 0
    for path in _plain(pack, reader):
        found[path] = _raw(path, reader)
        size += len(found[path])
        if len(found) > FILES_MAX:
            raise _TooMuchError(f"has more than {FILES_MAX} files")
        if size > BYTES_MAX:
            raise _TooMuchError(f"is larger than {BYTES_MAX // 1024} kB")
    return found


def _plain(pack: Path, reader: Reader) -> Iterator[Path]:
    for entry in _entries(pack):
        path = Path(entry.path)
        if entry.name == "slips" and entry.is_dir(follow_symlinks=False):
            yield from _slips(path, reader)
        elif entry.name.lower() in LEFT_ALONE:
            continue
        elif entry.name in {MARK, "bibliography.toml"} and _is_plain(entry, reader):
            yield path
        elif entry.name not in {MARK, "bibliography.toml"}:
            reader.fault(path, "", "is not part of a pack")


def _slips(folder: Path, reader: Reader) -> Iterator[Path]:
    for kind in _entries(folder):
        if not kind.is_dir(follow_symlinks=False):
            reader.fault(Path(kind.path), "", "is not a folder of one kind of slip")
            continue
        for entry in _entries(Path(kind.path)):
            if not _SLIP.fullmatch(entry.name) or len(entry.name) > _NAMES_MAX:
                why = (
                    "is not the name of a slip's file: small-letters.toml or small-letters.sv.toml"
                )
                reader.fault(Path(entry.path), "", why)
            elif _is_plain(entry, reader):
                yield Path(entry.path)


def _is_plain(entry: Entry, reader: Reader) -> bool:
    if entry.is_symlink():
        reader.fault(Path(entry.path), "", "is a link; a pack holds plain files")
        return False
    if not entry.is_file(follow_symlinks=False):
        reader.fault(Path(entry.path), "", "is not a plain file")
        return False
    return True


def _entries(folder: Path) -> list[Entry]:
    """In the order of their names.

    raises  _TooMuchError when there are more than a pack has.
    """
    found: list[Entry] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith("."):
                found.append(entry)
            if len(found) > FILES_MAX:
                raise _TooMuchError(f"has more than {FILES_MAX} files")
    return sorted(found, key=lambda entry: entry.name)


def _raw(path: Path, reader: Reader) -> bytes:
    """The file's bytes; none, with a fault noted, when it is too large or has become another."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        plain = stat.S_ISREG(os.fstat(handle).st_mode)
        raw = file.read(FILE_MAX + 1) if plain else b""
    if len(raw) > FILE_MAX:
        raise _TooMuchError(f"{path.name} is larger than {FILE_MAX // 1024} kB")
    if sum(map(raw.count, (b".", b"[", b"{"))) > KNOTS_MAX:
        raise _TooMuchError(f"{path.name} has more than {KNOTS_MAX} dots and brackets")
    if not plain:
        reader.fault(path, "", "is not a plain file")
    return raw
