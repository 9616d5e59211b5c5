"""Export the site's pages as plain Markdown, for a builder that knows nothing of our plugin.

What the plugin puts on a page stands in its text: the environment, the dates, the ids of headings,
the nav. Links between ``docs/`` and ``manuals/`` lead where the pages are laid.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, get_files

from manualsmith.errors import UserError
from manualsmith.git.repository import Repository
from manualsmith.layout import CATEGORIES, fact_label, use
from manualsmith.markdown.checks.kept_heading_ids import id_place
from manualsmith.markdown.reading.front_matter import BadFrontMatter
from manualsmith.markdown.reading.outline import Section, heading_attributes
from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.page_environment import facts_of
from manualsmith.markdown.reading.page_links import Link, relink, section_ids
from manualsmith.markdown.reading.source import TextEdit, apply_edits
from manualsmith.naming import fold
from manualsmith.records.yaml.write_yaml import emit
from manualsmith.settings.read_settings import read_settings_in
from manualsmith.site.build.build_dialect import dialect_of_build
from manualsmith.site.build_commit import load_site, tell_code
from manualsmith.site.pages.last_confirmed import PageEvidence, standing_of
from manualsmith.site.plugin import ManualsmithPlugin
from manualsmith.site.site_language import site_language
from manualsmith.text import speaking, t
from manualsmith.workflow.reports.confirmed_places import Held, placed

_PAGES, _SETTINGS = "docs", "mkdocs.yml"
_CELL = re.compile(r"([\\|<>`*_\[\]])")


def plain_pages(root: Path) -> dict[str, bytes]:
    """Return the site's sources at *root* as files for another builder, by path.

    Raises UserError where there is no site, or it has not our plugin.
    """
    with suppress(UserError):  # a folder that is no repository has nobody to tell it of
        tell_code(root, Repository.open(root))
    use(read_settings_in(root).layout)
    config, plugin = load_site(root)
    plugin.on_config(config)
    listed = get_files(config)
    listed.add_files_from_theme(config.theme.get_env(), config)
    laid_out = plugin.lay_out(listed, config=config)
    paths = plugin.paths
    own = (config.docs_dir, str(paths.root))
    files = [file for file in laid_out if file.src_dir in own]
    places = {file.src_uri: paths.path(file).removeprefix(f"{paths.docs}/") for file in files}
    made = {f"{_PAGES}/{places[file.src_uri]}": file.content_bytes for file in files}
    dialect = dialect_of_build(config)
    for file in (file for file in files if file.is_documentation_page()):
        page = Page(file.content_string, dialect)
        with speaking(site_language(config)):
            text = _page(file, page, places, plugin)
        made[f"{_PAGES}/{places[file.src_uri]}"] = text.encode()
    made[_SETTINGS] = _settings(config, places).encode()
    return made


def _page(
    file: File,
    page: Page,
    places: Mapping[str, str],
    plugin: ManualsmithPlugin,
) -> str:
    path, evidence = plugin.paths.path(file), plugin.evidence
    text = apply_edits(page.text, list(_ids(page)))
    page = Page(text, page.dialect)
    paths = {section: tuple(map(fold, section.path)) for section in page.sections}
    told_of = {section: _held(h) for section, h in placed(paths, evidence.sections.get(path, {}))}
    own = {heading: one for heading, one in evidence.kept.get(path, {}).items() if heading}
    told_of |= {section: "".join(standing_of(one)) for section, one in placed(paths, own)}
    edits = [_beneath(page, section, told) for section, told in told_of.items()]
    if told := "\n\n".join(_told(path, page, evidence, plugin.config.facts)):
        first = next((one for one in page.sections if one.level == 1), None)
        start = page.front_matter.block.end if page.front_matter else 0
        top = TextEdit(start, start, f"\n{told}\n")
        edits.append(_beneath(page, first, told) if first else top)
    text = apply_edits(text, sorted(edits))

    def moved(link: Link) -> str | None:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(file.src_uri), link.path))
        here = posixpath.dirname(places[file.src_uri]) or "."
        return posixpath.relpath(places[target], here) if target in places else None

    return relink(text, moved)


def _beneath(page: Page, section: Section, told: str) -> TextEdit:
    at = page.source.end_of_line(section.body - 1)
    return TextEdit(at, at, f"\n\n{told}\n")


def _ids(page: Page) -> Iterator[TextEdit]:
    """Yield what writes each heading's id beside it: other builders make theirs otherwise."""
    for section, name in zip(page.sections, section_ids(page), strict=True):
        if heading_attributes(section.raw) is None:
            at, form = id_place(page, section)
            yield TextEdit(at, at, form.format(name))


def _told(path: str, page: Page, evidence: PageEvidence, names: Mapping[str, str]) -> Iterator[str]:
    try:
        found = facts_of(path, page.text)
    except BadFrontMatter:
        found = {}
    titles = {name: t(category.heading) for name, category in CATEGORIES.items()}
    rows = [
        f"| {titles.get(category, category)} | {_cell(name)} | {_cell(value)} |"
        for (category, fact), value in found.items()
        if (name := names.get(fact) or fact_label(fact))
    ]
    if rows:
        heading = t("The environment this page is for")
        yield "\n".join([f"| {heading} | | |", "|---|---|---|", *rows])
    whole = evidence.kept.get(path, {}).get(())
    lines = []
    if path in evidence.changed:
        lines.append(t("Last changed") + f" {evidence.changed[path]}")
    if path in evidence.pages and not whole:
        lines.append(_held(evidence.pages[path]))
    if lines:
        yield t(", ").join(lines)
    if whole:
        yield "".join(standing_of(whole, in_part=path in evidence.sections))


def _held(held: Held) -> str:
    return t("Last followed and found right") + f" {held.date}"


def _cell(text: str) -> str:
    return _CELL.sub(r"\\\1", text)


def _settings(config: MkDocsConfig, places: Mapping[str, str]) -> str:
    names = ("language", "features", "palette")
    theme = {name: config.theme[name] for name in names if name in config.theme}
    options = {name: dict(value) for name, value in (config.mdx_configs or {}).items() if value}
    options.get("toc", {}).pop("slugify", None)
    settings = {
        "site_name": config.site_name,
        "docs_dir": _PAGES,
        "theme": {"name": "material", "font": False, **theme},
        "nav": _nav(config.nav or [], places),
        "markdown_extensions": [
            {name: options[name]} if options.get(name) else name
            for name in config.markdown_extensions
        ],
    }
    return emit(settings)


def _nav(item: Any, places: Mapping[str, str]) -> Any:  # noqa: ANN401 - as MkDocs has it
    if isinstance(item, str):
        return places.get(item, item)
    if isinstance(item, dict):
        return {title: _nav(inner, places) for title, inner in item.items()}
    return [_nav(inner, places) for inner in item]
