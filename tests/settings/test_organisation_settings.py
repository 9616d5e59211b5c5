"""What a repository says of whose manuals they are: read as it is meant, or told with its line."""

import tomllib

import pytest

from manualsmith.errors import UserError
from manualsmith.layout import Layout, fact_label, organisation, use
from manualsmith.organisation import label_text
from manualsmith.settings.read_settings import read_settings
from manualsmith.text import speaking

HEAD = "[tool.manualsmith.organisation]\n"
FORM = '[tool.manualsmith.organisation.forms."O2.2.1"]\n'
FACTS = "[tool.manualsmith.facts]\n"


def read(text: str) -> Layout:
    return read_settings(text.encode()).layout


def test_nothing_said_is_taiwan_and_the_two_roles_of_the_standard():
    made = read("").organisation
    assert (made.name, made.mark, made.timezone) == ("", "", "Asia/Taipei")
    assert [*made.roles] == ["developer", "architect"]
    assert made.form("O2.2.1").signatures == ()


def test_what_is_said_is_in_force():
    use(
        read(
            HEAD
            + 'name = "資訊處"\nmark = "docs/mark.PNG"\ntimezone = "Europe/Berlin"\n'
            + 'retention = "三年"\ntemplates = "forms"\n'
            + 'roles = { vendor = "原廠", security = { zh-TW = "資安人員", en = "security" } }\n'
            + FORM
            + 'number = "IT-F-021"\nedition = 1.2\nsignatures = ["受理", "主管"]\n'
            + FACTS
            + '"server.version" = { zh-TW = "伺服器版本", en = "Server version" }\n'
            + 'os = "作業系統"\n'
        )
    )
    made = organisation()
    assert (made.name, made.timezone, made.templates) == ("資訊處", "Europe/Berlin", "forms")
    form = made.form("O2.2.1")
    assert (form.number, form.edition, form.signatures) == ("IT-F-021", "1.2", ("受理", "主管"))
    with speaking("zh-TW"):
        assert [label_text(one) for one in made.roles.values()] == [
            *("軟體開發工程師", "架構規劃師", "原廠", "資安人員")
        ]
        assert fact_label("server.version") == "伺服器版本"
    with speaking("en"):
        assert label_text(made.roles["security"]) == "security"
        assert [fact_label(name) for name in ("server.version", "os", "other.one")] == [
            *("Server version", "作業系統", "other.one")
        ]


# what is written, the line that is told, and what of it
BAD = {
    "no table": ("[tool.manualsmith]\norganisation = 3\n", 2, "organisation must be a table"),
    "no text": (HEAD + "name = 3\n", 2, "organisation.name must be a text"),
    "blank": (HEAD + 'name = " "\n', 2, "organisation.name must be a text"),
    "a mark that is a drawing": (HEAD + 'mark = "docs/x.svg"\n', 2, ".png, .jpg"),
    "a mark elsewhere": (HEAD + 'mark = "../x.png"\n', 2, "a picture in the repository"),
    "a mark on the disk": (HEAD + 'mark = "/etc/x.png"\n', 2, "a picture in the repository"),
    "a zone that is none": (HEAD + 'timezone = "Asia/Taipe"\n', 2, "such as Asia/Taipei"),
    "an offset": (HEAD + "timezone = 8\n", 2, "a zone of time"),
    "templates elsewhere": (HEAD + 'templates = "../x"\n', 2, "a folder of the repository"),
    "a key that is none": (HEAD + 'nmae = "x"\n', 2, "no setting organisation.nmae"),
    "a role in capitals": (HEAD + 'roles = { Vendor = "x" }\n', 2, "small letters"),
    "a role without a label": (HEAD + "roles = { vendor = 3 }\n", 2, "roles.vendor must be a text"),
    "a role in French": (HEAD + 'roles = { vendor = { fr = "x" } }\n', 2, "zh-TW, en"),
    "roles that are none": (HEAD + "roles = 3\n", 2, "organisation.roles must be a table"),
    "a form that is none": (FORM.replace("O2.2.1", "O2.2.9"), 1, "forms.O2.2.9"),
    "a form's key": (FORM + 'nr = "x"\n', 2, "no setting organisation.forms.O2.2.1.nr"),
    "an edition": (FORM + "edition = true\n", 2, "edition must be a text"),
    "nobody signs": (FORM + "signatures = []\n", 2, "signatures must be a list of texts"),
    "a form that is no table": (HEAD + 'forms = { "O2.2.1" = 3 }\n', 2, "O2.2.1 must be a table"),
    "forms that are none": (HEAD + "forms = 3\n", 2, "organisation.forms must be a table"),
    "a fact in Chinese": (FACTS + '"版本" = "x"\n', 2, "small letters and digits"),
    "a fact without a label": (FACTS + "os = []\n", 2, "facts.os must be a text"),
    "facts that are none": ("[tool.manualsmith]\nfacts = 3\n", 2, "facts must be a table"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_is_told_with_its_line(name):
    text, line, words = BAD[name]
    tomllib.loads(text)
    with pytest.raises(UserError) as raised:
        read(text)
    told = [str(problem) for problem in raised.value.problems]
    assert any(one.startswith(f"pyproject.toml:{line}:") and words in one for one in told), told
