"""Replies that a desk gives often: a file of names and texts beside the records."""

from collections.abc import Mapping

from manualsmith.errors import Problem, UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.layout import replies_path
from manualsmith.records.yaml.read_yaml import read
from manualsmith.text import t
from manualsmith.workflow.workspace.open_workspace import Workspace


def read_replies(records: Workspace) -> tuple[Mapping[str, str], tuple[Problem, ...]]:
    """Return the texts of ``records/replies.yaml`` on main by their names, and what is wrong.

    Where the file is not there, there are none.
    """
    path = replies_path()
    with BlobReader(records.repository) as reader:
        blob = reader.get(f"{records.main.tip}:{path}")
    if blob is None:
        return {}, ()
    try:
        document = read(blob.data, path)
    except UserError as error:
        return {}, error.problems
    value = document.value
    pairs = value.items() if isinstance(value, dict) else ()
    wrong = [
        Problem(t("{field} must be a text", field=name), document.place((name,)))
        for name, text in pairs
        if not isinstance(text, str) or not text.strip()
    ]
    problems = (*document.problems, *wrong)
    return ({}, problems) if problems else (dict(pairs), ())
