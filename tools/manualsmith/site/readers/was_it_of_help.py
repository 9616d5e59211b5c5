"""Was this of help? At a page's end: a yes or a no, which tells nobody anything by itself.

*No* opens the report of the page. Where the settings name the desk, an answer is sent to it by the
reader's click: the page and yes or no, without a cookie. The same way leads there for words that
nothing was found for: `manualsmith.notFound(words)` of ``readers.js``.
"""

from html import escape

from manualsmith.text import t


def was_it_of_help(path: str, report: str) -> str:
    """Return the question for the page at *path* in the repository.

    *report*: the address that the page is reported at.
    """
    asked, yes, no = (escape(text) for text in (t("Was this page of help?"), t("Yes"), t("No")))
    thanks = escape(t("Thank you."))
    return (
        f'<div class="ms-helpful" role="group" aria-label="{asked}" data-page="{escape(path)}" '
        f'data-thanks="{thanks}" data-search-exclude><p>{asked}</p>'
        f'<button type="button" class="md-button" data-answer="yes">{yes}</button> '
        f'<a class="md-button" data-answer="no" href="{escape(report)}">{no}</a></div>\n'
    )


def with_desk(output: str, address: str | None) -> str:
    """Return a whole page with the desk's *address*, if any, for our script to send to."""
    if not address:
        return output
    told = f'<meta name="manualsmith-desk" content="{escape(address.rstrip("/"))}">'
    return output.replace("</head>", f"{told}</head>", 1)
