"""``manualsmith facts``: what pages say that they are for, and a guess where they do not."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from manualsmith.cli.group import OK
from manualsmith.cli.record_options import as_json, by_whom, trying, when
from manualsmith.text import t

if TYPE_CHECKING:
    from manualsmith.workflow.suggest.guessed_facts import GuessedFact, StatedFact


@click.command(
    help=t(
        "List the facts of the environment that main's pages state, in their front matter or by "
        "the settings. With --guess, list the versions that pages mention and state no fact for; "
        "with --to-confirmation, draft the confirmation that adds them, a finding for each."
    ),
    epilog=t(
        """\b
Examples:
  manualsmith facts
  manualsmith facts --guess
  manualsmith facts --guess operation/mobile.md --json
  manualsmith facts --guess --to-confirmation --staff S-0001
\b
Then: manualsmith confirm finish ENV-2026-0010
\b
Exit codes: 0 listed, 1 there is no such page or nothing to draft, 2 wrong usage.
"""
    ),
)
@click.argument("pages", nargs=-1, metavar="[PAGE]...")
@click.option("--guess", is_flag=True, help=t("What pages mention and do not state."))
@click.option("--to-confirmation", is_flag=True, help=t("Draft the confirmation that adds it."))
@click.option("--product", help=t("Of the pages of this product; needed where there are several."))
@by_whom
@trying
@as_json
@click.pass_obj
def facts(
    folder: Path,
    pages: tuple[str, ...],
    guess: bool,
    to_confirmation: bool,
    product: str | None,
    staff: str | None,
    at: datetime | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Print the facts, or the guesses, or draft a confirmation of these."""
    from manualsmith.cli.output.terminal import show_json
    from manualsmith.cli.workspace_option import workspace_of
    from manualsmith.workflow.suggest import guessed_facts

    if not guess and (pages or to_confirmation):
        raise click.UsageError(t("only with --guess: PAGE and --to-confirmation"))
    workspace = workspace_of(folder)
    if not guess:
        found = guessed_facts.stated_facts(workspace)
        stated = [one for one in found if product in (None, one.product)]
        if as_json:
            show_json({"facts": [one.as_json() for one in stated]})
        else:
            _show_stated(stated)
        return OK
    guesses = guessed_facts.guess_facts(workspace, pages)
    if to_confirmation:
        _draft(folder, guesses, product, staff, when(at), dry_run)
        return OK
    guesses = [one for one in guesses if product in (None, one.product)]
    if as_json:
        show_json({"guesses": [one.as_json() for one in guesses]})
    else:
        _show_guesses(guesses)
    return OK


def _draft(
    folder: Path,
    guesses: "list[GuessedFact]",
    product: str | None,
    staff: str | None,
    moment: datetime,
    dry_run: bool,
) -> None:
    from manualsmith.cli.output.show_draft import show_draft
    from manualsmith.cli.record_options import desks
    from manualsmith.workflow.service.service_records import staff_of
    from manualsmith.workflow.suggest.guessed_facts import draft_of_guesses

    workspace, records = desks(folder)
    who = staff_of(records, staff)
    draft = draft_of_guesses(workspace, records, guesses, product, who, moment, dry_run=dry_run)
    show_draft(draft, dry_run=dry_run)


def _show_stated(facts: "list[StatedFact]") -> None:
    from manualsmith.cli.output.terminal import listing, out
    from manualsmith.layout import fact_label
    from manualsmith.records.models.output_names import category_name

    table = listing((t("product"), t("category"), t("fact"), t("name"), t("value"), t("pages")))
    table.columns[3].no_wrap = True  # it is what settings and front matter are written with
    for one in facts:
        said = category_name(one.category), fact_label(one.fact)
        table.add_row(one.product, *said, one.fact, one.value, str(one.pages))
    out().print(table if facts else t("no page states a fact"))


def _show_guesses(guesses: "list[GuessedFact]") -> None:
    from rich.text import Text

    from manualsmith.cli.output.terminal import err, out

    console = out()
    for one in guesses:
        mention = one.mention
        line = Text(f"{one.path}:{mention.line}: ", style="cyan")
        line.append(f"{mention.words}  ", style="default")
        line.append(f"{mention.category} {mention.fact}: {mention.value}", style="bold")
        console.print(line)
    if not guesses:
        console.print(t("every version that pages mention is stated"), style="dim")
    else:
        told = t("to add them: manualsmith facts --guess --to-confirmation")
        err().print(told, style="dim")
