"""Whatever merges, reverts, refreshes and accepts: nothing is in the manual twice.

SEQUENCES=100 in the environment draws more of what people do; HYPOTHESIS_PROFILE=fuzz new ones.
"""

import os
import re
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from clones import (
    PAGE,
    Office,
    accept,
    branches,
    listed,
    make_office,
    paragraph,
    refresh_,
    reject,
    settled,
    suggest_,
    sync_,
)
from gitrepo import git, show
from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.records.models.suggestion import parse_suggestion
from manualsmith.workflow.verify.verify_records import verify_range
from manualsmith.workflow.workspace.open_workspace import open_workspace
from merging import BUTTONS, Merge, host_of, pressed_or_refused, revert, touch_up

HERE = {
    "accept": accept, "reject": reject, "refresh": refresh_, "suggest": suggest_, "sync": sync_,
    "paragraph": paragraph,
}  # fmt: skip
# what a suggestion of these tests puts there, each of them once
TEXTS = re.compile("請?按「允許存取」。|重新啟動。|第 \\d+ 次補充。")
BY_HAND = re.compile('(Revert ")*Change')  # nobody suggested it, and that is told
BOUND = {"按「允許存取」。": "請按「允許存取」。", "重新啟動。": "再重新啟動。"}

doings = st.one_of(
    st.tuples(st.integers(0, 2), st.sampled_from(sorted(HERE))),
    st.tuples(st.just(9), st.sampled_from(sorted(BUTTONS)), st.integers(0, 5), st.booleans()),
    st.tuples(st.just(9), st.just("touch"), st.integers(0, 5)),
    st.tuples(st.just(9), st.just("revert"), st.integers(0, 3)),
)


def at_the_host(office: Office, doing: tuple) -> None:
    """Press a button, touch a branch up, or revert what was merged last."""
    clone = host_of(office.bare, office.bare.parent)
    _, what, number, *keep = doing
    names = sorted(branches(office.bare))
    if what == "revert":
        made = git(
            clone, "log", "--first-parent", "--format=%H", "-n", "8", "main", "--", "manuals"
        )
        commits = made.split()[:4]
        if number < len(commits) and git(clone, "rev-list", "--count", commits[number]) != "1":
            try:
                revert(Merge(clone, ""), commits[number])
            except AssertionError:  # it meets what came since: a person would see to it
                git(clone, "reset", "-q", "--hard", "origin/main")
        return
    if not names:
        return
    branch = names[number % len(names)].removeprefix("refs/heads/")
    merge = Merge(clone, branch)
    if what == "touch":
        path = PAGE if "O1.2.1" in branch else "manuals/troubleshooting/sync.md"
        text = show(clone, f"origin/{branch}:{path}").decode()
        for old, new in BOUND.items():
            if old in text and new not in text:
                touch_up(merge, path, old, new)
        return
    pressed_or_refused(merge, BUTTONS[what][0], keep=bool(keep[0]))


def sound(office: Office, since: str) -> None:
    """Assert what holds of each desk after all are in step."""
    states = []
    for desk in office.desks:
        pages = "".join(
            show(desk, f"main:{path}").decode()
            for path in git(desk, "ls-tree", "-r", "--name-only", "main", "manuals").splitlines()
        )
        found = [one.removeprefix("請") for one in TEXTS.findall(pages)]
        assert len(found) == len(set(found)), found
        states.append({**dict.fromkeys(listed(desk), "open"), **_decided(desk)})
        assert not set(listed(desk)).intersection(_decided_last(desk))
        workspace = open_workspace(desk)
        with BlobReader(workspace.repository) as reader:
            steps = verify_range(workspace, reader, since, "main")
            wrong = [(one.name, fault) for one in steps for fault in one.faults]
        assert [(n, f) for n, f in wrong if not BY_HAND.match(n.partition(" ")[2])] == []
        git(desk, "fsck", "--no-dangling")
    assert states[0] == states[1] == states[2]


def _decided(desk: Path) -> dict[str, str]:
    found = {}
    for path in git(desk, "ls-tree", "-r", "--name-only", "main", "suggestions").splitlines():
        record = parse_suggestion(show(desk, f"main:{path}"), path)
        assert record.decision is not None, path
        assert record.decision.by
        found[record.id] = record.decision.state
    return found


def _decided_last(desk: Path) -> set[str]:
    """Return the decided suggestions that are not open again."""
    again = {ref.rpartition("/")[2] for ref in branches(desk)}
    return set(_decided(desk)) - again


@settings(
    max_examples=int(os.environ.get("SEQUENCES", "6")),
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
@given(st.lists(doings, min_size=3, max_size=9))
def test_nothing_is_there_twice(sequence):
    root = Path(tempfile.mkdtemp())
    office = make_office(root, hook=False)
    since = git(office.bare, "rev-parse", "main")
    for doing in sequence:
        note(str(doing))
        if doing[0] == 9:
            at_the_host(office, doing)
            continue
        try:
            HERE[doing[1]](office, office.desks[doing[0]])
        except UserError:
            assert doing[1] != "sync"
    settled(office)
    sound(office, since)
