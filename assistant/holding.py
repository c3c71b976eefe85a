"""One call held, from opening what hears and speaks to its summary.

Law: what is missing is said before anything is captured, and a new call that
could not start leaves nothing behind; one that did leaves its folder whatever
happens.
"""

import contextlib
import functools
import os
import queue
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

import msgspec

from assistant import __version__, afterwards
from assistant import plan as plans
from assistant.afterwards import Failed, Written
from assistant.control import failure
from assistant.door import Server
from assistant.endings import Ending, leave
from assistant.errors import DiskError, SottovoceError
from assistant.events import CallStarted, Channel, Entry, Fact
from assistant.hands import Hands, Tell, open_hands
from assistant.hearing.spool import RATE_HZ
from assistant.keeping.folder import CallFolder, new_folder
from assistant.keeping.journal import Journal
from assistant.keeping.lock import only_hand
from assistant.notes.words import words_of
from assistant.parts import frames_in
from assistant.plan import Plan
from assistant.resuming import Onward, reopen
from assistant.settings import Places, Settings
from assistant.spine import Item, Spine
from assistant.wording import Wording

PACKED_AT_ONCE_S = 40 * 60.0
"""Of a call that a signal ends no more sound than this is packed, over all channels: that takes
about a second, and a shutdown does not wait. `wrap` packs the rest."""
PAUSED = "The call is still paused, as it was when it broke off: `sottovoce resume` goes on."
NOT_KEPT = "the disk is full, and the last moments of the call are missing."

OpenHands: TypeAlias = Callable[[Plan, Settings, Places, CallFolder, Tell], Hands]


class Order(msgspec.Struct, frozen=True):
    """What `start` hands to the daemon."""

    plan: Plan
    sheet: str
    """The prep sheet's own text, kept beside the frozen plan."""
    settings: Settings
    home: str
    """The directory that holds everything."""
    resumes: str = ""
    """The name of the call that is to go on, in place of a new one."""


class Listening(msgspec.Struct, frozen=True):
    """What the daemon says once it really listens."""

    call_id: str
    folder: str
    notices: tuple[str, ...]
    pid: int
    ok: bool = True


@dataclass(slots=True)
class Held:
    """One call while it is held."""

    order: Order
    places: Places
    folder: CallFolder
    wording: Wording
    show: Callable[[Entry], None]
    opened: OpenHands
    ending: Ending
    inbox: "queue.SimpleQueue[Item]" = field(default_factory=queue.SimpleQueue[Item])
    onward: Onward | None = None
    """What the call was before, if it goes on."""

    def to_its_end(self, listening: Callable[[Listening], None]) -> Written | None:
        """Hold the call; None if it was cancelled."""
        with contextlib.ExitStack() as stack:
            with _kept_if_started(self.folder, is_new=not self.order.resumes):
                journal, hands, spine = self._open(stack)
                first = self._begin(hands)
            self.ending.call = spine
            listening(
                Listening(
                    self.folder.name, str(self.folder.path), self._notices(hands), os.getpid()
                )
            )
            reason = spine.run(*first)
            if self.ending.is_forced:
                with contextlib.suppress(DiskError):
                    journal.close()
                leave()
            hands.close()
            unkept = _close(journal, spine)
            self.ending.is_closed = True
            written = None if reason == "cancelled" else self.wrap(spine, reason, unkept)
            spine.answer_end(self._remove() if written is None else _done(written))
        return written

    def _remove(self) -> bytes:
        """Throw the call away; return what those are told who wanted that."""
        try:
            self.folder.remove()
        except SottovoceError as error:
            return failure(error)
        return _done(None)

    def _open(self, stack: contextlib.ExitStack) -> tuple[Journal, Hands, Spine]:
        """Open everything but the microphone."""
        order, folder, opened = self.order, self.folder, self.opened
        if order.resumes:
            self.onward = onward = reopen(folder, self.wording, _now())
            opened = functools.partial(open_hands, known=onward.known)
        else:
            folder.write(folder.plan.name, plans.to_json(order.plan))
            folder.write(folder.sheet.name, order.sheet)
        past = None if self.onward is None else self.onward.past
        plan = order.plan if past is None else past.plan
        journal = Journal.open(folder.journal)
        stack.callback(journal.close)
        hands = opened(plan, order.settings, self.places, folder, self.inbox.put)
        stack.callback(hands.close)
        words = words_of(self.wording.words("notes"))
        entries, call = ([], None) if past is None else (past.entries, past.call)
        hands.remember(entries)
        spine = Spine(
            plan, folder, journal, hands, words, self.show, self.inbox, entries=entries, call=call
        )
        server = Server(self.places.socket, spine.answer)
        stack.callback(server.close)
        server.open()
        return journal, hands, spine

    def _begin(self, hands: Hands) -> tuple[Fact, ...]:
        """Open the microphone; return what the call begins with."""
        if self.onward is None:
            hands.start_capture()
            wall = _now().isoformat(timespec="milliseconds")
            return (CallStarted(self.folder.name, wall, __version__, hands.engines),)
        if self.onward.pause is not None:
            hands.take(self.onward.pause)
        start_s = self.onward.now_s(_now())
        hands.go_on(start_s)
        return self.onward.first_facts(start_s, hands.spools)

    def _notices(self, hands: Hands) -> tuple[str, ...]:
        if self.onward is None:
            return hands.notices
        is_paused = self.onward.pause is not None
        return (*self.onward.past.notices, *hands.notices, *[PAUSED] * is_paused)

    def wrap(self, spine: Spine, reason: str, unkept: tuple[Failed, ...]) -> Written:
        """Do the steps after the call; what fails is told and raises nothing."""
        keep = self.order.settings.keep.sound
        # Sound that nobody has heard yet, or whose words are not safe or may be missing, is never
        # thrown away; and a shutdown does not wait.
        if spine.has_failed or not (spine.is_heard_out and spine.is_kept):
            keep = "always"
        packs = reason != "signal" or _sound_s(self.folder) < PACKED_AT_ONCE_S
        try:
            written = afterwards.wrap(self.folder.path, self.wording, keep, packs=packs)
        except SottovoceError as error:
            # Whoever asked for the end is told, and `wrap` tries again.
            failed = Failed(self.folder.summary.name, str(error))
            written = Written(str(self.folder.path), (), (), (failed,))
        return msgspec.structs.replace(written, failed=(*unkept, *written.failed))


@contextlib.contextmanager
def folder_of(order: Order, places: Places) -> Generator[CallFolder]:
    """Make the call's folder, or take the one it goes on in, and hold it."""
    if order.resumes:
        folder = CallFolder(places.calls / order.resumes)
    else:
        folder = new_folder(places.calls, order.plan.person, _now())
    with only_hand(folder.path):
        yield folder


def _close(journal: Journal, spine: Spine) -> tuple[Failed, ...]:
    """Close the journal; return what is to be told if not all of it is on disk."""
    try:
        journal.close()
    except DiskError as error:
        return (Failed(journal.path.name, str(error)),)
    return () if spine.is_kept else (Failed(journal.path.name, NOT_KEPT),)


def _done(written: Written | None) -> bytes:
    """Return what those are told who asked for the end."""
    folder, failed = ("", ()) if written is None else (written.folder, written.failed)
    return msgspec.json.encode({"ok": True, "folder": folder, "failed": failed})


def _sound_s(folder: CallFolder) -> float:
    """Return how long the raw sound of all channels is together."""
    return sum(frames_in(folder.spool(channel)) for channel in Channel) / RATE_HZ


def _now() -> datetime:
    return datetime.now().astimezone()


@contextlib.contextmanager
def _kept_if_started(folder: CallFolder, *, is_new: bool) -> Generator[None]:
    """Leave no folder behind of a new call that could not start."""
    try:
        yield
    except BaseException:
        if is_new:
            folder.remove()
        raise
