"""What somebody can type whose push was turned away: it works from where they stand."""

from collections.abc import Iterator

from manualsmith.git.history import steps
from manualsmith.git.trees import changed_paths
from manualsmith.layout import manual_of, suggestion_of_path
from manualsmith.text import t
from manualsmith.workflow.workspace.open_workspace import Workspace

_SHOWN = 3


def way_out(workspace: Workspace, old: str, new: str) -> str:
    """Return what to do with a main that was turned away, by what it brings to *old*.

    Suggestions that it decides or merges are accepted on the main of everybody; commits that change
    nothing of a manual go on top of it; what nobody suggested is suggested, or said by a lead.
    """
    repository = workspace.repository
    changes = changed_paths(repository, old, new)
    named = [found[1] for change in changes if (found := suggestion_of_path(change.path))]
    if named:
        commands = [f"manualsmith review accept {name} --push" for name in named[:_SHOWN]]
        said = t("take main as it is, and decide there; what you have stays in the branch mine:")
        return "\n".join([said, *_back(workspace), *commands])
    if any(manual_of(change.path) for change in changes):
        commands = ["manualsmith confirm new", "manualsmith suggest --all"]
        said = t(
            "take main as it is, and suggest what you changed; it stays in the branch mine. A lead "
            "may push it with a record of why: manualsmith adopt {commit} --reason …",
            commit=new[:9],
        )
        return "\n".join([said, *_back(workspace), *commands])
    first = steps(repository, old, new)[-1]
    return "" if first.parents[:1] == (old,) else _on_top(workspace)


def back_on(workspace: Workspace) -> str:
    """Return how to go on from the main of everybody again."""
    return "\n".join([t("take main as it is; what you have stays in the branch mine:"),
                      *_back(workspace)])  # fmt: skip


def closed_first(workspace: Workspace, name: str) -> str:
    """Return how to end a suggestion whose branch somebody wants gone."""
    return "\n".join(
        [
            t("decide it, and its branch goes:"),
            f"manualsmith review reject {name} --reason … --push",
        ]
    )


def for_a_lead() -> str:
    """Return who may push what nobody else may."""
    return t(
        "a lead may push that; whoever runs the server names them there: "
        "git config --add manualsmith.leads NAME"
    )


def _on_top(workspace: Workspace) -> str:
    remote, main = workspace.settings.remote, workspace.main.name
    said = t("put your commits on top of main, instead of merging it into yours:")
    return "\n".join([said, f"git fetch {remote}", f"git rebase {remote}/{main}",
                      f"git push {remote} {main}"])  # fmt: skip


def _back(workspace: Workspace) -> Iterator[str]:
    remote, main = workspace.settings.remote, workspace.main.name
    yield "git branch mine"
    yield f"git fetch {remote}"
    yield f"git reset --hard {remote}/{main}"
