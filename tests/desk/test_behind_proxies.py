"""A team's desk behind the real nginx and Apache, with the files that the guide shows.

oauth2-proxy is no package of Debian's: a small server stands in for it, and for an organisation's
own sign-in, and answers as its guide says that it does.
"""

import http.client
import os
import re
import socket
import tempfile
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from behind_proxy import (
    GROUPS,
    HOST,
    PASSWORD,
    PATIENCE,
    SHOWN,
    desk,
    front,
    hear,
    make_files,
    openssl,
    sign_in,
)  # fmt: skip
from gitrepo import commit, git
from manualsmith.desk.from_readers import ADDRESS
from manualsmith.desk.guard import MAX_UPLOAD
from manualsmith.workflow.service.reader_answers import read_answers
from manualsmith.workflow.workspace.open_workspace import open_workspace
from rooms import STEP_ID, make_rooms
from serving import free_port

SITE = "https://manuals.example.org"
SETTINGS = f"""[tool.manualsmith.desk]
hosts = ["{HOST}", "localhost"]
sites = ["{SITE}"]
roles = {{staff = ["helpdesk"], reviewer = ["docs"], lead = ["leads"]}}
"""
SOCKET = "/run/manualsmith/desk.sock"
FILES = sorted(path.name for path in SHOWN.glob("*.conf"))
STAFF, REVIEWER, LEAD, NOBODY = GROUPS
CHUNK = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
HUNG_UP = 0
FORM = "Content-Type: application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def folder():
    """A folder that the proxy's account may pass, and nobody else may look into."""
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o711)
        make_files(Path(made))
        yield Path(made)


@pytest.fixture(scope="module")
def repo(tmp_path_factory):
    made = make_rooms(tmp_path_factory.mktemp("rooms"))
    commit(made, {"pyproject.toml": SETTINGS})
    return made


@pytest.fixture(scope="module")
def at(repo, folder):
    """The socket of a desk that answers."""
    with desk(repo, folder / "desk.sock"):
        yield folder / "desk.sock"


@pytest.fixture(scope="module")
def places(at):
    """What stands where in each file: the socket, and the sign-in that it asks."""
    with sign_in() as address:
        asked = {
            "nginx-auth-request.conf": {"http://127.0.0.1:9091": address},
            "nginx-oauth2-proxy.conf": {"http://127.0.0.1:4180": address},
        }
        yield {name: {SOCKET: str(at), **asked.get(name, {})} for name in FILES}


@pytest.fixture(scope="module", params=FILES)
def asks(request, folder, places):
    with front(request.param, folder, places[request.param]) as made:
        yield made


def who(answer):
    return re.search('<span class="who">([^<]*)<', answer.text)[1]


def form(asks, user, **fields):
    """Return a form of somebody's as a browser sends it: its headers and its body."""
    page = asks.ask("/", user)
    token = re.search('name="csrf" content="([^"]+)"', page.text)[1]
    kind = ("Content-Type", "application/x-www-form-urlencoded")
    origin = ("Origin", f"https://{asks.host}")
    body = "&".join(f"{name}={value}" for name, value in {"csrf": token, **fields}.items())
    return [kind, origin], body.encode()


def blocks(guide):
    """Return what a guide shows of nginx's settings."""
    text = (SHOWN.parent / guide).read_text("utf-8")
    return re.findall(r"^```nginx\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("guide", ["browser.md", "browser.en.md"])
def test_the_guide_names_each_file_and_shows_what_stands_there(guide):
    text = (SHOWN.parent / guide).read_text("utf-8")
    assert len(FILES) == 4
    assert all(f"(proxy/{path.name})" in text for path in SHOWN.iterdir())
    common, _ = blocks(guide)
    assert textwrap.indent(common, " " * 8) in (SHOWN / "nginx-basic-auth.conf").read_text("utf-8")


@pytest.mark.parametrize(
    ("user", "page", "status"),
    [
        (STAFF, "/requests/new", 200),
        (STAFF, "/report", 403),
        (REVIEWER, "/review", 200),
        (REVIEWER, "/requests/new", 403),
        (LEAD, "/requests/new", 200),
        (LEAD, "/report", 200),
        (NOBODY, "/review", 403),
    ],
)
def test_each_role_signs_in(asks, user, page, status):
    answer = asks.ask(page, user)
    assert answer.status == status
    if status == 200:
        assert who(answer) == user


def test_who_has_not_signed_in_is_asked_to(asks):
    answer = asks.ask("/report")
    if asks.signs_in_by == "password":
        assert answer.status == 401
        assert "manualsmith" in answer.headers["www-authenticate"]
        wrong = asks.signed(LEAD)["Authorization"][:-4] + "AAAA"
        assert asks.ask("/report", None, [("Authorization", wrong)]).status == 401
    else:
        assert answer.status == 302
        back = f"rd=https://{asks.host}/report"
        assert answer.headers["location"].endswith(back)
        assert asks.ask("/report", "L-0002").status == 302


def test_a_form_is_taken_at_a_port_of_its_own(asks, repo):
    headers, body = form(asks, REVIEWER, reason="no")
    forged = [*headers, ("X-Forwarded-Email", "forged@evil.example")]
    answer = asks.ask(f"/review/{STEP_ID}/reject", REVIEWER, forged, body)
    assert answer.status == 303
    decided = git(repo, "log", "-1", "--format=%an %ae", "main")
    assert decided.startswith(f"{REVIEWER} ")
    assert "forged" not in decided
    headers, body = form(asks, REVIEWER, reason="again")
    assert asks.ask(f"/review/{STEP_ID}/reopen", REVIEWER, headers, body).status == 303
    headers, body = form(asks, STAFF, reason="no")
    assert asks.ask(f"/review/{STEP_ID}/reject", STAFF, headers, body).status == 403


def test_a_form_of_another_site_is_not_taken(asks):
    headers, body = form(asks, STAFF, language="en")
    for origin in ("https://evil.example", f"https://{HOST}", "null"):
        others = [one for one in headers if one[0] != "Origin"] + [("Origin", origin)]
        assert asks.ask("/language", STAFF, others, body).status == 403
    assert asks.ask("/language", STAFF, headers, body).status == 303


def test_a_proxy_that_drops_the_port_is_told(folder, places):
    name = "nginx-basic-auth.conf"
    with front(name, folder, {**places[name], "$http_host": "$host"}) as asks:
        headers, body = form(asks, STAFF, language="en")
        answer = asks.ask("/language", STAFF, headers, body)
        assert answer.status == 403
        assert "$http_host" in answer.text


def test_a_proxy_that_names_the_usual_port_is_well(folder, places):
    name = "nginx-basic-auth.conf"
    with front(name, folder, {**places[name], "$http_host": "$host:443"}) as asks:
        headers, body = form(asks, STAFF, language="en")
        usual = [*(one for one in headers if one[0] != "Origin"), ("Origin", f"https://{HOST}")]
        assert asks.ask("/language", STAFF, usual, body).status == 303


def test_another_name_is_refused(asks):
    named = f"evil.example:{asks.port}"
    text = asks.say(request_of(asks, STAFF, host=named))
    assert status_of(text) == 421


def test_a_session_is_kept_to_https(asks):
    cookie = asks.ask("/", STAFF).headers["set-cookie"]
    assert "Secure" in cookie
    assert "HttpOnly" in cookie


def request_of(asks, user, *lines, path="/report", host=None):
    signed = [f"{name}: {value}" for name, value in (asks.signed(user) if user else {}).items()]
    first = f"GET {path} HTTP/1.1"
    head = [first, f"Host: {host or asks.host}", *signed, *lines]
    if not any(line.startswith("Connection") for line in lines):
        head.append("Connection: close")
    return "\r\n".join([*head, "", ""]).encode()


def status_of(text):
    return int(text.split()[1]) if text else HUNG_UP


AS_LEAD = ("X-Forwarded-User: L-0001", "X-Forwarded-Groups: leads")
FORGED = {
    "the headers of the desk": AS_LEAD,
    "twice": (*AS_LEAD, *AS_LEAD),
    "before and after": ("X-Forwarded-Groups: helpdesk", *AS_LEAD, "X-Forwarded-Groups: helpdesk"),
    "in other letters": ("x-forwarded-user: L-0001", "X-FORWARDED-GROUPS: leads"),
    "with underscores": ("X_Forwarded_User: L-0001", "X_Forwarded_Groups: leads"),
    "with a blank before the colon": tuple(one.replace(":", " :") for one in AS_LEAD),
    "folded": ("X-Other: a", " X-Forwarded-Groups: leads", "X-Forwarded-Groups:", " leads"),
    "what is to be dropped on the way": (
        *AS_LEAD, "Connection: close, X-Forwarded-User, X-Forwarded-Groups"
    ),
    "the sign-in's": (
        "Remote-User: L-0001", "Remote-Groups: leads",
        "X-Auth-Request-Preferred-Username: L-0001", "X-Auth-Request-Groups: leads",
    ),
    "an address": ("X-Forwarded-For: 127.0.0.1", "X-Real-IP: 127.0.0.1", *AS_LEAD),
    "another request in the body": (
        "Content-Length: 6", "Transfer-Encoding: chunked", "", "0", "",
        "GET /report HTTP/1.1", f"Host: {HOST}", *AS_LEAD,
    ),
    "another request behind it": ("", "GET /report HTTP/1.1", f"Host: {HOST}", *AS_LEAD),
    "a line of the header in a value": ("X-Other: a\nX-Forwarded-Groups: leads\nX-B: c",),
}  # fmt: skip


@pytest.mark.parametrize("lines", FORGED.values(), ids=FORGED)
def test_forged_headers_make_nobody_a_lead(asks, lines):
    known = asks.say(request_of(asks, STAFF, *lines))
    assert status_of(known) in (400, 401, 403, 411)
    assert b" 200 " not in known
    unknown = asks.say(request_of(asks, None, *lines))
    assert status_of(unknown) in (302, 400, 401)
    assert b" 200 " not in unknown
    own = asks.say(request_of(asks, STAFF, *lines, path="/review"))
    assert b"L-0001" not in own


def test_forged_headers_are_forged_in_vain_alone(asks):
    """What the tests above ask for is there for whoever is one."""
    assert status_of(asks.say(request_of(asks, LEAD))) == 200
    assert status_of(asks.say(request_of(asks, STAFF, path="/review"))) == 200


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be another account")
def test_no_other_account_reaches_the_socket(asks, at, monkeypatch):
    monkeypatch.chdir(at.parent)
    groups, group = os.getgroups(), os.getegid()
    os.setgroups([])
    os.setegid(65_533)
    os.seteuid(65_533)
    try:
        with socket.socket(socket.AF_UNIX) as asking:
            refused = asking.connect_ex(at.name)
    finally:
        os.seteuid(0)
        os.setegid(group)
        os.setgroups(groups)
    assert os.strerror(refused) == "Permission denied"


@pytest.fixture(scope="module")
def secret(folder):
    file = folder / "proxy.secret"
    file.touch(0o600)
    file.write_text(openssl("rand", "-hex", "32") + "\n")
    return file


def test_at_a_port_the_proxys_secret_keeps_other_accounts_out(repo, folder, secret):
    commit(repo, {"pyproject.toml": SETTINGS + 'trusted = ["127.0.0.1"]\n'})
    port = free_port()
    told = f'proxy_set_header X-Proxy-Secret "{secret.read_text().strip()}";\n'
    (folder / "desk.secret").write_text(told)
    [shown] = [block for block in blocks("browser.md") if "desk.secret" in block]
    shown = shown.replace("8765", str(port)).replace("/etc/nginx/", f"{folder}/")
    by_port = {f"proxy_pass http://unix:{SOCKET};": shown}
    forged = {"Host": HOST, "X-Forwarded-User": LEAD, "X-Forwarded-Groups": "leads"}

    def directly(**more):
        asking = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        more = {name.replace("_", "-"): value for name, value in more.items()}
        asking.request("GET", "/report", headers={**forged, "Accept-Language": "en", **more})
        answer = asking.getresponse()
        text = answer.read().decode()
        asking.close()
        return answer.status, text

    with desk(repo, port, "--secret", str(secret)):
        for more in ({}, {"X_Proxy_Secret": ""}, {"X_Proxy_Secret": "f" * 64}):
            status, text = directly(**more)
            assert status == 403
            assert "its proxy alone" in text
        assert directly(X_Proxy_Secret=secret.read_text().strip())[0] == 200
        with front("nginx-basic-auth.conf", folder, by_port) as asks:
            assert who(asks.ask("/report", LEAD)) == LEAD
            own = [("X-Proxy-Secret", "f" * 64)]
            assert who(asks.ask("/review", STAFF, own)) == STAFF


def slowly(asks, text):
    """Send *text*, then a byte a second; return how long it took to be answered or hung up on."""
    began = time.monotonic()
    with asks.connect() as talking:
        talking.sendall(text)
        talking.settimeout(1)
        while time.monotonic() - began < PATIENCE:
            try:
                talking.recv(1)
                break
            except TimeoutError:
                talking.sendall(b"x")
            except OSError:
                break
    return time.monotonic() - began


def stopping(asks, text):
    """Send *text* and no more; return how long it took to be hung up on."""
    began = time.monotonic()
    with asks.connect() as talking:
        talking.sendall(text)
        hear(talking)
    return time.monotonic() - began


def half_a_hello(asks, text):
    """Begin to agree on a key and stop; return how long it took to be hung up on."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", asks.port), timeout=PATIENCE) as talking:
        talking.sendall(text)
        hear(talking)
    return time.monotonic() - began


def test_who_is_slow_is_cut_off(asks):
    head = request_of(asks, STAFF)[:-2] + b"X-Other: "
    post = request_of(asks, STAFF, "Content-Length: 1000")[:-2].replace(b"GET", b"POST", 1)
    tries = [
        (slowly, head),
        (stopping, head),
        (stopping, post + b"\r\nabc"),
        (half_a_hello, b"\x16\x03"),
    ]
    with ThreadPoolExecutor(len(tries)) as pool:
        taken = [pool.submit(one, asks, text) for one, text in tries]
        assert asks.ask("/review", STAFF).status == 200
        assert all(one.result() < PATIENCE for one in taken)


def test_a_form_comes_to_the_desk_when_it_is_whole(folder):
    """So those who trickle take none of the places that the desk has."""
    at = folder / "nobody.sock"
    with socket.socket(socket.AF_UNIX) as instead:
        instead.bind(str(at))
        at.chmod(0o666)
        instead.listen()
        instead.settimeout(3)
        with front("nginx-basic-auth.conf", folder, {SOCKET: str(at)}) as asks:
            head = request_of(asks, STAFF, "Content-Length: 6").replace(b"GET", b"POST", 1)
            with asks.connect() as talking:
                talking.sendall(head + b"abc")
                with pytest.raises(TimeoutError):
                    instead.accept()
                talking.sendall(b"def")
                instead.settimeout(PATIENCE)
                coming, _ = instead.accept()
                with coming:
                    assert coming.recv(65_536).startswith(b"POST /report ")


def test_what_is_huge_is_cut_off(asks):
    long = request_of(asks, STAFF, path="/find?q=" + "x" * 70_000)
    assert status_of(asks.say(long)) in (400, 414, HUNG_UP)
    many = [f"X-Other-{number}: {'x' * 7_000}" for number in range(200)]
    assert status_of(asks.say(request_of(asks, STAFF, *many))) in (400, 431, HUNG_UP)
    said = request_of(asks, STAFF, f"Content-Length: {MAX_UPLOAD + 1}")
    assert status_of(asks.say(said.replace(b"GET", b"POST", 1))) == 413


def test_what_does_not_end_is_cut_off(asks):
    head = request_of(asks, STAFF, "Transfer-Encoding: chunked", FORM, path="/requests")
    more = CHUNK * (MAX_UPLOAD // 65_536 + 1)
    said = asks.say(head.replace(b"GET", b"POST", 1) + more)
    assert status_of(said) in (411, 413, HUNG_UP)
    assert asks.ask("/review", STAFF).status == 200


def test_what_the_desk_takes_the_proxy_lets_through(asks):
    [_, origin], body = form(asks, STAFF)
    token = body.partition(b"csrf=")[2].decode()
    kind = ("Content-Type", "multipart/form-data; boundary=half")
    head = '--half\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n' + token + "\r\n"
    head += '--half\r\nContent-Disposition: form-data; name="pictures"; filename="a.png"\r\n\r\n'
    body = head.encode() + b"x" * (MAX_UPLOAD - 1_000) + b"\r\n--half--\r\n"
    answer = asks.ask("/requests", STAFF, [kind, origin], body)
    assert answer.status == 422
    assert who(answer) == STAFF


def test_readers_answers_are_counted_and_nobody_signs_in_for_them(asks, repo):
    def send(*more, body=b"page=manuals/operation/sign-in.md&answer=no", path=ADDRESS):
        return asks.ask(path, None, [tuple(FORM.split(": ")), *more], body)

    today = datetime.now(UTC).astimezone().date()
    workspace = open_workspace(repo)

    def counted():
        found = read_answers(workspace, workspace.repository.common_dir).helped(today, today)
        return found.get("manuals/operation/sign-in.md", (0, 0))[1]

    before = counted()
    answer = send(("Origin", SITE), ("X-Forwarded-User", "L-0001"), ("Cookie", "x=y"))
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (204, SITE)
    assert "set-cookie" not in answer.headers
    assert counted() == before + 1
    assert send(("Origin", "https://evil.example")).status == 403
    assert send(("Origin", SITE), body=b"x=" + b"x" * 4000).status == 413
    for path in (f"{ADDRESS}/", f"/review{ADDRESS}", f"{ADDRESS}/../report"):
        assert send(("Origin", SITE), path=path).status in (302, 401, 403), path
    assert counted() == before + 1


def test_no_page_may_be_kept_on_the_way(asks):
    for path in ("/", "/review", f"/review/{STEP_ID}", "/nothing", "/report", "/static/desk.css"):
        assert asks.ask(path, STAFF).headers["cache-control"] == "no-store", path


CACHES = {
    "nginx-basic-auth.conf": (
        "proxy_cache_path {at} keys_zone=desk:1m; proxy_cache desk; proxy_cache_valid any 10m;",
        "proxy_ignore_headers Cache-Control Set-Cookie;",
    ),
    "apache-basic-auth.conf": (
        # after the sign-in: before it, Apache keeps nothing that was asked for with a password
        "CacheRoot {at}\nCacheEnable disk /\nCacheQuickHandler off\nCacheDefaultExpire 600\n"
        "CacheIgnoreNoLastMod On",
        "CacheStoreNoStore On\nCacheIgnoreCacheControl On\nCacheStorePrivate On",
    ),
}


@pytest.mark.parametrize("obeys", [True, False], ids=["as it is", "made to keep all"])
@pytest.mark.parametrize("name", CACHES)
def test_a_cache_of_the_proxy_gives_nobody_anothers_page(folder, places, name, obeys):
    """The second kind shows that it would, were it not for what the desk says of its pages."""
    with tempfile.TemporaryDirectory(dir=folder) as kept:
        Path(kept).chmod(0o777)
        on, careless = CACHES[name]
        context = on.format(at=kept) + "\n" + ("" if obeys else careless)
        with front(name, folder, places[name], context) as asks:
            cookie = [("Cookie", asks.ask("/review", STAFF).cookie)]
            assert who(asks.ask("/walkthroughs", STAFF, cookie)) == STAFF
            assert who(asks.ask("/walkthroughs", STAFF, cookie)) == STAFF
            assert who(asks.ask("/walkthroughs", LEAD, cookie)) == (LEAD if obeys else STAFF)


def test_a_browser_signs_in_and_sends_a_form(asks, browser):
    signed = {"username": STAFF, "password": PASSWORD}
    given = {"http_credentials": signed} if asks.signs_in_by == "password" else {}
    address = f"https://localhost:{asks.port}"
    context = browser.new_context(ignore_https_errors=True, locale="zh-TW", **given)
    try:
        if asks.signs_in_by == "cookie":
            context.add_cookies([{"name": "session", "value": STAFF, "url": address}])
        page = context.new_page()
        page.goto(f"{address}/review")
        assert page.locator(".who").inner_text() == STAFF
        page.get_by_role("button", name="English").click()
        page.get_by_role("button", name="中文").wait_for()
        assert page.url.startswith(address)
    finally:
        context.close()
