"""The verb that lives a recording again: rehearse."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

import click
import msgspec

from assistant import plan as plans
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
from assistant.cli.preparing import prepared
from assistant.cli.starting import ENGINES
from assistant.cli.tidy import tidy_end
from assistant.cli.watching import screen_for
from assistant.cli.wrapping import meaning_of, wrapped
from assistant.errors import InputError
from assistant.events import Channel, Cue, CueEnded, Entry, to_line
from assistant.hands import choose_engine
from assistant.hearing.transcript import facts_of
from assistant.importing.transcripts import lines_of
from assistant.keeping.folder import CallFolder, make_private
from assistant.keeping.journal import Journal
from assistant.keeping.lock import only_hand
from assistant.notes import live
from assistant.notes.words import words_of
from assistant.plan import Plan
from assistant.recording import channels_of
from assistant.rehearsal import Rehearsal, Timed, hear, scratch, started
from assistant.settings import Engine
from assistant.speaking.saying import Voice
from assistant.speaking.speakable import estimated_length_s
from assistant.view import clock

_FILE = click.Path(path_type=Path)


@click.command(help=help_of("rehearse"))
@option("--plan", "sheet", text="plan")
@option("--me", type=_FILE)
@option("--them", type=_FILE)
@option("--stereo", type=_FILE)
@option("--mono", type=_FILE)
@option("--transcript", type=_FILE)
@option("--engine", type=ENGINES)
@option("--model")
@option("--out", type=_FILE, text="out_call")
@json_option()
def rehearse(
    sheet: str | None,
    me: Path | None,
    them: Path | None,
    stereo: Path | None,
    mono: Path | None,
    transcript: Path | None,
    engine: Engine | None,
    model: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Live a recording or a transcript again."""
    house = open_house()
    settings = msgspec.structs.replace(
        house.settings,
        engine=engine or house.settings.engine,
        model=house.settings.model if model is None else model,
    )
    plan, text = prepared(house, sheet, None)
    files = _files(me, them, stereo, mono)
    if bool(files) is (transcript is not None):
        raise click.UsageError(
            "Name either sound (--me, --them, --stereo, --mono) or --transcript."
        )
    for path, _ in files.values():
        channels_of(path)
    folder = None if out is None else _new_folder(out, plan, text)
    with tidy_end(), ExitStack() as stack:
        if folder is not None:
            # Else it would pass for a call that was cut short.
            stack.enter_context(only_hand(folder.path))
        if transcript is not None:
            facts: Iterable[Timed] = facts_of(lines_of(transcript, plan))
            label, words_s = "transcript", estimated_length_s
        else:
            choice = choose_engine(plan, settings, house.places)
            if choice.notice and not as_json:
                tell(choice.notice)
            label = choice.label
            voice = stack.enter_context(_voice(house, plan))
            words_s = voice.length_s
            spools = Path(stack.enter_context(scratch())) if folder is None else folder.path
            facts = hear(files, choice, spools)
        wall = plan.starts or datetime.now().astimezone().isoformat(timespec="seconds")
        first = started("rehearsal" if folder is None else folder.name, wall, label, "rehearsal")
        entries = Rehearsal(plan, words_s, meaning_of(house, plan)).live(first, facts)
        _show(house, plan, _kept(house, plan, folder, entries), as_json=as_json)
    if folder is not None:
        wrapped(house, folder)
        tell(say("rehearse.summary", path=folder.summary))


@contextmanager
def _voice(house: House, plan: Plan) -> Generator[Voice]:
    """Open the voice, to know how long each murmur takes."""
    murmur = house.settings.murmur
    voice = Voice(
        murmur.voice, murmur.words_per_minute, lambda _text, _gave_up: None, language=plan.language
    )
    voice.start()
    try:
        yield voice
    finally:
        voice.close()


def _files(
    me: Path | None, them: Path | None, stereo: Path | None, mono: Path | None
) -> dict[Channel, tuple[Path, int | None]]:
    """Say which side of which file is whose."""
    if sum((bool(me or them), stereo is not None, mono is not None)) > 1:
        raise click.UsageError("Give --me with --them, or --stereo, or --mono.")
    if stereo is not None:
        return {Channel.ME: (stereo, 0), Channel.THEM: (stereo, 1)}
    if mono is not None:
        return {Channel.UNCLEAR: (mono, None)}
    sides = {Channel.ME: me, Channel.THEM: them}
    return {channel: (path, None) for channel, path in sides.items() if path is not None}


def _new_folder(path: Path, plan: Plan, sheet: str) -> CallFolder:
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise InputError(f"{path} is there already, and not empty.", "--out wants a new folder.")
    folder = CallFolder(make_private(path))
    # It may have been there, empty, for all to see.
    try:
        path.chmod(0o700)
    except OSError as error:
        raise InputError(
            f"{path} can not be made private: {error.strerror}.", "--out wants a new folder."
        ) from error
    folder.write(folder.plan.name, plans.to_json(plan))
    folder.write(folder.sheet.name, sheet)
    return folder


def _kept(
    house: House, plan: Plan, folder: CallFolder | None, entries: Iterator[Entry]
) -> Iterator[Entry]:
    """Keep the entries as a live call would, while they pass."""
    if folder is None:
        yield from entries
        return
    words = words_of(house.wording(plan.language).words("notes"))
    journal = Journal.open(folder.journal)
    try:
        for entry in entries:
            journal.append([entry])
            if text := live.lines(plan, entry, words):
                folder.append(folder.notes.name, text)
            yield entry
    finally:
        journal.close()


def _show(house: House, plan: Plan, entries: Iterator[Entry], *, as_json: bool) -> None:
    if as_json:
        for entry in entries:
            show_json(to_line(entry).decode())
        return
    screen = screen_for(house, plan)
    cues: dict[int, tuple[float, Cue]] = {}
    ends: dict[int, str] = {}
    for entry in entries:
        screen.show(entry)
        if isinstance(entry.event, Cue):
            cues[entry.seq] = entry.at_s, entry.event
        if isinstance(entry.event, CueEnded):
            ends[entry.event.cue_seq] = entry.event.how
    click.echo()
    click.echo(say("rehearse.cues" if cues else "rehearse.no_cues"))
    for seq, (at_s, cue) in cues.items():
        how = say(f"rehearse.{ends.get(seq, 'open')}")
        show_text(
            "  " + say("rehearse.cue", clock=clock(at_s), text=cue.text, why=cue.why, how=how)
        )
