"""What a reader sees of HTML, read in another way than the engine reads it: for its tests."""

from html.parser import HTMLParser

BLOCKS = {"p", "li", "td", "th", "pre", "dt", "dd", "summary", *(f"h{n}" for n in range(1, 7))}


class _Seen(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []
        self.blocks = []
        self.current = None

    def handle_starttag(self, tag, attrs):
        held = dict(attrs)
        if tag in ("br", "img", "hr", "input"):
            if tag == "img":
                self._mark(f"img:{held.get('src')}", held.get("alt") or "")
            return
        self.open.append((tag, held))
        if tag in BLOCKS:
            around = ">".join(t for t, _ in self.open if t not in ("p", "div", "span"))
            self.current = [around + "#" + held.get("id", ""), ""]
            self.blocks.append(self.current)
        if tag == "a":
            self._mark(f"a:{held.get('href')}", "")

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass
        if tag in BLOCKS:
            self.current = None

    def handle_data(self, data):
        if any("headerlink" in (held.get("class") or "") for _, held in self.open):
            return
        if self.current is None and data.strip():
            self.current = [">".join(t for t, _ in self.open if t not in ("div", "span")), ""]
            self.blocks.append(self.current)
        if self.current is not None:
            self.current[1] += "".join(data.split())

    def _mark(self, kind, text):
        if self.current is not None:
            self.current[0] += f"[{kind}]"
            self.current[1] += text


def seen(html):
    """The blocks of a page, each as what it is and the characters that it says."""
    reader = _Seen()
    reader.feed(html)
    reader.close()
    return [(kind, text) for kind, text in reader.blocks if text]


def images_in(html: str) -> list[tuple[str, str]]:
    """Return the address and the alternative text of each image."""
    found: list[tuple[str, str]] = []

    class Images(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if tag == "img":
                held = dict(attrs)
                found.append((held.get("src") or "", held.get("alt") or ""))

    Images().feed(html)
    return found
