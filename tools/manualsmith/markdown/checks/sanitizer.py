"""Sanitize HTML: the elements, attributes and addresses that a suggestion may bring onto a page.

This is what Markdown and its extensions make of text, and the HTML that says no more than they do.
What is not listed here is dropped where pages are shown, and is refused in what a suggestion adds.
"""

from collections.abc import Mapping

import nh3

_OF_TEXT = """
a abbr article aside b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div
dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img input ins kbd label li mark ol p pre q rp rt
ruby s samp section small span strong sub summary sup table tbody td tfoot th thead time tr tt u ul
var wbr
"""
# An emoji of the theme stands in the page as a drawing.
_OF_DRAWINGS = "svg g path circle ellipse"
_SCHEMES = "dav davs ftp ftps http https mailto sftp sms tel webcal"
# Nothing in them is text for readers.
_DROPPED = "iframe noembed noframes noscript object script style template textarea title xmp"
_OF_ANY = """
aria-hidden aria-label class data-linenos data-search-exclude data-tabs dir id lang role title
"""
_OF_CELLS = "align colspan headers rowspan scope style"

ELEMENTS = frozenset(f"{_OF_TEXT} {_OF_DRAWINGS}".split())
"""The elements that are kept; of any other its text is kept."""

ATTRIBUTES: Mapping[str, frozenset[str]] = {
    name: frozenset(value.split())
    for name, value in {
        "*": _OF_ANY,
        "a": "download href hreflang name rel target",
        "blockquote": "cite",
        "circle": "cx cy fill r",
        "col": "span width",
        "colgroup": "span width",
        "details": "open",
        "ellipse": "cx cy fill rx ry",
        "g": "fill transform",
        "img": "align alt height loading src width",
        "input": "checked disabled name type",
        "label": "for",
        "li": "value",
        "ol": "reversed start type",
        "path": "d fill transform",
        "q": "cite",
        "svg": "fill viewBox",
        "table": "align",
        "td": _OF_CELLS,
        "th": _OF_CELLS,
        "time": "datetime",
    }.items()
}
"""The attributes that are kept, by element; those under ``*`` are kept on all of them."""

SCHEMES = frozenset(_SCHEMES.split())
"""The schemes that an address may have; one without a scheme is kept."""

STYLES = frozenset(("text-align",))
"""The properties that ``style`` may set: what a table's columns have."""

INPUTS = frozenset(("checkbox", "radio"))
"""The types of ``input``: a task's box, and what a tab is chosen by."""

# The name of a tab's inputs: another one could be taken for a field of the form around the page.
_TABS = "__tabbed_"


def sanitize(html: str) -> str:
    """Return *html* with nothing but what is listed here, well-formed as browsers read it."""
    return _CLEANER.clean(html)


def _kept(element: str, attribute: str, value: str) -> str | None:
    """Return the value that an attribute keeps, None for no such attribute."""
    if element == "input" and attribute == "type":
        return value if value in INPUTS else None
    if element == "input" and attribute == "name":
        return value if value.startswith(_TABS) else None
    return value


_CLEANER = nh3.Cleaner(
    tags=set(ELEMENTS),
    attributes={name: set(names) for name, names in ATTRIBUTES.items()},
    url_schemes=set(SCHEMES),
    clean_content_tags=set(_DROPPED.split()),
    filter_style_properties=set(STYLES),
    attribute_filter=_kept,
    link_rel=None,
)
