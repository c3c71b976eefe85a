"""What a running call has on disk in words: its journal and its notes.

Law: what the disk does not take waits in memory and is tried again, so nothing
placed is lost while this process lives; and once the call was told anew, no word
of how it was told before is left in either file, or none is said to be gone.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field

from assistant.errors import DiskError
from assistant.events import Entry, Trouble
from assistant.keeping.folder import CallFolder
from assistant.keeping.journal import Journal
from assistant.notes import live
from assistant.notes.words import Words
from assistant.plan import Plan

FULL = "The disk takes nothing more; notes are kept in memory. Free some space."
TAKES_AGAIN = "The disk takes notes again; nothing was lost."
MOVED = "The disk failed to keep the journal; all of it was written anew, and nothing was lost."


@dataclass(slots=True)
class Pages:
    """The journal and the notes of one call; one thread writes."""

    plan: Plan
    folder: CallFolder
    journal: Journal
    words: Words
    """The labels of `notes.md`."""
    tell: Callable[[Trouble], None]
    """Called at once when the disk fails, and when it works again."""
    _unwritten: list[Entry] = field(default_factory=list[Entry])
    _anew: list[Entry] | None = None
    """The whole journal as it was told anew, while the file still holds the old one."""
    _is_disk_full: bool = False
    _has_moved: bool = False

    def add(self, entries: list[Entry]) -> None:
        """Write entries that are new; what the disk does not take waits on."""
        self._unwritten += entries
        if self._anew is not None:
            self._anew += entries
        self._write()
        text = "".join(live.lines(self.plan, entry, self.words) for entry in entries)
        if text:
            # The journal is the truth, and tells when the disk is full; `wrap` writes these again.
            with contextlib.suppress(DiskError):
                self.folder.append(self.folder.notes.name, text)

    def begin_anew(self, entries: list[Entry]) -> None:
        """Put these entries in place of all there were, and the notes that follow from them."""
        self._anew, self._unwritten = [*entries], []
        self._write()
        whole = live.whole(self.plan, entries, self.words)
        try:
            self.folder.write(self.folder.notes.name, whole)
        except DiskError:
            # Better no notes than those: `wrap` writes them again.
            with contextlib.suppress(OSError):
                self.folder.notes.unlink(missing_ok=True)

    def sync(self) -> bool:
        """Make everything added so far survive a power cut; tell whether it does."""
        self._write()
        try:
            has_moved = self.journal.sync()
        except DiskError:
            self._tell_disk(is_full=True)
            return False
        if has_moved and not self._has_moved:
            self._has_moved = True
            self.tell(Trouble("journal", MOVED, over=True))
        if self._unwritten or self._anew is not None:
            return False
        self._tell_disk(is_full=False)
        return True

    def keep(self) -> None:
        """Make everything added so far survive a power cut. Raises DiskError where it can not."""
        if not self.sync():
            raise DiskError(FULL)

    def _write(self) -> None:
        """Write what waits; what the disk does not take waits on."""
        try:
            if self._anew is not None:
                self.journal.replace(self._anew)
            elif self._unwritten:
                self.journal.append(self._unwritten)
        except DiskError:
            self._tell_disk(is_full=True)
            return
        self._anew, self._unwritten = None, []

    def _tell_disk(self, *, is_full: bool) -> None:
        """Tell once when the disk fails, and once when it works again."""
        if is_full is not self._is_disk_full:
            self._is_disk_full = is_full
            text = FULL if is_full else TAKES_AGAIN
            self.tell(Trouble("disk", text, over=not is_full))
