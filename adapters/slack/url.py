"""Addresses of the web: whose they are."""

from urllib.parse import urlsplit


def origin(url: str) -> str:
    """Scheme, host and port; "" for what is no address of the web."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return ""
    return f"{parts.scheme}://{parts.hostname}" + (f":{port}" if port else "")
