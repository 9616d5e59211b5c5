"""Commits that differ from what the tool made in one thing alone."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from gitrepo import git, show
from manualsmith.git.blobs import BlobReader
from manualsmith.git.branches import describe_commits
from manualsmith.git.repository import Repository
from manualsmith.git.write import BranchWriter, FileChange, NewCommit
from manualsmith.layout import confirmation_path, confirmations_folder
from manualsmith.records.models.confirmation import parse_confirmation
from manualsmith.records.models.suggestion import Suggestion, dump_suggestion, parse_suggestion
from manualsmith.workflow.queue.branch_content import author_of
from manualsmith.workflow.queue.commit_messages import decision_message, suggestion_message
from manualsmith.workflow.verify.verify_records import verify_branches, verify_range
from manualsmith.workflow.workspace.open_workspace import open_workspace
from reviewing import accept


@dataclass(frozen=True)
class Made:
    """A commit that the tool made: the branch *ref* of a suggestion, or main's merge of one."""

    repo: Path
    ref: str
    commit: str

    @property
    def is_merge(self) -> bool:
        """Whether it is main's."""
        return not self.ref.startswith("refs/heads/suggest/")

    @property
    def parents(self) -> list[str]:
        """Its parents."""
        return git(self.repo, "show", "-s", "--format=%P", self.commit).split()

    @property
    def ends(self) -> tuple[str, str]:
        """Its first parent and itself."""
        return f"{self.commit}^", self.commit

    @property
    def message(self) -> str:
        """Its message."""
        return git(self.repo, "show", "-s", "--format=%B", self.commit)

    def changed(self, folder: str = "") -> list[str]:
        """Return the paths under *folder* that it changes and has."""
        command = ["diff", "--name-only", "--no-renames", "--diff-filter=AM"]
        found = git(self.repo, *command, *self.ends).splitlines()
        return [path for path in found if path.startswith(folder)]

    def record(self) -> Suggestion:
        """Return its record."""
        [path] = self.changed("suggestions/")
        return parse_suggestion(show(self.repo, f"{self.commit}:{path}"), path)


def made_on_main(branch: Made, name: str) -> Made:
    """Accept a suggestion, and return main's merge of it."""
    for file in (branch.repo / "records").rglob("*.yaml"):
        file.unlink()  # not committed, they would be in the way
    git(branch.repo, "checkout", "-q", "-f", "main")
    accept(branch.repo, name)
    return Made(branch.repo, "refs/heads/main", git(branch.repo, "rev-parse", "main"))


@dataclass(frozen=True)
class Change:
    """What is otherwise: entries of the tree by path, the parents, the message, the author.

    An entry is ``mode,object id``, None where the path is to be gone.
    """

    entries: dict[str, str | None] = field(default_factory=dict)
    parents: list[str] | None = None
    message: str | None = None
    author: str | None = None


def written(made: Made, change: Change) -> str:
    """Return a commit that differs from *made* in a change alone."""
    index = {"GIT_INDEX_FILE": str(made.repo / ".git" / "other-index")}
    _run(made.repo, index, "read-tree", made.commit)
    for path, entry in change.entries.items():
        if entry is None:
            _run(made.repo, index, "update-index", "--force-remove", path)
        else:
            _run(made.repo, index, "update-index", "--add", "--cacheinfo", f"{entry},{path}")
    tree = _run(made.repo, index, "write-tree")
    parents = made.parents if change.parents is None else change.parents
    author = change.author or git(made.repo, "show", "-s", "--format=%an", made.commit)
    return _run(
        made.repo,
        {"GIT_AUTHOR_NAME": author},
        *["commit-tree", tree, "-F", "-", *(word for one in parents for word in ("-p", one))],
        data=made.message if change.message is None else change.message,
    )


def _run(repo: Path, environment: dict[str, str], *command: str, data: str = "") -> str:
    done = subprocess.run(
        ["git", *command],
        cwd=repo,
        env={**os.environ, **environment},
        input=data,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout.strip()


def with_records(made: Made, records: Sequence[Suggestion]) -> list[str]:
    """Return commits with other records, as the tool writes them, and their messages with them.

    What is otherwise in the record shows in the message, but for who decided, when and why: there
    the message is all that tells.
    """
    [path] = made.changed("suggestions/")
    gone = git(made.repo, "diff", "--name-only", "--no-renames", "--diff-filter=D", *made.ends)
    files: dict[str, bytes | None] = dict.fromkeys(gone.splitlines())
    files |= {name: show(made.repo, f"{made.commit}:{name}") for name in made.changed()}
    listed = git(made.repo, "ls-tree", "--name-only", made.commit, f"{confirmations_folder()}/")
    sources = {name: show(made.repo, f"{made.commit}:{name}") for name in listed.splitlines()}
    before, repository = made.record(), Repository.open(made.repo)
    [info] = describe_commits(repository, [made.commit])
    author = author_of(info)
    with BranchWriter(repository) as writer:
        for record in records:
            message = made.message
            if not made.is_merge:
                message = _suggested(sources, record) or message
            elif record.decision == before.decision:
                message = decision_message(record)
            changes = {**files, path: dump_suggestion(record)}
            written = tuple(FileChange(name, data) for name, data in changes.items())
            writer.add(NewCommit(tuple(made.parents), message, author, author, written))
        return writer.finish()


def _suggested(files: Mapping[str, bytes], record: Suggestion) -> str | None:
    """Return a suggestion's message; None where its confirmations are not there to be told of."""
    paths = [confirmation_path(one.id) for one in (record.confirmation, *record.evidence)]
    found = [parse_confirmation(data, p) for p in paths if (data := files.get(p))]
    return suggestion_message(record, found) if len(found) == len(paths) else None


def faults(made: Made, commits: Sequence[str]) -> list[list[str]]:
    """Return what verification says of commits that take the place of the one that was made."""
    workspace = open_workspace(made.repo)
    found = []
    with BlobReader(workspace.repository) as reader:
        infos = {info.tip: info for info in describe_commits(workspace.repository, commits)}
        for info in map(infos.__getitem__, commits):  # git names one that is there twice once
            if made.is_merge:
                told = list(verify_range(workspace, reader, made.parents[0], info.tip))
            else:
                told = list(verify_branches(workspace, reader, [replace(info, ref=made.ref)]))
            assert told
            found.append([fault for one in told for fault in one.faults])
    return found
