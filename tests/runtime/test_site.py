"""The site file: who helps where, what is missing, and every fault with its key and line."""

from pathlib import Path

import pytest

from bot.core.errors import SettingsError
from bot.core.site import OnCall, Site
from bot.doctor import examine
from bot.runtime import settings as settings_of
from bot.runtime.keylines import lines
from bot.runtime.site import EXAMPLE, Sites, read

PLACES = """
health_name = "Hälsan"
health_phone = "08-465 004 10"
safety_rep = "Kim Ek"
on_call = [{ name = "Jour", phone = "08-465 004 20" }]

[workspace.T1]
health_phone = "08-465 004 11"
on_call = []

[workspace.T1.team."19:Ab@thread.tacv2"]
safety_rep_phone = "070-174 06 30"

[workspace.T2.team.C1]
incident_url = ""
"""


def sites(text: str) -> Sites:
    path = Path("site.toml")
    path.write_text(text, encoding="utf-8")
    return read(path)


def faults(text: str) -> list[str]:
    with pytest.raises(SettingsError) as wrong:
        sites(text)
    return list(wrong.value.faults)


@pytest.fixture(autouse=True)
def _somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_nearest_says_what_holds() -> None:
    """A team's own goes before its workspace's, and that before everywhere's; what somebody says
    is empty, is empty there."""
    found = sites(PLACES)
    everywhere, workspace = found.at("T9", "C1"), found.at("T1", "C7")
    team = found.at("T1", "19:Ab@thread.tacv2")
    assert everywhere.on_call == (OnCall("Jour", "08-465 004 20"),)
    assert workspace.on_call == team.on_call == ()
    assert workspace.safety_rep == "Kim Ek"
    assert everywhere.missing == ("incident",)
    assert "on_call" not in workspace.missing
    assert found.at("T2", "C1").missing == ()
    assert found.at("T2") == everywhere


def test_a_name_never_gets_the_number_of_another() -> None:
    """Where only a number, or only a name, is said anew, the other half is not what it was."""
    found = sites(PLACES)
    workspace, team = found.at("T1"), found.at("T1", "19:Ab@thread.tacv2")
    assert (workspace.health_name, workspace.health_phone) == ("", "08-465 004 11")
    assert (team.safety_rep, team.safety_rep_phone) == ("", "070-174 06 30")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('health_nam = "x"', "health_nam: is not a key of the site file; is health_name meant?"),
        ("health_name = 7", "health_name: must be words in quotation marks (line 1)."),
        ("\n# x\n\nhealth_phone = 'ring'", "health_phone: is not a telephone number"),
        ("\nincident_url = 'http://x'", "incident_url: is not an address that begins with https"),
        ("safety_rep = 'a\\u202eb'", ""),
        ('safety_rep = "a\\u202eb"', "safety_rep: has a character that cannot be shown"),
        ('safety_rep = "*Kim*"', "safety_rep: has a character that cannot be shown"),
        (f'safety_rep = "{"x" * 81}"', "safety_rep: is longer than 80 characters"),
        ("on_call = 'x'", "on_call: must be a list"),
        ('on_call = [\n{ name = "x" },\n]', "on_call.0.phone: is missing (line 1)."),
        ('[[on_call]]\nname="a"\nphone="1"\n[[on_call]]\nname=""\nphone="2"', "(line 5)."),
        ("[workspace]\nT1 = 'x'", "workspace.T1: must be a table"),
        ("[workspace.T1]\n[workspace.T1.team.C1]\nhealth_phone = 'x'", "C1.health_phone: "),
        ("[workspace.T1]\nclosed = []", "workspace.T1.closed: is only for the whole site"),
        (
            "[workspace.T1]\nteams = {}",
            "workspace.T1.teams: is not a key of the site file; is team",
        ),
        ("x", "is not TOML"),
        ("x = 1\nx = 2", "is not TOML"),
        (f"x = {'[' * 9999}", "LANDA_SITE: cannot be read"),
        (f"# {'x' * 300_000}", "is larger than 256 kB"),
    ],
)
def test_a_fault_has_its_key_and_line(text: str, told: str) -> None:
    """Each fault is one sentence with the key, what is wrong and, where it can be told, the
    line."""
    if not told:
        assert sites(text)
        return
    (fault,) = faults(text)
    assert fault.startswith("LANDA_SITE: ")
    assert told in fault


def test_all_faults_are_told() -> None:
    """Several faults are told at once, each with the line it stands on."""
    told = faults(
        'health_phone = "x"\n\n[workspace.T1]\nnew = 1\n[workspace.T1.team.C1]\nnew = 2\n'
    )
    assert {fault.split("(")[-1] for fault in told} == {"line 1).", "line 4).", "line 6)."}


def test_each_key_has_its_line() -> None:
    """Headers, arrays of tables, values of several lines and dotted keys are all found."""
    text = '# a\na.b = """\n[no]\n"""\n[c]\nd = [\n  { e = 1 },\n]\n'
    text += '[[f."g.h"]]\ni = 1\n[[f."g.h"]]\ni = 2\n'
    found = lines(text)
    assert found["a", "b"] == 2
    assert found["c",] == 5
    assert found["c", "d", 0, "e"] == 6
    assert found["f", "g.h", 1] == 11
    assert found["f", "g.h", 1, "i"] == 12
    assert ("no",) not in found


def test_the_example_says_all() -> None:
    """The file that is there to be copied is whole, and its own tables can be switched on."""
    text = EXAMPLE.read_text(encoding="utf-8")
    assert read(EXAMPLE).everywhere.missing == ()
    tables = text[text.index("# [workspace") :].replace("# ", "")
    found = sites(text[: text.index("# What is said above")] + tables)
    team = found.at("T0123456789", "C0123456789")
    assert team.on_call[0].name == "Socialjouren"
    assert team.safety_rep == "Robin Berg"
    assert list(found.gaps()) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "LANDA_SITE does not say health_name or health_phone, incident_url, "),
        ("[workspace.T1]\nhealth_name = 'x'", "workspace.T1: LANDA_SITE does not say incident_url"),
        ("[workspace.T1.team.C1]\nsafety_rep = ''", "workspace.T1.team.C1: LANDA_SITE"),
    ],
)
async def test_the_doctor_says_what_is_missing(
    text: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`landa doctor` names each place where somebody would find nobody, and all is not well."""
    sites(text)
    monkeypatch.setenv("LANDA_SITE", "site.toml")
    said: list[str] = []
    assert not await examine(settings_of.read(), said.append)
    assert any(told in line and line.startswith("  x  Site: ") for line in said)


async def test_the_doctor_is_content(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all is said, the doctor says so; in the preview alone, that nobody there is real."""
    said: list[str] = []
    assert await examine(settings_of.read(), said.append)
    assert any(line.startswith("  -  Site: made-up people") for line in said)
    monkeypatch.setenv("LANDA_SITE", str(EXAMPLE))
    assert await examine(settings_of.read(), said.append)
    assert " ok  Site: it is said who helps at the workplace" in said


def test_nothing_is_said() -> None:
    """Without a file nobody helps anywhere, and all of it is missing."""
    assert read(None).at("T1", "C1") == Site()
    assert Site().missing == ("health", "incident", "safety", "on_call")
