"""The verbs. They parse, send, print, and return an exit code; no logic lives here.

stdout is data, stderr is messages. Exit codes: 0 done, 1 a fault of ours, 2 wrong
usage, 3 refused, 4 device, 5 model, 6 input file, 7 disk.
"""

import errno
import os
import sys

import click

from assistant import __version__
from assistant.cli import after, during, models, preparing, proving, rehearsing
from assistant.cli.house import help_of_group
from assistant.errors import SottovoceError

_INTERRUPTED = 130


@click.group(
    name="sottovoce",
    help=help_of_group("sottovoce"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="sottovoce")
def sottovoce() -> None:
    """Hold all verbs; `--help` says what each one does."""


for verb in (
    preparing.new,
    proving.check,
    proving.devices,
    models.models,
    rehearsing.rehearse,
    *during.VERBS,
    *after.VERBS,
):
    sottovoce.add_command(verb)


def main() -> None:
    """Run the command line: one sentence and a hint for what went wrong, and its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; return its exit code."""
    try:
        return sottovoce.main(arguments, "sottovoce", standalone_mode=False) or 0
    except SottovoceError as error:
        click.echo(f"sottovoce: {error}", err=True)
        if error.hint:
            click.echo(error.hint, err=True)
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
