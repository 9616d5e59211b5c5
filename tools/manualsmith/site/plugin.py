"""The MkDocs plugin ``manualsmith``: the manuals beside ``docs/``, as a site."""

import os
import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment
from mkdocs.commands.build import get_context
from mkdocs.config import config_options as c
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority, get_plugin_logger
from mkdocs.structure.files import Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from manualsmith.errors import UserError
from manualsmith.git.repository import Repository
from manualsmith.layout import confirmations_folder, layout, manual_folders, manual_of, use
from manualsmith.records.blob_id import blob_id
from manualsmith.settings.read_settings import read_settings_in
from manualsmith.site.build import site_files
from manualsmith.site.build.build_dialect import dialect_of_build
from manualsmith.site.build.failed_pages import (
    as_text_if_it_fails,
    drop_what_does_not_fit,
    without_front_matter_if_it_fails,
)
from manualsmith.site.build.shortcuts import Shortcuts, is_material
from manualsmith.site.offline.manual_book import BookSources, manual_book
from manualsmith.site.offline.take_along import TakeAlong
from manualsmith.site.pages.environment_table import with_environment
from manualsmith.site.pages.last_confirmed import (
    PageEvidence,
    read_evidence,
    records_roots,
    with_evidence,
)
from manualsmith.site.pages.navigation import build_nav
from manualsmith.site.pages.old_addresses import write_redirects
from manualsmith.site.pages.page_languages import Languages
from manualsmith.site.pages.related_pages import Related, shown
from manualsmith.site.pages.report_problem import (
    ReportedPage,
    report_address,
    report_of_page,
    with_reports,
)
from manualsmith.site.pages.symptom_list import symptom_list
from manualsmith.site.preview.marked_changes import (
    LIST_PAGE,
    SitePreview,
    list_file,
    list_html,
    rendered,
    with_banner,
    with_marks,
)
from manualsmith.site.readers import for_readers
from manualsmith.site.readers.from_records import records_folders
from manualsmith.site.readers.was_it_of_help import was_it_of_help, with_desk
from manualsmith.site.search import search_index
from manualsmith.site.search.search_words import search_words
from manualsmith.site.site_language import site_language
from manualsmith.text import speaking, t
from manualsmith.words.vocabulary import own_vocabulary, read_vocabulary

if TYPE_CHECKING:
    from manualsmith.paper.book import Book
    from manualsmith.site.ledger.ledger_pages import LedgerPages
    from manualsmith.workflow.queue.preview_suggestions import Waiting

_log = get_plugin_logger("manualsmith")
_TEMPLATES = Path(__file__).with_name("templates")  # they go over those of Material
_PUBLIC = Path(__file__).with_name("public")
_WIDE_SCRIPT = "assets/manualsmith/scrollable.js"
_REPORT_SCRIPT = "assets/manualsmith/report.js"
_STANDING_SCRIPT = "assets/manualsmith/standing.js"
_SEARCH_STYLES = "assets/manualsmith/search.css"
_SEARCH_SCRIPTS = ("assets/manualsmith/landing.js", "assets/manualsmith/search.js")
# The theme calls the path to a page what it calls all navigation.
_PATH = re.compile(r'(class="md-path" aria-label=")[^"]*')
_RELEASE = "MIKE_DOCS_VERSION"
_I18N = "i18n"
_LEDGER_SCRIPT = "assets/manualsmith/ledger.js"
_STYLES = "assets/manualsmith/site.css"
_HOME = ("", ".", "./", "index.html")  # the addresses that a site's home page may have


def _plugin_error(error: UserError) -> PluginError:
    told = (f"{one}{f' ({one.hint})' if one.hint else ''}" for one in error.problems)
    return PluginError("\n".join(told))


def kept_in(repository: Repository) -> Path:
    """Return the file that holds the cache of a repository's site builds."""
    return repository.common_dir / "manualsmith" / "site.sqlite"


class SiteConfig(Config):  # type: ignore[no-untyped-call]  # MkDocs types it in part
    """Settings under ``plugins: manualsmith:`` in ``mkdocs.yml``."""

    docs = c.Type(bool, default=False)
    """Whether the site has the other pages of ``docs/``, which are for those who do the work."""

    docs_title = c.Optional(c.Type(str))
    """The nav's title for the pages of ``docs/`` other than the home page."""

    facts = c.DictOfItems(c.Type(str), default={})
    """What readers see for a fact's name, as ``server.version: 伺服器版本``."""

    report = c.Optional(c.Type(str))
    """Where problems are reported: ``mailto:…`` or ``https://…``; without it a text to copy."""

    contact = c.Optional(c.Type(str))
    """How readers reach the service desk: told where search or an address finds nothing."""

    vocabulary = c.Optional(c.Type(str))
    """A file of words that readers use for one thing, from the folder of ``mkdocs.yml``."""

    desk = c.Optional(c.URL())
    """The address of the desk, which counts whether pages were of help; without it nothing does."""

    announce = c.Type(bool, default=False)
    """Whether readers are told of corrections that wait for a decision."""

    home = c.Optional(c.Type(bool))
    """Whether the home page has a search field, known troubles, what is asked, and cards; unless it
    is set, that of a site whose manuals are beside its ``docs_dir``, with Material's theme."""

    fast = c.Type(bool, default=True)
    """Whether builds take shortcuts through MkDocs and the theme; the pages are the same."""

    pdf = c.Type(bool, default=False)
    """Whether a build prints each manual as a PDF for readers; Chrome, Edge or Chromium does it."""

    offline = c.Optional(c.Type(bool))
    """Whether what readers opened is kept on their devices; false takes back what is there."""

    internal = c.Type((bool, int), default=False)
    """Whether the site has all records: for those who keep the manuals, not for readers."""


class ManualsmithPlugin(BasePlugin[SiteConfig]):  # type: ignore[no-untyped-call]
    """Adds the manuals, their nav, their environment and a search that knows their words."""

    preview: SitePreview | None = None
    """Suggestions that the site is to show, as `manualsmith preview` has it."""

    repository: Repository | None = None
    """Where the site's history and what builds keep are, other than around its sources."""

    root: Path | None = None
    """What the layout's folders are counted from, other than what is found around its sources."""

    commit = "HEAD"
    """The commit that the pages are of."""

    printed: str | None = None
    """The manual that `book` is to be, as `manualsmith export` has it."""

    book: "Book | None" = None
    """The manual that was asked for, once the site was built."""

    paths: site_files.SitePaths
    """What the site's files are called in the repository."""

    evidence: PageEvidence
    """What is known of the pages, once their files are listed."""

    def on_config(self, config: MkDocsConfig) -> None:
        """Put our templates before the theme's, but after the site's own ``custom_dir``."""
        around = site_files.root_of(config)
        try:
            use(read_settings_in(self.root or around).layout)
        except UserError as error:
            raise _plugin_error(error) from error
        self.paths = site_files.SitePaths.of(config, around)
        # a site whose manuals are inside its docs_dir has the nav that it always had
        self._makes_nav = config.nav is None and not self.paths.as_they_lie
        self._own_text: dict[str, str] = {}
        self._whole: str | None = None
        own = [config.theme.custom_dir] if config.theme.custom_dir else []
        added = [str(_PUBLIC), *([str(_TEMPLATES)] if is_material(config) else [])]
        config.theme.dirs[len(own) : len(own)] = added
        site_files.add_once(config.extra_css, _STYLES, first=True)
        if _RELEASE in os.environ:  # mike is freezing a release: readers may choose among them
            config.extra.setdefault("version", {"provider": "mike", "default": "latest"})
            with speaking(site_language(config)):
                config.extra["manualsmith_outdated"] = t("This manual is of an older release.")
                config.extra["manualsmith_newest"] = t("See the newest")
        scripts = [_WIDE_SCRIPT, _STANDING_SCRIPT]
        scripts += [_LEDGER_SCRIPT] if self.config.internal else []
        scripts += [_REPORT_SCRIPT] if self.config.report is None else []
        private = bool(self.preview or self.config.internal)
        offline = None if private else self.config.offline
        self._along = TakeAlong(config, pdf=self.config.pdf and not private, offline=offline)
        site_files.add_once(config.extra_javascript, *scripts, *self._along.scripts)
        if self.config.report is None:
            _log.info(t("no address for reports is set (report): readers get a text to copy"))
        for_readers.configure(config)
        if is_material(config):
            self._set_up_search(config)

    def _set_up_search(self, config: MkDocsConfig) -> None:
        """Read the vocabulary; give the templates the search's words, and the pages its scripts."""
        self._vocabulary = own_vocabulary()
        if named := self.config.vocabulary:
            path = Path(config.config_file_path or self.paths.root / "mkdocs.yml").parent / named
            try:
                self._vocabulary += read_vocabulary(path, named)
            except UserError as error:
                raise _plugin_error(error) from error
        with speaking(site_language(config)):
            config.extra["manualsmith_search"] = search_words(
                self.config.report, self.config.contact, self.paths, config
            )
        site_files.add_once(config.extra_css, _SEARCH_STYLES, first=True)
        site_files.add_once(config.extra_javascript, *_SEARCH_SCRIPTS)

    # Before other plugins: they shall see each file under the path it keeps.
    @event_priority(100)
    def lay_out(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the manuals, and make the nav where ``mkdocs.yml`` has none."""
        paths, root = self.paths, self.paths.root
        files = site_files.without_faulty(site_files.lay_out(files, paths, config), paths)
        if not (self.config.docs or self.config.internal):
            files = site_files.for_readers(files, paths, config.nav)
        self._files, self._related = files, Related(dialect_of_build(config))
        repository = self.repository or site_files.repository_at(root)
        if repository and not self.repository:
            site_files.tell_of_manuals_elsewhere(root, repository)
        self._object_format = repository.object_format if repository else "sha1"
        kept = kept_in(repository) if repository else None
        self._shortcuts = Shortcuts(config, kept, wanted=self.config.fast)
        dialect_for = dialect_of_build(config).for_manual
        self.evidence = read_evidence(root, repository, self.commit, dialect_for)
        roots = list(records_roots(root, repository))
        self._readers = for_readers.ForReaders(config, roots, self._shortcuts.kept)
        # where another plugin knows of languages, it tells of them
        translated = Files([]) if _I18N in config.plugins else files
        own_nav = not self.paths.as_they_lie
        self._languages = Languages(translated, site_language(config), makes_nav=own_nav)
        self._waiting = self._corrections(repository)
        self._ledger = self._read_ledger(repository)
        with speaking(site_language(config)):
            docs_title = self.config.docs_title or t("Working here")
            ledger_nav = [self._ledger.nav] if self._ledger else []
        if self._makes_nav:
            pages = files.documentation_pages(inclusion=InclusionLevel.is_in_nav)
            config.nav = [*build_nav(pages, paths.docs, docs_title), *ledger_nav]
        elif config.nav is not None and not paths.as_they_lie:
            config.nav = site_files.named_from_root(config.nav, files, paths.docs)
        return files

    # After other plugins: i18n, at -100, takes every page for a file of docs_dir.
    @event_priority(-200)
    def _add_own(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the pages that no source is of: the ledger's, for no network, a preview's list."""
        with speaking(site_language(config)):
            own = self._ledger.new_files(config) if self._ledger else []
            own += [*self._along.new_files(config), *([list_file(config)] if self.preview else [])]
        for file in own:
            files.append(file)
        self._files = files
        return files

    on_files = CombinedEvent(lay_out, _add_own)

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> None:
        """Read the pages that no build has read yet, on every core."""
        self._nav = nav

        def read(page: Page) -> None:
            config.plugins.on_pre_page(page, config=config, files=files)
            page.read_source(config)
            text = page.markdown or ""
            events = config.plugins
            page.markdown = events.on_page_markdown(text, page=page, config=config, files=files)
            page.render(config, files)

        pages = [file.page for file in files.documentation_pages() if file.page]
        self._shortcuts.read_ahead(pages, read)

    def on_pre_page(self, page: Page, *, config: MkDocsConfig, files: Files) -> None:
        """Take the page over from an earlier build where that can be; let none end the build."""
        as_text_if_it_fails(page)
        self._shortcuts.watch(page)

    # Before other plugins, which read the front matter.
    @event_priority(100)
    def on_page_markdown(
        self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> None:
        """Drop what does not fit from the front matter; the text stays as it is."""
        drop_what_does_not_fit(page, config)

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Show the environment that the page is for, when it was changed, and when it held."""
        with speaking(self._languages.of(page.file.src_uri)):
            return self._with_what_is_known(html, page, config, files)

    def _with_what_is_known(self, html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
        toc, names = page.toc.items, self.config.facts
        if self.preview and page.file.src_uri == LIST_PAGE:
            return list_html(self.preview, partial(self.paths.find, files), page.url)
        if own := self._along.html(page.file.src_uri, config):
            return own
        if not is_material(config):
            self._own_text[page.file.src_uri] = html
        path = self.paths.path(page.file)
        self._readers.described(html, page, path, home=self._is_home(page, config))
        if self._is_home(page, config):
            html = self._readers.home(html, page, path)
        if self.preview and path in self.preview.before:
            html = with_marks(html, self.preview.before[path], page, config, files)
        elif waiting := [one for one in self._waiting.get(path, ()) if self._is_of(one, page)]:
            from manualsmith.site.pages.announced_corrections import with_announcements

            html = with_announcements(
                html, waiting, lambda text: rendered(text, page, config, files)
            )
        html = self._readers.with_figures(html, page, files)
        html = self._languages.with_languages(html, page.file)
        html = with_evidence(html, path, toc, self.evidence, names)
        html = with_environment(html, path, page.file.content_string, names)
        if manual_of(path):
            title, source = str(page.title or path), page.file.content_string
            self._related.add(path, title, toc, source, page.meta.get("related"))
        return html

    # Before search looks at the pages; what is added here is nothing to search.
    @event_priority(50)
    def _complete(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Add what needs all pages to be read: what belongs to this one; and where to report it."""
        path = self.paths.path(page.file)
        if manual_of(path):
            with speaking(site_language(config)):
                records = self._ledger.of_page(path, page.url) if self._ledger else ""
            with speaking(self._languages.of(page.file.src_uri)):
                page.content = self._with_ways_on(page, nav, records)
        elif self._is_home(page, config):
            with speaking(self._languages.of(page.file.src_uri)):
                html, find = page.content or "", partial(self.paths.find, self._files)
                page.content = self._readers.complete_home(html, page, find)
        elif self._ledger and page.file.src_uri in self._ledger.paths:
            with speaking(site_language(config)):
                page.content = self._ledger.html(page.file.src_uri)
        if not is_material(config):
            # other themes' search does not know what is marked as nothing to search
            self._whole = page.content
            page.content = self._own_text.pop(page.file.src_uri, page.content)
        return context

    @event_priority(-50)
    def _put_back(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Show the whole page again, once search has looked at its own text."""
        if not is_material(config):
            page.content = self._whole
        return context

    on_page_context = CombinedEvent(_complete, _put_back)

    def _is_home(self, page: Page, config: MkDocsConfig) -> bool:
        """Return whether *page* is the home page that we make one of, or a translation of it."""
        wanted = self.config.home if self.config.home is not None else not self.paths.as_they_lie
        of = self._languages.original(page.file.src_uri)
        original = self._files.get_file_from_path(of)
        return wanted and is_material(config) and original is not None and original.url in _HOME

    def _with_ways_on(self, page: Page, nav: Navigation, records: str) -> str:
        """Return a manual's page with where to report it and what belongs to it."""
        path, to = self.paths.path(page.file), self.config.report
        blob = blob_id(page.file.content_bytes, self._object_format)
        about = ReportedPage(path, str(page.title or path), blob)
        html = self._readers.with_top(page.content or "", page, path)
        html = self._along.with_link(html, path, page.url)
        html = with_reports(html, about, page.toc.items, to)
        symptoms = symptom_list(nav, page.url, path, self.paths.path)
        related = shown(self._related.of(path), page.url, partial(self.paths.find, self._files))
        helpful = was_it_of_help(path, report_address(about, to))
        return f"{html}\n{symptoms}{related}{records}{helpful}{report_of_page(about, to)}"

    # After other plugins, which may set what templates find.
    @event_priority(-100)
    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> None:
        """Prepare the search index, and write pages ahead: every page has been read now."""
        shortcuts, nav = self._shortcuts, self._nav
        self._read_books(config, files)
        if is_material(config):
            search_index.fill_index(config, self._vocabulary, shortcuts.kept, self.paths)
        found = files.documentation_pages()
        pages = [file.page for file in found if file.page]
        without_front_matter_if_it_fails(env)
        shortcuts.prepare(env, config, nav)

        def write(page: Page) -> None:
            search_index.keep_in(config, shortcuts.kept)
            page.active = True
            context = get_context(nav, found, config, page)
            template = env.get_template(page.meta.get("template", "main.html"))
            context = config.plugins.on_page_context(context, page=page, config=config, nav=nav)
            template.render(context)
            page.active = False

        shortcuts.write_ahead(pages, write)

    def _read_books(self, config: MkDocsConfig, files: Files) -> None:
        """Read the manuals that are printed: before anything stands on a page that is to press."""
        names, site = self.config.facts, config.site_url or ""
        path_of, root = self.paths.path, self.paths.root
        sources = BookSources(self._nav, files, path_of, root, self.evidence, names, site)
        self._along.read(lambda manual: manual_book(manual, sources))
        if self.printed:
            self.book = manual_book(layout().manuals[self.printed], sources)

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Say on every page of a preview that it is one; name what the theme leaves unnamed."""
        with speaking(site_language(config)):
            output = with_desk(output, self.config.desk)
            here = t("Where this page is")
            output = _PATH.sub(rf"\g<1>{here}", output, count=1)
            if self.preview is None or page.file.src_uri == LIST_PAGE:
                return output
            listed = self._files.get_file_from_path(LIST_PAGE)
            path, url = self.paths.path(page.file), listed.url if listed else ""
            return with_banner(output, self.preview, path, page.url, url)

    # After other plugins: what is kept on readers' devices is named by all that was written.
    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write what is at old addresses, and save for the next build what this one made."""
        write_redirects(self._files, config)
        self._along.write(config)
        self._shortcuts.finish()

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Callable[..., Any]
    ) -> None:
        """Build again when a file of the manuals is changed, added or taken away."""
        root = self.paths.root
        names = (*manual_folders(), confirmations_folder())
        for folder in (*(root / name for name in names), *records_folders(root)):
            if folder.is_dir() and not folder.is_relative_to(config.docs_dir):
                server.watch(str(folder))

    # What follows is for some sites only, and would cost every build its imports.

    def _corrections(self, repository: Repository | None) -> "Mapping[str, list[Waiting]]":
        if not self.config.announce or self.preview or repository is None:
            return {}
        from manualsmith.workflow.queue.preview_suggestions import waiting
        from manualsmith.workflow.workspace.open_workspace import open_workspace

        try:
            return waiting(open_workspace(repository.folder))
        except UserError as error:
            _log.warning(t("open corrections cannot be told: {reason}", reason=error))
            return {}

    def _read_ledger(self, repository: Repository | None) -> "LedgerPages | None":
        if not self.config.internal or self.preview or repository is None:
            return None
        from manualsmith.site.ledger.ledger_pages import LedgerPages
        from manualsmith.workflow.reports.all_records import read_ledger
        from manualsmith.workflow.workspace.open_workspace import open_workspace

        try:
            ledger = read_ledger(open_workspace(repository.folder))
        except UserError as error:
            _log.warning(t("the records cannot be shown: {reason}", reason=error))
            return None
        return LedgerPages(ledger, self.evidence, self._files, self.paths)

    @staticmethod
    def _is_of(one: "Waiting", page: Page) -> bool:
        """Return whether a correction is of the page as this site has it."""
        return one.before == page.file.content_bytes.decode("utf-8", "replace")

    def addresses(self, paths: Iterable[str]) -> dict[str, str]:
        """Return where the pages at *paths* are on the site that was built last."""
        found = ((path, self.paths.find(self._files, path)) for path in paths)
        return {path: file.url for path, file in found if file}
