"""A call heard again: which stretches, once each, safe on disk, and read where it is better."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from msgspec.structs import replace
from test_correcting import lived
from test_recovery import SOUND_S, folder_of
from told import PLAN

from assistant.cli import run
from assistant.errors import Refused
from assistant.events import (
    CallEnded,
    CallStarted,
    Channel,
    Corrected,
    Entry,
    Heard,
    HeardAgain,
    NameChange,
    SpeechEnded,
    Word,
)
from assistant.hearing.second import PAD_S, PRE_ROLL_S, Second, hear, open_sound
from assistant.keeping import journal, sound
from assistant.keeping.folder import CallFolder
from assistant.keeping.unfinished import NOT_HEARD
from assistant.notes.revised import revised
from assistant.plan import to_json
from assistant.rehearing import (
    Rehearing,
    need_heard_out,
    still_to_hear,
    stretches,
    with_corrected_names,
)
from assistant.understanding.spelling import Speller

pytestmark = pytest.mark.edge

ME, THEM = Channel.ME, Channel.THEM
SECOND = Second("whisper", Path("whisper-fake"), "whisper fake", 0.03)


@dataclass
class Engine:
    """Says of each piece what it is told to, and remembers how long the pieces were."""

    says: Callable[[int], str] = lambda n: f"This is piece number {n} of it."
    dies_at: int = 1000
    lengths_s: list[float] = field(default_factory=list[float])
    _pcm: bytes = b""

    def accept(self, pcm: bytes) -> str:
        self._pcm += pcm
        return ""

    def pause(self) -> None: ...

    def finish(self) -> tuple[Word, ...]:
        if len(self.lengths_s) == self.dies_at:
            raise KeyboardInterrupt
        length_s = len(self._pcm) / 32000
        self.lengths_s.append(length_s)
        self._pcm = b""
        words = self.says(len(self.lengths_s)).split()
        step_s = length_s / (len(words) or 1)
        return tuple(Word(w, n * step_s, (n + 1) * step_s, 0.9) for n, w in enumerate(words))

    def close(self) -> None: ...


@pytest.fixture
def call(tmp_path: Path) -> CallFolder:
    folder = folder_of(tmp_path / "call", lived())
    folder.write("plan.json", to_json(PLAN))
    return folder


def entries_of(folder: CallFolder) -> list[Entry]:
    return journal.read(folder.journal).entries


def again(folder: CallFolder, engine: Engine, second: Second = SECOND) -> float:
    entries = entries_of(folder)
    speller = Speller(with_corrected_names(PLAN, entries))
    rates = {"told": 0.1}
    job = Rehearing(folder, PLAN, speller, second, engine, open_sound(), rates)
    heard_s: list[float] = []
    wanted = still_to_hear(entries, second.label)
    with sound.raw_sounds({channel: folder.spool(channel) for channel in Channel}) as sounds:
        job.hear(wanted, sounds, heard_s.append)
    return sum(heard_s)


def texts(entries: Sequence[Entry]) -> list[str]:
    return [e.event.text for e in revised(entries) if isinstance(e.event, Heard)]


def test_every_line_is_a_stretch_with_the_sound_around_it() -> None:
    found = stretches(lived())
    assert [stretch.start_s for stretch in found] == [1.0, 5.0, 10.0, 15.0, 30.0, 30.5]
    assert found[0].from_s == 1.0 - PRE_ROLL_S
    assert all(len(stretch.instead_of) == 1 and stretch.engine == "told" for stretch in found)


def test_no_stretch_begins_in_the_speech_before_it() -> None:
    pieces = [
        Entry(1, 5.0, Heard(ME, 1.0, 5.0, "one two")),
        Entry(2, 9.0, Heard(ME, 5.05, 9.0, "three four")),
    ]
    assert [stretch.from_s for stretch in stretches(pieces)] == [0.75, 5.0]


def test_speech_in_which_nothing_was_heard_is_heard_too() -> None:
    entries = [
        Entry(1, 4.0, Heard(THEM, 1.0, 4.0, "we start")),
        Entry(2, 9.0, SpeechEnded(THEM, 1.0, 9.0)),
        Entry(3, 9.0, SpeechEnded(ME, 2.0, 2.4)),
        Entry(4, 12.0, Heard(ME, 10.0, 12.0, "ask the hardest part", echo=True)),
        Entry(5, 12.0, SpeechEnded(ME, 10.0, 12.0)),
    ]
    found = stretches(entries)
    assert [(s.instead_of, s.start_s, s.end_s) for s in found] == [((1,), 1.0, 4.0), ((), 4.0, 9.0)]


def test_both_hearings_stay_and_the_better_one_is_read(call: CallFolder) -> None:
    before = entries_of(call)
    engine = Engine()
    seconds = again(call, engine)
    entries = entries_of(call)
    assert entries[: len(before)] == before
    added = [entry.event for entry in entries[len(before) :]]
    assert all(isinstance(fact, HeardAgain) for fact in added)
    assert seconds == pytest.approx(sum(s.length_s for s in stretches(before)))
    assert texts(entries) == [f"This is piece number {n} of it." for n in range(1, 7)]
    first = added[0]
    assert isinstance(first, HeardAgain)
    assert (first.engine, first.word_errors, first.first_word_errors) == ("whisper fake", 0.03, 0.1)
    assert engine.lengths_s[0] == pytest.approx(3.0 + PRE_ROLL_S + PAD_S)
    assert all(first.start_s <= w.start_s <= w.end_s <= first.end_s for w in first.words)


def test_the_same_engine_hears_nothing_twice_and_another_one_does(call: CallFolder) -> None:
    again(call, Engine())
    after = call.journal.read_bytes()
    engine = Engine()
    assert again(call, engine) == 0
    assert engine.lengths_s == []
    assert call.journal.read_bytes() == after
    again(call, Engine(), Second("vosk", Path("x"), "vosk other", None))
    assert call.journal.read_bytes().startswith(after)
    assert still_to_hear(entries_of(call), "told") == ()


def test_who_is_interrupted_goes_on_where_it_stopped(call: CallFolder) -> None:
    with pytest.raises(KeyboardInterrupt):
        again(call, Engine(dies_at=2))
    assert [s.start_s for s in still_to_hear(entries_of(call), SECOND.label)] == [10, 15, 30, 30.5]
    engine = Engine()
    again(call, engine)
    assert len(engine.lengths_s) == 4
    assert still_to_hear(entries_of(call), SECOND.label) == ()


def test_packed_sound_is_heard_as_raw_sound(call: CallFolder) -> None:
    for channel in (ME, THEM):
        sound.pack(call.spool(channel))
    engine = Engine()
    again(call, engine)
    assert len(engine.lengths_s) == 6
    assert engine.lengths_s[0] == pytest.approx(3.35)
    assert sorted(path.suffix for path in call.path.iterdir() if path.stem in ("me", "them")) == [
        ".flac",
        ".flac",
    ]


def test_names_the_user_put_right_are_known_to_the_second_hearing(call: CallFolder) -> None:
    last = entries_of(call)[-1]
    entry = Entry(
        last.seq + 1, last.at_s, Corrected("", NameChange("ana ruis", "Xochitl Barragan"))
    )
    assert "Xochitl Barragan" in with_corrected_names(PLAN, [*entries_of(call), entry]).terms
    assert with_corrected_names(PLAN, entries_of(call)).terms == PLAN.terms


def test_words_where_hardly_anybody_spoke_are_none() -> None:
    engine = Engine(lambda _: "many words that nobody can have said in so short a time at all")
    assert hear(engine, bytes(6400), 0.0, 0.05, 0.2) == []


def test_where_the_sound_ends_nothing_is_heard(call: CallFolder) -> None:
    call.spool(ME).write_bytes(call.spool(ME).read_bytes()[: 32000 * 8])
    engine = Engine()
    again(call, engine)
    missing = still_to_hear(entries_of(call), SECOND.label)
    assert [stretch.channel for stretch in missing] == [ME, ME]
    assert SOUND_S > 31


def test_a_call_that_was_not_heard_to_its_end_is_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "call", lived(NOT_HEARD))
    with pytest.raises(Refused, match="not heard to its end") as refused:
        need_heard_out(folder)
    assert "wrap" in refused.value.hint


# ---------------------------------------------------------------- the verb


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOTTOVOCE_HOME", str(tmp_path / "home"))
    (tmp_path / "home" / "calls").mkdir(parents=True)
    return tmp_path / "home"


def failed(capsys: pytest.CaptureFixture[str], code: int, *arguments: str) -> str:
    assert run(["hear-again", *arguments]) == code
    told = capsys.readouterr().err
    assert "Traceback" not in told
    return told


def test_what_can_not_be_heard_again_is_one_sentence(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = folder_of(home / "calls" / "dana", lived())
    folder.write("plan.json", to_json(PLAN))
    before = folder.journal.read_bytes()
    assert "no engine and no model called ears" in failed(capsys, 5, "dana", "--engine", "ears")
    assert "models pull" in failed(capsys, 5, "dana", "--engine", "vosk")
    damaged = home / "models" / "whisper-tiny.en"
    damaged.mkdir(parents=True)
    (damaged / "model.bin").write_bytes(b"no model")
    assert "tokenizer.json is missing" in failed(capsys, 5, "dana", "--engine", "whisper")
    assert "heard once only" in failed(capsys, 3, "dana", "--use", "first")
    assert "leave --engine away" in failed(capsys, 2, "dana", "--use", "first", "--engine", "vosk")
    for channel in Channel:
        folder.spool(channel).unlink(missing_ok=True)
    told = failed(capsys, 3, "dana", "--engine", "moonshine")
    assert "No sound of dana is kept" in told
    assert folder.journal.read_bytes() == before
    assert "There is no call" in failed(capsys, 6, "tim")


def test_what_heard_the_call_heard_it_and_there_is_no_other_hearing_to_go_back_to(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    by_moonshine = [
        replace(e, event=replace(e.event, engine="moonshine tiny-en"))
        if isinstance(e.event, Heard)
        else e
        for e in lived()
    ]
    folder = folder_of(home / "calls" / "dana", by_moonshine)
    folder.write("plan.json", to_json(PLAN))
    assert run(["hear-again", "dana", "--engine", "moonshine"]) == 0
    told = capsys.readouterr()
    assert "has heard all of this call already" in told.out
    assert "--use first" not in told.err


def test_of_a_call_in_which_nothing_was_heard_it_says_so(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    silent = [e for e in lived() if isinstance(e.event, CallStarted | CallEnded)]
    folder = folder_of(home / "calls" / "dana", silent)
    folder.write("plan.json", to_json(PLAN))
    assert run(["hear-again", "dana", "--engine", "moonshine"]) == 0
    assert capsys.readouterr().out == "Nothing was heard in dana.\n"


def test_who_says_which_hearing_counts_is_heard(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = folder_of(home / "calls" / "dana", lived())
    folder.write("plan.json", to_json(PLAN))
    again(folder, Engine())
    assert run(["hear-again", "dana", "--use", "first"]) == 0
    assert "The notes use: told\n" in capsys.readouterr().out
    assert "piece number" not in (folder.path / "transcript.srt").read_text()
    assert run(["correct", "line", "dana", "0:15", "--use", "again"]) == 0
    assert "told and whisper fake for 1 of 6 lines" in capsys.readouterr().out
    assert run(["hear-again", "dana", "--use", "better", "--json"]) == 0
    assert '"better": 6' in capsys.readouterr().out
    assert (
        "piece number 4"
        in (folder.path / "summary.md").read_text() + (folder.path / "transcript.srt").read_text()
    )
