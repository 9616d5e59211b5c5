"""The search of Material's theme: how it splits and weighs, and what is done with a question.

Other themes have a search of their own, which is left as it is.
"""

from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import Files

from manualsmith.site.build.build_cache import BuildCache
from manualsmith.site.build.site_files import SitePaths
from manualsmith.site.search.chinese_words import WordCutter
from manualsmith.text import t

# What Material's search splits text at: between two words we cut, at blanks, and at punctuation,
# full width as well. A dot inside a word stays (3.16, remote.php), so that codes are found whole.
SEPARATOR = (
    r"[\s\u200b\u3000\-,:;!?=\[\](){}<>\"'`/|、。，．：；？！「」『』（）《》〈〉【】〔〕…—～·]+"
    r"|\.(?!\w)|&(?:lt|gt|amp);"
)
# A title counts more than text, but not a thousand times more, as Material has it: a page with both
# words of a question comes before one whose title is the first of them.
FIELDS = {"title": {"boost": 4.0}, "words": {"boost": 2.0}}
_WORKERS = "assets/javascripts/workers/search."
_PLUGIN = "material.plugins.search.plugin"

_log = get_plugin_logger("manualsmith")


def _search_plugin(config: MkDocsConfig) -> Any | None:  # noqa: ANN401
    """Return Material's search plugin, None where the site has another or none."""
    plugins = (one for one in config.plugins.values() if type(one).__module__ == _PLUGIN)
    return next(plugins, None)


def configure(config: MkDocsConfig) -> None:
    """Give Material's search plugin what its settings leave open, before it reads them."""
    if plugin := _search_plugin(config):
        plugin.config.separator = plugin.config.separator or SEPARATOR
        plugin.config.fields = FIELDS | plugin.config.fields


def use_words(config: MkDocsConfig, words: WordCutter, kept: BuildCache, paths: SitePaths) -> None:
    """Let Material's search plugin fill an index of ours, cut by *words*."""
    if (plugin := _search_plugin(config)) and plugin.config.enabled:
        from manualsmith.site.search.chinese_index import ChineseIndex

        plugin.search_index = ChineseIndex(words, kept, paths, **plugin.config)


def keep_in(config: MkDocsConfig, kept: BuildCache) -> None:
    """Let the index that is being filled keep what it cuts in *kept*."""
    if (plugin := _search_plugin(config)) and hasattr(plugin.search_index, "kept"):
        plugin.search_index.kept = kept


def cut_questions(files: Files) -> None:
    """Put our cutting of questions in front of the theme's search worker, among *files*."""
    workers = [
        file for file in files if file.src_uri.startswith(_WORKERS) and file.src_uri.endswith(".js")
    ]
    for worker in workers:
        ours = Path(__file__).parents[1] / "assets" / "search-query.js"
        worker.content_string = f"{ours.read_text('utf-8')}\n{worker.content_string}"
    if not workers:
        _log.warning(t("the theme has no search worker: Chinese questions are searched uncut"))
