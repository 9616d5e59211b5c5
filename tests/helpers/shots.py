"""Pictures for tests, and findings whose edits bring them."""

import hashlib
import io
from pathlib import Path

from PIL import Image

from desks import ms
from gitrepo import git, show


def shot(colour: str = "red", size: tuple[int, int] = (60, 40), kind: str = "PNG") -> bytes:
    """Return a picture's bytes."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def bringing(
    edit: str, number: int = 1, page: str = "sign-in.md", manual: str = "operation"
) -> str:
    """Return a finding with an edit, as `manuals.confirmation` takes it."""
    return (
        f"- id: {number}\n    summary: 畫面\n    manual: {manual}\n    page: {page}\n"
        f"    reason: 沒有畫面\n    edit: {edit}\n"
    )


def after_step(
    file: str = "shot.png", alt: str = "登入畫面", text: str = "按「允許存取」。"
) -> str:
    """Return an edit that adds a step with a picture."""
    return (
        "{action: insert-step, section: [第一次登入], step: 3, "
        f"text: {text}, picture: {{file: {file!r}, alt: {alt!r}}}}}"
    )


def images(repo: Path, ref: str, folder: str = "manuals/operation") -> dict[str, bytes]:
    """Return the pictures that a commit has in a manual, by name."""
    listed = git(repo, "ls-tree", "--name-only", f"{ref}:{folder}").splitlines()
    if "images" not in listed:
        return {}
    names = git(repo, "ls-tree", "--name-only", f"{ref}:{folder}/images").splitlines()
    return {name: show(repo, f"{ref}:{folder}/images/{name}") for name in names}


def named(data: bytes) -> str:
    """Return the name that a PNG is kept by."""
    return f"{hashlib.sha256(data).hexdigest()[:16]}.png"


def is_right(repo: Path, since: str = "") -> bool:
    """Return whether all branches, and main's steps after *since* or its first, are explained."""
    first = since or git(repo, "rev-list", "--max-parents=0", "main")
    return not ms(repo, "verify", "--all") and not ms(repo, "verify", "--range", f"{first}..main")
