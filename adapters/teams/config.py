"""What the operator has decided about Teams."""

import re
from dataclasses import dataclass, field
from typing import Literal, get_args
from urllib.parse import urlsplit

from bot.core.errors import SettingsError

AppType = Literal["SingleTenant", "UserAssignedMSI", "MultiTenant"]
KitName = Literal["botbuilder", "agents"]

OPENID = "https://login.botframework.com/v1/.well-known/openidconfiguration"
LOGIN = "https://login.microsoftonline.com"
# learn.microsoft.com, "Get the service URL" of proactive messages, read 2026-11
SERVICE_HOSTS = frozenset({"smba.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com"})
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True)
class TeamsConfig:
    """app_id         of the bot; "" only when *insecure*.
    password       its client secret; "" for UserAssignedMSI.
    tenant         the only one that is served; may be "" for MultiTenant.
    insecure       for local clients alone: takes what anything on this machine sends.
    pictures       as in `render`.
    service_url    where a stand-in's connector lives, besides Microsoft's own.
    raises         SettingsError
    """

    app_id: str = ""
    password: str = field(default="", repr=False)
    app_type: AppType = "SingleTenant"
    tenant: str = ""
    insecure: bool = False
    kit: KitName = "botbuilder"
    pictures: str = ""
    openid_url: str = OPENID
    login_url: str = LOGIN
    service_url: str = ""

    def __post_init__(self) -> None:
        if faults := tuple(self._faults()):
            raise SettingsError(faults)

    def _faults(self) -> "list[str]":
        """The route must never stand open: the kit itself takes everything when it has no id."""
        if self.insecure:
            both = "LANDA_TEAMS_INSECURE: is for local clients. MicrosoftAppId must not be set."
            return [both] if self.app_id else []
        faults: list[str] = []
        if self.app_type not in get_args(AppType):
            faults.append(f"MicrosoftAppType: is none of {', '.join(get_args(AppType))}.")
        if not GUID.fullmatch(self.app_id):
            faults.append("MicrosoftAppId: is not the id of an app registration.")
        if self.app_type != "UserAssignedMSI" and not self.password:
            faults.append("MicrosoftAppPassword: is needed together with MicrosoftAppId.")
        if (self.app_type != "MultiTenant" or self.tenant) and not GUID.fullmatch(self.tenant):
            faults.append(f"MicrosoftAppTenantId: is needed for {self.app_type}, as an id.")
        return faults

    def serves(self, url: str) -> bool:
        """Whether *url* is a connector of Microsoft's, or the stand-in's: where cards may go."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return False
        if "@" in parts.netloc or parts.query or parts.fragment:
            return False
        if self.service_url and is_below(url, self.service_url):
            return True
        if self.insecure:
            return parts.scheme == "http" and parts.hostname in LOOPBACK
        return parts.scheme == "https" and parts.hostname in SERVICE_HOSTS and port in (None, 443)


def is_below(url: str, base: str) -> bool:
    return url.rstrip("/") == base.rstrip("/") or url.startswith(base.rstrip("/") + "/")
