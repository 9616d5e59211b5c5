"""``manualsmith labels``: which words of a product's screens were renamed, or are none of its."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from manualsmith.cli.group import OK
from manualsmith.cli.record_options import as_json, by_whom, trying, when
from manualsmith.text import t

if TYPE_CHECKING:
    from manualsmith.workflow.labels.page_labels import LabelledPages
    from manualsmith.workflow.workspace.open_workspace import Workspace


@click.command(
    help=t(
        "Find the words of a product's screens that the manuals quote, such as “Security”, and "
        "that were renamed from one release's catalogues to the next one's: a file, or a folder "
        "of which the files of the locale are read (gettext PO, XLIFF, Qt TS, .resx, Android and "
        "iOS strings, JSON). Drafts a confirmation with a finding for each place. What cannot be "
        "told for certain, such as a short word that several screens have, is listed and not "
        "edited. With --check, list the quoted words that the product does not have, with the "
        "nearest."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith labels l10n-31 l10n-32 --dry-run
  manualsmith labels old/zh_TW.json new/zh_TW.json --staff S-0001
  manualsmith labels --check l10n-32 apps-32 --json
  manualsmith labels --check
\b
The last one takes the catalogues that the settings name.
Then: manualsmith confirm finish ENV-2026-0010
\b
Exit codes: 0 done, 1 something cannot be read, 2 wrong usage.
"""
    ),
)
@click.argument(
    "catalogues", nargs=-1, type=click.Path(path_type=Path), metavar="OLD NEW|CATALOGUE..."
)
@click.option("--check", is_flag=True, help=t("List quoted words that CATALOGUE... do not have."))
@click.option(
    "--locale",
    metavar="LOCALE",
    help=t("The locale, such as zh_TW; without it, the language of the manuals."),
)
@click.option("--product", help=t("Of the pages of this product; needed where there are several."))
@by_whom
@trying
@as_json
@click.pass_obj
def labels(
    folder: Path,
    catalogues: tuple[Path, ...],
    check: bool,
    locale: str | None,
    product: str | None,
    staff: str | None,
    at: datetime | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Print what was renamed and draft its confirmation, or print what the product has not."""
    from manualsmith.catalogues.read_catalogue import read_catalogue
    from manualsmith.cli.output.show_labels import show_changes
    from manualsmith.cli.output.terminal import show_json
    from manualsmith.cli.record_options import desks
    from manualsmith.workflow.labels.label_findings import draft_of_changes
    from manualsmith.workflow.labels.page_labels import labelled_pages
    from manualsmith.workflow.labels.renamed_labels import label_changes
    from manualsmith.workflow.service.service_records import staff_of

    if not check and len(catalogues) != 2:
        raise click.UsageError(t("name two catalogues, OLD and NEW; or one or more with --check"))
    workspace, records = desks(folder)
    pages = labelled_pages(workspace, product, locale)
    if check:
        return _check(workspace, pages, catalogues, as_json)
    old, new = (read_catalogue(one, pages.locale) for one in catalogues)
    changes = label_changes(pages, old, new)
    named, moment = _named(catalogues), when(at)
    made = draft_of_changes(
        workspace,
        records,
        changes,
        pages.product,
        named,
        lambda: staff_of(records, staff),
        moment,
        dry_run=dry_run,
    )
    if as_json:
        values = {"labels": [one.as_json() for one in changes], **made.as_json()}
        show_json({**values, "dry_run": dry_run})
    else:
        show_changes(changes, made, dry_run=dry_run)
    return OK


def _check(
    workspace: "Workspace", pages: "LabelledPages", catalogues: tuple[Path, ...], as_json: bool
) -> int:
    from manualsmith.cli.output.show_labels import show_unknown
    from manualsmith.cli.output.terminal import show_json
    from manualsmith.workflow.labels.unknown_labels import check_labels

    found = check_labels(workspace, pages, catalogues)
    if as_json:
        show_json({"labels": [one.as_json() for one in found]})
    else:
        show_unknown(found)
    return OK


def _named(catalogues: tuple[Path, ...]) -> tuple[str, str]:
    """Return what two releases are called: the shortest ends of their paths that differ."""
    old, new = (path.absolute().parts for path in catalogues)
    for length in range(1, max(len(old), len(new)) + 1):
        if old[-length:] != new[-length:]:
            return "/".join(old[-length:]), "/".join(new[-length:])
    return str(catalogues[0]), str(catalogues[1])
