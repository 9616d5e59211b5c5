"""Fifty people at a team's desk at once: the queue, one suggestion, and accepting, over loopback.

    python benchmarks/desk.py [--pages 2000] [--suggestions 1000] [--people 50] [--seconds 20]
                              [--decisions 990] [--workers 0 1 2] [--pause 0 0.2]

The desk is started as a team starts it, once for each number of workers, on a copy of a repository
made for it. Each person looks at the queue and at suggestions one after the other; then half of
them accept, each their own suggestions, while the others go on looking: without a pause, or with so
many seconds between one page and the next. Beside it stands what the same answer costs without a
desk, a ``manualsmith`` command. Nothing may fail, and no decision may be lost: main is counted and
verified at the end.
"""

import argparse
import http.client
import os
import re
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from itertools import product
from pathlib import Path
from urllib.parse import urlencode

from review import _git, _make, _timed

from manualsmith.git.blobs import BlobReader
from manualsmith.workflow.service.read_confirmations import all_files
from manualsmith.workflow.suggest.run import suggest
from manualsmith.workflow.verify.verify_records import verify_range
from manualsmith.workflow.workspace.open_workspace import open_workspace

SETTINGS = """
[tool.manualsmith.desk]
trusted = ["127.0.0.1"]
hosts = ["desk.example.org"]
roles = {reviewer = ["docs"]}
"""


class Person:
    """One browser behind the proxy, which says who it is: a connection that stays."""

    def __init__(self, port: int, number: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.named = {
            "Host": "desk.example.org",
            "X-Forwarded-User": f"S-{number:04}",
            "X-Forwarded-Groups": "docs",
        }
        page = self.ask("GET", "/")[1]
        self.csrf = re.search('name="csrf" content="([^"]+)"', page)[1]  # type: ignore[index]

    def ask(self, method: str, path: str, body: str = "") -> tuple[int, str]:
        """Return the status and the text of an answer."""
        headers = {**self.named, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request(method, path, body or None, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read().decode()


class Clock:
    """How long each kind of answer took, and what failed."""

    def __init__(self) -> None:
        self.took: dict[str, list[float]] = defaultdict(list)
        self.failed: list[str] = []
        self._lock = threading.Lock()

    def time(self, kind: str, person: Person, method: str, path: str, body: str = "") -> None:
        """Ask, and note how long it took."""
        start = time.perf_counter()
        try:
            status, text = person.ask(method, path, body)
        except (OSError, http.client.HTTPException) as error:
            status, text = 0, str(error)
            person.connection.close()  # it is opened anew by the next question
        seconds = time.perf_counter() - start
        with self._lock:
            self.took[kind].append(seconds)
            if status not in (200, 303):
                self.failed.append(f"{kind} {path} {status} {text[:80]!r}")


def main() -> None:
    """Make the repository, drive the desk, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--suggestions", type=int, default=1000)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--decisions", type=int, default=990)
    parser.add_argument("--workers", type=int, nargs="+", default=[0, 1])
    parser.add_argument("--pause", type=float, nargs="+", default=[0])
    sizes = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        repo = Path(folder) / "repo"
        _make(repo, sizes.pages, sizes.suggestions)
        (repo / "pyproject.toml").write_text(SETTINGS, "utf-8")
        _git(repo, "add", "-A")
        _git(repo, "commit", "--quiet", "-m", "settings")
        workspace = open_workspace(repo)
        suggest(workspace, *all_files(workspace))
        names = _git(repo, "for-each-ref", "--format=%(refname:lstrip=4)", "refs/heads/suggest")
        for workers, pause in product(sizes.workers, sizes.pause):
            copy = Path(folder) / f"workers-{workers}-{pause}"
            shutil.copytree(repo, copy, symlinks=True)
            _drive(copy, names.split(), sizes, workers, pause)
        _alone(repo)


def _drive(
    repo: Path, names: list[str], sizes: argparse.Namespace, workers: int, pause: float
) -> None:
    command = [sys.executable, "-m", "manualsmith", "-C", str(repo)]
    command += ["desk", "--team", "--port", "0"]
    command += ["--workers", str(workers)] if workers else []
    before = [resource.getrusage(of) for of in _OF]
    desk = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert desk.stdout
    port = int(desk.stdout.readline().strip().rpartition(":")[2])
    try:
        everybody = [Person(port, number) for number in range(sizes.people)]
        told = f"{workers} workers, a pause of {pause} s"
        print(f"{sizes.people} people, {len(names)} open suggestions, {told}")
        _looking(everybody, names, sizes.seconds)
        _accepting(repo, everybody, names[: sizes.decisions], pause)
    finally:
        desk.send_signal(signal.SIGINT)
        desk.wait()
        desks, ours = (
            _since(resource.getrusage(of), then) for of, then in zip(_OF, before, strict=True)
        )
        print(f"processor seconds of the desk and its git {desks:.1f}, of those who ask {ours:.1f}")


_OF = resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF


def _since(used: resource.struct_rusage, before: resource.struct_rusage) -> float:
    return used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime


def _looking(everybody: list[Person], names: list[str], seconds: float) -> None:
    clock, end = Clock(), time.perf_counter() + seconds

    def look(number: int) -> None:
        at = number * 7
        while time.perf_counter() < end:
            clock.time("queue", everybody[number], "GET", f"/review?n={at % 20 + 1}")
            one = names[at % len(names)]
            clock.time("one suggestion", everybody[number], "GET", f"/review/{one}")
            at += 1

    start = time.perf_counter()
    _together(look, len(everybody))
    _told(clock, time.perf_counter() - start)


def _accepting(repo: Path, everybody: list[Person], names: list[str], pause: float) -> None:
    """All of *names* are accepted, by half of the people, while the others look."""
    clock, asked = Clock(), names
    half = max(1, len(everybody) // 2)
    done = threading.Event()

    def accept(number: int) -> None:
        for one in asked[number::half]:
            body = urlencode({"csrf": everybody[number].csrf})
            clock.time("accept", everybody[number], "POST", f"/review/{one}/accept", body)

    def look(number: int) -> None:
        while not done.is_set():
            clock.time("queue, meanwhile", everybody[half + number], "GET", "/review")
            time.sleep(pause)

    before = _git(repo, "rev-parse", "main").strip()
    lookers = [threading.Thread(target=look, args=(n,)) for n in range(len(everybody) - half)]
    for one in lookers:
        one.start()
    start = time.perf_counter()
    _together(accept, half)
    seconds = time.perf_counter() - start
    done.set()
    for one in lookers:
        one.join()
    _told(clock, seconds)
    workspace = open_workspace(repo)
    with BlobReader(workspace.repository) as reader:
        found = list(verify_range(workspace, reader, before, workspace.main.tip))
    left = len(_git(repo, "for-each-ref", "refs/heads/suggest").splitlines())
    faults = [fault for one in found for fault in one.faults]
    print(f"asked {len(asked)}, on main {len(found)}, left open {left}, faults {len(faults)}")


def _together(work: object, count: int) -> None:
    threads = [threading.Thread(target=work, args=(n,)) for n in range(count)]  # type: ignore[arg-type]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def _told(clock: Clock, seconds: float) -> None:
    for kind, took in clock.took.items():
        ranked = sorted(took)
        last = ranked[min(len(ranked) - 1, int(len(ranked) * 0.99))]
        print(
            f"{kind:18} {len(took) / seconds:8.1f} /s   median {statistics.median(took):6.3f} s"
            f"   99th {last:6.3f} s   of {len(took)}"
        )
    print(f"failed {len(clock.failed)}, load of the machine {os.getloadavg()[0]:.1f}")
    for one in clock.failed[:5]:
        print(f"  {one}")


def _alone(repo: Path) -> None:
    """Print what one command costs that answers the same without a desk."""
    command = [sys.executable, "-m", "manualsmith", "-C", str(repo), "review", "list", "--json"]
    seconds, _ = _timed(lambda: subprocess.run(command, capture_output=True, check=True))
    print(f"review list, a command of its own   {seconds:6.3f} s")


if __name__ == "__main__":
    main()
