"""The Markdown that readers get: Python-Markdown with the extensions that a site's settings name.

MkDocs renders each page so. What an edit does to a page is judged by what comes out here.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from manualsmith.markdown.entry_form import EntryForm

if TYPE_CHECKING:
    from markdown import Markdown
    from markdown_it.rules_core import StateCore

    from manualsmith.layout import Manual

# What MkDocs always adds.
BUILT_IN = ("toc", "tables", "fenced_code")


class NotRendered(ValueError):
    """A page that the site's Markdown cannot render; the message says why."""


@dataclass(frozen=True, eq=False)
class Dialect:
    """Extensions of Python-Markdown by name, and their settings, as MkDocs hands them over.

    ``entries``: how a manual writes its troubleshooting entries.

    Two of them are the same only where they are one: keep one for each state of the settings.
    """

    extensions: tuple[str, ...] = BUILT_IN
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    entries: EntryForm = EntryForm()
    _busy: Lock = field(default_factory=Lock, repr=False)

    def with_entries(self, form: EntryForm) -> "Dialect":
        """Return the same Markdown for a manual of that form; the same object each time."""
        if form == self.entries:
            return self
        key = (id(self), repr(form))
        if key not in _of_form:
            _of_form[key] = replace(self, entries=form)
        return _of_form[key]

    def for_manual(self, manual: "Manual") -> "Dialect":
        """Return the same Markdown with the form that a manual's entries have."""
        return self.with_entries(EntryForm.of(manual))

    @cached_property
    def _markdown(self) -> "Markdown":
        return self._made()

    @cached_property
    def _without_html(self) -> "Markdown":
        made = self._made()
        made.preprocessors.deregister("html_block", strict=False)
        made.inlinePatterns.deregister("html", strict=False)
        return made

    def _made(self) -> "Markdown":
        from markdown import Markdown

        settings = {name: dict(value) for name, value in self.settings.items()}
        return Markdown(extensions=list(self.extensions), extension_configs=settings)

    def html(self, body: str, *, raw: bool = True) -> str:
        """Return the HTML of a page's Markdown, front matter left out; the last few are kept.

        Without *raw*, HTML that is written in the page is shown as text. Raises NotRendered.
        """
        return _html(self, body, raw)

    def convert(self, body: str, raw: bool) -> str:
        """Return the same, made anew."""
        with self._busy:
            try:
                made = self._markdown if raw else self._without_html
                return made.reset().convert(body)
            except Exception as error:  # extensions are other people's code
                raise NotRendered(f"{type(error).__name__}: {error}") from error

    @property
    def nests_by_four(self) -> bool:
        """Whether a list within a list is one by four columns alone."""
        return True

    @property
    def needs_space(self) -> bool:
        """Whether ``##words`` is no heading, for want of a space."""
        return False

    @property
    def after_numbers(self) -> str:
        """The characters that, after a number, make it one of a list."""
        return "."

    @property
    def code_holds_pipes(self) -> bool:
        """Whether a pipe in code parts no cells of a table."""
        return True

    @property
    def reads_attributes(self) -> bool:
        """Whether ``{#id}`` at a heading's end gives it an id, rather than being text."""
        return any(name.rpartition(".")[2] in _ATTR_LIST for name in self.extensions)

    @cached_property
    def slugify(self) -> Callable[[str, str], str]:
        """The function from a heading's words and the separator to its id."""
        from markdown.extensions.toc import slugify

        return self._toc.get("slugify") or slugify

    @cached_property
    def separator(self) -> str:
        """What stands between the words of an id."""
        return str(self._toc.get("separator", "-"))

    @property
    def _toc(self) -> Mapping[str, Any]:
        return self.settings.get("toc") or self.settings.get("markdown.extensions.toc") or {}


class CommonMark(Dialect):
    """The Markdown of builders that follow CommonMark: Docusaurus, VitePress, Hugo and others.

    With GitHub's tables and struck words, and ``{#id}`` at a heading's end. What a builder has
    beside that (containers, components, shortcodes) is text here; a line of ``:::`` is a paragraph.
    """

    nests_by_four = False
    needs_space = True
    after_numbers = ".)"
    code_holds_pipes = False
    reads_attributes = True

    @cached_property
    def slugify(self) -> Callable[[str, str], str]:
        """The function from a heading's words and the separator to its id."""
        from manualsmith.markdown.heading_ids import slugify

        return slugify

    def convert(self, body: str, raw: bool) -> str:
        """Return the HTML of a page's body, made anew."""
        from markdown_it import MarkdownIt

        from manualsmith.markdown.colon_lines import part_at_colons

        parser = MarkdownIt("commonmark", {"html": raw}).enable(["table", "strikethrough"])
        part_at_colons(parser)
        parser.core.ruler.push("heading_ids", _with_ids)
        with self._busy:
            html: str = parser.render(body)
        return html


def _with_ids(state: "StateCore") -> None:
    """Give headings their ids: take ``{#id}`` off their end, else make one of their words."""
    from markdown.extensions.toc import unique

    from manualsmith.markdown.heading_ids import slugify

    taken: set[str] = set()
    for at, token in enumerate(state.tokens):
        if token.type != "heading_open":
            continue
        inner = state.tokens[at + 1].children or []
        last = inner[-1] if inner else None
        if last and last.type == "text" and (found := _OWN_ID.search(last.content)):
            name = found[1]
            last.content = last.content[: found.start()]
        else:
            words = "".join(one.content for one in inner if one.type in ("text", "code_inline"))
            name = unique(slugify(words, "-"), taken)
        taken.add(name)
        token.attrSet("id", name)


_OWN_ID = re.compile(r"[ \t]*\{[ \t]*#([^\s{}]+)[ \t]*\}[ \t]*$")
COMMON_MARK = CommonMark((), {})

# Dialects are few, and each is kept as long as the process: its id names it.
_of_form: dict[tuple[int, str], Dialect] = {}


@lru_cache(maxsize=16)
def _html(dialect: Dialect, body: str, raw: bool) -> str:
    """Keep what an edit's checks ask for again: the page as it is, and as it would be."""
    return dialect.convert(body, raw)


_ATTR_LIST = ("attr_list", "extra")


def _shipped() -> Dialect:
    from manualsmith.markdown.heading_ids import slugify

    names = ("admonition", "attr_list", "pymdownx.details", "pymdownx.superfences")
    return Dialect(
        (*BUILT_IN, *names, "pymdownx.tabbed"),
        {"toc": {"slugify": slugify}, "pymdownx.tabbed": {"alternate_style": True}},
    )


# For pages of no site: what this project's own has.
DEFAULT = _shipped()
