"""Requests that carry a token: to the one address that it is for, encrypted, and nowhere else."""

from http.client import HTTPResponse
from typing import cast
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from manualsmith.errors import UserError
from manualsmith.text import t

_NEAR = ("127.0.0.1", "::1", "localhost")


def refuse_unencrypted(address: str, shown: str) -> None:
    """Raise UserError where a token would go to another machine in the clear."""
    to = urlsplit(address)
    if to.scheme != "https" and to.hostname not in _NEAR:
        raise UserError(t("no token is sent to {address}: it is not https", address=shown))


def opened(request: Request, seconds: float) -> HTTPResponse:
    """Return the answer, of the address itself. Raises as ``urlopen`` does."""
    return cast(HTTPResponse, build_opener(_NoRedirect).open(request, timeout=seconds))


class _NoRedirect(HTTPRedirectHandler):
    """A token goes to the one address that it is for."""

    def redirect_request(self, *_: object) -> None:
        """Follow nothing."""
