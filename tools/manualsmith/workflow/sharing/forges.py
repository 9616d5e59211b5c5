"""Ask a forge to show a pushed suggestion as a merge request, each forge in its own way.

GitLab takes push options with the branch. Gitea and Forgejo take the AGit flow: a second push to
``refs/for/main``. GitHub has an API, and wants the token of who pushes.
"""

import re
from collections.abc import Sequence
from typing import get_args
from urllib.parse import urlsplit

from manualsmith.errors import UserError
from manualsmith.git.branches import RefInfo
from manualsmith.git.refs import RefUpdate
from manualsmith.git.remotes import Remote
from manualsmith.layout import suggestion_of, writing
from manualsmith.naming import one_line
from manualsmith.settings.read_settings import Forge
from manualsmith.text import t

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
        f"merge_request.title={one_line(info.subject)}",
        f"merge_request.description={_description(info)}",
        "merge_request.remove_source_branch",
    ]


def said_options(info: RefInfo) -> list[str]:
    """Return the push options by which GitLab's merge request says what was said of a branch."""
    return [f"merge_request.description={_description(info)}"] if comments_of(info) else []


def comments_of(info: RefInfo) -> list[str]:
    """Return what was said of a suggestion: who, when and what, a line each."""
    return [value for key, value in info.trailers if key == "Comment"]


def note(remote: Remote, forge: Forge, info: RefInfo, before: RefInfo) -> None:
    """Say on a branch's request what was said of it since the commit *before*.

    GitHub's alone, where a token is set: the others have it in their request's description.
    Raises Unreachable where it does not answer.
    """
    new = comments_of(info)[len(comments_of(before)) :]
    if forge == "github" and new:
        from manualsmith.workflow.sharing import github

        branch = info.ref.removeprefix("refs/heads/")
        github.comment_on(remote, branch, new, *_host_and_path(remote.address()))


def ask(remote: Remote, forge: Forge, info: RefInfo, main: str) -> tuple[str, ...]:
    """Ask for a request of a branch that was pushed, or tell it of a commit; return its address.

    Raises UserError where the forge does not make one, Unreachable where it does not answer.
    """
    if forge in _AGIT:
        return _ask_by_agit(remote, info, main)
    branch = info.ref.removeprefix("refs/heads/")
    if forge == "github":
        from manualsmith.workflow.sharing import github

        pull = github.Pull(one_line(info.subject), branch, main, _description(info))
        return github.open_pull(remote, pull, *_host_and_path(remote.address()))
    return ()


def closed(remote: Remote, forge: Forge) -> dict[str, str]:
    """Return the addresses of requests that were closed and not merged, by their branch's ref.

    Of GitHub, where a token is set; the others take push options, and tell nothing.
    """
    if forge != "github":
        return {}
    from manualsmith.workflow.sharing import github

    found = github.closed_pulls(remote, *_host_and_path(remote.address()))
    return {f"refs/heads/{branch}": address for branch, address in found.items()}


def addresses(said: Sequence[str]) -> tuple[str, ...]:
    """Return the web addresses in what a remote said."""
    return tuple(dict.fromkeys(found for line in said for found in _ADDRESS.findall(line)))


def _ask_by_agit(remote: Remote, info: RefInfo, main: str) -> tuple[str, ...]:
    name = info.ref.rpartition("/")[2]
    options = [
        f"topic={name}",
        f"title={one_line(info.subject)}",
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
    named = suggestion_of(info.ref)
    with writing(named[0].name if named else ""):
        told = t(
            "Rests on {sources}. See it with manualsmith review show {name}, then decide.",
            sources=t(", ").join(sources), name=name,
        )  # fmt: skip
        said = t("; ").join(comments_of(info))
        return told + t(" Said of it: {comments}", comments=said) if said else told
