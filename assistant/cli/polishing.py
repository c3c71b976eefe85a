"""The verb that has a language model of the user's put the notes into sentences: polish."""

import os
import sys

import click
from msgspec.structs import replace

from assistant.afterwards import polished_of
from assistant.cli.house import (
    House,
    help_of,
    json_option,
    open_house,
    option,
    say,
    show_json,
    show_text,
    tell,
)
from assistant.cli.tidy import tidy_end
from assistant.cli.unfinished import tell_of_unfinished
from assistant.cli.wrapping import wrapped
from assistant.errors import DiskError, Refused, SottovoceError
from assistant.keeping.folder import CallFolder, find_folder, own_folder
from assistant.keeping.journal import read
from assistant.keeping.lock import only_hand, running_call
from assistant.keeping.unfinished import ending_of
from assistant.notes.polished import FILE, Polished, Sentence, mark_of, to_json
from assistant.notes.talk import clock
from assistant.notes.words import words_of
from assistant.polishing import server
from assistant.polishing.rewriting import Step
from assistant.polishing.rewriting import polish as rewrite
from assistant.settings import Polish


@click.command(help=help_of("polish"))
@click.argument("call", default="last")
@option("--url", text="polish_url")
@option("--model", text="polish_model")
@option("--by-itself", is_flag=True, hidden=True)
@json_option()
def polish(call: str, url: str | None, model: str | None, by_itself: bool, as_json: bool) -> None:
    """Ask the model, keep what holds, and write the pages again."""
    try:
        _polish(call, url, model, by_itself=by_itself, as_json=as_json)
    except SottovoceError as error:
        if not by_itself:
            raise
        # Its sentence may name the call, which `purge` would not find in the log.
        tell(f"polish: {type(error).__name__}")
        sys.exit(error.exit_code)


def _polish(
    call: str, url: str | None, model: str | None, *, by_itself: bool, as_json: bool
) -> None:
    house = open_house()
    if not by_itself:
        tell_of_unfinished(house.places)
    folder = own_folder(house.places.calls, find_folder(house.places.calls, call, lambda _: True))
    _refuse_early(house, folder)
    wanted = house.settings.polish
    wanted = replace(
        wanted,
        url=wanted.url if url is None else url,
        model=wanted.model if model is None else model,
    )
    with tidy_end():
        try:
            polished = _polished(house, folder, wanted, is_quiet=by_itself or as_json)
        except SottovoceError as error:
            if not by_itself:
                raise
            # Nobody looks on: the summary says why nothing came of it.
            polished = Polished(
                status="partial",
                reason=str(error),
                model=wanted.model,
                entries=mark_of(read(folder.journal).entries),
            )
    kept = _keep(house, folder, polished)
    if as_json:
        show_json(to_json(kept).decode())
    elif not by_itself:
        _show(folder, polished, kept)


def _refuse_early(house: House, folder: CallFolder) -> None:
    if running_call(house.places.lock) is not None:
        raise Refused(say("polish.running"), "Try again when it is over.")
    if ending_of(folder) == "none":
        raise Refused(
            f"{folder.name} was cut short.", f"`sottovoce wrap {folder.name}` finishes it first."
        )


def _polished(house: House, folder: CallFolder, wanted: Polish, *, is_quiet: bool) -> Polished:
    """Have a call polished; changes nothing on disk."""
    plan = folder.read_plan()
    wording = house.wording(plan.language)
    entries = read(folder.journal).entries
    chat = server.chat(wanted, os.environ, lambda: running_call(house.places.lock) is None)
    chat.choose()

    def show(step: Step) -> None:
        what = say(f"polish.{step.piece.kind}", question=step.piece.question)
        tell(say("polish.step", number=step.number, of=step.of, what=what))

    where = chat.client.where
    if not is_quiet:
        tell(say("polish.asking", model=chat.model, host=where.host, port=where.port))
    words = words_of(wording.words("notes"))
    return rewrite(plan, entries, words, wording, chat, (lambda _: None) if is_quiet else show)


def _keep(house: House, folder: CallFolder, polished: Polished) -> Polished:
    """Keep what came of it, if it is not less than what is there; write the pages again."""
    with only_hand(folder.path):
        entries = read(folder.journal).entries
        if polished.entries != mark_of(entries):
            raise Refused(
                f"{folder.name} was changed meanwhile, so nothing was kept.",
                "`sottovoce polish` does it again.",
            )
        before = polished_of(folder, entries)
        if before.kept > polished.kept:
            return before
        folder.write(FILE, to_json(polished))
        written = wrapped(house, folder)
    if written.failed:
        raise DiskError(
            "; ".join(say("wrap.failed", name=f.name, why=f.why) for f in written.failed)
        )
    return polished


def _show(folder: CallFolder, polished: Polished, kept: Polished) -> None:
    plan = folder.read_plan()
    texts = {question.id: question.text for question in plan.questions}
    letter = kept.letter
    _block(say("polish.head_overview"), kept.overview)
    for answer in kept.answers:
        _block(texts.get(answer.question_id, answer.question_id), answer.sentences)
    _block(say("polish.head_letter"), (*letter.said, *letter.mine, *letter.theirs))
    faults = "; ".join(
        f"{say(f'polish.fault_{_key(k)}')}: {n}" for k, n in polished.dropped.items()
    )
    dropped = sum(polished.dropped.values())
    tell(say("polish.counts", kept=polished.kept, dropped=dropped))
    if faults:
        tell(say("polish.faults", faults=faults))
    if polished.reason:
        tell(polished.reason)
    tell(say("polish.kept_before" if kept is not polished else "polish.done", path=folder.summary))


def _block(head: str, sentences: tuple[Sentence, ...]) -> None:
    if sentences:
        show_text(head)
        for sentence in sentences:
            show_text(f"  [{clock(sentence.start_s)}] {sentence.text}")


def _key(fault: str) -> str:
    return fault.replace(" ", "_")
