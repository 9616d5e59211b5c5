"""Marks of templates and components: refused where an edit parts two, and never for the look."""

import time
from contextlib import suppress

import pytest

from manualsmith.markdown.lost_target import TargetLost
from manualsmith.markdown.template_marks import refuse_unpaired

PARTED = {
    "Hugo": ("{{< tabs >}}\n一\n{{< /tabs >}}\n", "{{< tabs >}}\n一\n"),
    "Hugo with Markdown": ('{{% tab "a" %}}\n一\n{{% /tab %}}\n', "一\n{{% /tab %}}\n"),
    "Jekyll": ("{% raw %}\n一\n{% endraw %}\n", "一\n{% endraw %}\n"),
    "a component": (
        '<Tabs>\n<TabItem value="a">\n一\n</TabItem>\n</Tabs>\n', "<Tabs>\n一\n</Tabs>\n</Tabs>\n",
    ),
    "a container": ("::: tip\n一\n:::\n", "::: tip\n一\n"),
    "one that is put in": ("一\n", "<Tabs>\n一\n</TabItem>\n"),
}  # fmt: skip
WHOLE = {
    "both go": ("{{< tabs >}}\n一\n{{< /tabs >}}\n二\n", "二\n"),
    "one that closes itself": ("<Shared />\n一\n", "一\n"),
    "one that is never closed": ('{{< ref "a.md" >}}\n一\n', "一\n"),
    "an include": ("{% include note.html %}\n一\n", "一\n"),
    "mkdocstrings": ("::: a.b\n    options: {}\n\n一\n", "一\n"),
    "an address": ("<https://a.example>\n", "一\n"),
    "HTML": ("<div>\n一\n</div>\n", "<div>\n"),
    "a mark in a line of code": ("`<Tabs>` 和 <Tabs>一</Tabs>\n", "<Tabs>一</Tabs>\n"),
    "a mark in a block of code": (
        "<Tabs>\n一\n</Tabs>\n\n```html\n<Tabs>\n</TabItem>\n```\n", "<Tabs>\n一\n</Tabs>\n",
    ),
    "mkdocstrings beside a container": ("::: tip\n一\n:::\n", "::: tip\n一\n:::\n\n::: pkg.mod\n"),
    "words": ("List<String> 與 Map<K, V>\n", "一\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", PARTED)
def test_what_is_parted_is_refused(name):
    with pytest.raises(TargetLost) as raised:
        refuse_unpaired(*PARTED[name])
    assert raised.value.reason == "structure"


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_whole_is_not(name):
    refuse_unpaired(*WHOLE[name])


@pytest.mark.parametrize(
    "piece", ["{{< a", "{{< a ", "{% a", "<A ", "::: a\n", "`", "```\n", "<A\n"]
)
def test_no_page_takes_longer_than_its_length(piece):
    """A push is checked by them: 22 s were measured for 24 KB; 400 KB take less than a second."""
    start = time.perf_counter()
    with suppress(TargetLost):
        refuse_unpaired(piece * (400_000 // len(piece)) + "{{% /x %}}", "x\n")
    assert time.perf_counter() - start < 20
