"""A site's settings are read as MkDocs reads them."""

import pytest
from mkdocs.utils.yaml import yaml_load

from manualsmith.errors import UserError
from manualsmith.workflow.workspace.site_dialect import dialect_of

SETTINGS = {
    "a mapping": "markdown_extensions: {toc: {permalink: true, toc_depth: 010}}",
    "twice": "markdown_extensions: {tables: {}}\nmarkdown_extensions: {toc: {title: a}}",
    "by a name": "x: &x {title: a}\nmarkdown_extensions:\n  toc:\n    <<: *x\n    permalink: yes",
    "a function": "markdown_extensions:\n  toc:\n    slugify: !!python/name:os.path.join",
    "from the environment": "markdown_extensions: {toc: {title: !ENV TITLE}}",
    "a number from it": "markdown_extensions: {toc: {toc_depth: !ENV [NONE, DEPTH, 2]}}",
    "nothing from it": "markdown_extensions: {toc: {toc_depth: !ENV [NONE, 2], title: !ENV NONE}}",
}


@pytest.mark.parametrize("text", SETTINGS.values(), ids=SETTINGS)
def test_as_mkdocs_reads_them(text, monkeypatch):
    monkeypatch.setenv("TITLE", "目錄")
    monkeypatch.setenv("DEPTH", "3")
    dialect = dialect_of({"mkdocs.yml": text.encode()}.get)
    assert dialect.settings == yaml_load(text)["markdown_extensions"]


def test_what_cannot_be_read_is_told_with_its_place():
    with pytest.raises(UserError, match=r"mkdocs\.yml:2:4: the site's settings cannot be read"):
        dialect_of({"mkdocs.yml": b"a: 1\nb: !nothing c\n"}.get)
