"""The service desk's records: requests, incidents, walkthroughs, and the confirmations they led to.

They are files on the main branch of the repository that holds ``records/``: this one, or another,
private one that the settings name. Each change is one commit, made without a checkout.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from manualsmith.errors import Place, Problem, UserError
from manualsmith.layout import RECORDS, record_file
from manualsmith.naming import near
from manualsmith.records.confirmation import Confirmation, parse_confirmation
from manualsmith.records.files import MODELS, DeskRecord, Record, dump_record, parse_record
from manualsmith.records.incident import Incident
from manualsmith.records.privacy import check_personal, refuse_personal
from manualsmith.records.request import Request
from manualsmith.records.walkthrough import Walkthrough
from manualsmith.records.yamltext import read
from manualsmith.store.blobs import BlobReader
from manualsmith.store.cache import Cache
from manualsmith.store.idclaim import claim_ids
from manualsmith.store.trees import TreeEntry, list_tree
from manualsmith.store.worktree import one_at_a_time
from manualsmith.store.write import BranchWriter, FileChange, NewCommit
from manualsmith.text import t
from manualsmith.workflow.moving import move_main
from manualsmith.workflow.opening import Workspace, open_workspace, records_folder
from manualsmith.workflow.sitting import again

KIND = "desk-1"
Any_ = Request | Incident | Walkthrough | Confirmation
Result = TypeVar("Result")


def records_of(workspace: Workspace) -> Workspace:
    """Return the workspace that holds the records: *workspace*, or the one that is set.

    Records are of no release: those of an older one's manuals are on today's main. Raises UserError
    where what is set is no repository of its own.
    """
    folder = records_folder(workspace.repository, workspace.settings)
    if folder is None:
        if not workspace.release:
            return workspace
        folder = workspace.repository.folder
    hint = t("the setting records names the repository that holds the records")
    try:
        found = open_workspace(folder)
    except UserError as error:
        raise UserError(replace(problem, hint=hint) for problem in error.problems) from error
    own = (found.repository.worktree, found.repository.git_dir)
    if folder.resolve() not in [path.resolve() for path in own if path]:
        # git looks for a repository in the folders above, too: that one may be public
        raise UserError(t("{folder} is no repository of its own", folder=folder), hint=hint)
    here = found.repository.acting(workspace.repository.person)
    return replace(found, repository=here, settings=workspace.settings)


@dataclass(frozen=True)
class Desk:
    """The records as one commit has them, by id; those that cannot be read are ``problems``."""

    workspace: Workspace
    requests: Mapping[str, Request]
    incidents: Mapping[str, Incident]
    walkthroughs: Mapping[str, Walkthrough]
    confirmations: Mapping[str, Confirmation]
    problems: tuple[Problem, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Any_]:
        """Every record by its id."""
        return {**self.requests, **self.incidents, **self.walkthroughs, **self.confirmations}

    @property
    def final(self) -> list[Confirmation]:
        """The confirmations that somebody has looked through."""
        return [one for one in self.confirmations.values() if not one.draft]

    def one(self, kind: type[Record], record_id: str) -> Record:
        """Return the record of that id. Raises UserError with the nearest ids."""
        found = self.by_id.get(record_id)
        if isinstance(found, kind):
            return found
        same = [name for name, record in self.by_id.items() if isinstance(record, kind)]
        raise missing(record_id, same, self.problems)


def missing(record_id: str, names: list[str], problems: tuple[Problem, ...] = ()) -> UserError:
    """Return the error for a record that is not there, or that cannot be read."""
    for problem in problems:
        if Path(problem.place.file or "").stem == record_id:
            return UserError([problem])
    close = near(record_id, names)
    hint = t("nearest: {names}", names=", ".join(close)) if close else None
    return UserError(t("there is no record {id}", id=record_id), hint=hint)


def read_desk(workspace: Workspace) -> Desk:
    """Return all records of *workspace*, which holds them, as its main has them now."""
    return _read(workspace, _entries(workspace))


def _entries(workspace: Workspace) -> list[TreeEntry]:
    found = list_tree(workspace.repository, workspace.main.tip, "records")
    folders = tuple(f"{kind.folder}/" for kind in RECORDS.values())
    return [e for e in found if e.path.endswith(".yaml") and e.path.startswith(folders)]


def _read(workspace: Workspace, entries: list[TreeEntry]) -> Desk:
    """Read records; what was read of a blob once holds for ever."""
    found: dict[str, dict[str, Any_]] = {prefix: {} for prefix in RECORDS}
    problems: list[Problem] = []
    with Cache.open(workspace.repository.common_dir) as cache:
        stored = cache.get_many(KIND, [f"{entry.path}:{entry.oid}" for entry in entries])
        fresh: dict[str, bytes] = {}
        with BlobReader(workspace.repository) as reader:
            unread = [e for e in entries if f"{e.path}:{e.oid}" not in stored]
            blobs = dict(zip(unread, reader.get_many([e.oid for e in unread]), strict=True))
            for entry in entries:
                key, prefix = f"{entry.path}:{entry.oid}", _prefix(entry.path)
                if key in stored:
                    record: Any_ = MODELS[prefix].model_validate_json(stored[key])
                else:
                    blob = blobs[entry]
                    try:
                        record = _parsed(prefix, blob.data if blob else b"", entry.path)
                    except UserError as error:
                        problems += error.problems
                        continue
                    fresh[key] = record.model_dump_json(by_alias=True, exclude_unset=True).encode()
                found[prefix][record.id] = record
        cache.put_many(KIND, fresh)
    return Desk(
        workspace,
        found["REQ"],  # type: ignore[arg-type]
        found["INC"],  # type: ignore[arg-type]
        found["WLK"],  # type: ignore[arg-type]
        found["ENV"],  # type: ignore[arg-type]
        tuple(problems),
    )


def _prefix(path: str) -> str:
    return next(name for name, kind in RECORDS.items() if path.startswith(f"{kind.folder}/"))


def _parsed(prefix: str, data: bytes, path: str) -> Any_:
    """Return a file's record. Raises UserError, also where its id is not its name."""
    if prefix == "ENV":
        return parse_confirmation(data, path)
    record: DeskRecord = parse_record(MODELS[prefix], data, path)  # type: ignore[type-var, assignment]
    if record_file(record.id) != path:
        raise UserError(t("the id is {id}, and the file's name another", id=record.id), Place(path))
    return record


@dataclass
class Kept:
    """What one change writes: records, and files such as a drafted confirmation, by path."""

    records: dict[str, DeskRecord] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    def put(self, *records: DeskRecord) -> None:
        """Have records written."""
        self.records.update({record.id: record for record in records})

    def texts(self) -> dict[str, str]:
        """Return each file's text, by path."""
        return {
            **{record_file(one.id): dump_record(one) for one in self.records.values()},
            **self.files,
        }


def change(
    workspace: Workspace,
    work: Callable[[Desk, Kept], Result],
    message: Callable[[Result], str],
    *,
    dry_run: bool = False,
) -> Result:
    """Return what *work* makes of the records as they are now, and commit what it put in `Kept`.

    One process of a repository at a time; where somebody else moved main meanwhile, *work* is done
    again. Raises UserError, with nothing written, for a record with personal data in it, or where
    a file in the working tree has changes of its own.
    """

    def once() -> Result:
        now = workspace.refreshed()
        kept = Kept()
        result = _worked(work, read_desk(now), kept)
        _refuse_faults(kept)
        _refuse_personal(now, kept)
        if texts := kept.texts():
            told = message(result)
            refuse_personal(told, now.settings.allow_personal)
            _commit(now, texts, told)
        return result

    if dry_run:
        kept = Kept()
        result = _worked(work, read_desk(workspace.refreshed()), kept)
        _refuse_faults(kept)
        _refuse_personal(workspace, kept)
        return result

    def alone() -> Result:
        with one_at_a_time(workspace.repository):
            return once()

    return again(alone)


def change_with_id(
    workspace: Workspace,
    prefix: str,
    year: int,
    work: Callable[[Desk, Kept, str], Result],
    message: Callable[[Result], str],
    *,
    dry_run: bool = False,
) -> Result:
    """Do what `change` does with a new record, whose id *work* is given.

    The id is claimed when all else is known to be right: one that is claimed is never given again.
    """
    tried = change(
        workspace, lambda desk, kept: work(desk, kept, f"{prefix}-0000-0000"), message, dry_run=True
    )
    if dry_run:
        return tried
    [name] = claim(workspace, prefix, year)
    return change(workspace, lambda desk, kept: work(desk, kept, name), message)


def _worked(work: Callable[[Desk, Kept], Result], desk: Desk, kept: Kept) -> Result:
    """Return what *work* returns; a value that was typed and is not allowed is a UserError."""
    try:
        return work(desk, kept)
    except ValidationError as error:
        problems = [
            Problem(f"{'.'.join(map(str, one['loc']))}: {one['msg']}") for one in error.errors()
        ]
        raise UserError(problems) from error


def _refuse_faults(kept: Kept) -> None:
    """Raise UserError where a record would be written that cannot be read again."""
    for one in kept.records.values():
        path = record_file(one.id)
        try:
            _parsed(one.id[:3], dump_record(one).encode(), path)
        except UserError as error:
            raise UserError(replace(p, place=Place()) for p in error.problems) from error


def _refuse_personal(workspace: Workspace, kept: Kept) -> None:
    typed = {path: text for path, text in kept.texts().items() if path not in kept.files}
    refuse_personal_in(workspace, typed)
    refuse_personal_in(workspace, kept.files, by_hand=True)


def refuse_personal_in(
    workspace: Workspace, texts: Mapping[str, str], *, by_hand: bool = False
) -> None:
    """Raise UserError where a text to be written, by path, holds personal data or a secret.

    One that was typed on a command line, and not *by_hand* into its file, has no place to look at.
    """
    problems = []
    for path, text in texts.items():
        for one in check_personal(read(text.encode(), path), workspace.settings.allow_personal):
            if not by_hand:
                hint = t("leave it out, or give --mask")
                message = f"{one.field}: {one.message}" if one.field else one.message
                one = replace(one, message=message, place=Place(), hint=hint)
            problems.append(one)
    if problems:
        raise UserError(problems)


def _commit(workspace: Workspace, texts: Mapping[str, str], message: str) -> None:
    repository, main = workspace.repository, workspace.main
    changes = tuple(FileChange(path, text.encode()) for path, text in sorted(texts.items()))
    author, committer = repository.signature("author"), repository.signature("committer")
    with BranchWriter(repository) as writer:
        writer.add(NewCommit((main.tip,), message, author, committer, changes))
        [tip] = writer.finish()
    move_main(workspace, tip, [], f"manualsmith: {message.splitlines()[0]}")


def claim(workspace: Workspace, prefix: str, year: int, count: int = 1) -> list[str]:
    """Return new ids of a kind of record. Raises UserError where none can be claimed."""
    known = {Path(entry.path).stem for entry in _entries(workspace)}
    root = workspace.repository.worktree
    if root:
        known |= {path.stem for path in (root / RECORDS[prefix].folder).glob("*.yaml")}
    remote = workspace.settings.remote
    claimed = claim_ids(workspace.repository, prefix, year, known, remote, count=count)
    return [one.id for one in claimed]


def staff_of(workspace: Workspace, named: str | None) -> str:
    """Return who works here: as named, else who acts, else git's ``manualsmith.staff``.

    Git's author is a name, which no record holds. Raises UserError where nobody is configured.
    """
    repository = workspace.repository
    person = repository.person.name if repository.person else None
    found = named or person or repository.config("manualsmith.staff")
    if not found:
        hint = t("once for all: git config --global manualsmith.staff S-0412")
        raise UserError(t("which staff number or role are you?"), hint=hint)
    return found
