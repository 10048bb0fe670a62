"""Packs: slips of an operator's own, each fault told, and what is hostile refused at once."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.core.library import Library
from bot.core.plain import oddities
from bot.runtime import content
from bot.runtime.content import pack
from bot.runtime.content.folder import BYTES_MAX, FILE_MAX, FILES_MAX

PACKS = Path(__file__).parent / "packs"
GOOD = PACKS / "our-box"
ASK, SEE, BREATH = "question/what-may-wait", "pause/look-at-the-birch", "breathing/by-the-stairs"
PRIDE, CHOOSE = "pride/held-the-line", "company/coffee-how"


def swap(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        path = root / name if name.endswith(".toml") and "/" not in name else root / "slips" / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} no longer has {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def write(name: str, text: str | bytes) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    return change


def gone(name: str) -> Callable[[Path], None]:
    return lambda root: (root / name).unlink()


SV = f"slips/{ASK}.sv.toml"
BROKEN: dict[str, tuple[Callable[[Path], None], str, str, str]] = {
    "no-label": (gone("pack.toml"), "pack.toml", "", "is missing"),
    "no-name": (swap("pack.toml", "name =", "nam ="), "pack.toml", "name", "Field required"),
    "empty-name": (swap("pack.toml", "Vår låda", ""), "pack.toml", "name", "at least 1"),
    "name-calls": (swap("pack.toml", "Vår", "@channel"), "pack.toml", "name", "calls people"),
    "name-links": (swap("pack.toml", "Vår", "www.x.se"), "pack.toml", "name", "leads elsewhere"),
    "label-syntax": (swap("pack.toml", "author =", "author"), "pack.toml", "", "at line 2"),
    "label-extra": (swap("pack.toml", "licence", "license"), "pack.toml", "license", "permitted"),
    "source-url": (
        swap("bibliography.toml", "text", 'url = "https://x.example"\ntext'),
        "bibliography.toml",
        "team-2026.url",
        "not permitted",
    ),
    "source-doi": (
        swap("bibliography.toml", "text", 'doi = "x"\ntext'),
        "bibliography.toml",
        "team-2026.doi",
        "pattern",
    ),
    "source-text": (
        swap("bibliography.toml", "text", "txt"),
        "bibliography.toml",
        "team-2026.text",
        "required",
    ),
    "source-links": (
        swap("bibliography.toml", "Vad", "https://x.example"),
        "bibliography.toml",
        "team-2026.text",
        "leads elsewhere",
    ),
    "source-unknown": (
        swap(f"{ASK}.toml", "team-2026", "../team"),
        f"{ASK}.toml",
        "sources",
        "'../team' is in no",
    ),
    "facts-syntax": (swap(f"{ASK}.toml", "= 60", "= = 60"), f"{ASK}.toml", "", "at line 1"),
    "facts-twice": (swap(f"{ASK}.toml", "[[", "seconds = 1\n[["), f"{ASK}.toml", "", "at line 7"),
    "words-syntax": (swap(f"{ASK}.sv.toml", "steps = [", "steps = "), SV, "", "at line 3"),
    "words-bytes": (write(SV, b'title = "x"\nwhy = "\xff"\n'), SV, "", "at line 2"),
    "no-facts": (gone(f"slips/{SEE}.toml"), f"{SEE}.sv.toml", "", "no file with its facts"),
    "no-words": (gone(f"slips/{SEE}.sv.toml"), f"{SEE}.toml", "", "has no words"),
    "no-title": (swap(f"{ASK}.sv.toml", "title", "titel"), SV, "title", "Field required"),
    "strange-language": (
        lambda root: shutil.copy(root / SV, root / "slips" / f"{ASK}.xx.toml") and None,
        f"{ASK}.xx.toml",
        "",
        "has words in 'xx'; Landa speaks sv, ",
    ),
    "untrue-length": (swap(f"{SEE}.toml", "= 45", "= 46"), f"{SEE}.toml", "seconds", "says 46 s"),
    "too-long": (swap(f"{SEE}.toml", "= 45", "= 99999"), f"{SEE}.toml", "seconds", "3600"),
    "text-for-number": (swap(f"{SEE}.toml", "say = 45", 'say = "45"'), SEE, "say", "integer"),
    "held": (swap(f"{BREATH}.toml", "out 5", "hold 5"), BREATH, "steps[1]", "held 5 s"),
    "no-move": (swap(f"{BREATH}.toml", "out 5", "puff 5"), BREATH, "steps", "is not a move"),
    "no-rhythm": (
        swap(f"{BREATH}.toml", 'breathe = "in 3, out 5"', "say = 8"),
        BREATH,
        "steps",
        "breathes",
    ),
    "circle": (swap(f"{SEE}.toml", "green", "pink"), SEE, "circle", "'pink' is not one of"),
    "evidence": (swap(f"{SEE}.toml", '"P"', '"A"'), SEE, "evidence", "'A' is not one of"),
    "place": (swap(f"{SEE}.toml", "desk", "moon"), SEE, "where", "'moon' is not one of"),
    "need": (swap(f"{SEE}.toml", "sight", "wings"), SEE, "requires", "'wings' is not one of"),
    "kind": (
        lambda root: (root / "slips/company").rename(root / "slips/dance") and None,
        "dance/coffee-how",
        "kind",
        "'dance' is not one of",
    ),
    "shouts": (swap(f"{SEE}.sv.toml", "stund.", "stund!"), SEE, "steps[1]", "exclamation mark"),
    "promises": (
        swap(f"{SEE}.sv.toml", "Ett tips", "Garanterat"),
        SEE,
        "why",
        "promises an effect",
    ),
    "asks": (
        swap(f"{ASK}.sv.toml", "Vad på", "Vad hände? Vad på"),
        SV,
        "steps[1]",
        "what happened",
    ),
    "pride-names": (swap(f"{PRIDE}.sv.toml", "Utan namn", "Kort"), PRIDE, "steps", "clients"),
    "option-gone": (
        swap(f"{CHOOSE}.sv.toml", "options.walk", "options.run"),
        CHOOSE,
        "steps",
        "walk",
    ),
    "long-title": (
        swap(f"{ASK}.sv.toml", "Vad får vänta", "Vad får vänta en gång till"),
        SV,
        "title",
        "at most 24",
    ),
    "unseen": (swap(f"{ASK}.sv.toml", "Vad på", "\u202eVad på"), SV, "steps[1]", "U+202E"),
    "not-a-part": (write("run.py", "print()"), "run.py", "", "is not part of a pack"),
    "strange-name": (
        write("slips/pause/Min Lapp.toml", ""),
        "Min Lapp.toml",
        "",
        "not the name of",
    ),
}


def broken(folder: Path) -> Path:
    for name, (change, *_) in BROKEN.items():
        shutil.copytree(GOOD, folder / name)
        change(folder / name)
    return folder


def test_broken(tmp_path: Path) -> None:
    """Over 40 broken packs, `landa check` names every fault with its file and key, in one run."""
    assert len(BROKEN) == 40
    said = landa(tmp_path, "check", broken(tmp_path / "packs"))
    assert said.returncode == 2
    lines = said.stderr.splitlines()
    for name, (_, file, key, why) in BROKEN.items():
        mine = [line for line in lines if f"/packs/{name}/" in line]
        assert mine, name
        assert any(_told(line, file, key, why) for line in mine), (name, mine)


def test_only_what_is_broken(tmp_path: Path) -> None:
    """A fault is told once, and a pack that has one has no others told of it."""
    broken(tmp_path)
    for name in (
        "untrue-length",
        "held",
        "circle",
        "shouts",
        "unseen",
        "not-a-part",
        "words-syntax",
    ):
        assert len(content.read(packs=[tmp_path / name]).faults) == 1, name


def _told(line: str, file: str, key: str, why: str) -> bool:
    where, _, reason = line.partition(".toml: " if ".toml" in line else ": ")
    place = f"{where}.toml" if ".toml" in line else where
    keyed = key in reason.split(": ")[0] if key else True
    return file in place and keyed and why in line


def landa(folder: Path, command: str, packs: Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "LANDA_PACKS": str(packs)}
    return subprocess.run(
        [sys.executable, "-m", "bot", *command.split()], env=env, cwd=folder, capture_output=True,
        text=True, timeout=60, check=False,
    )  # fmt: skip


def test_no_start_with_a_fault(tmp_path: Path) -> None:
    """Landa does not start with a pack that has a fault, and in the words of `landa check`."""
    shutil.copytree(GOOD, tmp_path / "packs" / "ours")
    BROKEN["held"][0](tmp_path / "packs" / "ours")
    checked = landa(tmp_path, "check", tmp_path / "packs")
    started = landa(tmp_path, "run", tmp_path / "packs")
    assert started.returncode == checked.returncode == 2
    assert started.stderr == checked.stderr
    assert "a breath is held 5 s" in started.stderr


def link(name: str, to: str) -> Callable[[Path], None]:
    return lambda root: (root / name).symlink_to(to)


def many(root: Path) -> None:
    for number in range(FILES_MAX + 1):
        write(f"slips/pause/p-{number}.toml", "seconds = 1")(root)


def large(root: Path) -> None:
    for number in range(BYTES_MAX // FILE_MAX + 1):
        write(f"slips/pause/p-{number}.toml", "#" * FILE_MAX)(root)


def full(root: Path) -> None:
    """As much as a pack may be, and every key of it a fault."""
    for number in range(FILES_MAX // 2):
        write(f"slips/pause/p-{number}.toml", "".join(f"k{n} = 1\n" for n in range(70)))(root)


def deep(root: Path) -> None:
    root.joinpath("slips", *("pause" for _ in range(40))).mkdir(parents=True)


def words(text: str) -> Callable[[Path], None]:
    return swap(f"{ASK}.sv.toml", "Vad på", f"{text} Vad på")


HOSTILE: dict[str, tuple[Callable[[Path], None], str]] = {
    "a megabyte": (write("slips/pause/big.toml", "#" * 2**20), "is larger than 16 kB"),
    "a gigabyte that is not there": (
        lambda root: os.truncate((write("pack.toml", "")(root), root / "pack.toml")[1], 2**30),
        "is larger than 16 kB",
    ),
    "too much in all": (large, "is larger than 256 kB"),
    "too many files": (many, "has more than 400 files"),
    "too many folders": (
        lambda root: [(root / f"slips/k{n}").mkdir() for n in range(500)] and None,
        "has more than 400 files",
    ),
    "nothing but faults": (full, "faults more"),
    "words at the longest": (words("a" * 950 + "@" * 950), "characters; at most 300"),
    "knots at every limit": (
        lambda root: (
            [
                write(f"slips/pause/p-{n}.toml", "[" + "a." * 398 + f"a]\n#{'x' * 1700}")(root)
                for n in range(100)
            ]
            and None
        ),
        "permitted",
    ),
    "folders in folders": (deep, "not the name of a slip's file"),
    "nested lists": (write("slips/pause/n.toml", "steps = " + "[" * 15_000), "dots and brackets"),
    "nested tables": (write("slips/pause/n.toml", "[" + "a." * 8_000 + "a]"), "dots and brackets"),
    "nested inline": (write("slips/pause/n.toml", "a = " + "{a=" * 5_000), "dots and brackets"),
    "dotted keys": (
        write("slips/pause/n.toml", "".join("a." * 90 + f"k{n} = 1\n" for n in range(80))),
        "n.toml",
    ),
    "many tables": (write("slips/pause/n.toml", "[[a]]\n" * 2_500), "dots and brackets"),
    "a number of 15000 digits": (
        write("slips/pause/n.toml", "seconds = " + "9" * 15_000),
        "n.toml",
    ),
    "a breath without end": (swap(f"{BREATH}.toml", "times = 5", f"times = {10**400}"), "200"),
    "a rhythm without end": (
        swap(f"{BREATH}.toml", "in 3, ", "in 3, " * 2_000),
        "but its steps take",
    ),
    "a pattern bomb": (words("a" * 7_000 + "@" * 7_000), "at most 2000 characters"),
    "a file that is a link": (link("slips/pause/passwd.toml", "/etc/passwd"), "is a link"),
    "a label that is a link": (
        lambda root: ((root / "pack.toml").unlink(), link("pack.toml", "/etc/hostname")(root))[1],
        "is a link",
    ),
    "a folder that is a link": (link("slips/home", "/etc"), "is not a folder of one kind"),
    "a link to itself": (link("slips/pause/loop.toml", "loop.toml"), "is a link"),
    "all slips a link": (
        lambda root: (shutil.rmtree(root / "slips"), link("slips", "/etc")(root))[1],
        "is not part of a pack",
    ),
    "a pipe": (lambda root: os.mkfifo(root / "slips/pause/pipe.toml"), "is not a plain file"),
    "an option of ../": (
        swap(f"{CHOOSE}.toml", '"walk"', '"../../walk"'),
        "../../walk",
    ),
    "a name of ../": (write("slips/pause/...toml", ""), ""),
    "a name with a turn in it": (write("slips/pause/\u202etxt.toml", ""), "\\u202etxt.toml"),
    "the same key twice": (swap(f"{SEE}.sv.toml", "why", "title"), "(at line 2"),
    "the same slip twice": (
        write(f"slips/body/{ASK.split('/')[1]}.toml", "seconds = 1"),
        "the name is taken by",
    ),
    "a bell": (write(SV, 'title = "\\u0007x"\nwhy = "x"\nsteps = ["x"]'), "U+0007"),
    "a raw control character": (write(SV, b'title = "\x1b[2J"\n'), "cannot be read"),
    "right to left": (words("\u202eabc\u202c"), "U+202E"),
    "a joiner": (words("a\u200db"), "U+200D"),
    "piled marks": (words("a" + "\u0301" * 40), "marks piled"),
    "all in the channel": (words("<!channel>"), "calls people: '<!channel>'"),
    "everyone": (words("@everyone"), "calls people: '@everyone'"),
    "a person": (words("<@U0123456>"), "calls people"),
    "a person in Teams": (words("<at>Kim</at>"), "calls people"),
    "a link": (words("https://x.example/a"), "leads elsewhere"),
    "a link behind words": (words("[lugn](x)"), "leads elsewhere"),
    "a bare host": (words("vila.example"), "leads elsewhere"),
    "a script": (words("javascript:alert(1)"), "leads elsewhere"),
}

MEASURE = """
import json, sys, time, tracemalloc
from pathlib import Path
from bot.runtime import content
from bot.runtime.content import folder, pack
from bot.runtime.content.reader import Reader
read = content.read()
known, lexicons = read.library.sources.keys(), read.library.lexicons
told = {}
def look(root):
    reader = Reader()
    files = folder.files_of(root, reader)
    if files is None:
        return reader.faults
    return [*reader.faults, *pack.unpack(root, files, lexicons, known).faults]
for name in sys.stdin.read().splitlines():
    took = []
    for _ in range(3):
        began = time.perf_counter()
        faults = look(Path(name))
        took.append(time.perf_counter() - began)
    tracemalloc.start()
    look(Path(name))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    told[name] = min(took), peak / 2**20, [str(fault) for fault in faults]
print(json.dumps(told))
"""


def test_hostile(tmp_path: Path) -> None:
    """What is made to harm is refused: in under 100 ms and 50 MB, and told in short lines."""
    folders: dict[str, str] = {}
    for number, (name, (change, _)) in enumerate(HOSTILE.items()):
        root = tmp_path / f"p-{number}"
        shutil.copytree(GOOD, root)
        change(root)
        folders[str(root)] = name
    said = subprocess.run(
        [sys.executable, "-c", MEASURE], input="\n".join(folders), capture_output=True,
        text=True, timeout=120, check=True,
    )  # fmt: skip
    slow: dict[str, float] = {}
    for root, (took_s, peak_mb, faults) in json.loads(said.stdout).items():
        name = folders[root]
        why = HOSTILE[name][1]
        if os.environ.get("LANDA_SHOW"):
            print(f"{took_s * 1000:7.1f} ms {peak_mb:6.1f} MB  {name}: {faults[:1]}")
        if name != "a name of ../":  # begins with a dot: is not looked at
            assert any(why in fault for fault in faults), (name, faults[:3])
        assert all(len(fault) < 900 and fault.isprintable() for fault in faults), name
        assert peak_mb < 50, name
        if took_s >= 0.1:
            slow[name] = took_s
    assert slow == {}


def test_a_pack_of_links(tmp_path: Path) -> None:
    """A folder of packs holds packs: neither links nor files, nor the same pack twice."""
    shutil.copytree(GOOD, tmp_path / "ours")
    (tmp_path / "theirs").symlink_to(GOOD)
    (tmp_path / "notes.txt").write_text("x")
    shutil.copytree(GOOD, tmp_path / "again" / "ours")
    faults = content.read(packs=[tmp_path, tmp_path / "again" / "ours"]).faults
    whys = " ".join(fault.why for fault in faults)
    assert "is a link; a pack is a folder of its own" in whys
    assert "is not part of a pack: no pack.toml beside it" in whys
    assert "the name is taken by" in whys


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_no_packs(name: str, tmp_path: Path) -> None:
    """A folder that is not there, or holds nothing, is a fault and never silence."""
    (tmp_path / "empty").mkdir()
    [fault] = content.read(packs=[tmp_path / name]).faults
    assert name in fault.path


def test_drawn_like_the_stock() -> None:
    """A pack's slips lie in the box with the others, and name their pack as a source."""
    found = content.read(packs=[PACKS])
    assert found.faults == ()
    slip = found.library.exercises["sv"]["our-box.what-may-wait"]
    assert slip.kind == "question"
    assert [found.library.sources[key].text for key in slip.sources][
        -1
    ] == "Vår låda, Familjeteamet"
    assert "our-box.look-at-the-birch" not in found.library.exercises["en"]


def test_out_and_in_again(library: Library) -> None:
    """What is exported comes in again as the same slips, and goes out again as the same bytes."""
    box = {language: list(slips.values()) for language, slips in library.exercises.items()}
    mine = {language: slips[:90] for language, slips in box.items()}
    out = pack.files(pack.Label("Vår låda", "Familjeteamet"), mine)
    root = Path("vart")
    read = pack.unpack(
        root, {root / name: raw for name, raw in out.items()}, library.lexicons, {"practice"}
    )
    assert read.faults == ()
    for language, slips in mine.items():
        for slip in slips:
            again = read.exercises[language][f"vart.{slip.id}"]
            assert (again.title, again.why, again.steps) == (slip.title, slip.why, slip.steps)
            assert (again.kind, again.seconds, again.where) == (slip.kind, slip.seconds, slip.where)
    twice = {language: list(slips.values()) for language, slips in read.exercises.items()}
    assert pack.files(pack.Label("Vår låda", "Familjeteamet"), twice) == out


def test_plain_words_are_plain(library: Library) -> None:
    """Nothing that the stock says is taken for something odd."""
    for slips in library.exercises.values():
        for slip in slips.values():
            for key, text in slip.texts():
                assert list(oddities(text)) == [], (slip.id, key)
