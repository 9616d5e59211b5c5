"""What pages show of HTML that came from a suggestion: what is listed, and nothing else."""

from html.parser import HTMLParser

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manualsmith.markdown.checks.sanitizer import ATTRIBUTES, ELEMENTS, SCHEMES, STYLES, sanitize

HOSTILE = [
    "<script>alert(1)</script>",
    "<p onclick='alert(1)'>字</p>",
    "<img src=x onerror=alert(1)>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<a href='JaVaScRiPt:alert(1)'>字</a>",
    "<a href=' java\nscript:alert(1)'>字</a>",
    "<a href='&#106;avascript&colon;alert(1)'>字</a>",
    "<a href='vbscript:alert(1)'>字</a><a href='data:text/html,alert(1)'>字</a>",
    "<iframe srcdoc='alert(1)'>字</iframe><object data=x></object><embed src=x>",
    "<svg onload=alert(1)><script>alert(1)</script><use href='data:x'/><a href='javascript:1'>",
    "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
    "<svg><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<table><td style='text-align:left;position:fixed;background:url(javascript:1)'>字</table>",
    "<form action='https://e.invalid'><input type=password name=token><button>送出</button></form>",
    "<base href='https://e.invalid/'><meta http-equiv=refresh content='0;url=x'><link href=x>",
    "<style>*{display:none}</style><title>字</title><textarea><script>alert(1)</script>",
    "<p data-md-component='search' style='position:fixed' hidden contenteditable>字</p>",
    "<!-- <script>alert(1)</script> --><![CDATA[<script>alert(1)</script>]]>",
]


class Listed(HTMLParser):
    """Asserts that each element, attribute, address and style of a text is listed."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ELEMENTS
        allowed = {name.lower() for name in ATTRIBUTES["*"] | ATTRIBUTES.get(tag, frozenset())}
        for name, value in attrs:
            assert name in allowed
            if name in ("href", "src", "cite") and ":" in (value or "").split("/")[0]:
                assert (value or "").split(":")[0].lower() in SCHEMES
            if name == "style":
                assert {part.split(":")[0] for part in (value or "").split(";") if part} <= STYLES
            if tag == "input" and name == "name":
                assert (value or "").startswith("__tabbed_")

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def check(html: str) -> None:
    made = sanitize(html)
    Listed().feed(made)
    assert sanitize(made) == made


@pytest.mark.parametrize("html", HOSTILE)
def test_what_is_not_listed_goes(html: str) -> None:
    check(html)
    check(f"<p>前{html}後</p>")
    check(f"<details><summary>{html}</summary><table><tr><td>{html}</td></tr></table>")


PIECES = [part for html in HOSTILE for part in (html, html[: len(html) // 2])]


@given(st.lists(st.sampled_from(PIECES) | st.text("<>/='\"&;:!-[]svgmathtyle p", max_size=8)))
def test_no_mixture_gets_through(parts: list[str]) -> None:
    check("".join(parts))


MADE = """
# 題 {#top}

!!! warning "注意"

    一段 **粗** *斜* ~~刪~~ ^^加^^ ==亮== H~2~O `碼` ++ctrl+c++ [連](a.md#b "題"){target=_blank}

??? note "收起"

    ![圖](a.png){width=30 loading=lazy align=left}

=== "甲"

    - [x] 做了
    - [ ] 沒做

=== "乙"

    3. 三
    4. 四

| 左 | 中 | 右 |
|:---|:--:|---:|
| 1 | 2 | 3 |

詞
:   解釋 HTML[^1] $x^2$ <https://e.invalid/> <a@e.invalid> [話](tel:0800-000-000)

```python linenums="1"
print("字")
```

[^1]: 註

*[HTML]: 超文字
"""
_EXTENSIONS = """
abbr admonition attr_list def_list footnotes tables toc pymdownx.arithmatex pymdownx.caret
pymdownx.details pymdownx.highlight pymdownx.keys pymdownx.mark pymdownx.superfences
pymdownx.tabbed pymdownx.tasklist pymdownx.tilde
"""
SETTINGS = {
    "toc": {"permalink": True},
    "pymdownx.arithmatex": {"generic": True},
    "pymdownx.tabbed": {"alternate_style": True},
}


class Read(HTMLParser):
    """The elements, with their attributes in order of name, and the text of an HTML text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[object] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tbody":  # a browser puts one into each table
            return
        plain = {name: (value or "").replace(" ", "").rstrip(";") for name, value in attrs}
        self.found.append((tag, plain))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_what_markdown_makes_stays() -> None:
    made = markdown.markdown(MADE, extensions=_EXTENSIONS.split(), extension_configs=SETTINGS)
    before, after = Read(made), Read(sanitize(made))
    assert len(before.found) > 60
    assert after.found == before.found
    assert after.text == before.text
