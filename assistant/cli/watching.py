"""The verb that follows a running call: watch."""

import sys
import time

import click
import msgspec

from assistant import control
from assistant.cli.during import send, view_of
from assistant.cli.house import House, help_of, json_option, open_house, show_json, tell
from assistant.cli.keys import pressed_keys
from assistant.control import Follow
from assistant.errors import SottovoceError
from assistant.events import Ticked, from_line
from assistant.notes.words import words_of
from assistant.plan import Plan
from assistant.screen import Screen

READ_S = 1.0
"""A choice that is newer than this nobody can have read."""


@click.command(help=help_of("watch"))
@json_option()
def watch(as_json: bool) -> None:
    """Follow the call as it goes on."""
    house = open_house()
    view = view_of(house)
    screen = _screen(house, {q.id: q.text for q in view.questions}, view.language)
    lines = control.follow(house.places.socket, Follow())
    if as_json:
        for line in lines:
            show_json(line)
        return
    changed_s = [0.0]

    def press(key: str) -> None:
        # Who pressed it had read what stood there before.
        if time.monotonic() - changed_s[0] >= READ_S:
            _tick(house, screen, key)

    with pressed_keys(sys.stdin, press) as screen.has_keys:
        for line in lines:
            before = screen.choice
            screen.show(from_line(line))
            if screen.choice != before:
                changed_s[0] = time.monotonic()


def _tick(house: House, screen: Screen, key: str) -> None:
    """Tick the question of that number among those that wait for a choice."""
    choice = screen.choice
    if key not in [str(number) for number in range(1, len(choice) + 1)]:
        return
    try:
        send(house, Ticked(choice[int(key) - 1], "asked"))
    except SottovoceError as error:
        tell(str(error))


def screen_for(house: House, plan: Plan) -> Screen:
    """Make the screen that shows a call of this plan."""
    questions = {question.id: question.text for question in plan.questions}
    return _screen(house, questions, plan.language)


def _screen(house: House, questions: dict[str, str], language: str) -> Screen:
    wording = house.wording(language)
    words = msgspec.convert(wording.words("screen"), dict[str, str])
    answers = words_of(wording.words("notes")).answers
    return Screen(words, questions, phrases=wording.phrases(), answers=answers)
