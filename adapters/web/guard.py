"""Who may reach the preview: this computer alone, from the preview's own page."""

import ipaddress
import re

from aiohttp import web

_LOCAL_HOST = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?", re.IGNORECASE)
_PASSED_ON = ("forwarded", "x-forwarded", "x-real-ip", "via")
_OWN_SITE = ("same-origin", "none")
"""Sec-Fetch-Site of the page's own requests, and of an address typed by hand."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'; object-src 'none'; style-src 'self'; script-src 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def is_preview(request: web.BaseRequest) -> bool:
    return request.path == "/" or request.path.startswith("/preview/")


def is_welcome(request: web.BaseRequest) -> bool:
    """The request was made on this computer, by a person or by the preview's own page."""
    return (
        _is_loopback(request.remote)
        and len(request.headers.getall("Host", [])) == 1
        and bool(_LOCAL_HOST.fullmatch(request.headers["Host"]))
        and not any(name.lower().startswith(_PASSED_ON) for name in request.headers)
        and request.headers.get("Sec-Fetch-Site", "none") in _OWN_SITE
        and request.headers.get("Origin", own_origin(request)).lower() == own_origin(request)
        and (request.method in {"GET", "HEAD"} or _is_own_post(request))
    )


def own_origin(request: web.BaseRequest) -> str:
    return f"{request.scheme}://{request.headers.get('Host', '')}".lower()


def _is_own_post(request: web.BaseRequest) -> bool:
    """A form on another page can't send JSON, nor claim to be from here."""
    from_here = (
        "Origin" in request.headers or request.headers.get("Sec-Fetch-Site") == "same-origin"
    )
    return request.content_type == "application/json" and from_here


def _is_loopback(remote: str | None) -> bool:
    try:
        return ipaddress.ip_address(remote or "").is_loopback
    except ValueError:
        return False
