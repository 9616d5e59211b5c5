"""How long `find` takes on many records, beside `git grep` and a plain scan of the same texts.

    python benchmarks/find.py [RECORDS]

The records are incidents put together from the wordings that the tests keep. Times are the median
of all wordings, on an index that is there; the index is built once, and then follows each commit.
"""

import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from manualsmith.git.write import BranchWriter, FileChange, NewCommit
from manualsmith.layout import record_file
from manualsmith.records.models.incident import Incident
from manualsmith.records.record_files import dump_record
from manualsmith.workflow.landing.move_main import move_main
from manualsmith.workflow.service.search_all import find
from manualsmith.workflow.workspace.open_workspace import Workspace, open_workspace

ROOT = Path(__file__).resolve().parent.parent
WORDINGS = [
    line.split("\t")[0]
    for line in (ROOT / "tests/workflow/service/wordings.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
PLACES = ("總公司", "台中門市", "業務部", "財務部", "設計部", "新竹廠", "客服中心", "研發部")
DONE = ("請使用者重新登入", "更新用戶端", "清除暫存", "重新啟動電腦", "改用網頁版")


def record(number: int, chance: random.Random) -> Incident:
    """Return an incident of chance."""
    at = f"2026-{chance.randrange(1, 11):02}-{chance.randrange(1, 28):02}T09:00:00+08:00"
    symptom = f"{chance.choice(PLACES)}：{chance.choice(WORDINGS)}"
    return Incident.model_validate(
        {
            "id": f"INC-2026-{number:05}",
            "product": "nextcloud",
            "due": at,
            "symptom": symptom,
            "cause": f"{chance.choice(WORDINGS)}，編號 {chance.randrange(10**6)}",
            "resolution": chance.sample(DONE, 3),
            "log": [{"at": at, "by": "S-0412", "move": "open", "note": chance.choice(WORDINGS)}],
        }
    )


def commit(workspace: Workspace, records: list[Incident]) -> Workspace:
    """Commit records and return the workspace on them."""
    signature = workspace.repository.signature("author")
    changes = tuple(FileChange(record_file(r.id), dump_record(r).encode()) for r in records)
    with BranchWriter(workspace.repository) as writer:
        writer.add(NewCommit((workspace.main.tip,), "records", signature, signature, changes))
        [tip] = writer.finish()
    move_main(workspace, tip, [], "records")
    return workspace.refreshed()


def timed(work: Callable[..., object], *arguments: object) -> tuple[float, object]:
    """Return the seconds that *work* takes, and what it returns."""
    begun = time.perf_counter()
    made = work(*arguments)
    return time.perf_counter() - begun, made


def main() -> None:
    """Make the records, time each thing, print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    chance = random.Random(6)
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "bare.git"
        subprocess.run(["git", "clone", "-q", "--bare", str(ROOT), str(bare)], check=True)
        for key, value in (("user.name", "b"), ("user.email", "b@example.org")):
            subprocess.run(["git", "-C", str(bare), "config", key, value], check=True)
        workspace = open_workspace(bare)
        made = [record(number, chance) for number in range(10_000, 10_000 + count)]
        workspace = commit(workspace, made)
        built, _ = timed(find, workspace, WORDINGS[0])
        print(f"{count} records")
        print(f"index built          {built:8.2f} s")
        times = [timed(find, workspace, wording)[0] for wording in WORDINGS]
        median, worst = statistics.median(times), max(times)
        print(f"find, median         {median:8.3f} s   slowest {worst:.3f}")
        workspace = commit(workspace, [record(99_999, chance)])
        one, _ = timed(find, workspace, WORDINGS[1])
        print(f"find, one new record {one:8.3f} s")
        tip = workspace.main.tip

        def grep(wording: str) -> object:
            command = [
                "git",
                "-C",
                str(bare),
                "grep",
                "-c",
                "-F",
                wording[:2],
                tip,
                "--",
                "records",
            ]
            return subprocess.run(command, check=False, capture_output=True)

        grepped = statistics.median(timed(grep, wording)[0] for wording in WORDINGS[:5])
        print(f"git grep, unranked   {grepped:8.3f} s   grep/find {grepped / median:.1f}")
        texts = [f"{one.symptom}\n{one.cause}" for one in made]

        def scan(wording: str) -> object:
            from rapidfuzz import fuzz, process

            return process.extract(wording, texts, scorer=fuzz.partial_ratio, limit=10)

        scanned = statistics.median(timed(scan, wording)[0] for wording in WORDINGS[:5])
        print(f"rapidfuzz, in memory {scanned:8.3f} s   scan/find {scanned / median:.1f}")


if __name__ == "__main__":
    main()
