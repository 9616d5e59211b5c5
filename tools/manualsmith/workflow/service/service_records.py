"""The service desk's records: requests, incidents, walkthroughs, and the confirmations they led to.

They are files on the main branch of the repository that holds ``records/``: this one, or another,
private one that the settings name. Each change is one commit, made without a checkout.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

from pydantic import ValidationError

from manualsmith.cache.by_key import Cache
from manualsmith.errors import Place, Problem, UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.lfs.large_objects import keep_object, with_pointers
from manualsmith.git.lfs.pointer import Pointer
from manualsmith.git.trees import TreeEntry, list_tree
from manualsmith.git.worktree import one_at_a_time
from manualsmith.git.write import BranchWriter, FileChange, NewCommit
from manualsmith.layout import RECORDS, picture_path, record_file, writing
from manualsmith.naming import near
from manualsmith.records.models.confirmation import Confirmation, parse_confirmation
from manualsmith.records.models.incident import Incident
from manualsmith.records.models.request import Request
from manualsmith.records.models.walkthrough import Walkthrough
from manualsmith.records.pictures import Picture
from manualsmith.records.privacy import check_personal, refuse_personal
from manualsmith.records.problems import told
from manualsmith.records.record_files import (
    AnyRecord,
    DeskRecord,
    dump_record,
    model_of,
    parse_record,
)
from manualsmith.records.yaml.read_yaml import read
from manualsmith.text import t
from manualsmith.workflow.landing.move_main import move_main
from manualsmith.workflow.review.open_session import again
from manualsmith.workflow.workspace.new_ids import claim
from manualsmith.workflow.workspace.open_workspace import Workspace, open_workspace, records_folder

KIND = "desk-1"
Any_ = Request | Incident | Walkthrough | Confirmation
Result = TypeVar("Result")


def final_of(desks: "Iterable[Desk]") -> list[Confirmation]:
    """Return the confirmations of several repositories that are no drafts, each once.

    The last desk's counts: a private repository's may be newer than the copies that suggestions
    brought to the manuals'.
    """
    return [*{one.id: one for desk in desks for one in desk.final}.values()]


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
        found = open_workspace(folder, records_alone=True)
    except UserError as error:
        raise UserError(replace(problem, hint=hint) for problem in error.problems) from error
    own = (found.repository.worktree, found.repository.git_dir)
    if folder.resolve() not in [path.resolve() for path in own if path]:
        # git looks for a repository in the folders above, too: that one may be public
        raise UserError(t("{folder} is no repository of its own", folder=folder), hint=hint)
    here = found.repository.acting(workspace.repository.person)
    same = here.common_dir == workspace.repository.common_dir
    manuals = None if same else workspace
    return replace(found, repository=here, settings=workspace.settings, manuals=manuals)


class Desk:
    """The records of one commit, read when they are asked for.

    One record costs that file; a kind of them costs what has changed since it was last read.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    @cached_property
    def requests(self) -> Mapping[str, Request]:
        """The requests, by id."""
        return {one.id: one for one in self._all("REQ") if isinstance(one, Request)}

    @cached_property
    def incidents(self) -> Mapping[str, Incident]:
        """The incidents, by id."""
        return {one.id: one for one in self._all("INC") if isinstance(one, Incident)}

    @cached_property
    def walkthroughs(self) -> Mapping[str, Walkthrough]:
        """The walkthroughs, by id."""
        return {one.id: one for one in self._all("WLK") if isinstance(one, Walkthrough)}

    @cached_property
    def confirmations(self) -> Mapping[str, Confirmation]:
        """The confirmations, by id, drafts included."""
        return {one.id: one for one in self._all("ENV") if isinstance(one, Confirmation)}

    @cached_property
    def by_id(self) -> Mapping[str, Any_]:
        """Every record by its id."""
        return {**self.requests, **self.incidents, **self.walkthroughs, **self.confirmations}

    @property
    def final(self) -> list[Confirmation]:
        """The confirmations that somebody has looked through."""
        return [one for one in self.confirmations.values() if not one.draft]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the records that cannot be read."""
        return tuple(problem for prefix in RECORDS for problem in self._read[prefix][1])

    def one(self, kind: type[AnyRecord], record_id: str) -> AnyRecord:
        """Return the record of that id. Raises UserError with the nearest ids, or what is wrong."""
        prefix = next(name for name in RECORDS if model_of(name) is kind)
        if record_id.startswith(f"{prefix}-") and "/" not in record_id:
            path = record_file(record_id)
            with BlobReader(self.workspace.repository) as reader:
                blob = reader.get(f"{self.workspace.main.tip}:{path}")
            found = _parsed(prefix, blob.data, path) if blob else None
            if isinstance(found, kind):
                return found
        raise missing(record_id, [one.id for one in self._all(prefix)])

    def _all(self, prefix: str) -> Sequence[Any_]:
        return self._read[prefix][0]

    @cached_property
    def _read(self) -> "_Kinds":
        return _Kinds(self.workspace)


Kind_ = tuple[tuple[Any_, ...], tuple[Problem, ...]]


class _Kinds(dict[str, Kind_]):
    """Each kind's records, and the problems of those that cannot be read, read when asked for."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace

    def __missing__(self, prefix: str) -> Kind_:
        """Read a kind of records; what was read of a blob once holds for ever."""
        entries = _entries(self._workspace, prefix)
        repository = self._workspace.repository
        found: list[Any_] = []
        problems: list[Problem] = []
        fresh: dict[str, bytes] = {}
        with Cache.open(repository.common_dir) as cache, BlobReader(repository) as reader:
            keys = [f"{entry.path}:{entry.oid}" for entry in entries]
            stored: dict[str, Any] = cache.decoded(KIND, keys, model_of(prefix).model_validate_json)
            unread = [e for e in entries if f"{e.path}:{e.oid}" not in stored]
            blobs = dict(zip(unread, reader.get_many([e.oid for e in unread]), strict=True))
            for entry in entries:
                key = f"{entry.path}:{entry.oid}"
                if key in stored:
                    found.append(stored[key])
                    continue
                blob = blobs[entry]
                try:
                    record = _parsed(prefix, blob.data if blob else b"", entry.path)
                except UserError as error:
                    problems += error.problems
                    continue
                dumped = record.model_dump_json(by_alias=True, exclude_unset=True)
                fresh[key] = dumped.encode()
                found.append(record)
            cache.put_many(KIND, fresh)
        self[prefix] = tuple(found), tuple(problems)
        return self[prefix]


def missing(record_id: str, names: list[str]) -> UserError:
    """Return the error for a record that is not there."""
    close = near(record_id, names)
    hint = t("nearest: {names}", names=", ".join(close)) if close else None
    return UserError(t("there is no record {id}", id=record_id), hint=hint)


def read_desk(workspace: Workspace) -> Desk:
    """Return the records of *workspace*, which holds them, as its main has them now."""
    return Desk(workspace)


def _entries(workspace: Workspace, prefix: str) -> list[TreeEntry]:
    folder = RECORDS[prefix].folder
    found = list_tree(workspace.repository, workspace.main.tip, folder)
    return [e for e in found if e.path.endswith(".yaml") and "/" not in e.path[len(folder) + 1 :]]


def _parsed(prefix: str, data: bytes, path: str) -> Any_:
    """Return a file's record. Raises UserError, also where its id is not its name."""
    if prefix == "ENV":
        return parse_confirmation(data, path)
    record: DeskRecord = parse_record(model_of(prefix), data, path)  # type: ignore[type-var, assignment]
    if record_file(record.id) != path:
        raise UserError(t("the id is {id}, and the file's name another", id=record.id), Place(path))
    return record


@dataclass
class Committed:
    """What one change writes: records, and files such as a drafted confirmation, by path."""

    records: dict[str, DeskRecord] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)

    def put(self, *records: DeskRecord) -> None:
        """Have records written."""
        self.records.update({record.id: record for record in records})

    def put_pictures(self, pictures: Iterable[Picture]) -> tuple[str, ...]:
        """Have pictures written, and return their names."""
        found = {one.name: one.data for one in pictures}
        self.pictures.update({picture_path(name): data for name, data in found.items()})
        return tuple(found)

    def texts(self) -> dict[str, str]:
        """Return each file's text, by path."""
        return {
            **{record_file(one.id): dump_record(one) for one in self.records.values()},
            **self.files,
        }


def change(
    workspace: Workspace,
    work: Callable[[Desk, Committed], Result],
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
        kept = Committed()
        result = _worked(work, read_desk(now), kept)
        _refuse_faults(kept)
        _refuse_personal(now, kept)
        texts = kept.texts()
        if texts or kept.pictures:
            told = message(result)
            refuse_personal(told, now.settings.allow_personal)
            _commit(now, {**_encoded(texts), **_as_held(now, kept.pictures)}, told)
        return result

    if dry_run:
        kept = Committed()
        result = _worked(work, read_desk(workspace.refreshed()), kept)
        _refuse_faults(kept)
        _refuse_personal(workspace, kept)
        return result

    def alone() -> Result:
        with one_at_a_time(workspace.repository):
            return once()

    return again(alone)


def keep_pictures(
    workspace: Workspace, pictures: Sequence[Picture], *, dry_run: bool = False
) -> tuple[str, ...]:
    """Commit pictures that a file written by hand will name, and return their names."""

    def work(_desk: Desk, kept: Committed) -> tuple[str, ...]:
        return kept.put_pictures(pictures)

    def message(names: tuple[str, ...]) -> str:
        with writing():
            return t("Pictures") + t(": ") + ", ".join(names) + "\n"

    return change(workspace, work, message, dry_run=dry_run)


def change_with_id(
    workspace: Workspace,
    prefix: str,
    year: int,
    work: Callable[[Desk, Committed, str], Result],
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
    [claimed] = claim(workspace, prefix, year)
    name = claimed.id
    return change(workspace, lambda desk, kept: work(desk, kept, name), message)


def _worked(work: Callable[[Desk, Committed], Result], desk: Desk, kept: Committed) -> Result:
    """Return what *work* returns; a value that was typed and is not allowed is a UserError."""
    try:
        return work(desk, kept)
    except ValidationError as error:
        raise UserError(told(error)) from error


def _refuse_faults(kept: Committed) -> None:
    """Raise UserError where a record would be written that cannot be read again."""
    for one in kept.records.values():
        path = record_file(one.id)
        try:
            _parsed(one.id[:3], dump_record(one).encode(), path)
        except UserError as error:
            raise UserError(replace(p, place=Place()) for p in error.problems) from error


def _refuse_personal(workspace: Workspace, kept: Committed) -> None:
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


def _encoded(texts: Mapping[str, str]) -> dict[str, bytes]:
    return {path: text.encode() for path, text in texts.items()}


def _as_held(workspace: Workspace, pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return pictures as the repository holds them: pointers where Git LFS keeps what is there."""
    repository = workspace.repository
    with BlobReader(repository) as reader:
        large = with_pointers(repository, reader, workspace.main.tip, pictures)
    for path in large:
        keep_object(repository, pictures[path])
    return {p: Pointer.to(data).text if p in large else data for p, data in pictures.items()}


def _commit(workspace: Workspace, files: Mapping[str, bytes], message: str) -> None:
    repository, main = workspace.repository, workspace.main
    changes = tuple(FileChange(path, data) for path, data in sorted(files.items()))
    author, committer = repository.signature("author"), repository.signature("committer")
    with BranchWriter(repository) as writer:
        writer.add(NewCommit((main.tip,), message, author, committer, changes))
        [tip] = writer.finish()
    move_main(workspace, tip, [], f"manualsmith: {message.splitlines()[0]}")


def staff_number(workspace: Workspace) -> str | None:
    """Return the staff number that git's configuration has, None where there is none."""
    return workspace.repository.config("manualsmith.staff")


def staff_of(workspace: Workspace, named: str | None) -> str:
    """Return who works here: as named, else who acts, else git's ``manualsmith.staff``.

    Git's author is a name, which no record holds. Raises UserError where nobody is configured.
    """
    person = workspace.repository.person.name if workspace.repository.person else None
    found = named or person or staff_number(workspace)
    if not found:
        hint = t("once for all: git config --global manualsmith.staff S-0412")
        raise UserError(t("which staff number or role are you?"), hint=hint)
    return found
