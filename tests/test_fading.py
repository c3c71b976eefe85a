"""Sound that may not stay: what is blanked, when, and what never is."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from scene import ME, PLAN, THEM

from assistant.events import Channel, Consent, Consented, Entry, Fact, Finding, Heard, Trouble
from assistant.hearing.fading import BEHIND_S, MOST_S, Fading
from assistant.hearing.spool import RATE_HZ, Spool, read

pytestmark = pytest.mark.edge

ASK = msgspec.structs.replace(PLAN, consent="ask")
SECOND = b"\x01\x02" * RATE_HZ


class Room:
    """A call's spools, how far they are heard, and the journal."""

    def __init__(self, folder: Path, consent: str = "ask", lasts_s: int = 30) -> None:
        self.spools = {channel: Spool(folder / f"{channel.value}.s16") for channel in (ME, THEM)}
        for spool in self.spools.values():
            spool.append(SECOND * lasts_s)
        self.heard_to_s = {ME: 0.0, THEM: 0.0}
        plan = msgspec.convert({**msgspec.to_builtins(ASK), "consent": consent}, type(ASK))
        self.fading = Fading(plan, self.spools, lambda: self.heard_to_s)
        self.now_s = 0.0
        self.seq = 0

    def look(self, times: int = 8) -> None:
        for _ in range(times):
            self.now_s += 1.0
            self.fading.look(self.now_s)

    def take(self, event: Fact | Finding) -> None:
        self.seq += 1
        self.fading.take(Entry(self.seq, self.now_s, event))

    def hear(self, channel: Channel, end_s: float, *, is_taken: bool = True) -> Heard:
        heard = Heard(channel, end_s - 1.0, end_s, "we start at nine")
        self.fading.tell(heard)
        self.heard_to_s[channel] = end_s
        if is_taken:
            self.take(heard)
        return heard

    def blank_s(self, channel: Channel = THEM) -> float:
        """Return how much of the beginning is zeros; the rest must be untouched."""
        sound = read(self.spools[channel].path, 0, 10**9)
        left = sound.lstrip(b"\0")
        assert left == (SECOND * (len(left) // len(SECOND) + 1))[: len(left)]
        return (len(sound) - len(left)) / 2 / RATE_HZ


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path)
    yield room
    for spool in room.spools.values():
        spool.close()


def test_what_was_heard_is_blanked_but_for_a_little_and_what_was_not_stays(room: Room) -> None:
    room.hear(THEM, 10.0)
    room.look()
    assert (room.blank_s(THEM), room.blank_s(ME)) == (10.0 - BEHIND_S, 0.0)
    room.hear(THEM, 20.0)
    room.look()
    assert room.blank_s(THEM) == 20.0 - BEHIND_S


def test_words_that_are_not_in_the_journal_yet_hold_it_up(room: Room) -> None:
    heard = room.hear(THEM, 10.0, is_taken=False)
    room.look()
    assert room.blank_s() == 0.0
    room.take(heard)
    room.look()
    assert room.blank_s() == 9.0


def test_words_that_were_forgotten_on_their_way_do_not_hold_it_up_for_ever(room: Room) -> None:
    room.hear(THEM, 10.0, is_taken=False)
    room.hear(ME, 12.0)
    room.look()
    assert room.blank_s() == 9.0


def test_words_that_come_while_it_looks_are_safe_whatever_the_ear_says(room: Room) -> None:
    room.heard_to_s[THEM] = 10.0
    room.look(3)
    room.heard_to_s[THEM] = 20.0
    room.fading.tell(Heard(THEM, 15.0, 20.0, "and then"))
    room.look()
    assert room.blank_s() <= 9.0


@pytest.mark.parametrize("event", [Consent(1, "given"), Consented("given")])
def test_from_the_yes_on_it_stays(room: Room, event: Consent | Consented) -> None:
    room.hear(THEM, 10.0)
    room.look()
    room.take(event)
    room.hear(THEM, 25.0)
    room.look()
    assert room.blank_s() == 9.0


def test_after_a_no_nothing_stays_not_even_what_came_after_a_yes(room: Room) -> None:
    room.take(Consent(1, "given"))
    room.hear(THEM, 25.0)
    room.look()
    assert room.blank_s() == 0.0
    room.take(Consent(2, "refused"))
    room.look()
    assert room.blank_s() == 24.0


@pytest.mark.parametrize("consent", ["given", "not-needed"])
def test_where_the_sheet_says_so_it_stays(tmp_path: Path, consent: str) -> None:
    room = Room(tmp_path, consent)
    room.hear(THEM, 10.0)
    room.look()
    assert room.blank_s() == 0.0


def test_while_the_journal_can_not_be_kept_nothing_is_blanked(room: Room) -> None:
    room.take(Trouble("disk", "It is full."))
    room.hear(THEM, 10.0)
    room.look()
    assert room.blank_s() == 0.0
    room.take(Trouble("disk", "There is room.", over=True))
    room.look()
    assert room.blank_s() == 9.0


def test_a_long_stretch_is_blanked_little_by_little(tmp_path: Path) -> None:
    room = Room(tmp_path, lasts_s=200)
    room.take(Consented("given"))
    room.hear(THEM, 190.0)
    room.take(Consented("refused"))
    room.look(2)
    assert room.blank_s() == MOST_S
    room.look(4)
    assert room.blank_s() == 189.0


def test_a_disk_that_fails_is_tried_again(room: Room, tmp_path: Path) -> None:
    path = room.spools[THEM].path
    away = path.rename(tmp_path / "away")
    path.mkdir()
    room.hear(THEM, 10.0)
    room.look()
    path.rmdir()
    away.rename(path)
    room.look()
    assert room.blank_s() == 9.0
