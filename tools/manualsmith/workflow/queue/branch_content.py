"""What a suggestion's commit holds: its record, its pages, the confirmations that it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass

from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.branches import RefInfo
from manualsmith.git.repository import Signature
from manualsmith.git.write import FileChange, NewCommit
from manualsmith.layout import confirmation_path
from manualsmith.records.models.confirmation import Confirmation, parse_confirmation
from manualsmith.records.models.suggestion import Suggestion, dump_suggestion
from manualsmith.text import t
from manualsmith.workflow.queue.branch import Branch, confirmation_files, page_results, record_path
from manualsmith.workflow.queue.commit_messages import suggestion_message


@dataclass(frozen=True)
class Content:
    """The files of one suggestion's commit, by path: the changed pages and the confirmations."""

    record: Suggestion
    pages: Mapping[str, bytes | None]
    confirmations: Mapping[str, bytes]

    def files(self) -> dict[str, bytes | None]:
        """Return each file that the commit writes, None for one that it takes away."""
        record = {record_path(self.record): dump_suggestion(self.record)}
        return {**self.confirmations, **self.pages, **record}

    def sources(self) -> list[Confirmation]:
        """Return the confirmations, the one that the suggestion began with first."""
        named = [self.record.confirmation, *self.record.evidence]
        paths = dict.fromkeys(confirmation_path(one.id) for one in named)
        return [parse_confirmation(self.confirmations[path], path) for path in paths]


def read_content(reader: BlobReader, branch: Branch) -> Content:
    """Return what a branch holds. Raises UserError where it is not as its record says."""
    record = branch.record
    if record is None:
        raise UserError(t("{branch} has no record that can be read", branch=branch.name))
    pages = page_results(record)
    there = [path for path, result in pages.items() if result]
    confirmations = confirmation_files(record)
    blobs = reader.get_many([f"{branch.tip}:{path}" for path in (*there, *confirmations)])
    found: dict[str, bytes] = {}
    for path, blob in zip((*there, *confirmations), blobs, strict=True):
        if blob is None:
            raise UserError(t("{branch} has no {path}", branch=branch.name, path=path))
        found[path] = blob.data
    return Content(
        record,
        {path: found.get(path) for path in pages},
        {path: found[path] for path in confirmations},
    )


def confirmations_of(reader: BlobReader, record: Suggestion) -> dict[str, bytes]:
    """Return the confirmations that a decided record rests on, as they were then, by path.

    Raises UserError where the repository has one of them no more.
    """
    named = (record.confirmation, *record.evidence)
    found = {}
    for one, blob in zip(named, reader.get_many([one.blob for one in named]), strict=True):
        if blob is None:
            raise UserError(
                t("the confirmation {id} is not in the repository any more", id=one.id),
                hint=t("run suggest with it again"),
            )
        found[confirmation_path(one.id)] = blob.data
    return found


def commit_of(content: Content, parent: str, author: Signature, committer: Signature) -> NewCommit:
    """Return the commit that puts a suggestion on *parent*."""
    return NewCommit(
        parents=(parent,),
        message=suggestion_message(content.record, content.sources()),
        author=author,
        committer=committer,
        changes=tuple(FileChange(path, data) for path, data in sorted(content.files().items())),
    )


def author_of(info: RefInfo) -> Signature:
    """Return who made a branch's commit, and when: a commit made anew keeps them."""
    seconds, _, offset = info.author_date.partition(" ")
    return Signature(info.author_name, info.author_email, int(seconds), offset)
