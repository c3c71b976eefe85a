"""The question before what can not be undone.

Law: who says nothing at all, because the input is at its end, has said no.
"""

import sys

import click

from assistant.cli.house import tell


def is_sure(question: str, otherwise: str) -> bool:
    """Ask; `otherwise` is told who does not say yes. Raises Abort at an input's end or Ctrl-C."""
    try:
        sure = click.confirm(question, err=True)
    except (click.Abort, RuntimeError) as error:
        # A RuntimeError where there is no input at all. The cursor stands behind the question.
        tell("")
        tell(otherwise)
        raise click.Abort from error
    if not sure:
        tell(otherwise)
    return sure


def can_ask() -> bool:
    """Tell whether a person is there to be asked."""
    return sys.stdin is not None and sys.stdin.isatty()
