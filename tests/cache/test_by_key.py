import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import manualsmith
from manualsmith.cache import by_key
from manualsmith.cache.by_key import Cache


def file_of(folder):
    return folder / "manualsmith" / "cache.sqlite"


def put(folder, **values):
    with Cache.open(folder) as cache:
        cache.put_many("outline", {key: value.encode() for key, value in values.items()})


def get(folder, *keys):
    with Cache.open(folder) as cache:
        return cache.get_many("outline", keys)


def test_what_is_put_is_there_next_time(tmp_path):
    put(tmp_path, a="1", b="2")
    put(tmp_path, b="3")
    assert get(tmp_path, "a", "b", "c") == {"a": b"1", "b": b"3"}


def test_kinds_are_apart_and_bytes_stay_bytes(tmp_path):
    with Cache.open(tmp_path) as cache:
        cache.put_many("one", {"鍵": b"\x00\xff"})
        cache.put_many("two", {"鍵": b""})
        assert cache.get_many("one", ["鍵"]) == {"鍵": b"\x00\xff"}
        assert cache.get_many("two", ["鍵"]) == {"鍵": b""}


def test_more_keys_than_a_statement_takes(tmp_path):
    values = {f"{number}": b"%d" % number for number in range(40_000)}
    with Cache.open(tmp_path) as cache:
        cache.put_many("n", values)
        assert cache.get_many("n", values) == values


@pytest.mark.parametrize(
    ("name", "value"), [("__version__", "0.0.0"), ("_SCHEMA", by_key._SCHEMA + 1)]
)
def test_another_version_starts_anew(tmp_path, monkeypatch, name, value):
    with monkeypatch.context() as older:
        older.setattr(by_key, name, value)
        put(tmp_path, a="1")
        assert get(tmp_path, "a") == {"a": b"1"}
    assert get(tmp_path, "a") == {}
    put(tmp_path, a="2")
    assert get(tmp_path, "a") == {"a": b"2"}


def damage_head(file):
    file.write_bytes(b"no database" * 100)


def damage_body(file):
    data = file.read_bytes()
    file.write_bytes(data[:100] + b"\xa5" * (len(data) - 100))


def damage_tables(file):
    connection = sqlite3.connect(file)
    connection.executescript("DROP TABLE entry; CREATE TABLE entry (x)")
    connection.close()


@pytest.mark.parametrize("damage", [damage_head, damage_body, damage_tables])
def test_a_damaged_file_is_made_anew(tmp_path, damage):
    put(tmp_path, **{f"k{number}": "v" * 200 for number in range(500)})
    damage(file_of(tmp_path))
    assert get(tmp_path, "k1") == {}
    put(tmp_path, k1="new")
    assert get(tmp_path, "k1") == {"k1": b"new"}


@pytest.mark.parametrize("obstacle", ["no folder", "a file", "a folder"])
def test_without_a_place_it_is_empty(tmp_path, obstacle):
    folder = tmp_path / "none" if obstacle == "no folder" else tmp_path
    if obstacle == "a file":
        (folder / "manualsmith").write_text("in the way", "utf-8")
    elif obstacle == "a folder":
        file_of(folder).mkdir(parents=True)
    put(folder, a="1")
    assert get(folder, "a") == {}


def test_a_file_that_cannot_be_written_is_read_or_empty(tmp_path):
    put(tmp_path, a="1")
    with Cache.open(tmp_path) as cache:
        cache._connection.execute("PRAGMA query_only = 1")
        cache.put_many("outline", {"a": b"2"})
        assert cache.get_many("outline", ["a"]) == {}
    assert get(tmp_path, "a") == {"a": b"1"}


def test_it_waits_while_another_process_makes_it(tmp_path):
    file_of(tmp_path).parent.mkdir()
    other = sqlite3.connect(file_of(tmp_path), isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE entry (x)")
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.2, other.execute, ["COMMIT"])
    timer.start()
    put(tmp_path, a="1")
    timer.join()
    other.close()
    assert get(tmp_path, "a") == {"a": b"1"}


def test_closed_is_empty(tmp_path):
    cache = Cache.open(tmp_path)
    cache.close()
    cache.put_many("outline", {"a": b"1"})
    assert cache.get_many("outline", ["a"]) == {}
    cache.close()


PUTTER = """
from manualsmith.cache.by_key import Cache
folder, name = Path(sys.argv[1]), sys.argv[2]
for number in range(50):
    with Cache.open(folder) as cache:
        cache.put_many("n", {f"{name}-{number}": b"x" * 1000})
"""


def test_several_processes_at_once(tmp_path):
    tools = str(Path(manualsmith.__file__).parents[1])
    program = f"import sys; sys.path.insert(0, {tools!r})\nfrom pathlib import Path\n{PUTTER}"
    processes = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path), str(name)])
        for name in range(4)
    ]
    assert [process.wait() for process in processes] == [0] * 4
    wanted = {f"{name}-{number}": b"x" * 1000 for name in range(4) for number in range(50)}
    with Cache.open(tmp_path) as cache:
        assert cache.get_many("n", wanted) == wanted


def test_a_file_emptied_under_another_process_is_waited_for_once(tmp_path):
    """Its lock lasts as long as the other has it open: a command does without, and goes on."""
    put(tmp_path, a="1")
    file = file_of(tmp_path)
    other = sqlite3.connect(file)
    other.execute("SELECT * FROM entry").fetchall()
    for end in ("-wal", "-shm"):
        file.with_name(file.name + end).unlink(missing_ok=True)
    file.write_bytes(b"")
    begun = time.monotonic()
    put(tmp_path, a="2")
    assert time.monotonic() - begun < 60  # 5 measured, 100 before
    other.close()
    put(tmp_path, a="3")
    assert get(tmp_path, "a") == {"a": b"3"}
