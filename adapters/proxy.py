"""Which way out of this machine: the proxy that the environment names, if it names one."""

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass


def proxy_of(url: str) -> str | None:
    """For *url*, of the web or of a socket; as NO_PROXY allows, which the kits do not look at."""
    parts = urlsplit(url)
    scheme = {"wss": "https", "ws": "http"}.get(parts.scheme, parts.scheme)
    return None if proxy_bypass(parts.hostname or "") else getproxies().get(scheme)
