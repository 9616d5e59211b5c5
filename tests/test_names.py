"""Names of the house: whoever looks for one finds one."""

import ast
from collections import defaultdict
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "tools" / "manualsmith"
MODULES = [file for file in PACKAGE.rglob("*.py") if not file.name.startswith("__")]
ROOM = 14  # modules


def twice(named: list[tuple[str, Path]]) -> dict[str, list[str]]:
    places: dict[str, list[str]] = defaultdict(list)
    for name, file in named:
        places[name].append(file.relative_to(PACKAGE).as_posix())
    return {name: found for name, found in places.items() if len(found) > 1}


def test_no_two_modules_have_one_name():
    assert len(MODULES) > 300
    assert twice([(file.name, file) for file in MODULES]) == {}


def test_no_two_public_classes_have_one_name():
    classes = [
        (node.name, file)
        for file in MODULES
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]
    assert len(classes) > 200
    assert twice(classes) == {}


def test_no_room_has_more_than_its_modules():
    rooms: dict[Path, int] = defaultdict(int)
    for file in MODULES:
        rooms[file.parent] += 1
    assert {room.name: count for room, count in rooms.items() if count > ROOM} == {}


def test_no_function_is_longer_than_a_screen():
    long = [
        f"{file.name}: {node.name}"
        for file in MODULES
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno >= 50
    ]
    assert long == []
