"""A call that broke off goes on: its time by the wall clock, its sound behind zeros."""

import queue
import threading
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from scene import PLAN, by_words
from scene import WORDING as SCENE_WORDING
from test_recovery import ALL_TEXTS, ME, STARTED, THEM, Ear, cut, events, folder_of, lived
from test_spine import Hands

from assistant.call import replay
from assistant.control import Status
from assistant.errors import Refused
from assistant.events import (
    AudioLost,
    CallEnded,
    Heard,
    Paused,
    Recovered,
    Resumed,
    Trouble,
    Understood,
)
from assistant.inbox import Item
from assistant.keeping import journal, sound
from assistant.keeping.journal import Journal
from assistant.keeping.unfinished import NOT_HEARD
from assistant.notes.words import Words
from assistant.recovery import recover
from assistant.resuming import GONE, reopen
from assistant.spine import Spine

pytestmark = pytest.mark.edge

BEGAN = datetime.fromisoformat(STARTED.wall)


def at(passed_s: float) -> datetime:
    return BEGAN + timedelta(seconds=passed_s)


def test_time_went_on_while_nobody_listened(tmp_path: Path) -> None:
    onward = reopen(cut(tmp_path), SCENE_WORDING, at(300.0))
    assert onward.now_s(at(300.5)) == 300.5
    assert onward.first_facts(300.5, (ME, THEM)) == (
        Recovered(onward.past.at_s, 300.5),
        AudioLost(ME, 40.0, 300.5, GONE),
        AudioLost(THEM, 40.0, 300.5, GONE),
    )


@pytest.mark.parametrize("passed_s", [-3600.0, 0.0, 12.0, 40.0])
def test_a_wall_clock_that_was_put_back_takes_no_time_away(tmp_path: Path, passed_s: float) -> None:
    onward = reopen(cut(tmp_path), SCENE_WORDING, at(passed_s))
    assert onward.now_s(at(passed_s)) == 40.0
    assert onward.first_facts(40.0, (ME, THEM)) == (Recovered(onward.past.at_s, 40.0),)


def test_a_side_that_was_not_there_before_is_lost_from_the_beginning(tmp_path: Path) -> None:
    folder = cut(tmp_path)
    folder.spool(THEM).unlink()
    onward = reopen(folder, SCENE_WORDING, at(60.0))
    assert onward.first_facts(60.0, (ME, THEM))[2] == AudioLost(THEM, 0.0, 60.0, GONE)


def test_the_ear_goes_on_where_the_words_end(tmp_path: Path) -> None:
    known = reopen(cut(tmp_path), SCENE_WORDING, at(60.0)).known
    assert known[ME].begin_again() == 11.0
    assert known[THEM].begin_again() == 20.0


def test_a_whole_journal_stays_as_it_is_and_a_damaged_one_is_mended(tmp_path: Path) -> None:
    folder = cut(tmp_path)
    before = folder.journal.read_bytes()
    reopen(folder, SCENE_WORDING, at(60.0))
    assert folder.journal.read_bytes() == before
    with folder.journal.open("ab") as file:
        file.write(b'{"seq":99,"at_s":2')
    onward = reopen(folder, SCENE_WORDING, at(60.0))
    reading = journal.read(folder.journal)
    assert reading.damaged == 0
    assert reading.entries == onward.past.entries
    assert isinstance(reading.entries[-1].event, Trouble)
    assert onward.past.notices


def test_it_goes_on_in_the_pause_in_which_it_broke_off(tmp_path: Path) -> None:
    paused = [(15.0, Paused())]
    first = folder_of(tmp_path / "paused", lived(21.0, paused))
    again = folder_of(tmp_path / "again", lived(21.0, [*paused, (16.0, Resumed())]))
    pause = reopen(first, SCENE_WORDING, at(60.0)).pause
    assert pause is not None
    assert pause.event == Paused()
    assert reopen(again, SCENE_WORDING, at(60.0)).pause is None


def test_sound_that_was_packed_is_raw_again(tmp_path: Path) -> None:
    folder = cut(tmp_path)
    raw = folder.spool(ME).read_bytes()
    sound.pack(folder.spool(ME))
    onward = reopen(folder, SCENE_WORDING, at(60.0))
    assert folder.spool(ME).read_bytes() == raw
    assert onward.ends_s == {ME: 40.0, THEM: 40.0}
    assert not list(folder.path.glob("*.flac"))
    assert not list(folder.path.glob(".*"))


@pytest.mark.parametrize("reason", ["stopped", "cut short"])
def test_a_call_that_was_ended_does_not_go_on(tmp_path: Path, reason: str) -> None:
    folder = folder_of(tmp_path / "call", lived(39.0, [(39.0, CallEnded(reason))]))
    with pytest.raises(Refused, match="can not go on"):
        reopen(folder, SCENE_WORDING, at(60.0))


def test_a_call_that_was_finished_without_being_heard_does_not_go_on(tmp_path: Path) -> None:
    folder = cut(tmp_path)
    recover(folder, SCENE_WORDING, Ear(fails=True), by_words)
    assert NOT_HEARD in events(folder)
    with pytest.raises(Refused, match="can not go on"):
        reopen(folder, SCENE_WORDING, at(60.0))


def test_a_call_that_broke_off_long_ago_does_not_go_on(tmp_path: Path) -> None:
    folder = cut(tmp_path)
    reopen(folder, SCENE_WORDING, at(3.9 * 3600))
    with pytest.raises(Refused, match="more than 4 hours ago") as long_ago:
        reopen(folder, SCENE_WORDING, at(4.1 * 3600))
    assert "wrap" in long_ago.value.hint


def test_the_spine_goes_on_where_the_call_was(tmp_path: Path) -> None:
    folder = cut(tmp_path)
    onward = reopen(folder, SCENE_WORDING, at(60.0))
    before = [*onward.past.entries]
    inbox: queue.SimpleQueue[Item] = queue.SimpleQueue()
    hands = Hands(at_s=60.0, tell=inbox.put)
    hands.heard_out.set()
    pages = Journal.open(folder.journal)
    spine = Spine(
        onward.past.plan,
        folder,
        pages,
        hands,
        Words(),
        lambda _: None,
        inbox,
        entries=onward.past.entries,
        call=onward.past.call,
    )
    first = onward.first_facts(60.0, (ME, THEM))
    thread = threading.Thread(target=spine.run, args=first, daemon=True)
    thread.start()
    answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    asking = threading.Thread(target=lambda: answers.put(next(iter(spine.answer(Status())))))
    asking.daemon = True
    asking.start()
    status = msgspec.json.decode(answers.get(timeout=20.0))
    assert status["at_s"] >= 60.0
    assert status["left_s"] == pytest.approx(PLAN.length_s - 60.0, abs=5.0)
    assert [text for _, _, text in status["lines"]] == ALL_TEXTS[:4]
    spine.inbox.put(Heard(ME, 22.0, 25.0, "what does a typical day look like for you"))
    spine.end("stopped")
    thread.join(20.0)
    assert not thread.is_alive()
    pages.close()
    entries = journal.read(folder.journal).entries
    assert entries[: len(before)] == before
    assert replay(PLAN, entries) == entries
    kinds = [type(entry.event) for entry in entries[len(before) :]]
    assert kinds[:3] == [Recovered, AudioLost, AudioLost]
    assert any(isinstance(e.event, Understood) for e in entries[len(before) :])
