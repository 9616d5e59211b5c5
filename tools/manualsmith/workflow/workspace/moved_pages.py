"""Move or remove a page: its old address leads on, and links to it follow."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from urllib.parse import unquote

from pydantic import TypeAdapter, ValidationError

from manualsmith.errors import Place, Problem, UserError
from manualsmith.layout import Manual, is_page, page_folders
from manualsmith.markdown.apply_edit import Applied, describe
from manualsmith.markdown.dialect import Dialect
from manualsmith.markdown.edit_models import MovePage, RemovePage
from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.reading.front_matter import BadFrontMatter
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.page_links import Link, anchors, links, relink
from manualsmith.markdown.reading.source import TextEdit
from manualsmith.markdown.redirect_addresses import old_paths, with_old_paths
from manualsmith.markdown.translation import agreed, behind, translation_at
from manualsmith.records.models.fields import PagePath
from manualsmith.records.models.suggestion import EditRecord, FileResult, TextChange
from manualsmith.text import t
from manualsmith.workflow.workspace.changed_page import ChangedPage, Made
from manualsmith.workflow.workspace.nav_lines import nav_without
from manualsmith.workflow.workspace.snapshot import Snapshot

_PAGE_PATH: TypeAdapter[str] = TypeAdapter(PagePath)


@dataclass(frozen=True)
class _Way:
    """A page's old path, and that of the page which has its address from now on."""

    old: str
    new: str
    moves: bool


def give_way(
    manual: Manual, edit: EditRecord, action: MovePage | RemovePage, snapshot: Snapshot
) -> Made:
    """Return a page's moving or removal on the manual of *snapshot*: every file that it changes.

    A translation beside the page goes along. Raises TargetLost where it is done already, UserError
    where there is no such page, its new path is taken, or a link to one of its headings would lead
    nowhere.
    """
    moves = isinstance(action, MovePage)
    field = "to" if isinstance(action, MovePage) else "replaced_by"
    other = _checked(action.to if isinstance(action, MovePage) else action.replaced_by, field)
    refuse_left_out(manual, other, field)
    way = _Way(manual.path(edit.page), manual.path(other), moves)
    blob, taker = snapshot.page(manual, edit.page), snapshot.page(manual, other)
    if blob is None and taker and way.old in old_paths(taker.text, way.new):
        raise TargetLost("already", t("the page says so already"), place=Place(way.new, 1))
    if blob is None:
        raise snapshot.missing_page(manual, edit.page)
    if moves and taker:
        message = t("{path} is there already", path=way.new)
        hint = t("where that page takes its place, use the action remove-page")
        raise UserError([Problem(message, hint=hint, field=field)])
    if moves and (there := snapshot.in_the_way(way.new)):
        raise UserError([Problem(t("{path} is there already", path=there), field=field)])
    if not moves and way.old == way.new:
        raise UserError([Problem(t("a page does not take its own place"), field=field)])
    if not moves and taker is None:
        error = snapshot.missing_page(manual, other)
        raise UserError([Problem(p.message, hint=p.hint, field=field) for p in error.problems])
    try:
        changed = _changed(way, snapshot)
    except BadFrontMatter as error:
        raise UserError(
            t("the front matter cannot be read: {reason}", reason=error), Place(way.new)
        ) from error
    changed += nav_without(snapshot, way.old, way.new, moved=way.moves)
    return _made(edit, way, blob.text, changed, snapshot)


def refuse_left_out(manual: Manual, page: str, field: str) -> None:
    """Raise UserError where a page would not be the manual's: its patterns leave it out."""
    path = manual.path(page)
    if not manual.holds(path):
        said = t("{path} would not be in {manual}", path=path, manual=manual.title)
        hint = t("its pages are chosen in [tool.manualsmith.manuals.{name}]", name=manual.name)
        raise UserError([Problem(said, hint=hint, field=field)])


def _made(
    edit: EditRecord, way: _Way, before: str, changed: list[ChangedPage], snapshot: Snapshot
) -> Made:
    after = changed[0].after if way.moves else None
    applied = _applied(before, after)
    also = tuple(one for one in also_of(changed, snapshot) if one.path != way.old)
    changes = tuple(TextChange(**asdict(change)) for change in describe(applied))
    made = edit.model_copy(update={"result": None, "changes": changes, "also": also})
    return Made(made, tuple(changed), applied)


def also_of(pages: Sequence[ChangedPage], snapshot: Snapshot) -> Iterator[FileResult]:
    """Yield what files hold that an edit changes beside its page, those that are gone as well."""
    results: dict[str, str | None] = {
        page.path: None if page.data is None else snapshot.blob_id(page.data) for page in pages
    }
    results |= {page.moved_from: None for page in pages if page.moved_from}
    yield from (FileResult(path=path, result=result) for path, result in results.items())


def _applied(before: str, after: str | None) -> Applied:
    """Return what differs at a page's head; of one that is removed nothing, for it is all gone."""
    if after is None or after == before:
        return Applied(Page(before), after or "", ())
    start = len(posixpath.commonprefix([before, after]))
    most = min(len(before), len(after)) - start
    tail = len(posixpath.commonprefix([before[::-1][:most], after[::-1][:most]]))
    edit = TextEdit(start, len(before) - tail, after[start : len(after) - tail])
    return Applied(Page(before), after, (edit,))


def _checked(path: str, field: str) -> str:
    try:
        return _PAGE_PATH.validate_python(path)
    except ValidationError as error:
        message = t("not allowed as a page's path: {path}", path=path)
        raise UserError([Problem(message, hint=error.errors()[0]["msg"], field=field)]) from error


def _changed(way: _Way, snapshot: Snapshot) -> list[ChangedPage]:
    """Return each page that changes, the one that gives way first."""
    texts = dict(_texts(snapshot))
    ways = [way, *_translations(way, texts)]
    for one in ways[1:]:
        if one.moves and one.new in texts:
            raise UserError(t("{path} is there already", path=one.new))
    new: dict[str, str | None] = dict(texts)
    for one in ways:
        _give(one, texts, new)
    to = {one.old: one for one in ways}
    problems: list[Problem] = []
    for path in [path for path in new if new[path] is not None]:
        own = next((one.old for one in ways if one.moves and one.new == path), path)
        new[path], lost = _relinked(new[path] or "", own, path, to, new, snapshot.dialect)
        problems += lost
    if problems:
        raise UserError(problems)
    _keep_agreement(texts, new, ways)
    moved = [ChangedPage(w.new, texts[w.old], new[w.new], w.old) for w in ways if w.moves]
    gone = [ChangedPage(w.old, texts[w.old], None) for w in ways if not w.moves]
    told = {page.path for page in (*moved, *gone)} | {w.old for w in ways}
    rest = [
        ChangedPage(path, text, new[path])
        for path, text in texts.items()
        if path not in told and new[path] != text
    ]
    return [*moved, *gone, *rest]


def _texts(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    for folder in page_folders():
        for entry in snapshot.files(folder):
            if is_page(entry.path) and entry.mode.startswith("100"):
                try:
                    yield entry.path, (snapshot.object(entry.oid) or b"").decode()
                except UnicodeDecodeError:
                    continue


def _translations(way: _Way, texts: dict[str, str]) -> Iterator[_Way]:
    for path in texts:
        found = translation_at(path, texts)
        if found and found.original == way.old:
            beside = f"{way.new.removesuffix('.md')}.{found.language}.md"
            there = way.moves or beside in texts
            yield _Way(path, beside if there else way.new, way.moves)


def _give(way: _Way, texts: dict[str, str], new: dict[str, str | None]) -> None:
    """Have the page that is there from now on take over the address of the one that goes."""
    old = [way.old, *old_paths(texts[way.old], way.old)]
    if way.moves:
        new[way.new] = with_old_paths(texts[way.old], way.new, way.old, old)
    else:
        new[way.new] = with_old_paths(new[way.new] or "", way.new, way.new, old)
    new[way.old] = None


def _relinked(
    text: str,
    own: str,
    path: str,
    ways: dict[str, _Way],
    new: dict[str, str | None],
    dialect: Dialect,
) -> tuple[str, list[Problem]]:
    """Return a page's text with its links as they must be at *path*; it was at *own* before.

    Beside it the problems with links to a heading that nothing has any more.
    """
    names = {posixpath.basename(old) for old in ways}
    written = unquote(text) if "%" in text else text
    if own == path and not any(name in written for name in names):
        return text, []
    was, folder = posixpath.dirname(own), posixpath.dirname(path)

    def target(link: Link) -> str:
        return posixpath.normpath(posixpath.join(was, link.path))

    def change(link: Link) -> str | None:
        at = target(link)
        way = ways.get(at)
        if way is None and was == folder:
            return None
        written = posixpath.relpath(way.new if way else at, folder)
        return written + ("/" if link.path.endswith("/") else "")

    problems = [
        Problem(
            t("{place} links to the heading {id}, which would go", place=place, id=link.anchor),
            hint=t("change that link first, or keep the heading"),
        )
        for offset, link in links(text)
        if link.path
        and link.anchor
        and (way := ways.get(target(link)))
        and not way.moves
        and link.anchor not in anchors(Page(new[way.new] or "", dialect))
        for place in (Place(path, text.count("\n", 0, offset) + 1),)
    ]
    return relink(text, change), problems


def _keep_agreement(texts: Mapping[str, str], new: dict[str, str | None], ways: list[_Way]) -> None:
    """Have pages and translations that agreed still agree: a link that follows is no news."""
    before = {one.new: one.old for one in ways if one.moves}
    for path, text in list(new.items()):
        found = translation_at(path, new)
        original = new.get(found.original) if found else None
        if not found or text is None or original is None:
            continue
        old = texts.get(before.get(path, path))
        old_original = texts.get(before.get(found.original, found.original))
        if old is None or old_original is None or (text, original) == (old, old_original):
            continue
        if behind(old_original, old) is None:
            new[path] = agreed(original, text)
