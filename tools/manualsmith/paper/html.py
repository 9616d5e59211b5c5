"""A form as one HTML file that prints on A4, and loads nothing from anywhere."""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from manualsmith.errors import Place, UserError
from manualsmith.paper.forms.form import Form
from manualsmith.paper.rich_text import Cell, Paragraph, Run, paragraphs
from manualsmith.text import Language, speaking, t

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

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
p {{ margin: 0; }}
.whose {{ display: flex; align-items: center; gap: 3mm; min-height: 6mm; }}
.whose img {{ max-height: 14mm; max-width: 45mm; }}
h1 {{ font-size: 18pt; text-align: center; letter-spacing: .1em; margin: 0 0 2mm; }}
.number {{ display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 6mm;
  font-size: 10pt; margin: 0 0 2mm; }}
h2 {{ font-size: 12pt; margin: 6mm 0 2mm; break-after: avoid; }}
table {{ width: 100%; border-collapse: collapse; }}
th, td {{ border: .5pt solid #000; padding: 1.5mm 2mm; text-align: left; vertical-align: top;
  overflow-wrap: break-word; }}
th {{ font-weight: 600; background: #f0f0f0; }}
td:first-child {{ min-width: 4em; }}
td p + p {{ margin-top: .6mm; }}
.item-1 {{ padding-left: 1.4em; }} .item-2 {{ padding-left: 2.8em; }}
.item-3 {{ padding-left: 4.2em; }}
.marked {{ text-indent: -1.4em; }}
.fields th {{ width: 32mm; }}
.fields td {{ height: 9mm; }}
.fields td:not([colspan]) {{ width: 57mm; }}
.id {{ white-space: nowrap; }}
code {{ font: 10pt/1.4 Consolas, "DejaVu Sans Mono", monospace; background: #f4f4f4; }}
figure {{ margin: 0 0 4mm; break-inside: avoid; }}
figure img {{ max-width: 100%; max-height: 120mm; border: .5pt solid #999; }}
figcaption {{ font-size: 10pt; }}
thead {{ display: table-header-group; }}
thead th {{ white-space: nowrap; }}
tr, .sign {{ break-inside: avoid; }}
.sign {{ display: flex; gap: 6mm; margin-top: 8mm; }}
.sign div {{ flex: 1; border: .5pt solid #000; padding: 1.5mm 2mm; min-height: 24mm;
  display: flex; flex-direction: column; justify-content: space-between; }}
.day {{ font-size: 9pt; color: #444; }}
"""
_DEEPEST = 3  # of lists within lists, as far as the style tells them apart
_ID = re.compile(r"[A-Z]{3}-\d{4}-[\w-]+")  # of a record: it is not broken
POLICY = (
    '<meta http-equiv="Content-Security-Policy"'
    " content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">"
)
_LANG: dict[Language, str] = {"zh_TW": "zh-Hant-TW", "en": "en"}
TEMPLATE = Path(__file__).with_name("templates") / "form.html"


def form_html(form: Form, own: tuple[str, bytes] | None = None) -> str:
    """Return the HTML of a form, by a Jinja template of one's own where there is one.

    own: its path and bytes. Raises UserError where it is none, or asks for what there is not.
    """
    path, data = own or ("", TEMPLATE.read_bytes())
    with told_as_template(path):
        text = data.decode("utf-8-sig")
        html = sandbox().from_string(text).render(html_values(form))
    head, found, rest = html.partition("<head>")
    return f"{head}{found}\n{POLICY}{rest}" if found else f"{POLICY}{html}"


@contextmanager
def told_as_template(path: str) -> Iterator[None]:
    """Have what goes wrong with a template be told as a fault of that file."""
    from jinja2 import TemplateError

    try:
        yield
    except (TemplateError, TypeError, LookupError, ValueError, ArithmeticError) as error:
        said = t("the form's template: {reason}", reason=error)
        raise UserError(said, Place(path, getattr(error, "lineno", None))) from error


def html_values(form: Form) -> dict[str, Any]:
    """Return what an HTML template may name."""
    with speaking(form.language):
        style = Markup(_STYLE + page_rule())  # noqa: S704 - it is ours
    return {**template_values(form), "style": style, "mark": picture_address(form.mark)}


def template_values(form: Form) -> dict[str, Any]:
    """Return what any template may name: the form, its fields by their labels, and its words."""
    with speaking(form.language):
        words = form_words()
    return {
        "form": form,
        "field": dict(form.fields),
        "language": _LANG[form.language],
        "words": words,
    }


def form_words() -> Mapping[str, str]:
    """Return the words of a form that no record has."""
    colon = t(": ")
    return {
        "colon": colon,
        "number": f"{t('No.')}{colon}",
        "none": t("None"),
        "pictures": t("Pictures"),
        "gone": t("the picture is not there"),
        "signed": t("Signature and date"),
    }


@cache
def sandbox() -> "SandboxedEnvironment":
    """Return where templates are filled: they run nothing, and change nothing."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    made = ImmutableSandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters.update(cell=cell_html, text=cell_text, address=picture_address)
    return made


def cell_text(cell: Cell) -> str:
    """Return what a cell says as plain lines."""
    return "\n".join(one.text for one in paragraphs(cell))


def cell_html(cell: Cell) -> Markup:
    """Return what a cell says as HTML: a paragraph each, with what is bold, italic or code."""
    return Markup("").join(map(_paragraph, paragraphs(cell)))


def _paragraph(one: Paragraph) -> Markup:
    runs = Markup("").join(map(_run, one.runs))
    if not (one.mark or one.depth):
        kept = Markup(' class="id"') if _ID.fullmatch(one.text) else ""
        return Markup("<p{}>{}</p>").format(kept, runs)
    classes = f"item-{min(one.depth, _DEEPEST)}{' marked' if one.mark else ''}"
    return Markup('<p class="{}">{}{}</p>').format(classes, one.mark, runs)


def _run(run: Run) -> Markup:
    text = escape(run.text)
    for name, wanted in (("code", run.code), ("em", run.italic), ("strong", run.bold)):
        text = Markup(f"<{name}>{{}}</{name}>").format(text) if wanted else text  # noqa: S704
    return text


def page_rule() -> str:
    """Return the CSS that numbers printed pages."""
    before, between, after = page_number()
    footer = f'"{before}" counter(page) "{between}" counter(pages) "{after}"'
    return f"@page {{ @bottom-center {{ content: {footer}; font: 9pt {FONTS}; color: #444; }} }}"


def page_number() -> tuple[str, str, str]:
    """Return what stands before, between and after the two numbers of a page and of all pages."""
    before, between, after = t("page | of |").split("|")
    return before, between, after


def picture_address(picture: bytes) -> str:
    """Return a PNG or JPEG as an address that holds it; empty for none."""
    kind = "png" if picture.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{b64encode(picture).decode()}" if picture else ""
