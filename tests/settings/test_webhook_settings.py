"""``[tool.manualsmith.webhooks]``: what is read, and what is refused where it stands."""

import pytest

from manualsmith.errors import UserError
from manualsmith.settings.probe_settings import Origin
from manualsmith.settings.read_settings import read_settings
from manualsmith.settings.webhook_settings import EVENTS

ONE = """[tool.manualsmith.webhooks]
private = ["10.0.0.0/8", "chat.intranet.example"]
seconds = 3
desk = "https://desk.example.org/"

[tool.manualsmith.webhooks.chat]
url = "https://chat.intranet.example:8443/hook"
secret = "CHAT_SECRET"
"""


def test_nothing_is_told_without_settings():
    assert read_settings(b"").webhooks.webhooks == {}


def test_a_receiver_is_read_with_the_bounds_of_all():
    read = read_settings(ONE.encode()).webhooks
    chat = read.webhooks["chat"]
    assert (chat.events, chat.texts, read.desk) == (EVENTS, False, "https://desk.example.org")
    assert read.bounds.hosts == {Origin("https", "chat.intranet.example", 8443)}
    assert read.bounds.private == {"chat.intranet.example"}
    assert [str(one) for one in read.bounds.networks] == ["10.0.0.0/8"]
    assert (read.bounds.seconds, read.bounds.table) == (3, "webhooks")


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("https://chat", "http://chat", 7),
        ("https://chat", "https://me:word@chat", 7),
        ('"CHAT_SECRET"', '"whsec_abc+/="', 8),
        ('"CHAT_SECRET"', '"CHAT_SECRET"\nevents = ["all"]', 9),
        ('"CHAT_SECRET"', '"CHAT_SECRET"\nevents = []', 9),
        ('"CHAT_SECRET"', '"CHAT_SECRET"\ntexts = "yes"', 9),
        ('"CHAT_SECRET"', '"CHAT_SECRET"\nhost = "x"', 9),
        ('secret = "CHAT_SECRET"', "", 6),
        ("webhooks.chat]", "webhooks.Chat]", 6),
        ("seconds = 3", "seconds = 0", 3),
        ("seconds = 3", "max_bytes = 3", 3),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(before, after, line):
    with pytest.raises(UserError) as raised:
        read_settings(ONE.replace(before, after).encode())
    assert raised.value.problems[0].place.line == line
