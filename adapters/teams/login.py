"""The way to Microsoft's login: in bounded time, and where the operator says it is."""

from typing import Any

import msal  # pyright: ignore[reportMissingTypeStubs]
import requests

from adapters.teams.config import LOGIN, TeamsConfig

TIMEOUT_S = 5

Application = msal.ConfidentialClientApplication | msal.ManagedIdentityClient


class LoginSession(requests.Session):
    """An HTTP client for msal, which sets no limit of its own.

    base  what stands there for Microsoft's address: msal accepts no other that is not TLS.
    """

    def __init__(self, base: str) -> None:
        super().__init__()
        self._base = base

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        if self._base != LOGIN and str(url).startswith(LOGIN + "/"):
            url = self._base + str(url).removeprefix(LOGIN)
        kwargs["timeout"] = TIMEOUT_S
        return super().request(method, url, *args, **kwargs)


def application(config: TeamsConfig, tenant: str) -> Application:
    """What asks for tokens and keeps them. Blocks: it looks at the tenant first."""
    session = LoginSession(config.login_url)
    if config.app_type == "UserAssignedMSI":
        named = msal.UserAssignedManagedIdentity(client_id=config.app_id)
        return msal.ManagedIdentityClient(named, http_client=session)
    return msal.ConfidentialClientApplication(
        config.app_id,
        client_credential=config.password,
        authority=f"{LOGIN}/{tenant}",
        http_client=session,
    )
