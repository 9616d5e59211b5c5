"""Real servers over TLS, commands and files: what is asked, and what is refused."""

import asyncio
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from manualsmith.errors import UserError
from manualsmith.probes.addresses import _is_public
from manualsmith.probes.read_source import read_source
from manualsmith.settings.layout_settings import SettingsText
from manualsmith.settings.probe_settings import read_probes
from manualsmith.text import speaking
from probed import STATUS, drip, flood, product

FAILS = "import sys; print('31', flush=True); print('no such app', file=sys.stderr); sys.exit(3)"
FACT = {"product": "nextcloud", "category": "software", "fact": "server.version"}


@pytest.fixture
def server(tmp_path):
    with product(tmp_path) as made:
        yield made


def settings(server, source, **bounds):
    table = {
        "hosts": [server.origin],
        "private": ["localhost"],
        "cafile": str(server.cafile),
        **bounds,
        "one": {**FACT, **source},
    }
    return read_probes(table, SettingsText("", "pyproject.toml"))


def ask(server, tmp_path, path="/status.php", **bounds):
    return asked(settings(server, {"url": server.url(path)}, **bounds), tmp_path)


def asked(read, tmp_path):
    return read_source(read.probes["one"], read, tmp_path)


def refused(*given, **bounds):
    with pytest.raises(UserError) as raised:
        ask(*given, **bounds)
    return str(raised.value)


def test_a_good_answer_comes_whole_from_the_host_that_is_named(server, tmp_path):
    server.runs("31.0.2")
    assert ask(server, tmp_path) == (STATUS % "31.0.2").encode()
    assert server.asked == [f"{server.origin}/status.php"]


def test_a_certificate_of_ssl_cert_file_is_trusted(server, tmp_path, monkeypatch):
    server.runs("31.0.2")
    read = replace(settings(server, {"url": server.url()}), cafile=None)
    with pytest.raises(UserError, match="CERTIFICATE_VERIFY_FAILED"):
        asked(read, tmp_path)
    assert server.asked == []
    monkeypatch.setenv("SSL_CERT_FILE", str(server.cafile))
    assert b"31.0.2" in asked(read, tmp_path)


def test_a_certificate_of_another_name_is_not_taken(server, tmp_path):
    server.runs("31.0.2")
    other = f"localhost.localdomain:{server.port}"
    url = {"url": f"https://{other}/status.php"}
    read = settings(server, url, hosts=[other], private=["127.0.0.0/8", "::1"])
    with pytest.raises(UserError):
        asked(read, tmp_path)
    assert server.asked == []


def test_a_slow_answer_is_given_up_as_a_whole(server, tmp_path):
    server.answers["/status.php"] = drip
    begun = time.monotonic()
    assert "no whole answer within 0.5 seconds" in refused(server, tmp_path, seconds=0.5)
    assert time.monotonic() - begun < 30  # it would drip for a minute


def test_a_huge_answer_is_cut_off(server, tmp_path):
    server.answers["/status.php"] = flood
    assert "more than 1,000 bytes" in refused(server, tmp_path, max_bytes=1000)


def test_an_answer_of_just_the_size_is_taken(server, tmp_path):
    server.says("x" * 1000)
    assert len(ask(server, tmp_path, max_bytes=1000)) == 1000
    server.says("x" * 1001)
    assert "more than 1,000 bytes" in refused(server, tmp_path, max_bytes=1000)


def test_an_answer_that_is_shorter_than_it_says_is_none(server, tmp_path):
    server.answers["/status.php"] = lambda handler: handler.answer(b'{"a":1}', length=900)
    assert "it cannot be asked" in refused(server, tmp_path)


def test_an_encoding_that_nobody_asked_for_is_refused(server, tmp_path):
    server.says("x", Content_Encoding="gzip")
    assert "encoding" in refused(server, tmp_path)


@pytest.mark.parametrize("status", [401, 404, 500, 503])
def test_an_error_is_no_answer(server, tmp_path, status):
    server.answers["/status.php"] = lambda handler: handler.answer(b"{}", status=status)
    assert f"it answers {status}" in refused(server, tmp_path)


def test_nobody_there_is_told(server, tmp_path):
    read = settings(server, {"url": "https://localhost:1/"}, hosts=["localhost:1"])
    with pytest.raises(UserError, match="it cannot be asked"):
        asked(read, tmp_path)


def leads(server, path, to):
    server.answers[path] = lambda handler: handler.answer(b"", status=302, Location=to)


def test_a_redirect_on_the_same_host_is_followed(server, tmp_path):
    server.runs("31.0.2")
    leads(server, "/old", "/status.php")
    assert b"31.0.2" in ask(server, tmp_path, "/old")


def test_a_redirect_to_another_host_is_not_followed(server, tmp_path):
    with product(tmp_path, plain=True) as other:
        other.runs("6.6.6")
        leads(server, "/old", f"http://127.0.0.1:{other.port}/status.php")
        hosts = [server.origin, f"http://127.0.0.1:{other.port}"]
        private = ["localhost", "127.0.0.1"]
        said = refused(server, tmp_path, "/old", hosts=hosts, private=private)
        assert "it leads to another host" in said
        leads(server, "/old", f"https://localhost:{other.port}/")  # not listed
        assert "it leads to another host" in refused(server, tmp_path, "/old")
        leads(server, "/old", "file:///etc/passwd")
        assert "no address" in refused(server, tmp_path, "/old")
        assert other.asked == []


def test_redirects_without_end_are_given_up(server, tmp_path):
    leads(server, "/old", "/old")
    assert "more than 5 redirects" in refused(server, tmp_path, "/old")
    assert len(server.asked) == 6


def test_a_private_address_that_is_not_named_is_never_connected_to(server, tmp_path):
    server.runs("31.0.2")
    said = refused(server, tmp_path, private=[])
    assert said == "localhost has an address that is not public"
    assert server.asked == []
    assert ask(server, tmp_path, private=["127.0.0.0/8", "::1"])


def test_it_is_the_address_that_is_looked_at_which_is_connected_to(server, tmp_path, monkeypatch):
    """A name that leads to an address that may be asked first, and then to another."""
    server.runs("31.0.2")
    host = f"cloud.example.org:{server.port}"
    answers = iter(["127.0.0.2", "127.0.0.1"])
    asked_for = []

    async def resolve(_loop, name, port, **_):
        asked_for.append(name)
        return [(2, 1, 6, "", (next(answers), port))]

    monkeypatch.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", resolve)
    url = {"url": f"https://{host}/status.php"}
    read = settings(server, url, hosts=[host], private=["127.0.0.2"])
    with pytest.raises(UserError, match="cannot be asked"):  # nobody is there
        asked(read, tmp_path)
    assert asked_for == ["cloud.example.org"]  # and not once more, to connect
    assert server.asked == []
    with pytest.raises(UserError, match="not public"):
        asked(read, tmp_path)
    assert server.asked == []


def test_a_plain_address_is_asked_where_the_settings_name_it_so(server, tmp_path):
    with product(tmp_path, plain=True) as other:
        other.runs("30.0.1")
        url = f"http://{other.origin}/status.php"
        with pytest.raises(UserError, match="not among the hosts"):
            settings(server, {"url": url}, hosts=[other.origin])
        read = settings(server, {"url": url}, hosts=[f"http://{other.origin}"])
        assert b"30.0.1" in asked(read, tmp_path)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("192.168.0.1", False),
        ("172.16.9.9", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.215.14", True),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_which_addresses_are_public(address, public):
    from ipaddress import ip_address

    assert _is_public(ip_address(address)) is public


def ran(server, tmp_path, *command, **bounds):
    return asked(settings(server, {"command": list(command)}, **bounds), tmp_path)


def test_a_command_is_run_without_a_shell(server, tmp_path):
    told = ran(
        server, tmp_path, sys.executable, "-c", "import sys; print(sys.argv[1:])", "$HOME; x"
    )
    assert told.strip() == b"['$HOME; x']"


def test_a_command_that_fails_says_why(server, tmp_path):
    with pytest.raises(UserError, match="ended with 3: no such app"):
        ran(server, tmp_path, sys.executable, "-c", FAILS)
    with pytest.raises(UserError, match="nowhere-to-be-found cannot be run"):
        ran(server, tmp_path, "nowhere-to-be-found")


def test_a_slow_command_is_ended_with_what_it_started(server, tmp_path):
    mark = tmp_path / "mark"
    child = f"import time, pathlib; time.sleep(4); pathlib.Path({str(mark)!r}).touch()"
    both = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    with pytest.raises(UserError, match="no whole answer within 1 seconds"):
        ran(server, tmp_path, sys.executable, "-c", both, seconds=1)
    time.sleep(5)
    assert not mark.exists()


def test_a_command_that_says_too_much_is_ended(server, tmp_path):
    with pytest.raises(UserError, match="more than 1,000 bytes"):
        ran(server, tmp_path, sys.executable, "-c", "while True: print('x' * 99)", max_bytes=1000)


def test_a_file_is_read_and_nothing_else(server, tmp_path):
    (tmp_path / "version.txt").write_text("31.0.2\n")
    assert asked(settings(server, {"file": "version.txt"}), tmp_path) == b"31.0.2\n"
    for file, why in (
        ("none.txt", "cannot be read"),
        (".", "is no file"),
        ("/dev/zero", "is no file"),
    ):
        with pytest.raises(UserError, match=why):
            asked(settings(server, {"file": file}), tmp_path)
    with pytest.raises(UserError, match="more than 3 bytes"):
        asked(settings(server, {"file": "version.txt"}, max_bytes=3), tmp_path)


def test_whoever_asks_may_be_in_a_loop_of_their_own_and_in_any_language(server, tmp_path):
    server.runs("31.0.2")

    async def inside():
        return ask(server, tmp_path)

    with ThreadPoolExecutor(1) as beside:  # a browser of another test may have a loop in this one
        answer = beside.submit(asyncio.run, inside()).result()
    assert answer == (STATUS % "31.0.2").encode()
    said = set()
    for language in ("en", "zh-TW"):
        with speaking(language):
            said.add(refused(server, tmp_path, max_bytes=3))
    assert len(said) == 2
