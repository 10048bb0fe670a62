"""What the operator sets: every fault in a sentence, all at once, and no secret shown."""

import os
import re
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.core.errors import SettingsError
from bot.runtime import banner
from bot.runtime import settings as settings_of
from bot.runtime.settings import Settings
from bot.runtime.vault import parse_keys
from tests.postgres import free_port
from tests.runtime.operator import COMMAND, KEY, SLACK, Running, is_sentence, landa

ROOT = Path(__file__).parents[2]
SITE = {"LANDA_SITE": "site.toml"}
SECRET = "hemlig"
"""Stands in every broken value; no sentence may repeat it."""
SEVERAL = {
    "SLACK_CLIENT_ID": "1.2",
    "SLACK_CLIENT_SECRET": "client-secret",
    "SLACK_SIGNING_SECRET": "secret",
    "PUBLIC_URL": "https://landa.example.se",
    "LANDA_SECRET_KEYS": KEY,
}

TEAMS = {
    "MicrosoftAppId": "1a2b3c4d-0000-4000-8000-00000000beef",
    "MicrosoftAppPassword": "client-secret",
    "MicrosoftAppTenantId": "7e4a0000-1111-4222-8333-00000000cafe",
    "LANDA_SECRET_KEYS": KEY,
}


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings but the test's own."""
    for name in Settings.model_fields:
        monkeypatch.delenv(settings_of.key_of(name), raising=False)
    monkeypatch.chdir(tmp_path)


BROKEN = [
    ({"DATABASE_URL": "mysql://hemlig@db/landa"}, "DATABASE_URL"),
    ({"DATABASE_URL": "sqlite://hemlig.db"}, "DATABASE_URL"),
    ({"DATABASE_URL": "sqlite:///"}, "DATABASE_URL"),
    ({"DATABASE_URL": "hemlig.db"}, "DATABASE_URL"),
    ({"DATABASE_URL": "sqlite:///:memory:"}, "DATABASE_URL"),
    ({"DATABASE_URL": "sqlite:///hemlig.db?mode=ro"}, "DATABASE_URL"),
    ({"DATABASE_URL": "x sqlite:///hemlig.db"}, "DATABASE_URL"),
    ({"PORT": "0"}, "PORT"),
    ({"LANDA_GRACE_DAYS": "31"}, "LANDA_GRACE_DAYS"),
    ({"LANDA_GRACE_DAYS": "-1"}, "LANDA_GRACE_DAYS"),
    ({"PORT": "65536"}, "PORT"),
    ({"PORT": "-1"}, "PORT"),
    ({"PORT": "80.5"}, "PORT"),
    ({"PORT": "hemlig"}, "PORT"),
    ({"LANDA_PREVIEW_PORT": "0"}, "LANDA_PREVIEW_PORT"),
    ({"LANDA_PREVIEW_PORT": "hemlig"}, "LANDA_PREVIEW_PORT"),
    ({**SLACK, "LANDA_PREVIEW": "1", "LANDA_PREVIEW_PORT": "8080"}, "LANDA_PREVIEW_PORT"),
    ({"PUBLIC_URL": "hemlig.example.org"}, "PUBLIC_URL"),
    ({"PUBLIC_URL": "ftp://hemlig.example.org"}, "PUBLIC_URL"),
    ({"PUBLIC_URL": "http://hemlig.example.org"}, "PUBLIC_URL"),
    ({"PUBLIC_URL": "https://"}, "PUBLIC_URL"),
    ({"PUBLIC_URL": "https://[hemlig"}, "PUBLIC_URL"),
    ({"PUBLIC_URL": "https://hemlig:99999"}, "PUBLIC_URL"),
    ({"SLACK_API_URL": "hemlig"}, "SLACK_API_URL"),
    ({"SLACK_API_URL": "http://hemlig.slack.com/api/"}, "SLACK_API_URL"),
    ({**SLACK, "SLACK_BOT_TOKEN": "xoxp-hemlig"}, "SLACK_BOT_TOKEN"),
    ({**SLACK, "SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN"),
    ({**SLACK, "SLACK_SIGNING_SECRET": ""}, "SLACK_SIGNING_SECRET"),
    ({**SEVERAL, "SLACK_CLIENT_ID": ""}, "SLACK_CLIENT_ID"),
    ({**SEVERAL, "SLACK_CLIENT_SECRET": ""}, "SLACK_CLIENT_SECRET"),
    ({**SEVERAL, "SLACK_SIGNING_SECRET": ""}, "SLACK_SIGNING_SECRET"),
    ({**SEVERAL, "PUBLIC_URL": ""}, "PUBLIC_URL"),
    ({**SEVERAL, "SLACK_BOT_TOKEN": "xoxb-hemlig"}, "SLACK_BOT_TOKEN"),
    ({**SEVERAL, "SLACK_APP_TOKEN": "xapp-hemlig"}, "SLACK_APP_TOKEN"),
    ({**SEVERAL, "SLACK_AUTHORIZE_URL": "http://hemlig.example.org"}, "SLACK_AUTHORIZE_URL"),
    ({**SEVERAL, "LANDA_SECRET_KEYS": ""}, "LANDA_SECRET_KEYS"),
    ({**SLACK, "SLACK_CLIENT_SECRET": "hemlig"}, "SLACK_CLIENT_ID"),
    ({**SLACK, "LANDA_SECRET_KEYS": ""}, "LANDA_SECRET_KEYS"),
    ({**TEAMS, "LANDA_SECRET_KEYS": ""}, "LANDA_SECRET_KEYS"),
    ({**TEAMS, "MicrosoftAppId": ""}, "MicrosoftAppId"),
    ({**TEAMS, "MicrosoftAppId": "hemlig"}, "MicrosoftAppId"),
    ({**TEAMS, "MicrosoftAppPassword": ""}, "MicrosoftAppPassword"),
    ({**TEAMS, "MicrosoftAppTenantId": ""}, "MicrosoftAppTenantId"),
    ({**TEAMS, "MicrosoftAppTenantId": "hemlig.onmicrosoft.com"}, "MicrosoftAppTenantId"),
    ({**TEAMS, "MicrosoftAppType": "hemlig"}, "MicrosoftAppType"),
    ({**TEAMS, "LANDA_TEAMS_INSECURE": "1"}, "LANDA_TEAMS_INSECURE"),
    ({**TEAMS, "LANDA_TEAMS_KIT": "hemlig"}, "LANDA_TEAMS_KIT"),
    ({**TEAMS, "LANDA_TEAMS_LOGIN_URL": "http://hemlig.example.org"}, "LANDA_TEAMS_LOGIN_URL"),
    ({**TEAMS, "LANDA_TEAMS_OPENID_URL": "hemlig"}, "LANDA_TEAMS_OPENID_URL"),
    ({**TEAMS, "LANDA_TEAMS_SERVICE_URL": "http://hemlig.se"}, "LANDA_TEAMS_SERVICE_URL"),
    ({"MicrosoftAppPassword": "hemlig"}, "MicrosoftAppId"),
    ({"LANDA_TEAMS_INSECURE": "1", "HOST": "0.0.0.0"}, "HOST"),
    ({"LANDA_TEAMS_INSECURE": "hemlig"}, "LANDA_TEAMS_INSECURE"),
    ({"LANDA_SECRET_KEYS": "hemlig"}, "LANDA_SECRET_KEYS"),
    ({"LANDA_SECRET_KEYS": f"{KEY},hemlig"}, "LANDA_SECRET_KEYS"),
    ({"LANDA_SECRET_KEYS": f"{KEY},"}, "LANDA_SECRET_KEYS"),
    ({"LANDA_SECRET_KEYS": f"hemlig{KEY}"}, "LANDA_SECRET_KEYS"),
    ({"LANDA_LOCALE": "hemlig"}, "LANDA_LOCALE"),
    ({"LANDA_TIMEZONE": "hemlig"}, "LANDA_TIMEZONE"),
    ({"LANDA_TIMEZONE": "Europe/hemlig"}, "LANDA_TIMEZONE"),
    ({"LANDA_TIMEZONE": "/etc/hemlig"}, "LANDA_TIMEZONE"),
    ({"LANDA_TIMEZONE": "../hemlig"}, "LANDA_TIMEZONE"),
    ({"LANDA_COUNTRY": "hemlig"}, "LANDA_COUNTRY"),
    ({"LANDA_COUNTRY": "XX"}, "LANDA_COUNTRY"),
    ({"LANDA_COUNTRY": "DE-ZZ"}, "LANDA_COUNTRY"),
    ({"LANDA_HEARTBEAT_URL": "hemlig"}, "LANDA_HEARTBEAT_URL"),
    ({"LANDA_LOG_LEVEL": "hemlig"}, "LANDA_LOG_LEVEL"),
    ({"LANDA_PREVIEW": "hemlig"}, "LANDA_PREVIEW"),
    ({"LANDA_SITE": "hemlig.toml"}, "LANDA_SITE"),
    ({"LANDA_SITE": "."}, "LANDA_SITE"),
    ({**SITE, "FILE": "health_name = hemlig"}, "LANDA_SITE"),
    ({**SITE, "FILE": 'health_nam = "hemlig"'}, "LANDA_SITE"),
    ({**SITE, "FILE": "health_name = 7"}, "LANDA_SITE"),
    ({**SITE, "FILE": 'health_phone = "hemlig"'}, "LANDA_SITE"),
    ({**SITE, "FILE": 'incident_url = "http://hemlig"'}, "LANDA_SITE"),
    ({**SITE, "FILE": 'incident_url = "javascript:hemlig"'}, "LANDA_SITE"),
    ({**SITE, "FILE": f'safety_rep = "{"hemlig" * 20}"'}, "LANDA_SITE"),
    ({**SITE, "FILE": 'closed = ["hemlig"]'}, "LANDA_SITE"),
    ({**SITE, "FILE": "closed = 2026-06-05"}, "LANDA_SITE"),
    ({**SITE, "FILE": 'safety_rep = "hemlig"\nsafety_rep = "hemlig"'}, "LANDA_SITE"),
]


def set_up(env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in env.items():
        if name == "FILE":
            Path("site.toml").write_text(value, encoding="utf-8")
        else:
            monkeypatch.setenv(name, value)


@pytest.mark.parametrize(("env", "key"), BROKEN)
def test_a_fault_is_one_sentence(
    env: dict[str, str], key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each fault of the settings is one sentence that begins with its key and shows no value."""
    set_up(env, monkeypatch)
    result = CliRunner().invoke(app, ["check"])
    (line,) = [line for line in result.output.splitlines() if "was last checked" not in line]
    assert result.exit_code == 2
    assert line.startswith(f"{key}: ")
    assert is_sentence(line)
    assert SECRET not in line
    for value in (KEY, "xoxb-test", "client-secret"):
        assert value not in line


def test_all_faults_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several faults are listed together, a line each."""
    set_up({"PORT": "x", "DATABASE_URL": "y", "LANDA_TIMEZONE": "z"}, monkeypatch)
    with pytest.raises(SettingsError) as wrong:
        settings_of.read()
    assert sorted(fault.split(":")[0] for fault in wrong.value.faults) == [
        "DATABASE_URL",
        "LANDA_TIMEZONE",
        "PORT",
    ]
    assert str(wrong.value).count("\n") == 2


def test_what_teams_needs_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """With an id alone, everything else that Teams needs is asked for at once."""
    set_up({"MicrosoftAppId": TEAMS["MicrosoftAppId"]}, monkeypatch)
    with pytest.raises(SettingsError) as wrong:
        settings_of.read()
    assert {fault.split(":")[0] for fault in wrong.value.faults} == {
        "MicrosoftAppPassword",
        "MicrosoftAppTenantId",
        "LANDA_SECRET_KEYS",
    }


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"MicrosoftAppType": "MultiTenant", "MicrosoftAppTenantId": ""},
        {"MicrosoftAppType": "UserAssignedMSI", "MicrosoftAppPassword": ""},
    ],
    ids=lambda more: more.get("MicrosoftAppType", "SingleTenant"),
)
def test_each_type_of_bot(more: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each type of bot has what it needs, and no more is asked of it; the banner says it is on."""
    set_up({**TEAMS, **more}, monkeypatch)
    settings = settings_of.read()
    assert settings.teams
    assert not settings.preview
    assert "Teams        on   http://127.0.0.1:8080/api/messages" in banner.text(settings)


def test_insecure_is_said_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever lets anything on this machine speak for anybody reads so at each start."""
    set_up({"LANDA_TEAMS_INSECURE": "1"}, monkeypatch)
    told = banner.text(settings_of.read())
    assert "anything on this machine can speak for anybody" in told


def test_what_slack_needs_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a token alone, everything else that Slack needs is asked for at once."""
    set_up({"SLACK_BOT_TOKEN": "xoxb-hemlig"}, monkeypatch)
    with pytest.raises(SettingsError) as wrong:
        settings_of.read()
    assert [fault.split(":")[0] for fault in wrong.value.faults] == [
        "SLACK_SIGNING_SECRET",
        "LANDA_SECRET_KEYS",
    ]


def test_a_site_file_with_faults_tells_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every fault of the site file is told at once, by its key."""
    set_up({**SITE, "FILE": 'health_phone = "x"\nincident_url = 7\nnew = 1'}, monkeypatch)
    result = CliRunner().invoke(app, ["check"])
    lines = [line for line in result.output.splitlines() if line.startswith("LANDA_SITE: ")]
    assert {line.split(": ")[1] for line in lines} == {"health_phone", "incident_url", "new"}


def test_a_settings_file_that_is_not_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """A `.env` that is not text in UTF-8 is a sentence."""
    Path(".env").write_bytes("LANDA_LOCALE=sv\n# Hälsan".encode("latin-1"))
    with pytest.raises(SettingsError, match=r"^\.env: "):
        settings_of.read()


def test_settings_do_not_show_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Printing the settings prints no secret."""
    set_up({**SLACK, "SLACK_BOT_TOKEN": "xoxb-hemlig"}, monkeypatch)
    shown = repr(settings_of.read())
    for value in ("xoxb-hemlig", KEY, "'secret'"):
        assert value not in shown


def test_several_workspaces_take_no_bot_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a client and its secret, Slack is on for whoever installs Landa; nothing is shown."""
    set_up(SEVERAL, monkeypatch)
    read = settings_of.read()
    assert (read.slack, read.slack_several, read.slack_by_socket) == (True, True, False)
    assert "client-secret" not in repr(read)
    assert "https://landa.example.se/slack/install" in banner.text(read)


def test_empty_is_as_if_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that is set to nothing has its default."""
    for name in Settings.model_fields:
        monkeypatch.setenv(name.upper(), "")
    assert settings_of.read() == Settings.model_construct()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_both_names_of_postgres_are_known(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses are taken as hosts of PostgreSQL hand them out."""
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://u:p@h:5432/d?sslmode=require")
    read = settings_of.read()
    assert read.database_url == "postgresql://u:p@h:5432/d?sslmode=require"
    assert read.sqlite_path is None


def test_where_the_preview_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The preview is reached from this machine alone, and beside Slack only when asked for."""
    assert settings_of.read().preview_alone
    monkeypatch.setenv("HOST", "0.0.0.0")
    assert settings_of.read().preview
    assert not settings_of.read().preview_alone
    set_up(SLACK, monkeypatch)
    assert not settings_of.read().preview


def test_our_own_key_is_ours_alone() -> None:
    """The key made for the preview can be read by nobody else, and is made once."""
    first = settings_of.secret_keys(settings_of.read())
    path = Path("var/secret.key")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert settings_of.secret_keys(settings_of.read()) == first
    assert parse_keys(path.read_text().strip()) == first


def test_a_preview_grows_into_real_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was begun with the preview's own key still opens when the operator sets keys."""
    (own,) = settings_of.secret_keys(settings_of.read())
    monkeypatch.setenv("LANDA_SECRET_KEYS", KEY)
    assert settings_of.secret_keys(settings_of.read()) == (*parse_keys(KEY), own)


def test_a_broken_key_file_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key file that holds no key is a sentence, and no trouble where it is not needed."""
    Path("var").mkdir()
    Path("var/secret.key").write_bytes(b"\xff")
    for content in (b"\xff", b"", b"hemlig"):
        Path("var/secret.key").write_bytes(content)
        with pytest.raises(SettingsError, match=r"^LANDA_VAR: ") as wrong:
            settings_of.secret_keys(settings_of.read())
        assert SECRET not in str(wrong.value)
    monkeypatch.setenv("LANDA_SECRET_KEYS", KEY)
    assert settings_of.secret_keys(settings_of.read()) == parse_keys(KEY)


def test_every_setting_is_documented() -> None:
    """`.env.example` names every setting there is and no other, with its default."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    pairs = dict(
        line.removeprefix("#").strip().split("=", 1)
        for line in lines
        if re.match(r"(# ?)?[A-Z][A-Za-z_]+=", line)
    )
    assert set(pairs) == {settings_of.key_of(name) for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        shown = pairs[settings_of.key_of(name)]
        assert not shown or shown == str(field.default), name


def test_the_example_is_sound(tmp_path: Path) -> None:
    """`.env.example`, taken as it is, starts Landa."""
    (tmp_path / ".env").write_bytes((ROOT / ".env.example").read_bytes())
    assert settings_of.read() == Settings.model_construct()


def refused(done: object, *keys: str) -> str:
    """What a command printed that was refused: sentences, no trace, no value."""
    output = done.stdout + done.stderr  # type: ignore[attr-defined]
    assert done.returncode == 2, output  # type: ignore[attr-defined]
    assert "Traceback" not in output
    told = done.stderr.strip().splitlines()  # type: ignore[attr-defined]
    assert all(is_sentence(line) for line in told), output
    assert [line.split(":")[0] for line in told] == list(keys), output
    return output


@pytest.mark.parametrize("command", ["run", "migrate", "doctor", "check", "web", "clock"])
def test_no_command_shows_a_trace(tmp_path: Path, command: str) -> None:
    """Whatever command meets a broken setting, it ends with the sentence alone."""
    refused(landa(tmp_path, command, PORT="hemlig"), "PORT")


@pytest.mark.parametrize("command", ["run", "migrate"])
def test_a_database_that_cannot_be(tmp_path: Path, command: str) -> None:
    """A path where no database file can be is told by its key."""
    (tmp_path / "file").write_text("Kära dagbok\n" * 99)
    refused(landa(tmp_path, command, DATABASE_URL="sqlite:///file/landa.db"), "DATABASE_URL")
    refused(landa(tmp_path, command, DATABASE_URL="sqlite:///file"), "DATABASE_URL")
    refused(landa(tmp_path, command, DATABASE_URL=f"sqlite:///{tmp_path}"), "DATABASE_URL")


@pytest.mark.parametrize("command", ["run", "migrate", "web", "clock"])
def test_a_postgres_that_does_not_answer(tmp_path: Path, command: str) -> None:
    """A PostgreSQL that does not answer is told by its key, without its password."""
    for url in ("postgresql://u:hemlig@127.0.0.1:1/d", "postgresql://u:hemlig@h:port/d"):
        output = refused(landa(tmp_path, command, DATABASE_URL=url), "DATABASE_URL")
        assert SECRET not in output


@pytest.mark.parametrize("command", ["run", "web", "clock"])
def test_a_postgres_that_is_not_migrated(
    tmp_path: Path, postgres_server: object, command: str
) -> None:
    """On an empty PostgreSQL, Landa says which command makes it ready."""
    with postgres_server.database() as url:  # type: ignore[attr-defined]
        done = landa(tmp_path, command, DATABASE_URL=url)
    assert done.returncode == 2
    assert "landa migrate" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["web", "clock"])
def test_several_processes_need_postgres(tmp_path: Path, command: str) -> None:
    """On SQLite, `landa web` and `landa clock` are refused, and `landa run` is named."""
    done = landa(tmp_path, command)
    assert done.returncode == 2
    assert "landa run" in done.stderr
    assert "DATABASE_URL" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    """A port that somebody else has is told by its key."""
    with Running(tmp_path) as running:
        running.ready()
        other = tmp_path / "other"
        other.mkdir()
        refused(landa(other, "run", PORT=str(running.port)), "HOST, PORT")
        refused(landa(other, "run", HOST="no.such.host.invalid"), "HOST, PORT")


def test_one_file_is_one_process(tmp_path: Path) -> None:
    """A second Landa on the same SQLite file is refused, and works when the first has ended."""
    with Running(tmp_path) as running:
        running.ready()
        output = refused(landa(tmp_path, "run", PORT=str(free_port())), "DATABASE_URL")
        assert "another Landa" in output
        assert running.stop()[0] == 0
    with Running(tmp_path) as running:
        running.ready()


def test_keys_that_do_not_fit(tmp_path: Path) -> None:
    """With keys that do not open the database, run and doctor say so, and change nothing."""
    with Running(tmp_path, LANDA_SECRET_KEYS=KEY) as running:
        running.ready()
        running.stop()
    other = KEY[::-1][:-1] + "A"
    refused(landa(tmp_path, "run", LANDA_SECRET_KEYS=other), "LANDA_SECRET_KEYS")
    done = landa(tmp_path, "doctor", LANDA_SECRET_KEYS=other)
    assert done.returncode == 1
    assert "LANDA_SECRET_KEYS" in done.stdout
    with Running(tmp_path, LANDA_SECRET_KEYS=f"{other},{KEY}") as running:
        running.ready()
        running.stop()
    with Running(tmp_path, LANDA_SECRET_KEYS=other) as running:
        running.ready()


def test_doctor_before_and_after(tmp_path: Path) -> None:
    """`landa doctor` is content before the first start, while Landa runs, and after it."""
    before = landa(tmp_path, "doctor")
    assert before.returncode == 0, before.stdout
    assert not (tmp_path / "var").exists()
    with Running(tmp_path) as running:
        running.ready()
        during = landa(tmp_path, "doctor")
        assert during.returncode == 0, during.stdout
        assert "0 cards and 0 pauses" in during.stdout
        assert running.stop()[0] == 0
    assert landa(tmp_path, "doctor").returncode == 0


def test_doctor_tells_what_is_wrong(tmp_path: Path) -> None:
    """`landa doctor` tells what does not work, line by line, and ends with 1."""
    done = landa(tmp_path, "doctor", DATABASE_URL="postgresql://u:hemlig@127.0.0.1:1/d")
    assert done.returncode == 1
    assert "  x  Database" in done.stdout
    assert SECRET not in done.stdout
    done = landa(tmp_path, "doctor", **SLACK)
    assert done.returncode == 1
    assert "  x  Slack" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_small_commands(tmp_path: Path) -> None:
    """`check` is content with the content there is, `new-key` makes a key."""
    check = landa(tmp_path, "check")
    assert check.returncode == 0, check.stderr
    made = landa(tmp_path, "new-key")
    assert parse_keys(made.stdout.strip())
    assert landa(tmp_path, "migrate").stdout.startswith("The database has schema 0")
    assert landa(tmp_path, "nonsense").returncode == 2
    assert landa(tmp_path, "--help").returncode == 0
    assert os.access(COMMAND, os.X_OK)
