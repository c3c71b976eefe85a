"""The verbs of a running call. Each one is a fact, sent by the socket."""

from collections.abc import Iterator, Mapping
from typing import Any

import click
import msgspec

from assistant import control
from assistant.cli.durations import Duration
from assistant.cli.house import (
    House,
    help_of,
    json_option,
    open_house,
    option,
    print_json,
    say,
    show_text,
)
from assistant.cli.unfinished import no_call
from assistant.control import Forget, Status, Verb
from assistant.errors import InputError, Refused
from assistant.events import (
    Extended,
    Hushed,
    Marked,
    NextWanted,
    NoteTaken,
    Paused,
    Resumed,
    Ticked,
)
from assistant.keeping.folder import CallFolder
from assistant.keeping.lock import running_call
from assistant.keeping.unfinished import ending_of
from assistant.view import CallView, clock, spoken_length

DEFAULT_EXTENSION_S = 300.0
LEAST_LOST_S = 0.05
"""Less lost sound than that is not shown: it would be 0.0 seconds, and no word is so short."""


@click.command(help=help_of("status"))
@json_option()
def status(as_json: bool) -> None:
    """Tell how the call stands."""
    house = open_house()
    if as_json:
        print_json(send(house, Status()))
    else:
        _print_status(view_of(house))


@click.command(help=help_of("note"))
@click.argument("text", nargs=-1, required=True)
def note(text: tuple[str, ...]) -> None:
    """Write a note into the call."""
    if not _words(text).strip():
        raise click.UsageError("A note needs some words.")
    send(open_house(), NoteTaken(_words(text)), unkept=say("verb.not_noted"))
    click.echo(say("verb.noted"))


@click.command(help=help_of("mark"))
@click.argument("text", nargs=-1)
def mark(text: tuple[str, ...]) -> None:
    """Mark this moment."""
    send(open_house(), Marked(_words(text)))
    click.echo(say("verb.marked"))


@click.command("next", help=help_of("next"))
def next_() -> None:
    """Ask for the next question."""
    send(open_house(), NextWanted())
    click.echo(say("verb.next"))


@click.command(help=help_of("tick"))
@click.argument("question")
@click.argument("state", type=click.Choice(["asked", "answered", "open"]), default="asked")
def tick(question: str, state: str) -> None:
    """Say how a question stands."""
    house = open_house()
    ticked = find_question({q.id: q.text for q in view_of(house).questions}, question)
    send(house, msgspec.convert({"is": "Ticked", "question_id": ticked, "state": state}, Ticked))
    click.echo(say("verb.ticked", question=ticked, state=state))


@click.command(help=help_of("pause"))
def pause() -> None:
    """Capture nothing until resume."""
    send(open_house(), Paused())
    click.echo(say("verb.paused"))


@click.command(help=help_of("resume"))
def resume() -> None:
    """Go on after a pause."""
    send(open_house(), Resumed())
    click.echo(say("verb.resumed"))


@click.command(help=help_of("extend"))
@click.argument("by", type=Duration(), default=DEFAULT_EXTENSION_S)
def extend(by: float) -> None:
    """Give the call more time."""
    send(open_house(), Extended(by))
    click.echo(say("verb.extended", length=spoken_length(by)))


@click.command(help=help_of("hush"))
@click.argument("length", type=Duration(), required=False)
@option("--off", is_flag=True)
def hush(length: float | None, off: bool) -> None:
    """No more murmurs, for a while or for good."""
    if off and length is not None:
        raise click.UsageError("Give a length of time or --off, not both.")
    send(open_house(), Hushed(0.0 if off else length))
    if off:
        click.echo(say("verb.unhushed"))
    elif length is None:
        click.echo(say("verb.hushed"))
    else:
        click.echo(say("verb.hushed_for", length=spoken_length(length)))


def view_of(house: House) -> CallView:
    """Ask the running call how it stands. Raises Refused."""
    return msgspec.convert(send(house, Status()), CallView)


def need_call(house: House, *, unkept: str = "", otherwise: str = "") -> None:
    """Refuse a verb that needs a running call, and say what was not kept. Raises Refused.

    `otherwise` is the hint where no call was cut short either.
    """
    if running_call(house.places.lock) is None:
        raise no_call(house.places, unkept=unkept, otherwise=otherwise)


def send(
    house: House,
    request: Verb | Status | Forget,
    patience_s: float = 30.0,
    *,
    unkept: str = "",
) -> dict[str, Any]:
    """Send a verb to the running call; return its answer. Raises Refused.

    `unkept` says what is lost where there is no call to take it.
    """
    need_call(house, unkept=unkept)
    if not house.places.socket.exists():
        raise _behind_its_door(house, unkept)
    try:
        for answer in control.ask(house.places.socket, request, patience_s):
            return answer
    except Refused as error:
        raise Refused(_and_unkept(str(error), unkept), error.hint) from error
    raise Refused("The call ended before it answered.", "`sottovoce list` shows the calls.")


def _behind_its_door(house: House, unkept: str) -> Refused:
    """Return why the call that holds the lock can not be spoken to: it begins, or has ended."""
    name = running_call(house.places.lock)
    if not name:
        is_ending = name is None
    else:
        folder = CallFolder(house.places.calls / name)
        is_ending = not folder.path.exists() or ending_of(folder) != "none"
    sentence = say("verb.ending" if is_ending else "verb.starting")
    hint = say("verb.ending_hint" if is_ending else "verb.starting_hint")
    return Refused(_and_unkept(sentence, unkept), hint)


def _and_unkept(sentence: str, unkept: str) -> str:
    return f"{sentence} {unkept}" if unkept else sentence


def _print_status(view: CallView) -> None:
    person = view.person or say("status.somebody")
    times = {"clock": clock(view.at_s), "length": clock(view.length_s), "state": view.state}
    click.echo(say("status.head", person=person, **times))
    for line in _status_lines(view):
        show_text(line)


def _status_lines(view: CallView) -> Iterator[str]:
    # Counted in the seconds that are shown, so that what was and what is left add up.
    left_s = int(round(view.at_s + view.left_s, 3)) - int(view.at_s)
    late = view.left_s < 0
    yield say("status.over" if late else "status.left", minutes=clock(abs(left_s)))
    waiting = [question for question in view.questions if question.standing != "answered"]
    waiting = [question for question in waiting if question.standing != "asked"]
    if waiting:
        yield say("status.open")
    for question in waiting:
        must = f" ({say('status.must')})" if question.must else ""
        yield f"  {question.id}: {question.text}{must}"
    if view.balance.my_share is not None:
        longest_s = view.balance.longest_s.get("me", 0.0)
        share = f"{view.balance.my_share:.0%}"
        yield say("status.balance", share=share, longest=clock(longest_s))
    yield say("status.counts", notes=view.notes, marks=view.marks, cues=view.cues)
    if view.last_cue:
        yield say("status.last_cue", text=view.last_cue)
    yield say(f"status.consent_{view.consent}")
    if view.hushed:
        yield say("status.hushed")
    if view.lost_s >= LEAST_LOST_S:
        yield say("status.lost", seconds=f"{view.lost_s:.1f}")
    yield from (f"! {trouble}" for trouble in view.troubles)
    for start_s, channel, text in view.lines[-5:]:
        yield f"  {clock(start_s)} {say(f'status.{channel.value}')}: {text}"


def find_question(questions: Mapping[str, str], wanted: str) -> str:
    """Find a question by its id, its number, or a part of its id or text. Raises InputError.

    `questions` are id -> text, in the sheet's order.
    """
    if wanted.isdigit() and 1 <= int(wanted) <= len(questions):
        return [*questions][int(wanted) - 1]
    exact = [wanted] if wanted in questions else []
    part = wanted.lower()
    found = exact or [q for q, text in questions.items() if part in q or part in text.lower()]
    if len(found) == 1:
        return found[0]
    names = ", ".join(found or questions)
    if found:
        raise InputError(f"{wanted!r} fits more than one question.", f"Say which: {names}")
    raise InputError(f"There is no question {wanted!r}.", f"Questions: {names}")


def _words(text: tuple[str, ...]) -> str:
    # What a terminal could not decode comes as lone surrogates, which JSON can not hold.
    return " ".join(text).encode("utf-8", "replace").decode()
