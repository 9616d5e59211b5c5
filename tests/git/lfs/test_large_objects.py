"""Objects of Git LFS: which paths have them, where they are kept, and what is wrong with them."""

from pathlib import Path

import pytest

from gitrepo import commit, git, make_bare, make_repo
from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.lfs.large_objects import content, fill_pointers, keep_object, with_pointers
from manualsmith.git.lfs.pointer import Pointer
from manualsmith.git.repository import Repository

DATA = b"a picture"
PATHS = ["a.png", "m/x/b.png", "m/x/c.md", "n/d.jpg", "圖/e.png"]


def pointed(repo: Path, ref: str = "main") -> set[str]:
    repository = Repository.open(repo)
    with BlobReader(repository) as reader:
        return with_pointers(repository, reader, ref, PATHS)


ATTRIBUTES = {
    "none": ({}, set()),
    "none for these": ({".gitattributes": "*.psd filter=lfs\n"}, set()),
    "by ending": (
        {".gitattributes": "*.png filter=lfs diff=lfs merge=lfs -text\n"},
        {"a.png", "m/x/b.png", "圖/e.png"},
    ),
    "by folder": ({".gitattributes": "m/** filter=lfs\n"}, {"m/x/b.png", "m/x/c.md"}),
    "in a folder": ({"m/.gitattributes": "*.png filter=lfs\n"}, {"m/x/b.png"}),
    "not in a folder": (
        {".gitattributes": "*.png filter=lfs\n", "m/x/.gitattributes": "*.png -filter\n"},
        {"a.png", "圖/e.png"},
    ),
    "a macro": (
        {".gitattributes": "[attr]large filter=lfs -text\n*.jpg large\n"},
        {"n/d.jpg"},
    ),
    "another filter": ({".gitattributes": "*.png filter=crypt # not lfs\n"}, set()),
}


@pytest.mark.parametrize("bare", [False, True])
@pytest.mark.parametrize("case", ATTRIBUTES)
def test_which_paths(tmp_path, case, bare):
    files, wanted = ATTRIBUTES[case]
    repo = make_repo(tmp_path, {"README": "x", **files})
    before = git(repo, "status", "--porcelain")
    assert pointed(make_bare(repo) if bare else repo) == wanted
    assert git(repo, "status", "--porcelain") == before


def test_what_the_commit_says_counts_and_not_the_worktree(tmp_path):
    repo = make_repo(tmp_path, {"README": "x"})
    (repo / ".gitattributes").write_text("*.png filter=lfs\n")
    assert pointed(repo) == set()
    commit(repo, {})
    assert "a.png" in pointed(repo)
    assert pointed(repo, "main^") == set()


@pytest.fixture
def repository(tmp_path) -> Repository:
    return Repository.open(make_repo(tmp_path, {"README": "x"}))


def object_of(repository: Repository, storage: str = "lfs") -> Path:
    oid = Pointer.to(DATA).oid
    return repository.common_dir / storage / "objects" / oid[:2] / oid[2:4] / oid


def test_kept_and_read_back(repository):
    assert content(repository, DATA) == DATA
    assert content(repository, Pointer.to(DATA).text) is None
    keep_object(repository, DATA)
    keep_object(repository, DATA)
    assert object_of(repository).read_bytes() == DATA
    assert content(repository, Pointer.to(DATA).text) == DATA


def test_another_storage(repository):
    git(repository.folder, "config", "lfs.storage", "elsewhere")
    keep_object(repository, DATA)
    assert object_of(repository, "elsewhere").read_bytes() == DATA


def test_of_a_further_worktree_it_is_the_same(repository):
    git(repository.folder, "worktree", "add", "-q", "../other")
    keep_object(Repository.open(repository.folder.parent / "other"), DATA)
    assert object_of(repository).read_bytes() == DATA


@pytest.mark.parametrize("other", [b"", b"a picturE", DATA + b"x"])
def test_an_object_that_is_damaged_is_told(repository, other):
    keep_object(repository, DATA)
    object_of(repository).write_bytes(other)
    with pytest.raises(UserError) as raised:
        content(repository, Pointer.to(DATA).text)
    assert "is not what its pointer says" in str(raised.value)


def test_files_laid_out_hold_what_they_point_to(repository, tmp_path):
    keep_object(repository, DATA)
    folder = tmp_path / "laid"
    (folder / "m").mkdir(parents=True)
    known, unknown = folder / "m/a.png", folder / "m/b.png"
    known.write_bytes(Pointer.to(DATA).text)
    unknown.write_bytes(Pointer.to(b"x").text)
    (folder / "link.png").symlink_to(known)
    fill_pointers(repository, folder)
    assert known.read_bytes() == Pointer.to(DATA).text  # nothing says that it is one
    (folder / ".gitattributes").write_text("*.png filter=lfs\n")
    fill_pointers(repository, folder)
    assert known.read_bytes() == DATA
    assert unknown.read_bytes() == Pointer.to(b"x").text
