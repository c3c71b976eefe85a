"""A call that was cut short is whole again: nothing heard twice, nothing lost, always the same."""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from scene import PLAN, by_words
from scene import WORDING as SCENE_WORDING
from told import WORDS

from assistant.call import replay
from assistant.errors import ModelError
from assistant.events import (
    Asked,
    CallEnded,
    CallStarted,
    Channel,
    Corrected,
    Cue,
    Entry,
    Fact,
    Forgotten,
    Heard,
    HeardAgain,
    LineChange,
    NoteTaken,
    Recovered,
    SpeechEnded,
    SpeechStarted,
    Trouble,
    Understood,
    Undo,
)
from assistant.hearing.rest import Timed
from assistant.hearing.spool import RATE_HZ
from assistant.keeping import journal, sound
from assistant.keeping.folder import CallFolder
from assistant.keeping.journal import Journal
from assistant.keeping.unfinished import NOT_HEARD, state_of
from assistant.notes.live import whole
from assistant.plan import Plan, to_json
from assistant.recovery import DAMAGED, FROM_SHEET, NO_PLAN, Rest, is_needed, recover
from assistant.sheet import new_sheet

pytestmark = pytest.mark.edge

ME, THEM = Channel.ME, Channel.THEM
STARTED = CallStarted("call", "2026-12-01T15:00:00.000+01:00", "0.1.0", {"hearing": "x"})
SOUND_S = 40.0


def turn(channel: Channel, start_s: float, end_s: float, text: str) -> list[Timed]:
    return [
        (start_s + 0.1, SpeechStarted(channel, start_s)),
        (end_s + 0.5, SpeechEnded(channel, start_s, end_s)),
        (end_s + 0.6, Heard(channel, start_s, end_s, text, (), "told")),
    ]


TALK: list[Timed] = sorted(
    [
        *turn(ME, 1.0, 3.0, "hello this is sam"),
        *turn(THEM, 4.0, 6.0, "hello this is dana"),
        *turn(ME, 8.0, 11.0, "so how did you come to do this work"),
        *turn(THEM, 12.0, 20.0, "i studied physics and then i wrote queries for a hospital"),
        *turn(ME, 22.0, 25.0, "what does a typical day look like for you"),
        *turn(THEM, 26.0, 34.0, "we start at nine with a short meeting and then we write"),
    ],
    key=lambda timed: timed[0],
)
"""What an ear hears of the sound, whenever it is asked."""


@dataclass(slots=True)
class Ear:
    """Hears the talk in what sound is left, as the ear does, and remembers what it was asked."""

    talk: list[Timed] = field(default_factory=lambda: TALK)
    asked: list[Rest] = field(default_factory=list[Rest])
    fails: bool = False
    dies_after: int = 1000

    def __call__(self, plan: Plan, rest: Rest) -> Iterator[Timed]:
        self.asked.append(rest)
        if self.fails:
            raise ModelError("There is no model.", "`sottovoce models list`")
        for told in rest.told.values():
            told.begin_again()
        for n, (known_s, fact) in enumerate(self.talk):
            if n >= self.dies_after:
                raise KeyboardInterrupt
            channel = getattr(fact, "channel", ME)
            if channel in rest.sounds and getattr(fact, "end_s", 0.0) <= rest.ends_s[channel]:
                yield from ((known_s, new) for new in rest.told[channel].take(fact))
        for told in rest.told.values():
            yield from ((SOUND_S, new) for new in told.end())


def lived(until_s: float, extra: Iterable[tuple[float, Fact]] = ()) -> list[Entry]:
    """Live the call as the daemon would up to a moment."""
    timed = sorted([*TALK, *extra], key=lambda timed: timed[0])
    facts = [(0.0, STARTED), *((at_s, f) for at_s, f in timed if at_s <= until_s)]
    return replay(PLAN, [Entry(0, at_s, fact) for at_s, fact in facts])


def folder_of(path: Path, entries: list[Entry], sound_s: float = SOUND_S) -> CallFolder:
    folder = CallFolder(path)
    path.mkdir(mode=0o700)
    folder.write("plan.json", to_json(PLAN))
    pages = Journal.open(folder.journal)
    pages.append(entries)
    pages.close()
    for channel in (ME, THEM):
        samples = np.full(round(sound_s * RATE_HZ), 700, "<i2")
        folder.spool(channel).write_bytes(samples.tobytes())
    return folder


def cut(path: Path, until_s: float = 21.0) -> CallFolder:
    return folder_of(path / "call", lived(until_s))


def events(folder: CallFolder) -> list[object]:
    return [entry.event for entry in journal.read(folder.journal).entries]


def texts(folder: CallFolder) -> list[str]:
    return [event.text for event in events(folder) if isinstance(event, Heard)]


def everything(folder: CallFolder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.path.iterdir()}


ALL_TEXTS = [fact.text for _, fact in TALK if isinstance(fact, Heard)]


@pytest.mark.parametrize("until_s", [0.0, 1.5, 3.55, 6.2, 11.0, 20.3, 23.0, 34.5, 39.0])
def test_wherever_it_was_cut_every_word_is_there_once(tmp_path: Path, until_s: float) -> None:
    folder = cut(tmp_path, until_s)
    assert is_needed(folder)
    outcome = recover(folder, SCENE_WORDING, Ear(), by_words)
    assert outcome.is_heard_out
    assert texts(folder) == ALL_TEXTS
    speeches = [e for e in events(folder) if isinstance(e, SpeechStarted | SpeechEnded)]
    assert speeches == [fact for _, fact in TALK if isinstance(fact, SpeechStarted | SpeechEnded)]
    entries = journal.read(folder.journal).entries
    assert replay(PLAN, entries) == entries
    assert entries[-1].event == CallEnded("cut short")
    assert entries[-1].at_s == SOUND_S
    assert not is_needed(folder)


def test_what_was_heard_afterwards_counts_but_brings_no_murmur(tmp_path: Path) -> None:
    folder = cut(tmp_path)
    before = journal.read(folder.journal).entries
    recover(folder, SCENE_WORDING, Ear(), by_words)
    after = journal.read(folder.journal).entries
    assert after[: len(before)] == before
    assert after[len(before)] == Entry(
        len(before) + 1, before[-1].at_s, Recovered(before[-1].at_s, SOUND_S)
    )
    new = [entry.event for entry in after[len(before) :]]
    assert any(isinstance(event, Asked) and event.question_id == "typical-day" for event in new)
    assert any(isinstance(event, Understood) for event in new)
    assert not any(isinstance(event, Cue) for event in new)


def test_the_ear_begins_where_each_sides_words_end(tmp_path: Path) -> None:
    ear = Ear()
    recover(cut(tmp_path), SCENE_WORDING, ear, by_words)
    (rest,) = ear.asked
    assert {c: told.from_s for c, told in rest.told.items()}[ME] >= 11.0
    assert rest.ends_s == {ME: SOUND_S, THEM: SOUND_S}


def test_killed_and_repeated_it_gives_the_same_bytes(tmp_path: Path) -> None:
    folder = cut(tmp_path)
    undisturbed = CallFolder(tmp_path / "undisturbed" / "call")
    shutil.copytree(folder.path, undisturbed.path)
    recover(undisturbed, SCENE_WORDING, Ear(), by_words)
    before = folder.journal.read_bytes()
    for dies_after in (0, 5, 17):
        with pytest.raises(KeyboardInterrupt):
            recover(folder, SCENE_WORDING, Ear(dies_after=dies_after), by_words)
        assert folder.journal.read_bytes() == before
    recover(folder, SCENE_WORDING, Ear(), by_words)
    assert everything(folder) == everything(undisturbed)
    recover(folder, SCENE_WORDING, Ear(), by_words)
    assert texts(folder) == ALL_TEXTS


def test_without_a_model_it_is_finished_and_heard_later_as_if_at_once(tmp_path: Path) -> None:
    folder = cut(tmp_path)
    at_once = CallFolder(tmp_path / "at once" / "call")
    shutil.copytree(folder.path, at_once.path)
    outcome = recover(folder, SCENE_WORDING, Ear(fails=True), by_words)
    assert not outcome.is_heard_out
    assert "There is no model." in outcome.notices
    assert NOT_HEARD in events(folder)
    assert events(folder)[-1] == CallEnded("cut short")
    assert not any(isinstance(e, Cue) for e in events(folder)[-3:])
    folder.write("summary.md", "")
    assert state_of(folder) == "unheard"
    assert is_needed(folder)
    folder.summary.unlink()
    for raw in (folder.spool(ME), folder.spool(THEM)):
        sound.pack(raw)
    assert recover(folder, SCENE_WORDING, Ear(), by_words).is_heard_out
    recover(at_once, SCENE_WORDING, Ear(), by_words)
    assert folder.journal.read_bytes() == at_once.journal.read_bytes()
    assert sorted(p.name for p in folder.path.glob("*.*")) == [
        "journal.jsonl", "me.flac", "plan.json", "them.flac",
    ]  # fmt: skip
    assert not list(folder.path.glob(".*"))


def test_last_words_that_a_hurried_end_left_unheard_are_heard(tmp_path: Path) -> None:
    hurried = [(34.0, NOT_HEARD), (34.0, CallEnded("signal"))]
    folder = folder_of(tmp_path / "call", lived(34.0, hurried), 34.5)
    assert is_needed(folder)
    recover(folder, SCENE_WORDING, Ear(), by_words)
    assert texts(folder) == ALL_TEXTS
    assert events(folder)[-1] == CallEnded("signal")
    assert NOT_HEARD not in events(folder)


def test_what_was_corrected_stays_when_the_last_words_are_heard_later(tmp_path: Path) -> None:
    later = [Corrected("", LineChange(3, "it was me")), Corrected("", Undo(1))]
    hurried = [(34.0, fact) for fact in (NOT_HEARD, CallEnded("signal"), *later)]
    folder = folder_of(tmp_path / "call", lived(34.0, hurried), 34.5)
    assert is_needed(folder)
    recover(folder, SCENE_WORDING, Ear(), by_words)
    assert texts(folder) == ALL_TEXTS
    assert events(folder)[-3:] == [CallEnded("signal"), *later]
    assert not is_needed(folder)


def test_what_was_said_of_a_second_hearing_is_still_of_it_when_the_rest_is_heard(
    tmp_path: Path,
) -> None:
    hurried: list[tuple[float, Fact]] = [(34.0, NOT_HEARD), (34.0, CallEnded("signal"))]
    again = HeardAgain((), THEM, 20.5, 21.5, "and then tea", engine="second")
    seq = len(lived(34.0, hurried)) + 1
    later = [(34.0, again), (34.0, Corrected("", LineChange(seq, "and then T")))]
    folder = folder_of(tmp_path / "call", lived(34.0, [*hurried, *later]), 34.5)
    recover(folder, SCENE_WORDING, Ear(), by_words)
    [before, last] = journal.read(folder.journal).entries[-2:]
    assert before.event == again
    assert before.seq > seq
    assert last.event == Corrected("", LineChange(before.seq, "and then T"))


def test_a_call_that_was_heard_to_its_end_needs_nothing(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "call", lived(39.0, [(39.0, CallEnded("stopped"))]))
    assert not is_needed(folder)


def test_damaged_lines_are_left_out_and_told(tmp_path: Path) -> None:
    folder = cut(tmp_path)
    lines = folder.journal.read_bytes().splitlines(keepends=True)
    lines[3] = b"x" + lines[3]
    lines[5] = lines[5].replace(b'"start_s"', b'"start_z"')
    folder.journal.write_bytes(b"".join(lines) + b'{"seq":99,"at_s":2')
    outcome = recover(folder, SCENE_WORDING, Ear(), by_words)
    told = [e.text for e in events(folder) if isinstance(e, Trouble) and e.part == "journal"]
    assert len(told) == 1
    assert told[0] in outcome.notices
    assert told[0] in (DAMAGED.format(count=2), DAMAGED.format(count=3))
    entries = journal.read(folder.journal)
    assert entries.damaged == 0
    assert replay(PLAN, entries.entries) == entries.entries


@pytest.mark.parametrize("lost", ["first line", "journal", "empty"])
def test_a_call_without_its_first_line_is_a_call(tmp_path: Path, lost: str) -> None:
    folder = cut(tmp_path)
    lines = folder.journal.read_bytes().splitlines(keepends=True)
    folder.journal.write_bytes(b"".join(lines[1:]) if lost == "first line" else b"")
    if lost == "journal":
        folder.journal.unlink()
    recover(folder, SCENE_WORDING, Ear(), by_words)
    first = events(folder)[0]
    assert isinstance(first, CallStarted)
    assert first.call_id == "call"
    assert texts(folder) == ALL_TEXTS
    assert whole(PLAN, journal.read(folder.journal).entries)


def test_sides_of_unequal_length_with_odd_bytes_and_parts_that_are_missing(tmp_path: Path) -> None:
    folder = cut(tmp_path)
    with folder.spool(ME).open("ab") as file:
        file.write(b"\1")
    them = folder.spool(THEM)
    them.write_bytes(them.read_bytes()[: round(20.4 * RATE_HZ) * 2])
    ear = Ear()
    recover(folder, SCENE_WORDING, ear, by_words)
    assert ear.asked[0].ends_s == {ME: SOUND_S, THEM: 20.4}
    assert texts(folder) == [text for text in ALL_TEXTS if not text.startswith("we start")]


@pytest.mark.parametrize("left", ["nothing", "empty files", "less than was heard"])
def test_a_call_without_sound_is_finished_without_an_ear(tmp_path: Path, left: str) -> None:
    folder = cut(tmp_path, 13.0)
    for channel in (ME, THEM):
        size = round(2.0 * RATE_HZ) * 2 if left == "less than was heard" else 0
        folder.spool(channel).write_bytes(bytes(size))
        if left == "nothing":
            folder.spool(channel).unlink()
    ear = Ear()
    recover(folder, SCENE_WORDING, ear, by_words)
    assert not any(ear.asked)
    speeches = [e for e in events(folder) if isinstance(e, SpeechStarted | SpeechEnded)]
    assert [type(e) for e in speeches] == [SpeechStarted, SpeechEnded] * (len(speeches) // 2)
    assert events(folder)[-1] == CallEnded("cut short")
    assert journal.read(folder.journal).entries[-1].at_s == pytest.approx(12.6, abs=0.6)


def test_what_was_to_be_forgotten_is_though_a_death_came_between(tmp_path: Path) -> None:
    wish = [(14.0, NoteTaken("the secret")), (21.0, Forgotten(7.0, 21.0))]
    folder = folder_of(tmp_path / "call", lived(21.0, wish))
    talk = [timed for timed in TALK if not 7.0 < timed[0] < 21.0]
    recover(folder, SCENE_WORDING, Ear(talk), by_words)
    samples = np.frombuffer(folder.spool(THEM).read_bytes(), "<i2")
    assert not samples[7 * RATE_HZ : 21 * RATE_HZ].any()
    assert samples[: 7 * RATE_HZ].all()
    assert samples[21 * RATE_HZ :].all()
    assert b"secret" not in folder.journal.read_bytes()
    assert b"physics" not in folder.journal.read_bytes()
    assert texts(folder) == [ALL_TEXTS[0], ALL_TEXTS[1], *ALL_TEXTS[4:]]


def test_a_lost_plan_is_read_from_the_sheet_and_else_a_bare_one_will_do(tmp_path: Path) -> None:
    folder = cut(tmp_path)
    folder.plan.write_text("{")
    sheet = new_sheet("Dana Ruiz", SCENE_WORDING, set_name="informational", minutes=20.0, starts="")
    folder.write("plan.md", sheet)
    outcome = recover(folder, SCENE_WORDING, Ear(), by_words)
    assert FROM_SHEET in outcome.notices
    assert folder.read_plan().person == "Dana Ruiz"
    assert texts(folder) == ALL_TEXTS
    folder.plan.unlink()
    folder.sheet.write_text("---\nno sheet")
    folder.journal.unlink()
    outcome = recover(folder, SCENE_WORDING, Ear(), by_words)
    assert NO_PLAN in outcome.notices
    assert folder.read_plan().questions == ()
    assert texts(folder) == ALL_TEXTS


def test_the_notes_grow_on_unless_the_user_wrote_into_them(tmp_path: Path) -> None:
    folder = cut(tmp_path)
    grown = whole(PLAN, journal.read(folder.journal).entries, WORDS)
    folder.write("notes.md", grown[:-7])
    own = CallFolder(tmp_path / "own" / "call")
    shutil.copytree(folder.path, own.path)
    own.write("notes.md", grown + "my own line\n")
    for each in (folder, own):
        recover(each, SCENE_WORDING, Ear(), by_words)
    assert folder.notes.read_text() == whole(PLAN, journal.read(folder.journal).entries, WORDS)
    assert "a short meeting" in folder.notes.read_text()
    assert own.notes.read_text() == grown + "my own line\n"
