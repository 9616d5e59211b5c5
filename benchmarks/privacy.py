"""How much of what is personal is caught, how much is caught wrongly, and what it costs.

    python benchmarks/privacy.py

The examples are those of the tests, told for both parts: what was at hand while the rules were
written, and what is held back. Times are processor times for 500 confirmations, made of those of
this repository, and for one with a phone number, where the library for phones is loaded.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/helpers"))

from manualsmith.records.privacy import check_personal, find_personal, masked  # noqa: E402
from manualsmith.records.yaml.read_yaml import Document, load  # noqa: E402
from personal_examples import CAUGHT, CAUGHT_HELD_BACK, FREE, FREE_HELD_BACK  # noqa: E402


def rates(name: str, caught: Sequence[tuple[str, str, str]], free: Sequence[str]) -> None:
    """Print both rates of a part, and what went wrong in it."""
    missed = [text for _, text, value in caught if value in masked(text)]
    wrongly = [text for text in free if find_personal(text)]
    right = len(caught) - len(missed)
    print(f"{name}: caught {right} of {len(caught)} ({right / len(caught):.1%})")
    print(f"{name}: wrongly {len(wrongly)} of {len(free)} ({len(wrongly) / len(free):.1%})")
    for text in missed:
        print("  missed ", text)
    for text in wrongly:
        print("  wrongly", text)


def milliseconds(documents: Sequence[Document]) -> float:
    """Return the processor time that checking *documents* takes."""
    before = time.process_time()
    for document in documents:
        check_personal(document)
    return (time.process_time() - before) * 1000


def main() -> None:
    """Print the rates and the times."""
    files = sorted((ROOT / "records/confirmations").rglob("*.yaml"))
    texts = [file.read_text("utf-8") for file in files]
    documents = [load(texts[at % len(texts)], "f") for at in range(500)]
    print(f"500 confirmations {min(milliseconds(documents) for _ in range(5)):8.0f} ms")
    first = milliseconds([load("reported: 請回電 0912345678\n", "f")])
    print(f"a first phone     {first:8.0f} ms")
    rates("at hand", CAUGHT, FREE)
    rates("held back", CAUGHT_HELD_BACK, FREE_HELD_BACK)


if __name__ == "__main__":
    main()
