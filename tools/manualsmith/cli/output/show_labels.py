"""Print the labels that a product renamed, those that it does not have, and what came of them."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from rich.text import Text

from manualsmith.cli.output.show_draft import show_draft
from manualsmith.cli.output.terminal import err, out
from manualsmith.text import marked, t
from manualsmith.workflow.labels.label_findings import LabelDraft
from manualsmith.workflow.labels.renamed_labels import LabelChange
from manualsmith.workflow.labels.unknown_labels import UnknownLabel

HEADS = {
    "renamed": ("~", "green", marked("renamed")),
    "unsure": ("?", "yellow", marked("not told for certain, and not edited")),
    "gone": ("×", "red", marked("no more in the product, and not edited")),
}
_PLACES = 5


def show_changes(changes: Sequence[LabelChange], made: LabelDraft, *, dry_run: bool) -> None:
    """Print what was renamed by label, what is not told, the draft, and the next command."""
    for standing, (mark, style, word) in HEADS.items():
        of_it = [one for one in changes if one.standing == standing]
        if of_it:
            out().print(Text(f"{t(word)} ({len(of_it)})", style=f"bold {style}"))
        for _, group in groupby(sorted(of_it, key=_shown), key=_shown):
            same = list(group)
            _show(Text(f"{mark} ", style=style), same[0], [one.place for one in same])
    if not changes:
        out().print(t("no label that the manuals quote was renamed"), style="dim")
    _show_made(made, dry_run=dry_run)


def _shown(change: LabelChange) -> tuple[str, tuple[str, ...], str]:
    return change.label.words, change.wordings, change.why


def _show(line: Text, change: LabelChange, places: Sequence[str]) -> None:
    line.append(change.label.words, style="bold")
    line.append(" → " if change.standing == "renamed" else "  ")
    line.append(" / ".join(change.wordings) or "–", style="bold")
    out().print(line)
    if change.why:
        out().print(Text(f"    {change.why} ({change.key})", style="dim"))
    _show_places(places)


def _show_places(places: Sequence[str]) -> None:
    for place in places[:_PLACES]:
        out().print(Text(f"    {place}", style="cyan"))
    if len(places) > _PLACES:
        more = t("{count} more", count=len(places) - _PLACES)
        out().print(Text(f"    {more}", style="dim"))


def _show_made(made: LabelDraft, *, dry_run: bool) -> None:
    for one in made.by_hand:
        told = t("{place}: no edit can be made of it, change it by hand", place=one.place)
        err().print(told, style="yellow")
    if made.known:
        names = t(", ").join(made.known)
        err().print(t("said already: {path}", path=names), style="dim")
    if made.draft:
        show_draft(made.draft, dry_run=dry_run)


def show_unknown(found: Iterable[UnknownLabel]) -> None:
    """Print the labels that the product does not have, each with the nearest."""
    told = sorted(found, key=lambda one: (-one.likeness, one.label.words))
    for (words, near), group in groupby(told, key=lambda one: (one.label.words, one.near)):
        line = Text("? " if near else "· ", style="yellow" if near else "dim")
        line.append(words, style="bold" if near else "")
        if near:
            line.append(t("  the product has: {names}", names=" / ".join(near)))
        out().print(line)
        _show_places([one.place for one in group])
    if not told:
        out().print(t("the product has every label that the manuals quote"), style="dim")
