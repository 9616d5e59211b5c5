"""Each action, from a finding to the page: suggested, listed, shown, refreshed, accepted.

The page and the edit are the action's first case in ``tests/markdown/actions/fixtures``.
"""

import json

import pytest

from cases import edit_of, example_of
from desks import make_desk, ms, said
from gitrepo import commit, show
from manuals import SIGN_IN
from manualsmith.markdown.action_table import ACTIONS
from rooms import alone

ID = "ENV-2026-0001-1"
AT = "manuals/{}/page.md"
# what makes, moves or takes away a whole page
WHOLE = {
    "add-page": ({"title": "照片", "text": "頁面的內容。"}, None, "# 照片\n\n頁面的內容。\n"),
    "move-page": ({"to": "new/page.md"}, SIGN_IN, None),
    "remove-page": ({"replaced_by": "other.md"}, SIGN_IN, None),
}
FINDINGS = [name for name, kind in ACTIONS.items() if kind.finding]


def asked(name):
    """Return an edit with an action, the page before it and the page after it."""
    if name in WHOLE:
        fields, before, after = WHOLE[name]
        return {"action": name, **fields}, before, after
    case = example_of(name)
    return edit_of(case), case["page"], case["after"]


def confirmed(edit, manual):
    finding = {"id": 1, "summary": "改這裡", "manual": manual, "page": "page.md", "reason": "不同"}
    return json.dumps(
        {
            "schema": "manualsmith/confirmation/v1",
            "id": "ENV-2026-0001",
            "date": "2026-11-20",
            "product": "nextcloud",
            "reported": "和手冊不同",
            "environment": {},
            "findings": [{**finding, "edit": edit}],
        },
        ensure_ascii=False,
    )


@pytest.mark.parametrize("name", FINDINGS)
def test_from_a_finding_to_the_page(name, tmp_path, capsys):
    edit, before, after = asked(name)
    manual = ACTIONS[name].only or "operation"
    path = AT.format(manual)
    other = {AT.format(manual).replace("page.md", "other.md"): "# 接替\n\n文字。\n"}
    repo = make_desk(tmp_path, {**other, **({path: before} if before else {})})
    file = repo / "records/confirmations/ENV-2026-0001.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(confirmed(edit, manual), "utf-8")
    [made] = said(capsys, repo, "suggest", "--all")["suggestions"]
    assert (made["status"], made["id"]) == ("created", ID)

    [listed] = said(capsys, repo, "review", "list")["suggestions"]
    assert (listed["actions"], listed["applies"]) == ([name], "applies")
    assert ms(repo, "review", "show", ID) == 0
    form = tmp_path / "form.html"
    assert ms(repo, "export", ID, "--out", str(form)) == 0
    assert "改這裡" in form.read_text("utf-8")
    seen = alone(repo)
    assert "改這裡" in seen.get(f"/review/{ID}").text
    assert "改這裡" in seen.get("/review").text

    commit(repo, {"manuals/operation/beside.md": "# 別的\n\n新的一頁。\n"})
    [fresh] = said(capsys, repo, "review", "refresh", ID)["suggestions"]
    assert fresh["status"] == "refreshed"
    [done] = said(capsys, repo, "review", "accept", ID)["suggestions"]
    assert done["status"] == "accepted"
    assert ms(repo, "verify", "--range", "main~1..main") == 0
    if after is not None:
        assert show(repo, f"main:{path}").decode().endswith(after)
    ms(repo, "trace", ID)
    assert ID in capsys.readouterr().out
