"""Which files the site is made of, under the paths they have in the repository.

MkDocs names a page by its path under ``docs/`` and follows links in that tree. Here each file is
named by its path under the repository's root instead and keeps its address on the site. So a link
that is right on disk, and in a git host's view of the files, is right on the site too, and
MkDocs' own checks of links and anchors, and its messages, speak of the paths that authors see.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files, set_exclusions

from manualsmith.layout import MANUALS_FOLDER
from manualsmith.markdown.checks.front_matter_check import page_problems
from manualsmith.markdown.reading.source import is_text
from manualsmith.text import t

INTERNAL_FOLDERS = ("records", "suggestions")

_log = get_plugin_logger("manualsmith")


def root_of(config: MkDocsConfig) -> Path:
    """Return the repository's root: the folder that holds ``docs/`` and ``manuals/``."""
    return Path(config.docs_dir).parent


def lay_out(files: Files, config: MkDocsConfig) -> Files:
    """Return *files* with those of ``docs/`` named from the root, and those of ``manuals/`` added.

    Warns of a file that leads to where no reader may look, and of two files with one address.
    """
    kept: dict[str, File] = {}
    for file in (*_docs(files, config), *_manuals(config)):
        if _is_public(file, config) and _has_own_address(file, kept):
            kept[file.dest_uri] = file
    laid_out = Files(kept.values())
    set_exclusions(laid_out, config)
    return laid_out


def without_faulty(files: Files) -> Files:
    """Return *files* without pages that are no text; warn of these, and of bad front matter."""
    left_out = set()
    for file in files.documentation_pages():
        data = file.content_bytes
        for problem in page_problems(data, file.src_uri):
            _log.warning("%s%s", problem, f" ({problem.hint})" if problem.hint else "")
        if not is_text(data):
            left_out.add(file)
    return Files([file for file in files if file not in left_out])


def _docs(files: Files, config: MkDocsConfig) -> Iterator[File]:
    docs = Path(config.docs_dir)
    for file in files:
        if file.src_dir == config.docs_dir:
            moved = _file(f"{docs.name}/{file.src_uri}", config)
            moved.dest_uri, moved.inclusion = file.dest_uri, file.inclusion
            moved.edit_uri = file.src_uri
            yield moved
        else:
            yield file


def _manuals(config: MkDocsConfig) -> Iterator[File]:
    root = root_of(config)
    for folder, folders, names in os.walk(root / MANUALS_FOLDER):
        folders.sort()
        for name in sorted(names, key=lambda name: (Path(name).stem != "index", name)):
            file = _file(Path(folder, name).relative_to(root).as_posix(), config)
            # edit_uri is counted from docs/ on the git host, as MkDocs' setting of that name is.
            file.edit_uri = f"../{file.src_uri}"
            yield file


def _file(path: str, config: MkDocsConfig) -> File:
    return File(path, str(root_of(config)), config.site_dir, config.use_directory_urls)


def _is_public(file: File, config: MkDocsConfig) -> bool:
    """Return whether *file* is not, by a link in the file system, one that readers may not have."""
    root = root_of(config)
    if file.abs_src_path is None or file.src_dir != str(root):
        return True
    inside = Path(file.abs_src_path).resolve()
    manuals = (root / MANUALS_FOLDER).resolve()
    leads_out = file.src_uri.startswith(f"{MANUALS_FOLDER}/") and not inside.is_relative_to(manuals)
    internal = any(inside.is_relative_to((root / name).resolve()) for name in INTERNAL_FOLDERS)
    if leads_out or internal:
        _log.warning(t("{path} leads to a file that is not for readers", path=file.src_uri))
    return not (leads_out or internal)


def _has_own_address(file: File, kept: dict[str, File]) -> bool:
    other = kept.get(file.dest_uri)
    if other:
        paths = {"path": file.src_uri, "other": other.src_uri}
        _log.warning(t("{path} is left out: {other} has the same address", **paths))
    return other is None
