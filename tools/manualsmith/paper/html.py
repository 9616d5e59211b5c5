"""A form as one HTML file that prints on A4, and loads nothing from anywhere."""

from html import escape

from manualsmith.paper.form import Form, FormTable
from manualsmith.text import Language, speaking, t

# Fonts that Windows, macOS and Linux have for Traditional Chinese.
FONTS = (
    '"Noto Serif CJK TC", "Noto Serif TC", "Songti TC", "PMingLiU", "MingLiU", '
    '"Noto Sans CJK TC", "PingFang TC", "Microsoft JhengHei", serif'
)
_STYLE = f"""
@page {{ size: A4; margin: 18mm 16mm 20mm; }}
* {{ box-sizing: border-box; }}
body {{ font: 11pt/1.6 {FONTS}; color: #000; background: #fff; max-width: 180mm;
  margin: 0 auto; padding: 6mm; }}
@media print {{ body {{ padding: 0; max-width: none; }} }}
h1 {{ font-size: 18pt; text-align: center; letter-spacing: .1em; margin: 0 0 2mm; }}
.number {{ display: flex; justify-content: space-between; margin: 0 0 3mm; }}
h2 {{ font-size: 12pt; margin: 6mm 0 2mm; break-after: avoid; }}
table {{ width: 100%; border-collapse: collapse; }}
th, td {{ border: .5pt solid #000; padding: 1.5mm 2mm; text-align: left; vertical-align: top;
  overflow-wrap: break-word; white-space: pre-line; }}
th {{ font-weight: 600; background: #f0f0f0; }}
td:first-child {{ min-width: 4em; }}
.fields th {{ width: 30mm; white-space: nowrap; }}
thead {{ display: table-header-group; }}
thead th {{ white-space: nowrap; }}
tr, .sign {{ break-inside: avoid; }}
.sign {{ display: flex; gap: 8mm; margin-top: 8mm; }}
.sign div {{ flex: 1; border-bottom: .5pt solid #000; padding-bottom: 9mm; }}
"""


_LANG: dict[Language, str] = {"zh_TW": "zh-Hant-TW", "en": "en"}


def form_html(form: Form) -> str:
    """Return the HTML of a form."""
    fields = "".join(
        f"<tr><th scope=row>{escape(label)}</th><td>{escape(text)}</td></tr>"
        for label, text in form.fields
    )
    tables = "".join(map(_table, form.tables))
    with speaking(form.language):
        colon = t(": ")
        number = escape(f"{t('No.')}{colon}{form.number}")
        before, between, after = page_number()
    signatures = "".join(f"<div>{escape(who)}{colon}</div>" for who in form.signatures)
    title = escape(form.title)
    footer = f'"{before}" counter(page) "{between}" counter(pages) "{after}"'
    page = f"@page {{ @bottom-center {{ content: {footer}; font: 9pt {FONTS}; color: #444; }} }}"
    return f"""<!doctype html>
<html lang="{_LANG[form.language]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title} {escape(form.number)}</title>
<style>{_STYLE}{page}</style>
</head>
<body>
<h1>{title}</h1>
<p class="number"><span>{number}</span><span>{escape(form.output)}</span></p>
<table class="fields"><tbody>{fields}</tbody></table>
{tables}
<div class="sign">{signatures}</div>
</body>
</html>
"""


def page_number() -> tuple[str, str, str]:
    """Return what stands before, between and after the two numbers of a page and of all pages."""
    before, between, after = t("page | of |").split("|")
    return before, between, after


def _table(table: FormTable) -> str:
    headings = "".join(f"<th scope=col>{escape(heading)}</th>" for heading in table.headings)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in table.rows
    )
    return (
        f"<h2>{escape(table.title)}</h2>\n"
        f"<table><thead><tr>{headings}</tr></thead><tbody>{rows}</tbody></table>\n"
    )
