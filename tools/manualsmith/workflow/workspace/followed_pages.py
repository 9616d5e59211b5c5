"""Follow a page that has moved since an edit of it was asked for, or say where it may be."""

import re
from collections.abc import Iterator, Sequence

from manualsmith.layout import Manual
from manualsmith.markdown.edit_models import MovePage, Quote, RemovePage
from manualsmith.markdown.redirect_addresses import FIELD, address_from, old_paths
from manualsmith.records.models.suggestion import EditRecord
from manualsmith.text import t
from manualsmith.workflow.workspace.changed_page import ChangedPage
from manualsmith.workflow.workspace.snapshot import Snapshot

SHOWN = 3
_MARK = re.compile(r"\s*(?:#+|[-*+>|]|\d+[.)])\s+")


def followed(manual: Manual, edit: EditRecord, snapshot: Snapshot, since: str) -> EditRecord:
    """Return an edit with the path that its page has now, where the page has moved.

    since: the commit that the edit was read on. A page that is there under the path is the page.
    Else it is the one that has its address, or that commits after *since* have made of it; that
    must be in the same manual and hold most of its lines, for what took the place of a page that is
    gone is another page. Raises UserError, with the likely place, where there is no page.
    """
    action = edit.made
    if edit.blob is None or snapshot.page_id(manual, edit.page) is not None:
        return edit
    taker = snapshot.took_over(manual.path(edit.page))
    if action.action == "add-page" or (taker and isinstance(action, MovePage | RemovePage)):
        return edit
    ways = [taker] if taker else _ways(manual, edit, snapshot, since)
    if len(ways) == 1 and not isinstance(action, MovePage | RemovePage):
        page = manual.page(ways[0])
        if manual.holds(ways[0]) and _holds_most(edit, ways[0], snapshot):
            asked = edit.as_asked[0]
            return edit.model_copy(update={"page": page, "asked": asked if asked != page else None})
    likely = ways or elsewhere(manual, edit, snapshot)
    raise snapshot.missing_page(manual, edit.page, likely)


def _ways(manual: Manual, edit: EditRecord, snapshot: Snapshot, since: str) -> list[str]:
    """Return the files of today that commits after *since* have made of an edit's page."""
    asked = manual.path(edit.as_asked[0])
    found = snapshot.moved_to(asked, since)
    today = (path if snapshot.entry(path) else snapshot.took_over(path) for path in found)
    return [path for path in today if path]


def _holds_most(edit: EditRecord, path: str, snapshot: Snapshot) -> bool:
    base = snapshot.object(edit.blob) if edit.blob else None
    if base is None:
        return False
    then = {line for line in base.decode("utf-8", "replace").splitlines() if line.strip()}
    now = set((snapshot.read(path) or b"").decode("utf-8", "replace").splitlines())
    return len(then & now) * 2 >= len(then)


def elsewhere(manual: Manual, edit: EditRecord, snapshot: Snapshot) -> list[str]:
    """Return the other pages of the manual that hold the words of an edit's place; none if many."""
    words = max(_words(edit), key=len, default="")
    own = manual.path(edit.page)
    found = [path for path in snapshot.holding(manual, words) if path != own] if words else []
    return found if len(found) <= SHOWN else []


def _words(edit: EditRecord) -> Iterator[str]:
    """Yield the lines of what an edit quotes or changes, else of what stands around its place."""
    quote = getattr(edit.edit, "quote", None)
    quoted = quote.exact if isinstance(quote, Quote) else quote
    changed = "\n".join(change.before for change in edit.changes)
    around = "\n".join(f"{change.prefix}\n{change.suffix}" for change in edit.changes)
    told = next((text for text in (quoted, changed, around) if text and text.strip()), "")
    yield from filter(None, (_MARK.sub("", line, count=1).strip() for line in told.splitlines()))


def redirects_to_offer(
    manual: Manual, edits: Sequence[EditRecord], pages: Sequence[ChangedPage]
) -> tuple[str, ...]:
    """Return for each edit whose page was renamed without a redirect how to give it one.

    pages: those that the edits change, as they are from now on.
    """
    texts = {page.path: page.after or "" for page in pages}
    notes = []
    for edit in edits:
        old, new = (manual.path(page) for page in (edit.as_asked[0], edit.page))
        if old != new and new in texts and old not in old_paths(texts[new], new):
            field = f"{FIELD}: [{address_from(new, old)}]"
            notes.append(
                t(
                    "{old} was renamed to {new}, and its old address leads nowhere; this in the "
                    "front matter of {new} would have it lead there: {field}",
                    old=old,
                    new=new,
                    field=field,
                )
            )
    return tuple(notes)
