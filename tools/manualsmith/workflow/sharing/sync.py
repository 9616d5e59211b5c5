"""Share suggestions and decisions through a remote: look first, then push what it lacks.

Each run works from what stands on both sides, so one that was cut off is finished by the next.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from manualsmith.errors import Problem, UserError
from manualsmith.git.branches import RefInfo, describe_commits
from manualsmith.git.history import steps
from manualsmith.git.lfs.large_objects import push_objects
from manualsmith.git.refs import RefsMoved, RefUpdate, refs_under, update_refs
from manualsmith.git.remotes import Pushed, Remote, Unreachable
from manualsmith.git.trees import is_ancestor
from manualsmith.git.worktree import one_at_a_time
from manualsmith.layout import BRANCHES
from manualsmith.settings.read_settings import Forge
from manualsmith.text import t
from manualsmith.workflow.landing.adopt import adopt_under_lock, as_adopted, ended
from manualsmith.workflow.landing.left_behind import made_again
from manualsmith.workflow.landing.move_main import move_main
from manualsmith.workflow.queue.branch import is_of, suggestion_refs
from manualsmith.workflow.queue.outcomes import Shared
from manualsmith.workflow.sharing import forges
from manualsmith.workflow.sharing.replay import replay
from manualsmith.workflow.sharing.seen_refs import SeenRefs
from manualsmith.workflow.sharing.take import Side, Taken, decided_on, taken
from manualsmith.workflow.workspace.open_workspace import Workspace


class Sharing:
    """One command's dealings with a remote: `take`, then `land` or local work, then `give`.

    Use it under `one_at_a_time`. ``clashes`` are the branches that both sides changed, by ref.
    """

    def __init__(self, remote: Remote, forge: Forge) -> None:
        self.remote = remote
        self.clashes: dict[str, Problem] = {}
        self._forge = forge
        self._there: dict[str, str] = {}
        self._reached = False
        self._taken: dict[str, None] = {}
        self._pushed: dict[str, None] = {}
        self._addresses: dict[str, None] = {}
        self._problems: list[Problem] = []
        self._stranded: Mapping[str, Problem] = {}
        self._waiting: dict[str, None] = {}
        self.deleted: tuple[str, ...] = ()

    @property
    def told(self) -> Shared:
        """What went to and fro, for a person."""
        clashes = (why for ref, why in self.clashes.items() if ref not in self._waiting)
        problems = (*clashes, *self._stranded.values(), *self._problems)
        return Shared(
            self.remote.name,
            tuple(map(_short, self._taken)),
            tuple(map(_short, self._pushed)),
            tuple(self._addresses),
            tuple(dict.fromkeys(problems)),
            tuple(map(_short, self._waiting)),
        )

    def take(self, workspace: Workspace) -> Workspace:
        """Bring what the remote has: main where it only moved there, and the suggestions.

        Returns the workspace as it is then. Raises Unreachable, with nothing of that changed.
        """
        workspace = adopt_under_lock(workspace.refreshed())
        repository, main = workspace.repository, workspace.main
        here = _tips(workspace)
        tip, after, found = self._plan(workspace, here)
        self._mains.keep(self._main_there(main.ref), "manualsmith: main")
        moves = [
            RefUpdate(ref, after.get(ref), here.get(ref))
            for ref in sorted({*here, *after})
            if after.get(ref) != here.get(ref)
        ]
        updates = [*moves, *self._seen.updates(found.agreed)]
        message = f"manualsmith: from {self.remote.name}"
        if tip != main.tip:
            move_main(workspace, tip, updates, message)
            self._taken[main.ref] = None
        else:
            update_refs(repository, updates, message)
        self._seen.noted(found.agreed)
        self._taken.update((move.ref, None) for move in found.moves)
        # Who pushed a branch has asked for its merge request, or did not want one.
        taken_over = {move.ref: move.new for move in found.moves}
        self._requests.keep(taken_over, "manualsmith: requests")
        still = {ref: None for ref in self._asked.tips if ref not in self.deleted}
        self._asked.keep({**still, **self._to_ask(here, self.deleted)}, "manualsmith: asked")
        return workspace.refreshed()

    def _main_there(self, main: str) -> dict[str, str | None]:
        return {main: self._there[main]} if main in self._there else {}

    def _to_ask(self, here: Mapping[str, str], refs: Iterable[str]) -> dict[str, str | None]:
        """Return where the branches are that are asked about now; the others were before."""
        tips = {ref: here[ref] for ref in refs if ref in here}
        self._waiting.update({r: None for r, tip in tips.items() if self._asked.tips.get(r) == tip})
        return {ref: tip for ref, tip in tips.items() if ref not in self._waiting}

    def look(self, workspace: Workspace) -> None:
        """Find out what `take` and `give` would do, and do none of it. Raises Unreachable."""
        workspace = workspace.refreshed()
        main = workspace.main
        tip, after, found = self._plan(workspace, _tips(workspace))
        then = workspace.at(tip)
        ended, branches = self._lacks(then, after)
        moved = ([main.ref] if tip != main.tip else []) + [move.ref for move in found.moves]
        self._taken = dict.fromkeys(moved)
        self._pushed = dict.fromkeys(update.ref for update in (*ended, *branches))

    def _plan(
        self, workspace: Workspace, here: Mapping[str, str]
    ) -> tuple[str, Mapping[str, str], Taken]:
        """Look at the remote; return main's next tip, where the branches stand then, and what came.

        *here* are the branches' tips by ref. Those that rest on what main no longer has are made
        again, but for those that both sides changed, and where main is not to be shared.
        """
        self._look(workspace)
        self._refuse_rewritten(workspace)
        tip, opened = self._next_main(workspace)
        then = as_adopted(workspace.at(tip))
        tip = then.main.tip
        sides = self._sides(workspace)
        found = taken(then, sides, self.remote)
        self.clashes = dict(found.clashes)
        self.deleted = found.deleted
        moves = {move.ref: move.new for move in found.moves}
        after = {ref: at for ref, at in {**here, **opened, **moves}.items() if at}
        there = self._there.get(workspace.main.ref)
        for end in ended(then):
            if after.get(end.ref) == end.old and end.ref not in self.clashes:
                del after[end.ref]
        if there is None or is_ancestor(workspace.repository, there, tip):
            ours = {ref: at for ref, at in after.items() if ref not in self.clashes}
            again = made_again(then, ours)
            after.update(again.made)
            self._stranded = again.stranded
        return tip, after, found

    def take_if_reached(self, workspace: Workspace) -> Workspace:
        """Do what `take` does; where the remote cannot be reached, that is told with the rest."""
        try:
            return self.take(workspace)
        except Unreachable as error:
            hint = t("it stands here; share it when the network is back: manualsmith sync")
            self._problems += [replace(problem, hint=hint) for problem in error.problems]
            return workspace

    def _next_main(self, workspace: Workspace) -> tuple[str, Mapping[str, str]]:
        """Return main's next tip here, and the branches that are open again, by ref.

        It follows the remote's. Where both went on, what was decided here is decided again on what
        the remote has; where it has other commits of its own here, it stays.
        """
        repository, here = workspace.repository, workspace.main.tip
        there = self._there.get(workspace.main.ref, here)
        if there == here or is_ancestor(repository, there, here):
            return here, {}
        if is_ancestor(repository, here, there):
            return there, {}
        # what git merged there is decided there: a decision of here that says otherwise meets it
        replayed = replay(workspace, as_adopted(workspace.at(there)).main.tip)
        if replayed is None:
            return here, {}
        self._problems += replayed.problems
        return replayed.tip, replayed.opened

    def _look(self, workspace: Workspace) -> None:
        """Ask where the remote's branches stand, and bring their commits. Raises Unreachable."""
        try:
            main = workspace.main.ref
            listed = self.remote.refs(main, f"{BRANCHES}*")
            self._there = {r: tip for r, tip in listed.items() if r == main or is_of(workspace, r)}
            self.remote.fetch(self._there)
        except Unreachable as error:
            hint = t("nothing was changed; run it again when the network is back")
            raise Unreachable(_hinted(error, hint)) from error
        self._reached = True
        repository, name = self.remote.repository, self.remote.name
        self._seen = SeenRefs(repository, f"remotes/{name}")
        self._requests = SeenRefs(repository, f"requests/{name}")
        self._asked = SeenRefs(repository, f"asked/{name}")
        self._mains = SeenRefs(repository, f"mains/{name}", "refs/heads/")

    def _refuse_rewritten(self, workspace: Workspace) -> None:
        """Raise where the remote's main lacks what it had, and main here would bring it back."""
        repository, main = workspace.repository, workspace.main
        there, had = self._there.get(main.ref), self._mains.tips.get(main.ref)
        if there is None or had is None or is_ancestor(repository, had, there):
            return
        if not is_ancestor(repository, had, main.tip):
            return
        raise UserError(
            t(
                "{main} on {remote} was rewritten: commits that it had are gone, up to {commit} "
                "({count})",
                main=main.name,
                remote=self.remote.name,
                commit=had[:12],
                count=len(steps(repository, there, had)),
            ),
            hint=t(
                "nothing was changed. If that is meant, keep what is here and follow it: "
                "git branch before-rewriting {main}; git fetch {remote}; "
                "git reset --hard {remote}/{main}; if not, give it back: "
                "git push --force-with-lease {remote} {had}:{main}",
                main=main.name,
                remote=self.remote.name,
                had=had[:12],
            ),
        )

    def land(self, workspace: Workspace, tip: str, closed: Sequence[RefUpdate]) -> None:
        """Push main's next tip and take the *closed* branches off the remote, all or none.

        Raises RefsMoved where somebody was faster, Unreachable, or UserError where the remote does
        not take it; nothing changed there then.
        """
        main, there = workspace.main, self._there
        self._refuse_diverged(workspace, tip)
        drops = [RefUpdate(u.ref, None, there[u.ref]) for u in closed if u.ref in there]
        try:
            self._push([RefUpdate(main.ref, tip, there.get(main.ref)), *drops], together=True)
        except Unreachable as error:
            hint = t(
                "nothing was decided; run it again, or without --push: decided here, shared later"
            )
            raise Unreachable(_hinted(error, hint)) from error

    def give(self, workspace: Workspace) -> None:
        """Push what the remote lacks: main, branches that moved, the end of those decided.

        What it does not take, and why it cannot be reached, is told with the rest.
        """
        if not self._reached:
            return
        try:
            self._give(workspace.refreshed())
        except RefsMoved as error:
            self._problems += error.problems
        except UserError as error:
            hint = t("nothing is lost: it stands here; share it with: manualsmith sync")
            self._problems += _hinted(error, hint)

    def closed_there(self, workspace: Workspace) -> list[str]:
        """Return the open suggestions whose merge request somebody closed without merging.

        By the settings each is told, or left for who asks.
        """
        policy = workspace.settings.on_deleted
        if not self._reached or policy == "keep":
            return []
        here = _tips(workspace)
        try:
            found = forges.closed(self.remote, self._forge)
        except UserError as error:
            self._problems += error.problems
            return []
        closed = {ref: address for ref, address in found.items() if ref in here}
        asked = self._to_ask(here, closed) if policy == "ask" else {}
        self._asked.keep(asked, "manualsmith: asked")
        for ref, address in ((ref, closed[ref]) for ref in asked):
            name = ref.rpartition("/")[2]
            message = t("{id}: its merge request was closed, not merged: {address}", id=name,
                        address=address)  # fmt: skip
            hint = t("reject it: manualsmith review reject {id} --reason …", id=name)
            self._problems.append(Problem(message, hint=hint))
        return list(closed)

    def _give(self, workspace: Workspace) -> None:
        main = workspace.main
        here = suggestion_refs(workspace)
        ended, moved = self._lacks(workspace, {ref: info.tip for ref, info in here.items()})
        if ended:
            self._refuse_diverged(workspace, main.tip)
            self._push(ended, together=True)
        by_push = forges.is_asked_by_push(self._forge)
        told = (
            {
                update: forges.said_options(here[update.ref])
                if update.old
                else forges.request_options(here[update.ref], main.name)
                for update in moved
            }
            if by_push
            else {}
        )
        alone = [update for update, options in told.items() if options]
        for update in alone:
            self._push([update], options=told[update])
            if update.old is None:
                self._requests.keep({update.ref: update.new}, "manualsmith: requests")
        self._push([update for update in moved if update not in alone])
        shared = [ref for ref in here if ref not in self.clashes and ref not in self._stranded]
        self._seen.keep({ref: self._there.get(ref) for ref in shared}, "manualsmith: shared")
        for ref in shared:
            info = here[ref]
            if forges.wants_request(self._forge, info.tip, self._requests.tips.get(ref)):
                answer = forges.ask(self.remote, self._forge, info, main.name)
                self._addresses.update(dict.fromkeys(answer))
                self._requests.keep({ref: info.tip}, "manualsmith: requests")
            elif (asked := self._requests.tips.get(ref)) not in (None, info.tip):
                self._note(info, asked)

    def _note(self, info: RefInfo, asked: str) -> None:
        """Say on a request what was said since it was asked for, or noted last, at that commit."""
        [before] = describe_commits(self.remote.repository, [asked])
        forges.note(self.remote, self._forge, info, before)
        self._requests.keep({info.ref: info.tip}, "manualsmith: requests")

    def _lacks(
        self, workspace: Workspace, here: Mapping[str, str]
    ) -> tuple[list[RefUpdate], list[RefUpdate]]:
        """Return what the remote lacks: main with the end of what it decides, and the branches.

        *here* are the branches' tips, by ref.
        """
        main, there = workspace.main, self._there
        gone = {r: tip for r, tip in there.items() if r != main.ref and r not in here}
        over = decided_on(workspace, gone) - set(self.clashes)
        ended = [RefUpdate(ref, None, gone[ref]) for ref in sorted(over)]
        if there.get(main.ref) != main.tip:
            ended.insert(0, RefUpdate(main.ref, main.tip, there.get(main.ref)))
        kept_here = {*self.clashes, *self._stranded}
        moved = [
            RefUpdate(ref, tip, there.get(ref))
            for ref, tip in here.items()
            if there.get(ref) != tip and ref not in kept_here
        ]
        return ended, moved

    def _push(
        self,
        updates: Sequence[RefUpdate],
        *,
        options: Sequence[str] = (),
        together: bool = False,
    ) -> None:
        """Push, and keep what the remote has then. Raises as `land` does."""
        if not updates:
            return
        commits = [update.new for update in updates if update.new]
        push_objects(self.remote.repository, self.remote.name, commits)
        done = self.remote.push(updates, options=options, together=together)
        for update in updates:
            if update.ref in done.refused:
                continue
            self._pushed[update.ref] = None
            if update.new:
                self._there[update.ref] = update.new
                if not update.ref.startswith(BRANCHES):
                    self._mains.keep({update.ref: update.new}, "manualsmith: main")
            else:
                self._there.pop(update.ref, None)
        self._addresses.update(dict.fromkeys(forges.addresses(done.said)))
        if done.moved:
            raise RefsMoved(sorted(done.moved))
        if done.refused:
            raise UserError(self._refusals(done))

    def _refusals(self, done: Pushed) -> list[Problem]:
        own = {ref: why for ref, why in done.refused.items() if "atomic" not in why}
        return [
            Problem(
                t(
                    "{remote} did not take {branch}: {reason}",
                    remote=self.remote.name,
                    branch=_short(ref),
                    reason=why,
                )
            )
            for ref, why in (own or done.refused).items()
        ]

    def _refuse_diverged(self, workspace: Workspace, tip: str) -> None:
        there = self._there.get(workspace.main.ref)
        if there and not is_ancestor(workspace.repository, there, tip):
            raise UserError(
                t(
                    "{main} here and on {remote} have gone different ways",
                    main=workspace.main.name,
                    remote=self.remote.name,
                ),
                hint=t(
                    "bring them together first: git pull, with {main} checked out",
                    main=workspace.main.name,
                ),
            )

    def _sides(self, workspace: Workspace) -> dict[str, Side]:
        """Return where each suggestion's branch is here and there, and where both agreed last.

        Where that is not known yet, the tracking branch says what was fetched or pushed last.
        """
        prefix = f"refs/remotes/{self.remote.name}/"
        tracking = refs_under(workspace.repository, f"{prefix}suggest/")
        known = {ref.replace(prefix, "refs/heads/", 1): tip for ref, tip in tracking.items()}
        known |= self._seen.tips
        here = _tips(workspace)
        there = {ref: tip for ref, tip in self._there.items() if ref.startswith(BRANCHES)}
        refs = sorted(r for r in {*here, *there, *self._seen.tips} if is_of(workspace, r))
        return {ref: Side(here.get(ref), known.get(ref), there.get(ref)) for ref in refs}


def _tips(workspace: Workspace) -> dict[str, str]:
    """Return where the suggestion branches of the workspace's release stand."""
    tips = refs_under(workspace.repository, BRANCHES)
    return {ref: tip for ref, tip in tips.items() if is_of(workspace, ref)}


def open_sharing(workspace: Workspace) -> Sharing:
    """Return the dealings with the settings' remote. Raises UserError where there is none."""
    remote = Remote.named(workspace.repository, workspace.settings.remote)
    if remote is None:
        raise UserError(
            t("this repository has no remote to share with"),
            hint=t("git remote add origin ADDRESS"),
        )
    return Sharing(remote, forges.forge_of(remote, workspace.settings.forge))


def fetch(workspace: Workspace) -> tuple[Workspace, Shared]:
    """Take what the remote has; return the workspace as it is then, and what came.

    Where the remote cannot be reached that is told, and the workspace is as it was.
    """
    sharing = open_sharing(workspace)
    with one_at_a_time(workspace.repository):
        return sharing.take_if_reached(workspace), sharing.told


def sync(
    workspace: Workspace,
    *,
    dry_run: bool = False,
    ended: Callable[[Workspace, Sequence[str]], None] = lambda _workspace, _refs: None,
) -> Shared:
    """Take what the remote has, push what it lacks, and return what went to and fro.

    Where the remote cannot be reached, or does not take something, that is told. With *dry_run*
    the remote is looked at, and nothing moves; then Unreachable is raised. Where the settings
    reject what somebody deleted or closed on the remote, *ended* is given those branches.
    """
    sharing = open_sharing(workspace)
    if dry_run:
        sharing.look(workspace)
        return sharing.told
    with one_at_a_time(workspace.repository):
        then = sharing.take_if_reached(workspace)
        over = (*sharing.deleted, *sharing.closed_there(then))
        if not (over and workspace.settings.on_deleted == "reject"):
            sharing.give(then)
            return sharing.told
    ended(then, over)
    sharing = open_sharing(workspace)
    with one_at_a_time(workspace.repository):
        sharing.give(sharing.take_if_reached(then))
    return sharing.told


def _hinted(error: UserError, hint: str) -> list[Problem]:
    """Return an error's problems, with *hint* where they have none."""
    return [replace(problem, hint=problem.hint or hint) for problem in error.problems]


def _short(ref: str) -> str:
    return ref.removeprefix("refs/heads/")
