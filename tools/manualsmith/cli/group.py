"""The command ``manualsmith``: subcommands, imported when called, and the one error boundary."""

import re
import sys
from importlib import import_module
from pathlib import Path

import click

from manualsmith import __version__
from manualsmith.cli.output.streams import open_streams
from manualsmith.errors import UserError
from manualsmith.text import t

OK, REFUSED, USAGE, BUG, INTERRUPTED = 0, 1, 2, 3, 130

# name: the folder of its module, and the help that the list of commands shows without importing it
COMMANDS = {
    "adopt": ("reviewing", t("Say why a change of main that nobody suggested is right.")),
    "apply": ("manuals", t("Make one edit on a page that may have changed, and print it.")),
    "audit": ("reviewing", t("What has gone stale, waits too long, disagrees, or was lost.")),
    "confirm": ("service_desk", t("Write and check environment confirmations (O1.1.1).")),
    "desk": ("service_desk", t("Open the whole pipeline in a browser.")),
    "doctor": ("manuals", t("Say what is missing or odd here.")),
    "due": ("reviewing", t("What is to be confirmed again, by whom and by when.")),
    "export": ("service_desk", t("Write a record as a form, or records as CSV or JSON.")),
    "facts": ("manuals", t("List what pages state, and guess what they mention.")),
    "find": ("service_desk", t("Search manuals, incidents and decisions together.")),
    "hook": ("reviewing", t("Verify every push to a shared repository.")),
    "import": ("service_desk", t("Take requests from another system's export.")),
    "incident": ("service_desk", t("Work on what users report, move by move (O2.2.2).")),
    "init": ("manuals", t("Begin manuals of your own.")),
    "labels": ("manuals", t("Find words of the product's screens that were renamed.")),
    "pages": ("manuals", t("Lay the pages out as plain Markdown for another site builder.")),
    "preview": ("reviewing", t("See the site as it would be with suggestions, before deciding.")),
    "probe": ("reviewing", t("Read by machine what the manuals say of the environment.")),
    "report": ("service_desk", t("Count what was done in a period, as evidence.")),
    "request": ("service_desk", t("Write down what users report (O2.2.1).")),
    "review": ("reviewing", t("See the queue of suggestions, look at one, decide.")),
    "schema": ("manuals", t("Print the JSON Schema of a record.")),
    "suggest": ("reviewing", t("Turn confirmations into suggestion branches (O1.2.1, O1.2.2).")),
    "sync": ("reviewing", t("Take what the shared repository has, and push what it lacks.")),
    "translated": ("manuals", t("Say that a page and its translation agree as they are.")),
    "trace": ("reviewing", t("Show the whole chain that a record or page belongs to.")),
    "verify": ("reviewing", t("Check that branches and main hold what records explain.")),
    "walkthrough": ("service_desk", t("Lead a user through a page's steps (O2.1.1).")),
    "webhooks": ("reviewing", t("Tell other systems what was answered and decided.")),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the command names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, importing its module, or None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"manualsmith.cli.{COMMANDS[cmd_name][0]}.{cmd_name}_command")
        command: click.Command = getattr(module, "import_" if cmd_name == "import" else cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table, so that ``--help`` imports none of them."""
        with formatter.section(t("Commands")):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


_SENTENCE = re.compile(r".*?(?:。|\.(?=\s|$)|$)", re.DOTALL)


class Group(click.Group):
    """A group whose list of commands has the first sentence of each one's help, never cut short."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        commands = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        rows = []
        for name, command in commands:
            found = _SENTENCE.match(" ".join((command.help or "").split())) if command else None
            rows.append((name, found[0] if found else ""))
        with formatter.section(t("Commands")):
            formatter.write_dl(rows)


EPILOG = t(
    """\b
Examples:
  manualsmith confirm new --product nextcloud
  manualsmith confirm check --all
  manualsmith suggest records/confirmations/ENV-2026-0007.yaml
  manualsmith suggest --all --dry-run
  manualsmith review list
  manualsmith preview ENV-2026-0007-1
  manualsmith review accept ENV-2026-0007-1
\b
Exit codes: 0 done, 1 something was refused, 2 wrong usage, 3 a bug, 130 interrupted.
"""
)


@click.group(
    cls=LazyGroup,
    help=t("What staff see in a user's environment becomes a reviewable edit to the manual."),
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="manualsmith")
@click.option(
    "-C",
    "folder",
    metavar="PATH",
    type=click.Path(path_type=Path),
    default=Path(),
    help=t("Work on the repository at PATH instead of the current folder."),
)
@click.option(
    "--lang",
    type=click.Choice(["zh_TW", "en"]),
    expose_value=False,
    help=t("The language of messages; without it, the locale's."),
)
@click.option(
    "--release",
    metavar="NAME",
    envvar="MANUALSMITH_RELEASE",
    help=t("Work on the manuals of an older release: those of the branch release/NAME."),
)
@click.pass_context
def manualsmith(ctx: click.Context, folder: Path, release: str | None) -> None:
    """Keep the repository's folder for the subcommand; `workspace_of` looks at *release*."""
    ctx.obj = folder


def main() -> None:
    """Run the command line and leave with its exit code."""
    sinks = open_streams()
    code = run(sys.argv[1:])
    sys.stdout.flush()
    refused = next((sink.error for sink in sinks if sink.error), None)
    if refused and code == OK:
        code = _refused_by_the_system(refused)
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run the command line with *arguments* and return its exit code."""
    try:
        result = manualsmith.main(args=arguments, prog_name="manualsmith", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo(t("interrupted; nothing that was not finished is kept"), err=True)
        return INTERRUPTED
    except UserError as error:
        from manualsmith.cli.output.terminal import show_problems

        show_problems(error.problems)
        return REFUSED
    except OSError as error:
        return _refused_by_the_system(error)
    except Exception as error:  # noqa: BLE001 - the one boundary: a bug is told, with a report
        return _report_bug(error)
    return result if isinstance(result, int) else OK


def _refused_by_the_system(error: OSError) -> int:
    from manualsmith.cli.output.terminal import show_problems
    from manualsmith.files import refused

    found = refused(error)
    if found is None:
        return _report_bug(error)
    show_problems(found.problems)
    return REFUSED


def _report_bug(error: Exception) -> int:
    import tempfile
    import traceback

    report = f"manualsmith {__version__}, Python {sys.version}\n{traceback.format_exc()}"
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="manualsmith-bug-", suffix=".log", delete=False, encoding="utf-8"
        ) as file:
            file.write(report)
    except OSError:
        click.echo(report, err=True)
        return BUG
    click.echo(
        t(
            "manualsmith has a bug: {kind}: {error}\n"
            "Please send this file to those who keep manualsmith: {file}",
            kind=type(error).__name__,
            error=error,
            file=file.name,
        ),
        err=True,
    )
    return BUG
