"""``manualsmith init``: begin manuals of one's own, in an empty folder or a repository."""

import re
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import get_args

import click

from manualsmith.cli.group import OK
from manualsmith.cli.output.output_file import make_folder, writing
from manualsmith.errors import Place, UserError
from manualsmith.files import refuse_links
from manualsmith.settings import Forge
from manualsmith.text import t

_PRODUCT = re.compile(r"[a-z0-9][a-z0-9-]*")
# The language of the search index, by that of the pages.
_LANGUAGES = {"zh-TW": "zh", "en": "en"}
_CI = {
    "github": {".github/workflows/verify.yml": "github-actions.yml"},
    "gitlab": {".gitlab-ci.yml": "gitlab-ci.yml"},
}


@click.command(
    help=t(
        "Begin manuals of your own, in an empty folder or a git repository: the site's settings, a "
        "page of each manual, the tool's settings, and what your git host needs to verify. No file "
        "that is there is written over: what it lacks is shown."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith init --product our-cloud --name '我們的雲端'
  manualsmith -C /path/to/repository init --product our-cloud --forge gitlab
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
    default="zh-TW",
    show_default=True,
    help=t("The language of the first pages and of the site."),
)
@click.option(
    "--forge",
    type=click.Choice(get_args(Forge)),
    default="none",
    show_default=True,
    help=t("What serves the shared repository."),
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
    language: str,
    forge: str,
    report: str | None,
    dry_run: bool,
) -> int:
    """Write what is not there yet."""
    from manualsmith.cli.output.terminal import out

    _refuse(product, name, report)
    root = folder.resolve()
    if root.exists() and not root.is_dir():
        raise UserError(t("that is a file"), Place(str(folder)))
    is_repository = _at_its_root(root)
    made = _starting_files(product, name or product, language, forge, report)
    new = {path: text for path, text in made.items() if not (root / path).exists()}
    for path in new:
        refuse_links(root / path, root)
    for path, text in new.items() if not dry_run else ():
        make_folder((root / path).parent)
        with writing(root / path) as file:
            file.write_text(text, encoding="utf-8", newline="\n")
    if not is_repository and not dry_run:
        from manualsmith.git.process import output

        output(root, "init", "--quiet", "--initial-branch=main")
    for path in made:
        said = t("is there already, and stays as it is")
        if path in new:
            said = t("would be written") if dry_run else t("written")
        out().print(f"{path}  {said}", highlight=False, markup=False)
    for path in ("mkdocs.yml", "pyproject.toml", ".gitignore"):
        if path not in new:
            _tell_what_it_needs(path, made[path], (root / path).read_text("utf-8", "replace"))
    if not dry_run:
        _tell_next(product)
    return OK


def _refuse(product: str, name: str | None, report: str | None) -> None:
    """Raise UserError for what could not stand in the files."""
    if not _PRODUCT.fullmatch(product):
        raise click.BadParameter(
            t("small letters, digits and hyphens, such as our-cloud"), param_hint="--product"
        )
    for option, value in (("--name", name), ("--report", report)):
        if value is not None and (not value.strip() or set(value) & set('\r\n"\\')):
            raise click.BadParameter(t("one line without quotes"), param_hint=option)


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


def _starting_files(
    product: str, name: str, language: str, forge: str, report: str | None
) -> dict[str, str]:
    """Return the files to begin with, by path."""
    settings = f':\n      report: "{report}"' if report else ""
    values = {
        "product": product, "name": name, "language": language, "search": _LANGUAGES[language],
        "forge": forge, "report": settings,
    }  # fmt: skip
    sources = {
        "mkdocs.yml": "mkdocs.yml",
        "pyproject.toml": "pyproject.toml",
        ".gitignore": "gitignore",
        "docs/index.md": f"{language}/index.md",
        "manuals/operation/sign-in.md": f"{language}/operation.md",
        "manuals/troubleshooting/sign-in.md": f"{language}/troubleshooting.md",
    }
    made = {path: Template(_source(source)).substitute(values) for path, source in sources.items()}
    return {**made, **{path: _source(source) for path, source in _CI.get(forge, {}).items()}}


def _source(name: str) -> str:
    return (files("manualsmith.cli.manuals") / "starting" / name).read_text("utf-8")


def _tell_what_it_needs(path: str, wanted: str, there: str) -> None:
    """Print what a file that was there lacks of what is needed."""
    from manualsmith.cli.output.terminal import out

    if path == "mkdocs.yml" and "manualsmith" in there:
        return
    if path == "pyproject.toml" and "[tool.manualsmith]" in there:
        return
    lacking = wanted
    if path == "mkdocs.yml":
        lacking = "plugins:\n  - manualsmith\n  - search\n"
    if path == ".gitignore":
        lacking = "".join(f"{one}\n" for one in wanted.split() if one not in there.split())
    if lacking:
        out().print(t("add to {path}:", path=path), style="bold")
        out().print(lacking, highlight=False, markup=False)


def _tell_next(product: str) -> None:
    from manualsmith.cli.output.terminal import out

    out().print(t("next:"), style="bold")
    for command in (
        "git add -A && git commit -m 'Begin the manuals'",
        "mkdocs serve",
        f"manualsmith confirm new --product {product} --staff S-0001",
    ):
        out().print(f"  {command}", highlight=False, markup=False)
