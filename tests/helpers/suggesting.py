"""Run ``suggest`` as a function, and read what it reports."""

from manualsmith.workflow.service.read_confirmations import all_files, read_files
from manualsmith.workflow.suggest.run import suggest
from manualsmith.workflow.workspace.open_workspace import open_workspace

STEP_BRANCH = "suggest/O1.2.1/ENV-2026-0001-1"
ENTRY_BRANCH = "suggest/O1.2.2/ENV-2026-0001-2"


def run(repo, *files, **options):
    workspace = open_workspace(repo)
    found = read_files(files) if files else all_files(workspace)
    return suggest(workspace, *found, **options)


def statuses(report):
    return {outcome.id: outcome.status for outcome in report.outcomes}
