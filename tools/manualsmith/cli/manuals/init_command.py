"""``manualsmith init``: begin manuals of one's own, or take a documentation that is there."""

import re
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from string import Template
from typing import get_args

import click

from manualsmith.cli.group import OK
from manualsmith.cli.output.output_file import make_folder, writing
from manualsmith.errors import Place, UserError
from manualsmith.files import refuse_links
from manualsmith.layout import DEFAULT, is_page, schema_path, use
from manualsmith.settings.read_settings import Forge, read_settings, read_settings_in
from manualsmith.text import t
from manualsmith.yaml_quoting import quoted

_PRODUCT = re.compile(r"[a-z0-9][a-z0-9-]*")
# The language of the search index, by that of the pages.
_LANGUAGES = {"zh-TW": "zh", "en": "en"}
_CI = {
    "github": {".github/workflows/verify.yml": "github-actions.yml"},
    "gitlab": {".gitlab-ci.yml": "gitlab-ci.yml"},
}
_SITE = "mkdocs.yml"
_NAV_NOTE = "# The nav follows"
_DOCS_DIR = re.compile(r"^docs_dir:[ \t]*[\"']?([^\"'#\r\n]+)", re.MULTILINE)
# Other builders, by a file that each has, and the folder of its pages.
_BUILDERS = {
    "docusaurus.config.js": ("Docusaurus", "docs"),
    "docusaurus.config.ts": ("Docusaurus", "docs"),
    "docs/.vitepress": ("VitePress", "docs"),
    ".vitepress": ("VitePress", "docs"),
    "hugo.toml": ("Hugo", "content"),
    "hugo.yaml": ("Hugo", "content"),
    "_config.yml": ("Jekyll", "docs"),
}


@dataclass(frozen=True)
class _Wanted:
    """What is to be begun, as the options say, or as was answered."""

    product: str
    name: str | None
    language: str | None
    operation: str | None
    troubleshooting: str | None
    forge: str | None
    report: str | None


@dataclass(frozen=True)
class _There:
    """A documentation that is there: who builds it, and the folder of its pages, if known."""

    builder: str = ""
    folder: str = ""

    @property
    def is_built_by_mkdocs(self) -> bool:
        """Whether the site is MkDocs', as it is where there is none yet."""
        return self.builder in ("", "MkDocs")


@click.command(
    help=t(
        "Begin manuals of your own, in an empty folder or a git repository: the site's settings, a "
        "page of each manual, the tool's settings, and what your git host needs to verify. A "
        "documentation that is there already stays where it lies. No file that is there is written "
        "over: what it lacks is shown. Without options it asks."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith init --product our-cloud --name '我們的雲端'
  manualsmith -C /path/to/repository init --product our-cloud --forge gitlab
  manualsmith init --product our-cloud --operation docs --troubleshooting docs/faq
  manualsmith init --product our-cloud --dry-run
\b
Exit codes: 0 done, 1 nothing can be written there, 2 wrong usage.
"""
    ),
)
@click.option(
    "--product",
    prompt=t("The product, in small letters such as our-cloud"),
    help=t("The product, as front matter names it: small letters, digits and hyphens."),
)
@click.option("--name", help=t("What the site is called; without it, the product."))
@click.option(
    "--language",
    type=click.Choice(list(_LANGUAGES)),
    help=t("The language of the manuals and of the site; without it, zh-TW."),
)
@click.option(
    "--operation",
    metavar="FOLDER",
    help=t("Where the operation manual is, or is to be; without it, where pages are found."),
)
@click.option(
    "--troubleshooting",
    metavar="FOLDER",
    help=t("Where the troubleshooting manual is, or is to be."),
)
@click.option(
    "--forge",
    type=click.Choice(get_args(Forge)),
    help=t("What serves the shared repository; without it, none."),
)
@click.option(
    "--report",
    metavar="ADDRESS",
    help=t("Where readers report problems: mailto:… or https://…"),
)
@click.option("--dry-run", is_flag=True, help=t("Print what would be written, write nothing."))
@click.pass_obj
def init(
    folder: Path,
    product: str,
    name: str | None,
    language: str | None,
    operation: str | None,
    troubleshooting: str | None,
    forge: str | None,
    report: str | None,
    dry_run: bool,
) -> int:
    """Write what is not there yet."""
    from manualsmith.cli.output.terminal import out

    wanted = _Wanted(product, name, language, operation, troubleshooting, forge, report)
    _refuse(wanted)
    root = folder.resolve()
    if root.exists() and not root.is_dir():
        raise UserError(t("that is a file"), Place(str(folder)))
    is_repository = _at_its_root(root)
    has_changes = is_repository and _has_changes(root)
    there = _found(root)
    if sys.stdin.isatty():
        wanted = _as_answered(wanted, there)
        _refuse(wanted)
    folders = _folders(root, there, wanted)
    made = _starting_files(root, there, folders, wanted)
    new = {path: text for path, text in made.items() if not (root / path).exists()}
    for path in new:
        refuse_links(root / path, root)
    if not dry_run:
        _write(root, new, is_repository=is_repository)
    if there.folder and folders["operation"] == there.folder:
        said = t("{folder} is taken as it lies ({builder})", folder=there.folder,
                 builder=there.builder or t("pages"))  # fmt: skip
        out().print(said, highlight=False, markup=False)
    _tell_files(made, new, dry_run=dry_run)
    lacking = [
        _tell_what_it_needs(path, made[path], (root / path).read_text("utf-8", "replace"))
        for path in (_SITE, "pyproject.toml", ".gitignore")
        if path in made and path not in new
    ]
    if has_changes:
        said = t("there are changes that are not committed: git add -A takes them along")
        out().print(said, style="yellow")
    if not dry_run:
        _tell_next(product, is_site=_SITE in made, lacks=any(lacking))
    return OK


def _tell_files(made: Iterable[str], new: Collection[str], *, dry_run: bool) -> None:
    """Say of each file whether it was written."""
    from manualsmith.cli.output.terminal import out

    for path in made:
        said = t("is there already, and stays as it is")
        if path in new:
            said = t("would be written") if dry_run else t("written")
        out().print(f"{path}  {said}", highlight=False, markup=False)


def _as_answered(wanted: _Wanted, there: _There) -> _Wanted:
    """Return what is wanted with the answers to what no option says."""
    folder = there.folder or _default("operation")
    return replace(
        wanted,
        name=wanted.name or _asked(t("What the site is called"), wanted.product),
        language=wanted.language or _asked(t("The language"), "zh-TW", list(_LANGUAGES)),
        operation=wanted.operation or _asked(t("The folder of the operation manual"), folder),
        forge=wanted.forge
        or _asked(t("What serves the shared repository"), "none", get_args(Forge)),
        report=wanted.report
        or _asked(t("Where readers report problems; empty for a text to copy"), "")
        or None,
    )


def _write(root: Path, new: Mapping[str, str], *, is_repository: bool) -> None:
    """Write the files, by path; *root* is made a repository where it is none."""
    for path, text in new.items():
        make_folder((root / path).parent)
        with writing(root / path) as file:
            file.write_text(text, encoding="utf-8", newline="\n")
    if not is_repository:
        from manualsmith.git.process import output

        output(root, "init", "--quiet", "--initial-branch=main")


def _asked(text: str, default: str, choices: Sequence[str] = ()) -> str:
    kind = click.Choice(list(choices)) if choices else str
    answer: str = click.prompt(text, default=default, type=kind, show_default=bool(default))
    return answer


def _default(kind: str) -> str:
    return DEFAULT.manuals[kind].folder


def _found(root: Path) -> _There:
    """Return the documentation that is in a folder already."""
    if any((root / manual.folder).exists() for manual in DEFAULT.manuals.values()):
        return _There()
    site = root / _SITE
    if site.is_file():
        named = _DOCS_DIR.search(site.read_text("utf-8", "replace"))
        folder = named[1].strip().rstrip("/") if named else "docs"
        return _There("MkDocs", folder) if _has_pages(root / folder) else _There()
    for file, (builder, folder) in _BUILDERS.items():
        if (root / file).exists() and _has_pages(root / folder):
            return _There(builder, folder)
    return _There("", "docs") if _has_pages(root / "docs") else _There()


def _has_pages(folder: Path) -> bool:
    return folder.is_dir() and any(is_page(one.name) for one in folder.rglob("*"))


def _folders(root: Path, there: _There, wanted: _Wanted) -> dict[str, str]:
    """Return the folder of each manual by its kind; of a found documentation those asked for."""
    operation, troubleshooting = wanted.operation, wanted.troubleshooting
    if operation and there.folder and not (root / operation).is_dir():
        raise click.BadParameter(
            t("no such folder; pages are in {folder}", folder=there.folder),
            param_hint="--operation",
        )
    first = operation or there.folder or _default("operation")
    found = {"operation": first}
    if troubleshooting or not there.folder:
        found["troubleshooting"] = troubleshooting or _default("troubleshooting")
    return {kind: folder.rstrip("/") for kind, folder in found.items()}


def _settings(folders: dict[str, str], language: str, product: str) -> str:
    """Return the settings that say where manuals are; the default needs none but its language."""
    is_default = all(folder == _default(kind) for kind, folder in folders.items())
    if is_default and language == "zh-TW" and len(folders) == len(DEFAULT.manuals):
        return ""
    tables = []
    for kind, folder in folders.items():
        inside = [
            f"{PurePosixPath(other).relative_to(folder).as_posix()}/"
            for other in folders.values()
            if other != folder and PurePosixPath(other).is_relative_to(folder)
        ]
        lines = [
            f"[tool.manualsmith.manuals.{kind}]",
            f"folder = {quoted(folder)}",
            f'language = "{language}"',
            f'product = "{product}"',
            *([f"leave_out = [{', '.join(map(quoted, inside))}]"] if inside else []),
        ]
        tables.append("\n".join(lines))
    return "\n" + "\n\n".join(tables) + "\n"


def _refuse_folders(folders: dict[str, str], settings: str) -> None:
    """Raise BadParameter for a folder that could be none, or is another's."""
    try:
        read_settings(f"[tool.manualsmith]\n{settings}".encode())
    except UserError as error:
        said = error.problems[0].message
        kind = next((one for one in folders if f"manuals.{one}." in said), "operation")
        raise click.BadParameter(said, param_hint=f"--{kind}") from error


def _refuse(wanted: _Wanted) -> None:
    """Raise UserError for what could not stand in the files."""
    report = wanted.report
    if not _PRODUCT.fullmatch(wanted.product):
        raise click.BadParameter(
            t("small letters, digits and hyphens, such as our-cloud"), param_hint="--product"
        )
    for option, value in (("--name", wanted.name), ("--report", report)):
        if value is not None and (not value.strip() or set(value) & set('\r\n"\\')):
            raise click.BadParameter(t("one line without quotes"), param_hint=option)
    if report and not report.startswith(("mailto:", "https://", "http://")):
        raise click.BadParameter(t("mailto:… or https://…"), param_hint="--report")


def _at_its_root(root: Path) -> bool:
    """Return whether *root* is a git repository's; False where it is in none.

    Raises UserError in a bare repository, and in a folder of a repository.
    """
    from manualsmith.git.repository import Repository

    if not root.exists():
        return False
    try:
        found = Repository.open(root)
    except UserError:
        return False
    if found.worktree is None:
        raise UserError(t("a bare repository has no files"), hint=t("work in a clone"))
    if found.worktree.resolve() != root:
        raise UserError(
            t("this is a folder of the repository {root}", root=found.worktree),
            hint=t("begin at its root: manualsmith -C {root} init", root=found.worktree),
        )
    return True


def _has_changes(root: Path) -> bool:
    from manualsmith.git.process import output

    return bool(output(root, "status", "--porcelain"))


def _starting_files(
    root: Path, there: _There, folders: dict[str, str], wanted: _Wanted
) -> dict[str, str]:
    """Return the files to begin with, by path. Raises BadParameter for a folder that is none."""
    language, product, forge = wanted.language or "zh-TW", wanted.product, wanted.forge or "none"
    settings = _settings(folders, language, product)
    _refuse_folders(folders, settings)
    values = {
        "product": product, "name": wanted.name or product, "language": language,
        "search": _LANGUAGES[language], "forge": forge,
        "report": f'\n      report: "{wanted.report}"' if wanted.report else "",
        **folders,
    }  # fmt: skip
    sources = {"pyproject.toml": "pyproject.toml", ".gitignore": "gitignore"}
    if there.is_built_by_mkdocs:
        sources = {_SITE: "mkdocs.yml", **sources}
    if not there.folder:
        sources["docs/index.md"] = f"{language}/index.md"
    for kind, folder in folders.items():
        if not _has_pages(root / folder):
            sources[f"{folder}/sign-in.md"] = f"{language}/{kind}.md"
    made = {path: Template(_source(source)).substitute(values) for path, source in sources.items()}
    if not there.is_built_by_mkdocs:
        made["pyproject.toml"] += 'markdown = "commonmark"  # how this site reads its pages\n'
    made["pyproject.toml"] += settings
    if _SITE in made:
        head = f"{_docs_dir(folders, there)}\n{_theme(language)}\n{_NAV_NOTE}"
        made[_SITE] = made[_SITE].replace(_NAV_NOTE, head, 1)
    made |= _schema(root, made["pyproject.toml"])
    return {**made, **{path: _source(source) for path, source in _CI.get(forge, {}).items()}}


def _schema(root: Path, settings: str) -> dict[str, str]:
    """Return the schema that editors check a confirmation by, as the settings that hold ask."""
    there = root / "pyproject.toml"
    if there.is_file() and "[tool.manualsmith" in there.read_text("utf-8", "replace"):
        use(read_settings_in(root).layout)
    else:
        use(read_settings(settings.encode()).layout)
    from manualsmith.records.models.json_schema import schema_text

    return {schema_path(): schema_text()}


def _docs_dir(folders: dict[str, str], there: _There) -> str:
    """Return the line of the site's settings for pages that are in no folder ``docs``."""
    folder = folders["operation"] if there.folder else "docs"
    return "" if folder == "docs" else f"docs_dir: {quoted(folder)}\n"


def _theme(language: str) -> str:
    """Return the theme: Material where it is installed, else one of MkDocs' own."""
    if find_spec("material") is None:
        return "theme:\n  name: mkdocs\n"
    return Template(_source("material.yml")).substitute(language=language)


def _source(name: str) -> str:
    return (files("manualsmith.cli.manuals") / "starting" / name).read_text("utf-8")


def _tell_what_it_needs(path: str, wanted: str, there: str) -> bool:
    """Print what a file that was there lacks of what is needed; return whether it lacks any."""
    from manualsmith.cli.output.terminal import out

    if path == _SITE and "manualsmith" in there:
        return False
    if path == "pyproject.toml" and "[tool.manualsmith" in there:
        return False
    lacking = wanted
    if path == _SITE:
        lacking = "plugins:\n  - manualsmith\n  - search\n"
        if "attr_list" not in there:  # so that a heading that is renamed keeps its id
            lacking += "markdown_extensions:\n  - attr_list\n"
    if path == ".gitignore":
        lacking = "".join(f"{one}\n" for one in wanted.split() if one not in there.split())
    if lacking:
        out().print(t("add to {path}:", path=path), style="bold")
        out().print(lacking, highlight=False, markup=False)
    return bool(lacking)


def _tell_next(product: str, *, is_site: bool, lacks: bool) -> None:
    from manualsmith.cli.output.terminal import out

    if lacks:
        out().print(t("first add what is shown above; then"))
    out().print(t("next:"), style="bold")
    for command in (
        "git add -A && git commit -m 'Begin the manuals'",
        *(["mkdocs serve"] if is_site else []),
        f"manualsmith confirm new --product {product} --staff S-0001",
    ):
        out().print(f"  {command}", highlight=False, markup=False)
