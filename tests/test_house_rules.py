"""The rules of the house, held by a test where no tool holds them."""

import ast
import importlib
import io
import re
import shutil
import statistics
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from bot.__main__ import app

ROOT = Path(__file__).parents[1]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
CODE = ("bot", "adapters")
SPOKEN = ("bot/core", "bot/flows", "adapters")
LONGEST, MIDDLE = 250, 100
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "service", "base", "common", "misc"}
FREE_TEXT = {
    "text", "words", "values", "token", "choice", "address", "label", "offered", "data", "profile",
    "payload", "state", "card", "message", "form", "id",
}  # fmt: skip
PUT_OFF = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|noqa(?!: [A-Z]+\d)|(type|pyright): ignore(?!\[)")
ELSEWHERE = ("pypi" + ".org", "python" + "hosted.org", "/" + "work/", "/" + "tmp/")


@cache
def modules(*folders: str) -> tuple[Path, ...]:
    return tuple(sorted(path for each in folders for path in (ROOT / each).rglob("*.py")))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages and the rules about them, to be spoiled."""
    folder = tmp_path_factory.mktemp("house")
    for each in CODE:
        shutil.copytree(
            ROOT / each, folder / each, ignore=shutil.ignore_patterns("__pycache__", "*.po")
        )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_imports_go_one_way(copy: Path) -> None:
    """Core knows nobody, flows know core, adapters know core, and only wiring knows all."""
    done = lint(copy)
    assert done.returncode == 0, done.stdout
    assert " 0 broken" in done.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("bot/core/engine.py", "import time"),
        ("bot/core/turn.py", "import asyncio"),
        ("bot/core/message.py", "import logging"),
        ("bot/core/offer.py", "import random"),
        ("bot/core/engine.py", "from bot.flows import FLOWS"),
        ("bot/core/engine.py", "from bot.runtime import codec"),
        ("bot/flows/land.py", "import adapters.slack.render"),
        ("bot/flows/land.py", "from bot.runtime import log"),
        ("bot/flows/guided.py", "import os"),
        ("adapters/slack/render.py", "import bot.runtime.vault"),
        ("adapters/slack/render.py", "import adapters.web.render"),
        ("adapters/web/render.py", "from bot.flows import FLOWS"),
        ("adapters/web/render.py", "import slack_sdk"),
        ("bot/runtime/handle.py", "import adapters.slack.app"),
        ("bot/runtime/handle.py", "import slack_sdk"),
    ],
)
def test_an_import_the_wrong_way_is_seen(copy: Path, module: str, line: str) -> None:
    """The contracts fail for each way of breaking them: they are no decoration."""
    path = copy / module
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{before}\n{line}\n", encoding="utf-8")
    try:
        done = lint(copy)
    finally:
        path.write_text(before, encoding="utf-8")
    assert done.returncode != 0
    assert "BROKEN" in done.stdout


def test_modules_are_short() -> None:
    """No module is over 250 lines, and half of them are under 100."""
    lengths = {short(p): len(p.read_text(encoding="utf-8").splitlines()) for p in modules(*CODE)}
    assert {name: n for name, n in lengths.items() if n > LONGEST} == {}
    assert statistics.median(n for n in lengths.values() if n) <= MIDDLE


def test_every_module_says_what_it_is() -> None:
    """Every module that holds something begins with a sentence about it."""
    bare = [
        short(path)
        for path in modules(*CODE)
        if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(tree(path))
    ]
    assert bare == []


def test_every_test_says_what_it_promises() -> None:
    """A test's docstring is the promise it keeps."""
    bare = [
        f"{short(path)}: {node.name}"
        for path in modules("tests")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    ]
    assert bare == []


def test_names_say_something() -> None:
    """No module is called after nothing."""
    parts = {part for path in modules(*CODE) for part in (path.stem, *path.relative_to(ROOT).parts)}
    assert parts & EMPTY_NAMES == set()


def called(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def test_the_time_is_passed_in() -> None:
    """Only the runtime and the wiring look at a clock."""
    clocks = re.compile(r"(datetime|date)\.(now|utcnow|today)|time\.(time|monotonic|localtime)")
    outside = [
        f"{short(path)}:{call.lineno}"
        for path in modules(*CODE)
        if not short(path).startswith(("bot/runtime/", "bot/wiring.py"))
        for name, call in called(path)
        if clocks.fullmatch(name)
    ]
    assert outside == []


def test_nobody_names_code() -> None:
    """Nothing that comes in from outside chooses by name what is run."""
    bad = [
        f"{short(path)}:{call.lineno} {name}"
        for path in modules(*CODE)
        for name, call in called(path)
        if name in {"eval", "exec", "compile", "__import__", "importlib.import_module"}
        or name in {"pickle.loads", "marshal.loads", "yaml.load", "globals", "locals"}
        or (name in {"getattr", "setattr"} and not _is_ours(path, call))
    ]
    assert bad == []


def _is_ours(path: Path, call: ast.Call) -> bool:
    """A name that stands in the code, or a row's own columns: nobody outside chose those."""
    in_store = short(path).startswith("bot/runtime/store/")
    return isinstance(call.args[1], ast.Constant) or (
        in_store and ast.unparse(call.args[0]) == "row"
    )


def loaded(name: str) -> ModuleType:
    return importlib.import_module(name)


def test_what_people_write_is_not_printed() -> None:
    """Whatever may hold somebody's words or ids is left out when its holder is printed."""
    shown: list[str] = []
    for name in ("core.turn", "core.port", "core.effect", "core.conversation", "core.flow",
                 "runtime.codec", "runtime.store", "runtime.outbox"):  # fmt: skip
        module = loaded(f"bot.{name}")
        for kind in vars(module).values():
            if isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == module.__name__:
                shown += [f"{kind.__name__}.{field.name}" for field in fields(kind)
                          if field.name in FREE_TEXT and field.repr]  # fmt: skip
    # Ids of our own making: an outbox row's, a reminder's.
    ours = {"Outgoing", "OutboxRow", "Later", "Reminded", "Remind", "Unremind"}
    assert set(shown) <= {f"{name}.id" for name in ours}


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """Every string that is not a docstring."""
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree(path)):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in documented:
                yield node.lineno, text
            case _:
                pass


def test_words_are_content() -> None:
    """No word of Landa's stands in code: texts are in catalogs, where they can be translated."""
    bare = [
        f"{short(path)}:{line} {text!r}"
        for path in modules(*SPOKEN)
        for line, text in literals(path)
        if re.search("[åäöÅÄÖ]", text)
    ]
    assert bare == []


def tracked() -> Iterator[Path]:
    """Every file that belongs to the project."""
    named = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    yield from (ROOT / name for name in named.split("\0") if name and (ROOT / name).is_file())


def test_no_file_names_a_machine() -> None:
    """No file names a place on somebody's machine, or where packages are fetched from."""
    found: list[str] = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{short(path)}: {each}" for each in ELSEWHERE if each in text]
    assert found == []


def test_comments_say_why() -> None:
    """No comment puts something off, and none switches a tool off without naming the rule."""
    found: list[str] = []
    for path in modules(*CODE):
        source = io.StringIO(path.read_text(encoding="utf-8"))
        for token in tokenize.generate_tokens(source.readline):
            if token.type == tokenize.COMMENT and PUT_OFF.search(token.string):
                found += [f"{short(path)}:{token.start[0]} {token.string}"]
    assert found == []


def test_procfile_names_commands() -> None:
    """Every command of the Procfile is one of Landa's."""
    known = {command.name or command.callback.__name__ for command in app.registered_commands}
    for line in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines():
        kind, command = line.split(":", 1)
        assert kind in {"web", "clock", "release"}
        program, name = command.split()
        assert program == "landa"
        assert name in known


def test_a_turn_is_told_as_it_is() -> None:
    """Every file and name that `docs/turn.md` names exists."""
    path = ROOT / "docs" / "turn.md"
    told = re.findall(r"`([^`\n]+)`", path.read_text(encoding="utf-8"))
    files = [each for each in told if re.fullmatch(r"[\w./-]+\.(py|toml|po|md|chat)", each)]
    assert files
    missing = [each for each in files if not list(ROOT.glob(f"**/{each}"))]
    assert missing == []
    known: set[str] = set()
    for module in modules(*CODE):
        known |= {module.stem, *module.relative_to(ROOT).parts}
        for node in ast.walk(tree(module)):
            match node:
                case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                    known.add(name)
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    known.add(name)
                case ast.ClassDef(name=name):
                    known.add(name)
                case _:
                    pass
    names = [each for each in told if re.fullmatch(r"[A-Za-z_][\w.]*\w(\(\))?", each)]
    unknown = [
        each for each in names
        if each not in files and not set(each.removesuffix("()").split(".")) <= known
    ]  # fmt: skip
    assert unknown == []
