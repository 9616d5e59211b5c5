"""Who may at the desk: each role on each address, and the usual ways around."""

import re

import pytest

from gitrepo import git, refs
from manualsmith.desk.access import ROLES, LocalDoor, Person, ProxyDoor
from manualsmith.desk.app import ROUTES
from manualsmith.desk.guard import MAX_BODY
from rooms import GROUPS, PORT, STEP_ID, TEAM, TOKEN, alone, client, csrf, make_rooms, member, post

ME = Person("S-0412", frozenset(ROLES))
FILLED = {
    "{id}": STEP_ID,
    "{kind}": "pages",
    "{id:path}": STEP_ID,
    "{path:path}": "operation/sign-in.md",
    "{key}": "A" * 22,
    "{number}": "1",
    "{move}": "log",
    "{name}": "0123456789abcdef.png",
}


@pytest.fixture(scope="module")
def repo(tmp_path_factory):
    return make_rooms(tmp_path_factory.mktemp("rooms"))


def address(path):
    return re.sub(r"\{[^}]+\}", lambda found: FILLED[found[0]], path)


@pytest.mark.parametrize("role", [*GROUPS, None])
@pytest.mark.parametrize(("method", "path", "roles"), [(m, p, r) for m, p, _, r in ROUTES])
def test_each_role_on_each_address(repo, method, path, roles, role):
    asks = member(repo, role or "staff")
    if role is None:
        asks.headers["X-Forwarded-Groups"] = "others"
    may = role is not None and (role == "lead" or role in roles)
    headers = {"x-csrf": csrf(asks)} if may and method == "POST" else {}
    # no form is right: what is asked for is let in, or not, and nothing is written
    answer = asks.request(method, address(path), headers=headers)
    if may:
        assert answer.status_code not in (401, 403, 405, 500)
    else:
        assert answer.status_code == 403
        assert "R-staff" not in answer.text


@pytest.mark.parametrize("path", ["/", "/review", "/static/desk.js", "/nothing", "/language"])
@pytest.mark.parametrize(
    ("query", "status"),
    [("", 401), ("?token=", 401), ("?token=wrong", 403), (f"?token={TOKEN}x", 403)],
)
def test_without_the_token_nothing_is_shown(repo, path, query, status):
    asks = client(repo, LocalDoor(ME, TOKEN, PORT))
    answer = asks.get(path + query)
    assert answer.status_code in (401, 403)
    assert answer.status_code == status or query == "?token="
    assert "set-cookie" not in answer.headers


def test_the_health_address_says_that_it_answers_and_nothing_else(repo):
    far = client(repo, ProxyDoor(TEAM), client=("203.0.113.9", 1))
    for asks, host in ((far, "10.2.0.1:8765"), (alone(repo), "127.0.0.1")):
        answer = asks.get("/health", headers={"host": host})
        assert (answer.status_code, answer.text) == (200, "ok\n")
        assert "set-cookie" not in answer.headers
        assert asks.post("/health").status_code in (403, 404, 405)
    assert far.get("/health/").status_code == 403
    assert far.get("/health/../review").status_code == 403


def test_the_token_lets_in_and_the_session_goes_on_without_it(repo):
    asks = client(repo, LocalDoor(ME, TOKEN, PORT))
    answer = asks.get(f"/review?token={TOKEN}")
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert TOKEN not in answer.text
    assert asks.get("/review").status_code == 200


def test_a_session_of_an_earlier_run_is_none(repo):
    asks = alone(repo)
    other = client(repo, LocalDoor(ME, "another", PORT), key=b"o" * 32)
    other.cookies.update(asks.cookies)
    assert other.get("/review").status_code == 401
    assert other.get(f"/review?token={TOKEN}").status_code == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", f"127.0.0.1:{PORT + 1}", "localhost.evil"]
)
def test_a_forged_host_is_refused(repo, host):
    asks = alone(repo)
    assert asks.get("/review", headers={"host": host}).status_code == 421
    team = member(repo, "lead")
    assert team.get("/review", headers={"host": host}).status_code == 421


def test_nobody_becomes_another_by_a_header(repo):
    asks = client(repo, LocalDoor(ME, TOKEN, PORT))
    forged = {
        "X-Forwarded-User": "lead",
        "X-Forwarded-Groups": "leads",
        "X-Forwarded-For": "127.0.0.1",
    }
    assert asks.get("/review", headers=forged).status_code == 401
    far = client(repo, LocalDoor(ME, TOKEN, PORT), client=("203.0.113.9", 1))
    assert far.get(f"/review?token={TOKEN}", headers=forged).status_code == 403
    around = client(repo, ProxyDoor(TEAM), client=("203.0.113.9", 1))
    assert around.get("/review", headers={**forged, "X-Real-IP": "10.0.0.7"}).status_code == 403
    assert around.get(f"/review?token={TOKEN}", headers=forged).status_code == 403


def test_a_proxy_within_a_trusted_network_is_believed(repo):
    asks = client(repo, ProxyDoor(TEAM), client=("10.1.2.3", 1))
    named = {"X-Forwarded-User": "R-7", "X-Forwarded-Groups": "docs"}
    assert asks.get("/review", headers=named).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Forwarded-User": ""},
        {"X-Forwarded-User": "a <b@c>"},
        {"X-Forwarded-User": "x" * 300},
        [
            ("X-Forwarded-User", "R-1"),
            ("X-Forwarded-User", "lead"),
            ("X-Forwarded-Groups", "leads"),
        ],
    ],
)
def test_who_is_not_named_as_one_person_is_nobody(repo, headers):
    asks = client(repo, ProxyDoor(TEAM))
    assert asks.get("/review", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "change",
    [{"csrf": ""}, {"csrf": "f" * 64}, {"csrf": None}],
    ids=["blank", "wrong", "missing"],
)
def test_a_form_without_its_token_does_nothing(repo, change):
    asks = alone(repo)
    before = refs(repo)
    data = {"reason": "x", **{k: v for k, v in change.items() if v is not None}}
    assert asks.post(f"/review/{STEP_ID}/accept", data=data).status_code == 403
    assert refs(repo) == before


def test_a_forms_token_is_of_one_session_and_one_person(repo):
    first, second = alone(repo), alone(repo)
    assert second.post("/language", data={"csrf": csrf(first)}).status_code == 403
    staff, reviewer = member(repo, "staff"), member(repo, "reviewer")
    reviewer.cookies.update(staff.cookies)
    answer = reviewer.post(f"/review/{STEP_ID}/accept", data={"csrf": csrf(staff)})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_what_another_site_sends_does_nothing(repo, headers):
    asks = alone(repo)
    data = {"csrf": csrf(asks), "language": "en"}
    assert asks.post("/language", data=data, headers=headers).status_code == 403
    own = {"origin": f"http://127.0.0.1:{PORT}", "sec-fetch-site": "same-origin"}
    assert asks.post("/language", data=data, headers=own).status_code == 303


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(repo, method):
    assert alone(repo).request(method, "/review").status_code == 405


def test_what_is_too_large_is_refused_however_it_is_sent(repo):
    asks = alone(repo)
    token = csrf(asks)
    large = f"csrf={token}&symptom=" + "x" * MAX_BODY
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert asks.post("/requests", content=large, headers=kind).status_code == 413

    def pieces():
        for at in range(0, len(large), 65_536):
            yield large[at : at + 65_536].encode()

    assert asks.post("/requests", content=pieces(), headers=kind).status_code == 413
    files = {"symptom": ("x.txt", b"hello")}
    answer = asks.post("/requests", data={"csrf": token}, files=files)
    assert answer.status_code in (400, 413, 422)


@pytest.mark.parametrize(
    "path",
    [
        "/files/../../etc/passwd",
        "/files/%2e%2e/%2e%2e/etc/passwd",
        "/files/manuals/operation/../../pyproject.toml",
        "/files/records/confirmations/ENV-2026-0001.yaml",
        "/files/manuals/operation/sign-in.md",
        "/manual/../records/confirmations/ENV-2026-0001.yaml",
        "/manual/operation/../../docs/index.md",
        "/records/..%2f..%2fetc%2fpasswd",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/confirmations/drafts/..%2f..%2f..%2fconfig",
        "/confirmations/drafts/AAAAAAAAAAAAAAAAAAAAAA",
        "/review/..%2f..%2fHEAD",
        "/trace/../../etc/passwd",
    ],
)
def test_no_path_leads_out(repo, path):
    answer = alone(repo).get(path)
    assert answer.status_code in (404, 422)
    for secret in ("root:", "[project]", "schema: manualsmith", "def create_app", "ref: refs"):
        assert secret not in answer.text


def test_every_page_says_what_may_run(repo):
    asks = alone(repo)
    for path in ("/", "/review", f"/review/{STEP_ID}", "/nothing", "/static/desk.css"):
        policy = asks.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
    refused = client(repo, LocalDoor(ME, TOKEN, PORT)).get("/")
    assert "default-src 'none'" in refused.headers["content-security-policy"]


SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'《{{ 7*7 }}》"


def test_a_script_in_any_field_is_text(tmp_path):
    repo = make_rooms(tmp_path)
    asks = alone(repo)
    fields = {
        name: f"{name} {SCRIPT}" for name in ("symptom", "detail", "product", "page", "requester")
    }
    unknown = post(asks, "/requests", severity="normal", **fields)
    assert unknown.status_code == 422  # there is no such page
    assert "<script>alert" not in unknown.text
    fields["page"] = ""
    made = post(asks, "/requests", severity="normal", **fields).headers["location"]
    request = made.partition("?")[0]
    name = request.rpartition("/")[2]
    incident = post(asks, "/incidents", request=name).headers["location"].partition("?")[0]
    inc = incident.rpartition("/")[2]
    assert post(asks, f"/incidents/{inc}/log", note=SCRIPT).status_code == 303
    how = {"cause": SCRIPT, "steps": f"{SCRIPT}\nsecond", "note": SCRIPT}
    assert post(asks, f"/incidents/{inc}/resolve", **how).status_code == 303
    assert post(asks, f"/incidents/{inc}/explain", note=SCRIPT).status_code == 303
    draft = post(asks, f"/incidents/{inc}/to-confirmation", page="sync.md").headers["location"]
    form = asks.get(draft, follow_redirects=True)
    assert form.status_code == 200
    pages = [request, incident, "/incidents?which=all", f"/find?q={SCRIPT}", "/", "/report"]
    pages += [f"/trace/{name}", f"/known?q={SCRIPT}", f"/requests/new?symptom={SCRIPT}", draft]
    pages += [f"/review?q={SCRIPT}&page={SCRIPT}", f"/?said={SCRIPT}", f"/nothing{SCRIPT}"]
    for path in pages:
        text = asks.get(path, follow_redirects=True).text
        assert "<script>alert" not in text, path
        assert "<img src=x" not in text, path
        assert "《49》" not in text, path  # a page has random letters and digits of its own
    # as a correction of the manual it is refused: it would run in a reader's browser
    key = form.url.path.rpartition("/")[2]
    answer = post(asks, f"/confirmations/drafts/{key}/hand-in", facts="0", reported=SCRIPT)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text


def test_a_formula_or_a_git_option_is_only_a_name(repo):
    for name in ("--upload-pack=x", "-C", "=1+1"):
        asks = member(repo, "reviewer", name)
        assert post(asks, f"/review/{name}/accept").status_code in (404, 422)


def test_every_decision_is_the_persons_in_git(tmp_path):
    repo = make_rooms(tmp_path)
    asks = member(repo, "reviewer", "R-7")
    seen = git(repo, "rev-parse", f"suggest/O1.2.1/{STEP_ID}").strip()
    assert post(asks, f"/review/{STEP_ID}/accept", seen=seen).status_code == 303
    told = git(repo, "log", "-1", "--format=%an <%ae> %cn", "main").strip()
    assert told == "R-7 <R-7@desk.example.org> R-7"
    record = git(repo, "show", f"main:suggestions/operation/{STEP_ID}.yaml")
    assert "by: R-7" in record
    other = member(repo, "staff", "S-9")
    answer = post(other, "/requests", symptom="慢", product="nextcloud", severity="low")
    name = answer.headers["location"].partition("?")[0].rpartition("/")[2]
    assert git(repo, "log", "-1", "--format=%an", "main").strip() == "S-9"
    assert "staff: S-9" in git(repo, "show", f"main:records/requests/{name}.yaml")


def test_a_list_that_was_made_for_one_role_is_not_shown_to_another(tmp_path):
    repo = make_rooms(tmp_path)  # nobody else decides here
    # one process shows the same list to everybody who may decide, and to nobody else
    asks = member(repo, "reviewer")
    for _ in range(2):
        for role, decides in (("reviewer", True), ("staff", False)):
            asks.headers.update(member(repo, role).headers)
            shown = asks.get("/review").text
            assert STEP_ID in shown
            assert ('name="chosen"' in shown) == decides
    assert asks.get("/review?q=nothing-says-this").text.count("<ol") == 0
