"""What becomes of a call's sound and pages when it ends."""

import queue
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from told import PLAN, WORDING, interview

from assistant import plan as plans
from assistant.endings import Ending
from assistant.events import Channel
from assistant.hands import open_hands
from assistant.holding import Held, Order
from assistant.keeping.folder import CallFolder
from assistant.keeping.journal import Journal
from assistant.settings import Keep, Places, Settings
from assistant.spine import Spine

pytestmark = pytest.mark.edge


@dataclass(frozen=True, slots=True)
class Ended:
    """What is asked of a spine that is done."""

    is_heard_out: bool
    is_kept: bool
    has_failed: bool = False


def held(path: Path) -> Held:
    path.mkdir()
    folder = CallFolder(path)
    folder.write(folder.plan.name, plans.to_json(PLAN))
    journal = Journal.open(folder.journal)
    journal.append(interview().entries)
    journal.close()
    folder.spool(Channel.ME).write_bytes(bytes(3200))
    order = Order(PLAN, "", Settings(keep=Keep(sound="never")), str(path.parent))
    places = Places(path.parent)
    return Held(
        order, places, folder, WORDING, lambda _: None, open_hands, Ending(), queue.SimpleQueue()
    )


def wrapped(held: Held, spine: Ended) -> tuple[tuple[str, ...], tuple[str, ...]]:
    written = held.wrap(cast(Spine, spine), "stopped", ())
    return written.removed, tuple(failed.name for failed in written.failed)


def test_sound_that_is_not_to_be_kept_goes_when_the_call_ends(tmp_path: Path) -> None:
    assert wrapped(held(tmp_path / "call"), Ended(True, True)) == (("me.s16",), ())


@pytest.mark.parametrize("spine", [Ended(False, True), Ended(True, False), Ended(True, True, True)])
def test_sound_stays_whose_words_were_not_heard_or_are_not_safe(
    tmp_path: Path, spine: Ended
) -> None:
    call = held(tmp_path / "call")
    assert wrapped(call, spine) == ((), ())
    assert (call.folder.path / "me.flac").is_file()


def test_who_asked_for_the_end_is_told_though_nothing_can_be_read_any_more(tmp_path: Path) -> None:
    call = held(tmp_path / "call")
    call.folder.journal.unlink()
    assert wrapped(call, Ended(True, True)) == ((), ("summary.md",))
    assert call.folder.spool(Channel.ME).is_file()
