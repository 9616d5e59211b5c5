"""No cache fails a command, or changes what it says: what does not read is made anew."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gitrepo import commit, git
from manuals import FACT, SIGN_IN, STEP, SYNC, confirmation
from manualsmith.cache.by_key import Cache
from manualsmith.cli.group import run
from small_site import PAGES, Site, write_site

COMMANDS = (
    ("suggest", "--all", "--json"),
    ("review", "list", "--state", "open", "--state", "withdrawn", "--json"),
    ("find", "用戶端 卡住", "--json"),
    ("incident", "list", "--json"),
    ("audit", "--json"),
)
FILES = ("cache.sqlite", "find.sqlite", "pages.sqlite")
KINDS = {"adopted-1", "desk-1", "open-5-en", "decided-5", "suggested-2-en", "applies-2-en"}
OTHER_STEP = STEP.replace("step: 3", "step: 2").replace("允許存取", "授權")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    pages = {path: text for path, text in PAGES.items() if path.startswith(("docs/", "manuals/"))}
    made = write_site(tmp_path_factory.mktemp("caches") / "repository", pages)
    root = made.root
    git(root, "init", "-q", "-b", "main")
    git(root, "config", "manualsmith.staff", "S-0412")
    commit(
        root,
        {
            "manuals/operation/sign-in.md": SIGN_IN,
            "manuals/troubleshooting/sync.md": SYNC,
            "records/confirmations/ENV-2026-0001.yaml": confirmation(facts=FACT),
            "records/confirmations/ENV-2026-0002.yaml": confirmation(2, findings=(OTHER_STEP,)),
            "records/confirmations/ENV-2026-0003.yaml": confirmation(
                3, findings=(OTHER_STEP.replace("授權", "同意"),)
            ),
        },
    )
    request = ("request", "new", "--symptom", "檔案卡住", "--product", "nextcloud")
    withdraw = ("review", "withdraw", "ENV-2026-0003-1", "--reason", "不需要")
    for command in (request, ("suggest", "--all"), withdraw):
        assert run(["-C", str(root), *command]) == 0
    commit(root, {"manuals/operation/sign-in.md": SIGN_IN.replace("輸入帳號", "輸入您的帳號")})
    return made


def caches(site: Site) -> Path:
    return site.root / ".git" / "manualsmith"


@pytest.fixture
def said(site: Site, capsys) -> Callable[[], list[str]]:
    """All commands, and what they print."""

    def printed() -> list[str]:
        found = []
        for command in COMMANDS:
            capsys.readouterr()
            assert run(["-C", str(site.root), *command]) in (0, 1)
            out, err = capsys.readouterr()
            assert "bug" not in err
            found.append(out)
        return found

    return printed


def without(site: Site) -> None:
    for name in FILES:
        for file in caches(site).glob(f"{name}*"):
            shutil.rmtree(file) if file.is_dir() else file.unlink()


@pytest.fixture(scope="module")
def remembered() -> list[list[str]]:
    return []


@pytest.fixture
def expected(site: Site, said, remembered) -> list[str]:
    """What the commands print without a cache; there is one after that, and it is whole."""
    if not (caches(site) / FILES[0]).is_file() or not remembered:
        without(site)
        before = git(site.root, "for-each-ref", "refs/heads")
        remembered[:] = [said()]
        assert git(site.root, "for-each-ref", "refs/heads") == before
    return remembered[0]


def values(file: Path, change: Callable[[bytes], bytes | str]) -> None:
    """Change each thing that a file keeps as bytes or as JSON."""
    connection = sqlite3.connect(file)
    for table, column, key in columns(connection):
        rows = connection.execute(f"SELECT {key}, {column} FROM {table}").fetchall()
        assert rows
        for *name, value in rows:
            data = value.encode() if isinstance(value, str) else value
            where = " AND ".join(f"{part} IS ?" for part in key.split(", "))
            connection.execute(
                f"UPDATE {table} SET {column} = ? WHERE {where}", (change(data), *name)
            )
    connection.commit()
    connection.close()


def columns(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    for table, column, key in (
        ("entry", "value", "kind, key"),
        ("page", "kept", "id"),
    ):
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [table]).fetchone():
            yield table, column, key


def renamed(data: bytes) -> bytes:
    """Rename every field; a value that is no JSON gets a byte more."""

    def inner(value: object) -> object:
        if isinstance(value, dict):
            return {f"{name}_": inner(one) for name, one in value.items()}
        return [inner(one) for one in value] if isinstance(value, list) else value

    try:
        return json.dumps(inner(json.loads(data))).encode()
    except ValueError:
        return data + b"x"


VALUES: dict[str, Callable[[bytes], bytes | str]] = {
    "a byte flipped": lambda data: data[:-3] + bytes([data[-3] ^ 1]) + data[-2:],
    "cut": lambda data: data[: len(data) // 2],
    "emptied": lambda data: b"",
    "text": lambda data: data.decode("latin-1"),
    "fields renamed": renamed,
    "another shape": lambda data: b'{"main": "", "outcomes": [], "kind": "applies", "id": [1]}',
    "a list": lambda data: b"[]",
}


@pytest.mark.parametrize("change", VALUES.values(), ids=VALUES)
def test_an_entry_that_is_not_as_it_was_kept_is_not_there(site, said, expected, change):
    for name in ("cache.sqlite", "pages.sqlite"):
        values(caches(site) / name, change)
    assert said() == expected


@pytest.mark.parametrize("change", [renamed, VALUES["another shape"], VALUES["a list"]])
def test_an_entry_of_an_older_shape_is_not_there(site, said, expected, change):
    """Sealed by the program that wrote it: a field has another name since."""
    connection = sqlite3.connect(caches(site) / "cache.sqlite")
    rows = connection.execute("SELECT kind, key, value FROM entry").fetchall()
    connection.close()
    assert {kind for kind, _, _ in rows} == KINDS
    if change is not renamed:  # those that mean something to one kind are for the others
        rows = [row for row in rows if not row[0].startswith("suggested")]
    with Cache.open(site.root / ".git") as cache:
        for kind, key, value in rows:
            cache.put_many(kind, {key: change(value)})
    assert said() == expected


def foreign(file: Path) -> None:
    file.unlink()
    connection = sqlite3.connect(file)
    connection.executescript(
        "CREATE TABLE entry (x); CREATE TABLE page (x); CREATE VIEW fact AS SELECT 1"
    )
    connection.close()


def other_columns(file: Path) -> None:
    connection = sqlite3.connect(file)
    for (table,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name != 'made_by'"
        " AND name NOT LIKE 'words_%' AND name NOT LIKE 'sqlite_%'"
    ).fetchall():
        connection.executescript(f"DROP TABLE {table}; CREATE TABLE {table} (x)")
    connection.close()


def folder(file: Path) -> None:
    file.unlink(missing_ok=True)
    (file / "inside").mkdir(parents=True)


def middle(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[:4096] + b"\xa5" * (len(data) - 8192) + data[-4096:])


DAMAGES: dict[str, Callable[[Path], object]] = {
    "emptied": lambda file: file.write_bytes(b""),
    "cut": lambda file: file.write_bytes(file.read_bytes()[:-5000]),
    "no database": lambda file: file.write_bytes(b"no database" * 1000),
    "its head flipped": lambda file: file.write_bytes(b"\0" * 100 + file.read_bytes()[100:]),
    "its middle flipped": middle,
    "another database": foreign,
    "other columns": other_columns,
    "a folder": folder,
    "read-only": lambda file: file.chmod(0o400),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_file_that_is_no_use(site, said, expected, damage):
    for name in FILES:
        file = caches(site) / name
        connection = sqlite3.connect(file)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        for beside in ("-wal", "-shm"):
            file.with_name(name + beside).unlink(missing_ok=True)
        damage(file)
    assert said() == expected
    without(site)


def test_a_file_where_their_folder_should_be(site, said, expected):
    shutil.rmtree(caches(site))
    caches(site).write_text("in the way", "utf-8")
    try:
        assert said()[1:3] == expected[1:3]
    finally:
        caches(site).unlink()


@pytest.mark.parametrize("change", VALUES.values(), ids=VALUES)
def test_the_index_goes_on_from_what_it_kept_of_a_page(site, said, remembered, change):
    said()
    values(caches(site) / "pages.sqlite", change)
    page = site.root / "manuals/operation/sign-in.md"
    commit(site.root, {"manuals/operation/sign-in.md": page.read_text("utf-8") + "\n3.13\n"})
    remembered.clear()
    found = said()[0]
    without(site)
    assert said()[0] == found


def pages_of(site: Site) -> dict[str, str]:
    return {
        str(path.relative_to(site.out)): path.read_text("utf-8")
        for path in site.out.rglob("*.html")
    }


def test_the_site_is_the_same(site):
    """Of what a build keeps, nothing that was changed is taken over."""
    file = caches(site) / "site.sqlite"
    for left in caches(site).glob("site.sqlite*"):
        left.unlink()
    built = site.build()
    assert built.returncode == 0, built.stderr
    whole = pages_of(site)
    for damage in (
        lambda: values(file, VALUES["a byte flipped"]),
        lambda: values(file, VALUES["another shape"]),
        lambda: DAMAGES["other columns"](file),
        lambda: DAMAGES["a folder"](file),
    ):
        damage()
        built = site.build()
        assert built.returncode == 0, built.stderr
        assert pages_of(site) == whole
