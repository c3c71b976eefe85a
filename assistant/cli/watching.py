"""The verb that follows a running call: watch."""

import click
import msgspec

from assistant import control
from assistant.cli.during import view_of
from assistant.cli.house import House, help_of, json_option, open_house, show_json
from assistant.control import Follow
from assistant.events import from_line
from assistant.plan import Plan
from assistant.screen import Screen


@click.command(help=help_of("watch"))
@json_option()
def watch(as_json: bool) -> None:
    """Follow the call as it goes on."""
    house = open_house()
    view = view_of(house)
    screen = Screen(_screen_words(house, view.language), {q.id: q.text for q in view.questions})
    for line in control.follow(house.places.socket, Follow()):
        if as_json:
            show_json(line)
        else:
            screen.show(from_line(line))


def screen_for(house: House, plan: Plan) -> Screen:
    """Make the screen that shows a call of this plan."""
    questions = {question.id: question.text for question in plan.questions}
    return Screen(_screen_words(house, plan.language), questions)


def _screen_words(house: House, language: str = "en") -> dict[str, str]:
    return msgspec.convert(house.wording(language).words("screen"), dict[str, str])
