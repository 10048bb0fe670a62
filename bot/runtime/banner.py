"""What `landa run` says at its start: what is on, and what would switch on the rest."""

from bot.runtime.settings import Settings

TEAMS_KEYS = (
    "MicrosoftAppId, MicrosoftAppPassword, MicrosoftAppTenantId and LANDA_SECRET_KEYS; "
    "see docs/teams.md"
)
OPEN = "LANDA_TEAMS_INSECURE: anything on this machine can speak for anybody. For trying only."
SLACK_KEYS = "SLACK_BOT_TOKEN, SLACK_APP_TOKEN and LANDA_SECRET_KEYS; see docs/slack.md"


def text(settings: Settings) -> str:
    where = f"http://{settings.host}:{settings.port}"
    lines = ["Landa", ""]
    if settings.preview:
        port = settings.port if settings.preview_alone else settings.landa_preview_port
        host = settings.host if settings.preview_alone else "127.0.0.1"
        lines.append(f"  Web preview  on   http://{host}:{port}  (this machine only)")
    else:
        lines.append("  Web preview  off  set LANDA_PREVIEW=1")
    if settings.slack:
        way = "Socket Mode" if settings.slack_by_socket else f"{where}/slack/events"
        lines.append(f"  Slack        on   {way}")
        if settings.slack_several:
            lines.append(
                f"                    workspaces install it at {settings.public_url}/slack/install"
            )
    else:
        lines.append(f"  Slack        off  set {SLACK_KEYS}")
    lines += _teams(settings, where)
    kept = settings.sqlite_path or "PostgreSQL"
    lines += [f"  Database          {kept}", "", "  Stop with Ctrl+C.", ""]
    return "\n".join(lines)


def _teams(settings: Settings, where: str) -> list[str]:
    if not settings.teams:
        return [f"  Teams        off  set {TEAMS_KEYS}"]
    lines = [f"  Teams        on   {where}/api/messages"]
    if settings.landa_teams_insecure:
        lines.append(f"                    {OPEN}")
    return lines
