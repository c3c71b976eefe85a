"""The verbs. They parse, send, print, and return an exit code; no logic lives here.

stdout is data, stderr is messages. Exit codes: 0 done, 1 a fault of ours, 2 wrong
usage, 3 refused, 4 device, 5 model, 6 input file, 7 disk.
"""

import errno
import os
import sys
from difflib import get_close_matches
from importlib import import_module

import click
from click.shell_completion import CompletionItem

from assistant import __version__
from assistant.cli.house import help_in_list, help_of_group, tell
from assistant.cli.unfinished import tell_of_unfinished
from assistant.errors import SottovoceError
from assistant.settings import places

_INTERRUPTED = 130


_VERBS = {
    "new": ("preparing", "new"),
    "check": ("proving", "check"),
    "devices": ("proving", "devices"),
    "models": ("models", "models"),
    "rehearse": ("rehearsing", "rehearse"),
    "start": ("starting", "start"),
    "stop": ("ending", "stop"),
    "status": ("during", "status"),
    "watch": ("watching", "watch"),
    "note": ("during", "note"),
    "mark": ("during", "mark"),
    "next": ("during", "next_"),
    "tick": ("during", "tick"),
    "pause": ("during", "pause"),
    "resume": ("during", "resume"),
    "extend": ("during", "extend"),
    "hush": ("during", "hush"),
    "consent": ("consenting", "consent"),
    "forget": ("forgetting", "forget"),
    "cancel": ("ending", "cancel"),
    "import": ("importing", "import_"),
    "list": ("listing", "list_"),
    "show": ("after", "show"),
    "correct": ("correcting", "correct"),
    "hear-again": ("hearing_again", "hear_again"),
    "export": ("exporting", "export"),
    "search": ("searching", "search_"),
    "actions": ("acting", "actions"),
    "compare": ("comparing", "compare"),
    "people": ("meeting", "people"),
    "index": ("searching", "index"),
    "wrap": ("wrapping", "wrap"),
    "polish": ("polishing", "polish"),
    "purge": ("forgetting", "purge"),
}
"""Verb -> its module and its name there, in the order of a call."""


_TELL_THEMSELVES = ("start", "wrap", "polish")
"""Verbs that may be about a call that was cut short, or that nobody looks at."""


class _Verbs(click.Group):
    """Loads a verb when it is asked for: a note must not wait for the sound libraries.

    The list of all verbs is made of their words, without one of them.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*_VERBS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _VERBS:
            return None
        module, name = _VERBS[cmd_name]
        return getattr(import_module(f"assistant.cli.{module}"), name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        # The names stand in a column; two spaces are before it and two between.
        width = formatter.width - max(map(len, _VERBS)) - 4
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_in_list(name, width)) for name in _VERBS])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        verbs = [
            CompletionItem(name, help=help_in_list(name))
            for name in _VERBS
            if name.startswith(incomplete)
        ]
        return [*verbs, *click.Command.shell_complete(self, ctx, incomplete)]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        near = [] if args[0] in _VERBS else get_close_matches(args[0], _VERBS, 1)
        if near and not ctx.resilient_parsing:
            ctx.fail(f"No such command {args[0]!r}; did you mean `{near[0]}`?")
        return super().resolve_command(ctx, args)


@click.group(
    name="sottovoce",
    cls=_Verbs,
    help=help_of_group("sottovoce"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="sottovoce")
@click.pass_context
def sottovoce(context: click.Context) -> None:
    """Hold all verbs; `--help` says what each one does."""
    if context.invoked_subcommand not in _TELL_THEMSELVES:
        tell_of_unfinished(places(os.environ))


def main() -> None:
    """Run the command line: one sentence and a hint for what went wrong, and its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; return its exit code."""
    try:
        return sottovoce.main(arguments, "sottovoce", standalone_mode=False) or 0
    except SottovoceError as error:
        tell(f"sottovoce: {error}")
        if error.hint:
            tell(error.hint)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _INTERRUPTED
    except OSError as error:
        if error.errno != errno.EPIPE:
            raise
        # The reader, such as `head`, has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
