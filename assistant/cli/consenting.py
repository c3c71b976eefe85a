"""The verb by which the user says what the other side answered about the notes."""

import click

from assistant.cli.during import send
from assistant.cli.house import help_of, open_house, say
from assistant.events import Consented


@click.command(help=help_of("consent"))
@click.argument("answer", type=click.Choice(["yes", "no"]))
def consent(answer: str) -> None:
    """Say what they answered."""
    said = Consented("given" if answer == "yes" else "refused")
    send(open_house(), said)
    click.echo(say(f"verb.consent_{said.answer}"))
