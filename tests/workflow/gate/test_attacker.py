"""A model of somebody hostile who may push: what is on main stays what reviewers accepted.

They make commits of any tree, parents and message, and push them to any refs. EXAMPLES=500 in the
environment draws more of what they do; HYPOTHESIS_PROFILE=fuzz new ones.
"""

import io
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from gated import Gate, make_gate
from gitrepo import git, refs
from manualsmith.cli.group import run
from manualsmith.records.models.suggestion import parse_suggestion
from reviewing import ENTRY_BRANCH, ENTRY_ID, PAGE, STEP_BRANCH, STEP_ID, accept

OPEN = {STEP_ID: STEP_BRANCH, ENTRY_ID: ENTRY_BRANCH}
RECORDS = {
    STEP_ID: f"suggestions/operation/{STEP_ID}.yaml",
    ENTRY_ID: f"suggestions/troubleshooting/{ENTRY_ID}.yaml",
}
CONFIRMATION = "records/confirmations/ENV-2026-0001.yaml"
PATHS = [PAGE, *RECORDS.values(), CONFIRMATION, "pyproject.toml", "manuals/operation/evil.md",
         "manuals/troubleshooting/third/a.md", "manuals/operation/a.png", "notes.md",
         "mkdocs.yml"]  # fmt: skip
TEXTS = [None, "# 來路不明\n", "[tool.manualsmith]\n", "[[[", "of a commit", "decided", "undecided"]
MESSAGES = ["x", "Merge it", "decided", 'Revert "x"\n\nThis reverts commit {}.']
REFS = ["main", "main", "main", "release/78", "other", STEP_BRANCH, "replace", "keep"]

number = st.integers(0, 40)
# main as it is, more often than not: most of what anybody tries goes on from there
which = st.one_of(st.just(0), number)
LIKELY = [
    (PAGE, "of a commit"), (RECORDS[STEP_ID], None), (RECORDS[STEP_ID], "decided"),
    (RECORDS[ENTRY_ID], "undecided"), ("pyproject.toml", "[tool.manualsmith]\n"),
    ("pyproject.toml", "[[["), ("manuals/operation/evil.md", "# 來路不明\n"), (CONFIRMATION, None),
]  # fmt: skip
change = st.one_of(
    st.tuples(st.sampled_from(LIKELY), which).map(lambda pair: (*pair[0], pair[1])),
    st.tuples(st.sampled_from(PATHS), st.sampled_from(TEXTS), which),
)
making = st.tuples(
    st.just("make"),
    which,  # whose tree
    st.lists(change, max_size=3),
    st.one_of(st.just([0]), st.lists(which, max_size=3)),  # the parents
    st.tuples(st.sampled_from(MESSAGES), number),
)
pushing = st.tuples(
    st.just("push"),
    st.lists(
        st.tuples(st.sampled_from(REFS), st.one_of(st.none(), number)),
        min_size=1,
        max_size=3,
        unique_by=lambda one: one[0],
    ),
)
attempt = st.tuples(st.just("attempt"), making, st.sampled_from(["main", "main", "release/78"]))
honest = st.tuples(st.just("accept"), st.sampled_from(sorted(OPEN)))
# one change on top of main: what is refused for a single reason
slip = st.builds(
    lambda one, said, ref: ("attempt", ("make", 0, [one], [0], said), ref),
    change,
    st.tuples(st.sampled_from(MESSAGES), which),
    st.sampled_from(["main", "main", "release/78"]),
)
doings = st.lists(st.one_of(slip, slip, attempt, making, pushing, honest), min_size=2, max_size=9)


@cache
def template() -> Gate:
    return make_gate(Path(tempfile.mkdtemp(prefix="manualsmith-gate-")))


@dataclass
class World:
    """The server, the attacker's clone, and all commits that there are to build with."""

    gate: Gate
    commits: list[str] = field(default_factory=list)

    def __post_init__(self):
        heads = refs(self.gate.repo)
        names = ["refs/heads/main", *(f"refs/heads/{one}" for one in OPEN.values())]
        self.commits += [heads[name] for name in names]

    def main(self):
        return git(self.gate.bare, "rev-parse", "main")

    def at(self, which):
        """Return a commit by its number: main is more likely than any other one."""
        pool = [self.main(), self.main(), *self.commits]
        return pool[which % len(pool)]

    def make(self, tree, changes, parents, message):
        repo = self.gate.repo
        index = {**os.environ, "GIT_INDEX_FILE": str(repo / ".git" / "attack-index")}

        def plumbing(*command, data=None):
            import subprocess

            done = subprocess.run(["git", *command], cwd=repo, env=index, input=data,
                                  capture_output=True, encoding="utf-8", check=True)  # fmt: skip
            return done.stdout.strip()

        plumbing("read-tree", self.at(tree))
        for path, what, other in changes:
            text = self._text(path, what, self.at(other))
            if text is None:
                plumbing("update-index", "--force-remove", path)
            else:
                oid = plumbing("hash-object", "-w", "--stdin", data=text)
                plumbing("update-index", "--add", "--cacheinfo", f"100644,{oid},{path}")
        said, named = message
        said = said.format(self.at(named)) if said != "decided" else self._message(named)
        heads = [word for one in dict.fromkeys(map(self.at, parents)) for word in ("-p", one)]
        made = plumbing("commit-tree", plumbing("write-tree"), *heads, data=said)
        self.commits.append(made)
        return made

    def _message(self, which):
        return git(self.gate.repo, "show", "-s", "--format=%B", self.at(which))

    def _text(self, path, what, commit):
        if what not in ("of a commit", "decided", "undecided"):
            return what
        try:
            text = git(self.gate.repo, "show", f"{commit}:{path}") + "\n"
        except AssertionError:
            return None
        if what == "decided" and "decision:" not in text:
            at = "2026-01-01T00:00:00+08:00"
            return f"{text}\ndecision:\n  state: accepted\n  by: 別人\n  at: '{at}'\n"
        return text.partition("\ndecision:")[0] + "\n" if what == "undecided" else text

    def push(self, wanted):
        """Ask the hook about a push, and make it where it is let through."""
        heads = refs(self.gate.bare)
        lines, moves = [], []
        for name, which in wanted:
            new = self.at(which) if which is not None else "0" * 40
            ref = f"refs/heads/{name}"
            if name == "replace":
                ref = f"refs/replace/{self.main()}"
            elif name == "keep":
                ref = "refs/manualsmith/ids/ENV"
            old = heads.get(ref, "0" * 40)
            if old != new:
                lines.append(f"{old} {new} {ref}\n")
                moves.append((ref, new, old))
        if moves and self.hook("".join(lines)) == 0:
            for ref, new, old in moves:
                command = ["-d", ref, old] if new == "0" * 40 else [ref, new, old]
                git(self.gate.bare, "update-ref", *command)
            return True
        return False

    def hook(self, lines):
        before, sys.stdin = sys.stdin, io.StringIO(lines)
        try:
            return run(["-C", str(self.gate.bare), "hook", "pre-receive"])
        finally:
            sys.stdin = before

    def accept(self, name):
        """Accept as an honest reviewer does, where it is open still; it must go through."""
        if f"refs/heads/{OPEN[name]}" not in refs(self.gate.bare):
            return
        repo = self.gate.repo
        git(repo, "fetch", "-q", "--prune", "origin", "+refs/heads/*:refs/remotes/origin/*")
        git(repo, "checkout", "-q", "-f", "-B", "main", "origin/main")
        git(repo, "clean", "-qfd")
        git(repo, "branch", "-f", OPEN[name], f"origin/{OPEN[name]}")
        [outcome] = accept(repo, name).outcomes
        assert outcome.status in ("accepted", "superseded", "decided"), outcome
        tip = git(repo, "rev-parse", "main")
        self.commits += [git(repo, "rev-parse", f"{tip}^1"), tip]
        lines = f"{self.main()} {tip} refs/heads/main\n"
        gone = git(self.gate.bare, "rev-parse", OPEN[name])
        lines += f"{gone} {'0' * 40} refs/heads/{OPEN[name]}\n"
        assert self.hook(lines) == 0, "an honest accept was turned away"
        git(self.gate.bare, "update-ref", "refs/heads/main", tip)
        git(self.gate.bare, "update-ref", "-d", f"refs/heads/{OPEN[name]}")

    def check(self, base):
        """What readers get is what the accepted records give, and the gate is still one."""
        bare = self.gate.bare
        for ref in refs(bare):
            assert ref.startswith(("refs/heads/", "refs/manualsmith/ids/")), ref
        heads = [ref for ref in refs(bare) if ref == "refs/heads/main" or "/release/" in ref]
        for ref in heads:
            taken = set()
            for name, path in RECORDS.items():
                found = git(bare, "ls-tree", "--name-only", ref, path)
                record = (
                    parse_suggestion(git(bare, "show", f"{ref}:{path}").encode(), path)
                    if found
                    else None
                )
                if record and (record.decision is None or record.decision.state == "accepted"):
                    taken.add(name)
            assert git(bare, "rev-parse", f"{ref}:manuals") == base[frozenset(taken)], ref
            assert "protect_main = true" in git(bare, "show", f"{ref}:pyproject.toml")


@cache
def trees():
    """Return the tree of the manuals by which suggestions were accepted, made by honest hands."""
    found = {}
    for names in ((), (STEP_ID,), (ENTRY_ID,), (STEP_ID, ENTRY_ID)):
        with tempfile.TemporaryDirectory() as root:
            gate = copied(root)
            for name in names:
                accept(gate.repo, name)
            found[frozenset(names)] = git(gate.repo, "rev-parse", "main:manuals")
    return found


def copied(root):
    """Return a gate of one's own, its objects those of the attacker's clone as well."""
    made = template()
    gate = Gate(Path(root) / "repo", Path(root) / "bare.git")
    shutil.copytree(made.repo, gate.repo)
    shutil.copytree(made.bare, gate.bare)
    git(gate.repo, "remote", "set-url", "origin", str(gate.bare))
    file = gate.bare / "objects" / "info" / "alternates"
    file.write_text(f"{gate.repo / '.git' / 'objects'}\n", "utf-8")
    return gate


@settings(
    max_examples=int(os.environ.get("EXAMPLES", "12")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
@given(doings)
def test_main_is_what_reviewers_accepted(done):
    base = trees()
    with tempfile.TemporaryDirectory() as root:
        world = World(copied(root))
        for doing in done:
            note(doing)
            if doing[0] == "make":
                world.make(*doing[1:])
            elif doing[0] == "attempt":
                world.make(*doing[1][1:])
                if world.push([(doing[2], len(world.commits) + 1)]):
                    note("let through")
            elif doing[0] == "push":
                world.push(doing[1])
            else:
                world.accept(doing[1])
            world.check(base)
        for name in OPEN:
            world.accept(name)
            world.check(base)
