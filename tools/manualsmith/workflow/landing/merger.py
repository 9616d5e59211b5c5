"""Tell who merged, and when: from a commit's author, its committer and its trailers."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from manualsmith.git.history import Step
from manualsmith.git.repository import Signature

# The name that git hosts sign with who have no hand of their own in a merge.
_BOT = re.compile(
    r"\[bot\]$|[-_ ]bot$|^(github|gitlab|gitea|forgejo|gogs|bitbucket|codeberg)$", re.I
)
_HOST = re.compile(r"^no-?reply@(git|codeberg|bitbucket|localhost|noreply)", re.I)
_NAMED = re.compile(
    r"^(?P<key>Merged-by|Reviewed-by|Approved-by|Co-authored-by):[ \t]*(?P<name>[^<\n]*)"
    r"(?:<(?P<email>[^>\n]*)>)?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
# the suggestion that a commit is of, as the tool writes it
TRAILER = re.compile(r"^Suggestion:[ \t]*(\S+)", re.MULTILINE | re.IGNORECASE)
_SURE = ("merged-by", "reviewed-by", "approved-by")


def merger(step: Step, proposer: str) -> Signature:
    """Return who brought a commit to main, with the time that it came at.

    A trailer that says who merged or reviewed goes before all; then, of a merge, its author, of
    any other commit its committer; of one that a git host squashed, whoever worked on it beside
    its author. Such a host, and *proposer*, are it only where nobody else is named. Sources: what
    GitHub, GitLab, Gitea and Forgejo document of their merges.
    """
    people = list(_people(step))
    found = next((one for one in people if one.name != proposer), people[0] if people else None)
    who = found or step.author
    return Signature(who.name, who.email, step.committer.seconds, step.committer.offset)


def _people(step: Step) -> Iterator[Signature]:
    named = list(_NAMED.finditer(step.message))
    for key in _SURE:
        yield from (_signature(one, step) for one in named if one["key"].lower() == key)
    others = [_signature(one, step) for one in named if one["key"].lower() not in _SURE]
    if len(step.parents) > 1:
        signed = [step.author, step.committer, *others]
    elif _is_hand(step.committer):
        signed = [step.committer, step.author, *others]
    else:  # squashed by a host: its author asked for the merge, the others reviewed
        signed = [*others, step.author]
    yield from filter(_is_hand, signed)


def _is_hand(one: Signature) -> bool:
    return not (_BOT.search(one.name) or _HOST.search(one.email))


def _signature(named: re.Match[str], step: Step) -> Signature:
    name = " ".join(named["name"].split()) or (named["email"] or "").partition("@")[0]
    committer = step.committer
    return Signature(name or "?", named["email"] or "", committer.seconds, committer.offset)


def signed_at(name: str, email: str, moment: str) -> Signature:
    """Return the signature of somebody at a time in ISO 8601, the other way round."""
    at = datetime.fromisoformat(moment)
    return Signature(name, email, int(at.timestamp()), at.strftime("%z") or "+0000")


def moment_of(signature: Signature) -> str:
    """Return a signature's time in ISO 8601, with its own offset."""
    sign, hours, minutes = signature.offset[0], signature.offset[1:3], signature.offset[3:]
    offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    return datetime.fromtimestamp(signature.seconds, timezone(offset)).isoformat()
