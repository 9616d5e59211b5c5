"""Which files the site is made of, and what each is called in the repository.

Where the manuals are inside the site's ``docs_dir`` the files are MkDocs' own, under the names that
it, ``nav:`` and other plugins know them by. Where a manual is beside it, MkDocs would not see it,
nor follow a link to it: there each file is named by its path under the repository's root instead,
and keeps its address on the site. So a link that is right on disk, and in a git host's view of the
files, is right on the site too, and MkDocs' own checks and messages speak of the paths that authors
see.
"""

import os
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel, set_exclusions

from manualsmith.errors import UserError
from manualsmith.git.process import GitFailed
from manualsmith.git.repository import Repository
from manualsmith.layout import DEFAULT, layout, manual_folders, manual_of
from manualsmith.markdown.checks.front_matter_check import page_problems
from manualsmith.markdown.reading.page_links import links
from manualsmith.markdown.reading.source import is_text
from manualsmith.settings.read_settings import PYPROJECT, read_settings_in
from manualsmith.text import t
from manualsmith.workflow.workspace.open_workspace import refuse_elsewhere

_log = get_plugin_logger("manualsmith")


def root_of(config: MkDocsConfig) -> Path:
    """Return the folder that the layout's folders are counted from: the repository's root.

    A site whose manuals are around its ``docs_dir``, in whatever folder, is taken as it lies.
    """
    beside = Path(config.docs_dir).parent
    start = Path(config.config_file_path).resolve().parent if config.config_file_path else beside
    for folder in (start, *start.parents):
        if (folder / ".git").exists() or (folder / PYPROJECT).is_file():
            try:
                found = read_settings_in(folder).layout
            except UserError:
                return folder  # whoever reads the settings there tells what is wrong with them
            named = found != DEFAULT or folder == beside
            has = any((folder / manual.folder).is_dir() for manual in found.manuals.values())
            if named and has and Path(config.docs_dir).is_relative_to(folder):
                return folder
            if (folder / ".git").exists():
                break
    return beside


def add_once(listed: list[Any], *names: str, first: bool = False) -> None:
    """Add styles or scripts to a site's, at the end or *first*, but for those that are there.

    i18n builds a site for each language, with the same settings.
    """
    new = [name for name in names if name not in listed]
    at = 0 if first else len(listed)
    listed[at:at] = new


def repository_at(root: Path) -> Repository | None:
    """Return the repository around *root*, None where there is none."""
    try:
        return Repository.open(root)
    except UserError:
        return None


def tell_of_manuals_elsewhere(root: Path, repository: Repository) -> None:
    """Warn where the manuals are not at the repository's root: nothing but the site finds them."""
    has = any((root / folder).is_dir() for folder in manual_folders())
    if not has:
        names = ", ".join(manual_folders())
        _log.warning(t("no manual is here: looked in {folders} under {root}", folders=names,
                       root=root))  # fmt: skip
    try:
        refuse_elsewhere(repository, root, None if has else "HEAD")
    except GitFailed:
        return  # no commit yet
    except UserError as error:
        for problem in error.problems:
            _log.warning("%s; %s", problem, problem.hint)


@dataclass(frozen=True)
class SitePaths:
    """What the site's files are called in the repository.

    root: the repository's. docs: ``docs_dir`` from there. prefix: what stands before a file's name
    on the site, with its slash.
    """

    root: Path
    docs: str
    prefix: str

    @classmethod
    def of(cls, config: MkDocsConfig, root: Path) -> "SitePaths":
        """Return those of the site that is being built, by the layout in force."""
        docs = Path(config.docs_dir).relative_to(root).as_posix()
        inside = all(f"{folder}/".startswith(f"{docs}/") for folder in manual_folders())
        return cls(root, docs, f"{docs}/" if inside else "")

    @cached_property
    def manuals(self) -> list[Path]:
        """The manuals' folders, all links followed."""
        return [(self.root / folder).resolve() for folder in manual_folders()]

    @cached_property
    def kept_back(self) -> list[Path]:
        """The folders whose files are not for readers, likewise."""
        return [(self.root / one).resolve() for one in (layout().records, layout().suggestions)]

    @property
    def as_they_lie(self) -> bool:
        """Whether the files are MkDocs' own, all manuals being inside ``docs_dir``."""
        return bool(self.prefix)

    def path(self, file: File) -> str:
        """Return a file's path in the repository."""
        return self.prefix + file.src_uri

    def find(self, files: Files, path: str) -> File | None:
        """Return the file that is at *path* in the repository, None where the site has none."""
        if not path.startswith(self.prefix):
            return None
        return files.get_file_from_path(path[len(self.prefix) :])


def lay_out(files: Files, paths: SitePaths, config: MkDocsConfig) -> Files:
    """Return the files of the site: *files*, and the manuals beside them.

    Warns of a file that leads to where no reader may look, and of two files with one address.
    """
    kept: dict[str, File] = {}
    if paths.as_they_lie:
        public = [file for file in files if _is_public(file, paths, config)]
        out = {file.src_uri for file in public if file.inclusion is InclusionLevel.EXCLUDED}
        # a manual's page comes before whatever else has its address
        for file in sorted(public, key=lambda file: manual_of(paths.path(file)) is None):
            if file.src_uri not in out and _has_own_address(file, kept):
                kept[file.dest_uri] = file
        left = out | {file.src_uri for file in kept.values()}
        return Files([file for file in public if file.src_uri in left])
    for file in (*_docs(files, paths, config), *_manuals(paths, config)):
        if _is_public(file, paths, config) and _has_own_address(file, kept):
            kept[file.dest_uri] = file
    laid_out = Files(kept.values())
    set_exclusions(laid_out, config)
    return laid_out


def for_readers(files: Files, paths: SitePaths, nav: Any) -> Files:  # noqa: ANN401 - as MkDocs
    """Return *files* without what is about the work: pages of ``docs/`` but the home page.

    Those that ``nav:`` names stay. What only pages that go link to, pictures and the like, goes
    with them. A site whose manuals are inside ``docs_dir`` is all for readers.
    """
    if paths.as_they_lie:
        return files
    named = {f"{paths.docs}/{one}" for one in _named_in(nav)}
    docs = [one for one in files.documentation_pages() if one.src_uri.startswith(f"{paths.docs}/")]
    gone = {one.src_uri for one in docs if not _is_home(one, paths) and one.src_uri not in named}
    pages = [one for one in files.documentation_pages() if one.src_uri not in gone]
    stay = {target for page in pages for target in _linked(page)}
    gone |= {target for one in docs if one.src_uri in gone for target in _linked(one)} - stay
    kept = {one.src_uri for one in pages}
    return Files([one for one in files if one.src_uri not in gone or one.src_uri in kept])


def _is_home(file: File, paths: SitePaths) -> bool:
    folder, _, name = file.src_uri.rpartition("/")
    return folder == paths.docs and name.partition(".")[0] in ("index", "README")


def _linked(page: File) -> Iterator[str]:
    """Yield the files that a page links to, by their paths."""
    for _, link in links(page.content_string):
        if link.path:
            yield posixpath.normpath(posixpath.join(posixpath.dirname(page.src_uri), link.path))


def _named_in(nav: Any) -> Iterator[str]:  # noqa: ANN401 - as MkDocs has it
    if isinstance(nav, str):
        yield nav
    elif isinstance(nav, dict | list):
        for one in nav.values() if isinstance(nav, dict) else nav:
            yield from _named_in(one)


def without_faulty(files: Files, paths: SitePaths) -> Files:
    """Return *files* without pages that are no text; warn of these, and of bad front matter."""
    left_out = set()
    for file in files.documentation_pages():
        data = file.content_bytes
        for problem in page_problems(data, paths.path(file)):
            _log.warning("%s%s", problem, f" ({problem.hint})" if problem.hint else "")
        if not is_text(data):
            left_out.add(file)
    return Files([file for file in files if file not in left_out])


def named_from_root(nav: Any, files: Files, docs: str) -> Any:  # noqa: ANN401 - as MkDocs has it
    """Return a ``nav:`` with the files of ``docs_dir`` under the names that they have now.

    *files* are those that were laid out by their paths under the root, *docs* is that folder there.
    """
    if isinstance(nav, str):
        named = f"{docs}/{nav}"
        is_docs = files.get_file_from_path(nav) is None and files.get_file_from_path(named)
        return named if is_docs else nav
    if isinstance(nav, dict):
        return {title: named_from_root(inner, files, docs) for title, inner in nav.items()}
    if isinstance(nav, list):
        return [named_from_root(inner, files, docs) for inner in nav]
    return nav


def _docs(files: Files, paths: SitePaths, config: MkDocsConfig) -> Iterator[File]:
    for file in files:
        if file.src_dir == config.docs_dir:
            moved = _file(f"{paths.docs}/{file.src_uri}", paths.root, config)
            moved.dest_uri, moved.inclusion = file.dest_uri, file.inclusion
            moved.edit_uri = file.src_uri
            yield moved
        else:
            yield file


def _manuals(paths: SitePaths, config: MkDocsConfig) -> Iterator[File]:
    for top in manual_folders():
        for folder, folders, names in os.walk(paths.root / top):
            folders.sort()
            for name in sorted(names, key=lambda name: (Path(name).stem != "index", name)):
                path = Path(folder, name).relative_to(paths.root).as_posix()
                if manual_of(path):
                    file = _file(path, paths.root, config)
                    # edit_uri is counted from docs/ on the host, as MkDocs' setting of that name is
                    file.edit_uri = f"../{file.src_uri}"
                    yield file


def _file(path: str, root: Path, config: MkDocsConfig) -> File:
    return File(path, str(root), config.site_dir, config.use_directory_urls)


def _is_public(file: File, paths: SitePaths, config: MkDocsConfig) -> bool:
    """Return whether *file* is not, by a link in the file system, one that readers may not have."""
    if file.abs_src_path is None or file.src_dir not in (config.docs_dir, str(paths.root)):
        return True
    inside = Path(file.abs_src_path).resolve()
    path = paths.path(file)
    of_manual = manual_of(path) is not None
    leads_out = of_manual and not any(map(inside.is_relative_to, paths.manuals))
    internal = any(map(inside.is_relative_to, paths.kept_back))
    if leads_out or internal:
        _log.warning(t("{path} leads to a file that is not for readers", path=path))
    return not (leads_out or internal)


def _has_own_address(file: File, kept: dict[str, File]) -> bool:
    other = kept.get(file.dest_uri)
    if other:
        paths = {"path": file.src_uri, "other": other.src_uri}
        _log.warning(t("{path} is left out: {other} has the same address", **paths))
    return other is None
