import time

import pytest

from gitrepo import git, make_bare, make_repo
from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader, headers
from manualsmith.git.process import GitFailed
from manualsmith.git.repository import Repository
from manualsmith.git.trees import list_tree


def test_get(tmp_path):
    repo = make_repo(tmp_path, {"頁 面.md": b"a\r\n\x00\xff\nmissing\n", "empty": b""})
    with BlobReader(Repository.open(repo)) as reader:
        blob = reader.get("main:頁 面.md")
        assert (blob.type, blob.data) == ("blob", b"a\r\n\x00\xff\nmissing\n")
        assert reader.get("main:empty").data == b""
        assert reader.get("main:none missing") is None
        assert reader.get("") is None
        assert reader.get("main:").type == "tree"
        assert reader.get(blob.oid) == blob


@pytest.mark.parametrize("spec", ["main:a\nmain:b", "a\0b"])
def test_a_spec_that_would_be_two(tmp_path, spec):
    repository = Repository.open(make_repo(tmp_path, {"a": "1", "b": "2"}))
    with BlobReader(repository) as reader:
        with pytest.raises(UserError, match="line break"):
            reader.get(spec)
        assert reader.get("main:b").data == b"2"
    with pytest.raises(UserError, match="line break"):
        headers(repository, [spec])


def test_ten_thousand_blobs_in_order_and_soon(tmp_path):
    contents = [b"%d " % number * (number % 300) for number in range(1, 10_001)]
    repo = make_repo(tmp_path, {f"{number}.md": data for number, data in enumerate(contents)})
    repository = Repository.open(repo)
    entries = list_tree(repository, "main")
    start = time.perf_counter()
    with BlobReader(repository) as reader:
        found = list(reader.get_many(entry.oid for entry in entries))
    seconds = time.perf_counter() - start
    assert [blob.data for blob in found] == [
        contents[int(entry.path.removesuffix(".md"))] for entry in entries
    ]
    # A process a blob takes above 20 s, a question at a time with its wait 0.6 s and more.
    assert seconds < 5


def test_answers_larger_than_any_pipe(tmp_path):
    files = {f"{number}.md": bytes([number]) * 3_000_000 for number in range(3)}
    repo = make_repo(tmp_path, files)
    with BlobReader(Repository.open(repo)) as reader:
        found = reader.get_many([f"main:{name}" for name in files])
        assert [blob.data for blob in found] == list(files.values())


def test_an_iterator_left_early_does_not_shift_answers(tmp_path):
    repo = make_repo(tmp_path, {"a": "1", "b": "2", "c": "3"})
    with BlobReader(Repository.open(repo)) as reader:
        answers = reader.get_many(["main:a", "main:b", "main:c"])
        assert next(answers).data == b"1"
        with pytest.raises(RuntimeError, match="still waits"):
            reader.get("main:c")
        answers.close()
        assert reader.get("main:c").data == b"3"


def test_a_killed_git_is_an_error_not_an_empty_answer(tmp_path):
    repo = make_repo(tmp_path, {"a": "1"})
    with BlobReader(Repository.open(repo)) as reader:
        reader._process.kill()
        with pytest.raises(GitFailed, match="git cat-file"):
            list(reader.get_many(["main:a"] * 500))


def test_headers(tmp_path):
    bare = make_bare(make_repo(tmp_path, {"a": "12345"}))
    found, nothing, tree = headers(Repository.open(bare), ["main:a", "main:none", "main:"])
    assert (found.type, found.size, found.oid) == ("blob", 5, git(bare, "rev-parse", "main:a"))
    assert nothing is None
    assert tree.type == "tree"
    assert headers(Repository.open(bare), []) == []
