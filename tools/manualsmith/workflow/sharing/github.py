"""Open pull requests through GitHub's API, with the token of who pushes, and see those closed."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request

from manualsmith.errors import UserError
from manualsmith.git.remotes import Remote, Unreachable
from manualsmith.text import t
from manualsmith.workflow.sharing.token_requests import opened, refuse_unencrypted

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
    token = _token()
    if token is None:
        raise UserError(
            t("{branch} is pushed, but GitHub was not asked for a pull request", branch=pull.head),
            hint=t("set GITHUB_TOKEN to a token that may open pull requests, and run it again"),
        )
    request = _request(remote, host, path, token, "pulls", data=json.dumps(asdict(pull)).encode())
    try:
        made = _answer_of(request)
    except HTTPError as error:
        with error:
            said = error.read(10_000).decode("utf-8", "replace")
        if error.code == 422 and "already exists" in said:
            return ()
        raise UserError(
            t(
                "{branch} is pushed, but GitHub made no pull request of it: {reason}",
                branch=pull.head,
                reason=f"{error.code} {_message(said)}".strip(),
            ),
            hint=t("look at what the token may do, and run it again"),
        ) from error
    address = made.get("html_url") if isinstance(made, dict) else None
    return (address,) if isinstance(address, str) else ()


def comment_on(remote: Remote, branch: str, texts: Sequence[str], host: str, path: str) -> None:
    """Say *texts* on the open pull request of a branch; nothing without a token, or a request.

    Raises Unreachable where GitHub does not answer.
    """
    token = _token()
    if token is None:
        return
    owner = path.partition("/")[0]
    query = f"?state=open&head={quote(f'{owner}:{branch}', safe='')}"
    try:
        listed = _answer_of(_request(remote, host, path, token, f"pulls{query}"))
        pulls = listed if isinstance(listed, list) else []
        for number in [one["number"] for one in pulls if isinstance(one, dict)][:1]:
            data = json.dumps({"body": "\n\n".join(texts)}).encode()
            about = f"issues/{int(number)}/comments"
            _answer_of(_request(remote, host, path, token, about, data=data))
    except HTTPError as error:
        error.close()


def closed_pulls(remote: Remote, host: str, path: str) -> dict[str, str]:
    """Return the addresses of pull requests that were closed and not merged, by their branch.

    Of a branch the newest one counts. Nothing is asked without a token; what GitHub does not want
    to tell is left out. Raises Unreachable where it does not answer.
    """
    token = _token()
    if token is None:
        return {}
    query = "pulls?state=all&sort=created&direction=desc&per_page=100"
    try:
        listed = _answer_of(_request(remote, host, path, token, query))
    except HTTPError as error:
        error.close()
        return {}
    newest: dict[str, dict[str, Any]] = {}
    for pull in listed if isinstance(listed, list) else ():
        head = pull.get("head") if isinstance(pull, dict) else None
        branch = head.get("ref") if isinstance(head, dict) else None
        if isinstance(branch, str):
            newest.setdefault(branch, pull)
    return {
        branch: str(pull.get("html_url") or "")
        for branch, pull in newest.items()
        if pull.get("state") == "closed" and not pull.get("merged_at")
    }


def _token() -> str | None:
    return next((os.environ[name] for name in TOKENS if os.environ.get(name)), None)


def _request(
    remote: Remote, host: str, path: str, token: str, what: str, data: bytes | None = None
) -> Request:
    """Return what to ask of a repository's API. Raises UserError where it is not safe."""
    own = remote.repository.config("manualsmith.forgeApi")
    usual = "https://api.github.com" if host == "github.com" else f"https://{host}/api/v3"
    api = (own or usual).rstrip("/")
    refuse_unencrypted(api, api)
    return Request(  # noqa: S310 - the scheme is looked at above
        f"{api}/repos/{quote(path)}/{what}",
        data=data,
        headers={
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "User-Agent": "manualsmith",
        },
    )


def _answer_of(request: Request) -> object:
    """Return what is answered. Raises HTTPError for a refusal, Unreachable for no answer."""
    try:
        with opened(request, SECONDS) as answer:
            return json.load(answer)
    except HTTPError:
        raise
    except (URLError, OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise Unreachable(
            t("{remote} cannot be reached: {reason}", remote=request.host, reason=reason)
        ) from error


def _message(said: str) -> str:
    try:
        found = json.loads(said)
    except ValueError:
        return ""
    return str(found.get("message", "")) if isinstance(found, dict) else ""
