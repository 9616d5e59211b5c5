"""Open a pull request through GitHub's API, with the token of who pushes."""

import json
import os
from dataclasses import asdict, dataclass
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from manualsmith.errors import UserError
from manualsmith.git.remotes import Remote, Unreachable
from manualsmith.text import t

TOKENS = ("GH_TOKEN", "GITHUB_TOKEN")
SECONDS = 30


@dataclass(frozen=True)
class Pull:
    """A pull request to open: its title, the branch, the branch to merge it into, and its text."""

    title: str
    head: str
    base: str
    body: str


def open_pull(remote: Remote, pull: Pull, host: str, path: str) -> tuple[str, ...]:
    """Open a pull request at *host* for the repository *path*, ``owner/name``; return its address.

    One that is open already is as good. Raises UserError where GitHub does not want to, or there is
    no token; Unreachable where it does not answer.
    """
    own = remote.repository.config("manualsmith.forgeApi")
    usual = "https://api.github.com" if host == "github.com" else f"https://{host}/api/v3"
    api = (own or usual).rstrip("/")
    token = next((os.environ[name] for name in TOKENS if os.environ.get(name)), None)
    if token is None:
        raise UserError(
            t("{branch} is pushed, but GitHub was not asked for a pull request", branch=pull.head),
            hint=t("set GITHUB_TOKEN to a token that may open pull requests, and run it again"),
        )
    to = urlsplit(api)
    if to.scheme != "https" and to.hostname not in ("127.0.0.1", "::1", "localhost"):
        raise UserError(t("no token is sent to {address}: it is not https", address=api))
    request = Request(  # noqa: S310 - the scheme is looked at above
        f"{api}/repos/{quote(path)}/pulls",
        data=json.dumps(asdict(pull)).encode(),
        headers={
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "User-Agent": "manualsmith",
        },
    )
    return _answer_of(request, pull.head)


def _answer_of(request: Request, branch: str) -> tuple[str, ...]:
    try:
        with build_opener(_NoRedirect).open(request, timeout=SECONDS) as answer:
            made = json.load(answer)
    except HTTPError as error:
        with error:
            said = error.read(10_000).decode("utf-8", "replace")
        if error.code == 422 and "already exists" in said:
            return ()
        raise UserError(
            t(
                "{branch} is pushed, but GitHub made no pull request of it: {reason}",
                branch=branch,
                reason=f"{error.code} {_message(said)}".strip(),
            ),
            hint=t("look at what the token may do, and run it again"),
        ) from error
    except (URLError, OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise Unreachable(
            t("{remote} cannot be reached: {reason}", remote=request.host, reason=reason)
        ) from error
    address = made.get("html_url") if isinstance(made, dict) else None
    return (address,) if isinstance(address, str) else ()


class _NoRedirect(HTTPRedirectHandler):
    """A token goes to the one address that it is for."""

    def redirect_request(self, *_: object) -> None:
        """Follow nothing."""


def _message(said: str) -> str:
    try:
        found = json.loads(said)
    except ValueError:
        return ""
    return str(found.get("message", "")) if isinstance(found, dict) else ""
