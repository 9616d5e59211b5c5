"""``make dist``: a release of the commit that is checked out, in the folder ``dist``.

The wheel, the source archive, the versions that were tested, the bill of materials of what this
Python installs with the wheel (CycloneDX), and the checksums of all. They follow from the commit
alone, and are the same bytes each time: what is not committed, the folder, its umask and the clock
have no part in them.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

EXTRAS = "desk,labels,material,office"
DATED = re.compile(r"^## (\S+) \(\d{4}-\d\d-\d\d\)$")
SECTION = re.compile(r"^## .*", re.MULTILINE)
# What the checkout is whatever git is told on this machine.
AS_COMMITTED = ("--config", "core.autocrlf=false", "--config", "core.attributesFile=/dev/null")


def main() -> int:
    """Make the files elsewhere, then put them in the place of those of an earlier run."""
    root = Path(output("git", "rev-parse", "--show-toplevel", cwd=Path()))
    if output("git", "status", "--porcelain", cwd=root):
        print("what is not committed is not in it", file=sys.stderr)
    out = root / "dist"
    with tempfile.TemporaryDirectory() as scratch:
        made = release(root, Path(scratch))
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(made, out)
    for file in sorted(out.iterdir()):
        print(file.relative_to(root))
    return 0


def release(root: Path, scratch: Path) -> Path:
    """Return a folder under *scratch* with the files of the commit that *root* has checked out."""
    source, made = scratch / "source", scratch / "made"
    commit = output("git", "rev-parse", "HEAD", cwd=root)
    output("git", "clone", "-q", *AS_COMMITTED, "-n", str(root), str(source), cwd=scratch)
    output("git", "checkout", "-q", "--detach", commit, cwd=source)
    os.environ["SOURCE_DATE_EPOCH"] = output("git", "log", "-1", "--format=%ct", cwd=source)
    refuse_other_version(source)
    output(sys.executable, "-m", "build", "--no-isolation", "--outdir", str(made), ".", cwd=source)
    [wheel] = made.glob("*.whl")
    write_materials(wheel, source, scratch)
    shutil.copyfile(source / "constraints.txt", made / "constraints.txt")
    write_checksums(made)
    return made


def refuse_other_version(source: Path) -> None:
    """Exit where the commit has a version's tag, and the changelog does not begin with that."""
    tags = output("git", "tag", "--points-at", "HEAD", "--list", "v[0-9]*", cwd=source).split()
    newest = SECTION.search((source / "CHANGELOG.md").read_text("utf-8"))
    dated = DATED.match(newest[0]) if newest else None
    if tags and (dated is None or f"v{dated[1]}" not in tags):
        found = newest[0] if newest else "no version"
        sys.exit(
            f"the tag is {tags[0]}, and CHANGELOG.md begins with: {found}\n"
            f"Begin it with: ## {tags[0][1:]} (YYYY-MM-DD)"
        )


def write_materials(wheel: Path, source: Path, scratch: Path) -> None:
    """Write beside *wheel* what comes with it: install it alone, and list what is there then."""
    name, version = wheel.name.split("-")[:2]
    environment = scratch / "environment"
    venv.create(environment)  # without pip, which does not come with the wheel
    # By its name: pip notes the path of a file, and the list would have it.
    output(
        sys.executable, "-m", "pip", "--python", str(environment), "install", "--quiet",
        "--no-compile", "--constraint", str(source / "constraints.txt"),
        "--find-links", str(wheel.parent), f"{name}[{EXTRAS}]=={version}", cwd=scratch,
    )  # fmt: skip
    about = scratch / "pyproject.toml"
    settings = (source / "pyproject.toml").read_text("utf-8")
    about.write_text(settings.replace('dynamic = ["version"]', f'version = "{version}"'), "utf-8")
    bill = wheel.parent / f"{name}-{version}.cdx.json"
    output(
        sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible",
        "--no-validate",  # ten seconds, for what a pinned version writes
        "--pyproject", str(about), "--output-file", str(bill), str(environment), cwd=scratch,
    )  # fmt: skip


def write_checksums(folder: Path) -> None:
    """Write SHA256SUMS, for ``sha256sum --check``."""
    sums = [
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n"
        for file in sorted(folder.iterdir())
    ]
    (folder / "SHA256SUMS").write_text("".join(sums), "utf-8")


def output(*command: str, cwd: Path) -> str:
    """Return what a command prints; exit with what it says where it fails."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
