"""Reports of machines for tests, and what they hold that is nobody's business."""

from pathlib import Path

FOLDER = Path(__file__).parents[1] / "records" / "environment_reports" / "fixtures"
FILES = sorted(FOLDER.iterdir())
# Of the owner, the machine and the network, in small letters; each is in one of the reports.
PRIVATE = (
    *("desk-7q4", "reception3", "branch office 12", "office12", "office-guest-5g"),
    *("00330-71234-56789-aa321", "sn7q4x9zz0", "00008112-000a1b2c3d4e5f01", "sku-7788-99"),
    *("3f2a9c10-77aa-4b1d-9e55-0a1b2c3d4e5f", "3f2a9c1077aa4b1d9e550a1b2c3d4e5f"),
    *("9c1077aa4b1d9e550a1b2c3d4e5f3f2a", "7q4x9zz0.default"),
    *("02:00:5e:10:20:30", "02:00:5e:10:20:31", "02:42:5e:10:20:32", "02:00:5e:10:20:01"),
    *("10.20.30.", "10.99.0.7", "172.17.0.1", "2001:db8:77::45", "fe80::"),
)


def report(name: str) -> Path:
    return FOLDER / name


def private_in(text: str) -> list[str]:
    """Return what is in a text and is nobody's business."""
    return [one for one in PRIVATE if one in text.lower()]
