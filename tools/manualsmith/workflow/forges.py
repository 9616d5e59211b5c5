"""Ask a forge to show a pushed suggestion as a merge request, each forge in its own way.

GitLab takes push options with the branch. Gitea and Forgejo take the AGit flow: a second push to
``refs/for/main``. GitHub has an API, and wants the token of who pushes.
"""

import json
import os
import re
from collections.abc import Sequence
from http.client import HTTPException
from typing import get_args
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from manualsmith.errors import UserError
from manualsmith.settings import Forge
from manualsmith.store.branches import RefInfo
from manualsmith.store.refs import RefUpdate
from manualsmith.store.remotes import Remote, Unreachable
from manualsmith.text import t

TOKENS = ("GH_TOKEN", "GITHUB_TOKEN")
SECONDS = 30
_AGIT: tuple[Forge, ...] = ("gitea", "forgejo")
_BY_WORD: dict[str, Forge] = {
    "github": "github",
    "gitlab": "gitlab",
    "gitea": "gitea",
    "forgejo": "forgejo",
    "codeberg": "forgejo",
}
_SCP = re.compile(r"(?:[^@/]+@)?(?P<host>\[[^\]]+\]|[^:/]+):(?!//)(?P<path>.+)")
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")


def forge_of(remote: Remote, setting: Forge | None) -> Forge:
    """Return what serves a remote: git's ``manualsmith.forge``, the setting, or by its host's name.

    Raises UserError where git's configuration names none that is known.
    """
    own = remote.repository.config("manualsmith.forge")
    known: tuple[Forge, ...] = get_args(Forge)
    named = next((forge for forge in known if forge == own), None)
    if own and named is None:
        raise UserError(
            t("git's manualsmith.forge is {value}", value=repr(own)),
            hint=t("one of: {names}", names=", ".join(known)),
        )
    if named or setting:
        return named or setting or "none"
    host, _ = _host_and_path(remote.address())
    labels = host.lower().split(".")
    return next((forge for word, forge in _BY_WORD.items() if word in labels), "none")


def is_asked_by_push(forge: Forge) -> bool:
    """Return whether the push that makes a branch is what asks for its merge request."""
    return forge == "gitlab"


def wants_request(forge: Forge, tip: str, asked: str | None) -> bool:
    """Return whether a pushed branch needs a request; *asked* is the commit it was asked for at.

    GitHub's follows the branch by itself, AGit's has to be told of each commit.
    """
    return (forge == "github" and asked is None) or (forge in _AGIT and asked != tip)


def request_options(info: RefInfo, main: str) -> list[str]:
    """Return the push options by which GitLab makes a merge request of a new branch."""
    return [
        "merge_request.create",
        f"merge_request.target={main}",
        f"merge_request.title={_one_line(info.subject)}",
        f"merge_request.description={_description(info)}",
        "merge_request.remove_source_branch",
    ]


def ask(remote: Remote, forge: Forge, info: RefInfo, main: str) -> tuple[str, ...]:
    """Ask for a request of a branch that was pushed, or tell it of a commit; return its address.

    Raises UserError where the forge does not make one, Unreachable where it does not answer.
    """
    if forge in _AGIT:
        return _ask_by_agit(remote, info, main)
    return _ask_github(remote, info, main) if forge == "github" else ()


def addresses(said: Sequence[str]) -> tuple[str, ...]:
    """Return the web addresses in what a remote said."""
    return tuple(dict.fromkeys(found for line in said for found in _ADDRESS.findall(line)))


def _ask_by_agit(remote: Remote, info: RefInfo, main: str) -> tuple[str, ...]:
    name = info.ref.rpartition("/")[2]
    options = [
        f"topic={name}",
        f"title={_one_line(info.subject)}",
        f"description={_description(info)}",
        "force-push=true",
    ]
    target = f"refs/for/{main}"
    done = remote.push([RefUpdate(target, info.tip, None)], options=options)
    if done.refused:
        raise UserError(
            t(
                "{remote} made no merge request of {id}: {reason}",
                remote=remote.name,
                id=name,
                reason=done.refused.get(target, ""),
            )
        )
    return addresses(done.said)


def _ask_github(remote: Remote, info: RefInfo, main: str) -> tuple[str, ...]:
    host, path = _host_and_path(remote.address())
    own = remote.repository.config("manualsmith.forgeApi")
    usual = "https://api.github.com" if host == "github.com" else f"https://{host}/api/v3"
    api = (own or usual).rstrip("/")
    branch = info.ref.removeprefix("refs/heads/")
    token = next((os.environ[name] for name in TOKENS if os.environ.get(name)), None)
    if token is None:
        raise UserError(
            t("{branch} is pushed, but GitHub was not asked for a pull request", branch=branch),
            hint=t("set GITHUB_TOKEN to a token that may open pull requests, and run it again"),
        )
    to = urlsplit(api)
    if to.scheme != "https" and to.hostname not in ("127.0.0.1", "::1", "localhost"):
        raise UserError(t("no token is sent to {address}: it is not https", address=api))
    body = {
        "title": _one_line(info.subject),
        "head": branch,
        "base": main,
        "body": _description(info),
    }
    request = Request(  # noqa: S310 - the scheme is looked at above
        f"{api}/repos/{quote(path)}/pulls",
        data=json.dumps(body).encode(),
        headers={
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "User-Agent": "manualsmith",
        },
    )
    return _answer_of(request, branch)


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


def _host_and_path(address: str) -> tuple[str, str]:
    """Return the host, without user and port, and the path without ``.git`` of a remote's address.

    Both are empty for a folder.
    """
    if "://" in address:
        parts = urlsplit(address)
        host, path = parts.hostname or "", parts.path
    elif match := _SCP.fullmatch(address):
        host, path = match["host"].strip("[]"), match["path"]
    else:
        return "", ""
    return host, path.strip("/").removesuffix(".git")


def _description(info: RefInfo) -> str:
    """Return one line for a request: a push option may hold no line break."""
    name = info.ref.rpartition("/")[2]
    sources = dict.fromkeys(v for key, v in info.trailers if key.lower() == "confirmation")
    return f"依據 {'、'.join(sources)}。請用 manualsmith review show {name} 查看，再決定是否採用。"


def _one_line(text: str) -> str:
    return " ".join(text.split())
