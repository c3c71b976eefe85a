"""Every file that follows from a call's journal, and what makes it.

Reads the plan, the entries and the words of the language. Law: pure but for the words, which are
read when they are needed; the same call gives the same bytes; a file is made when it is asked
for, and what several need is made once.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec

from assistant.events import AFTERWARDS, Entry
from assistant.notes.notes import Notes, learn
from assistant.notes.polished import OFF, Polished
from assistant.notes.promises import State
from assistant.notes.render.calendar import calendar_file
from assistant.notes.render.mail import draft
from assistant.notes.render.page import page
from assistant.notes.render.record import to_json
from assistant.notes.render.subtitles import Subtitle, srt, subtitles, vtt
from assistant.notes.render.summary import summary
from assistant.notes.render.table import csv_table
from assistant.notes.render.thanks import thanks_state
from assistant.notes.render.transcript import Transcript, markdown, plain_text, transcript
from assistant.notes.revised import revised
from assistant.notes.talk import Line, clean, kept, lines
from assistant.notes.words import Voices, Words, words_of
from assistant.plan import Plan
from assistant.wording import Wording

IN_FOLDER = (
    "summary.md",
    "summary.html",
    "notes.json",
    "transcript.md",
    "transcript.srt",
    "transcript.vtt",
    "follow-ups.ics",
    "thank-you.eml",
)
"""What lies in the folder of every call that is over, in the order in which it is made."""
BY_FORMAT: Mapping[str, str] = {
    "md": "transcript.md",
    "txt": "transcript.txt",
    "srt": "transcript.srt",
    "vtt": "transcript.vtt",
    "csv": "transcript.csv",
    "docx": "transcript.docx",
    "odt": "transcript.odt",
    "html": "summary.html",
    "json": "notes.json",
    "ics": "follow-ups.ics",
    "eml": "thank-you.eml",
}
"""Format -> the file in which a call is given on in it."""
NOT_TEXT = frozenset({"docx", "odt"})
"""Formats that a terminal can not show."""


class Files:
    """The files of one call."""

    def __init__(
        self,
        plan: Plan,
        entries: Sequence[Entry],
        wording: Wording,
        *,
        damaged_lines: int = 0,
        polished: Polished = OFF,
    ) -> None:
        """Take a call as its journal has it. Raises InputError for words that are at fault.

        `polished` is what a language model made of these entries, if one was asked.
        """
        self.words: Words = words_of(wording.words("notes"))
        self._plan = plan
        self._entries = entries
        self._wording = wording
        self._damaged_lines = damaged_lines
        self._polished = polished
        self._makers: Mapping[str, Callable[[], str | bytes | None]] = {
            "summary.md": lambda: summary(self._notes, wording, polished, thanks=self._thanks),
            "summary.html": lambda: page(
                self._notes, self._said, wording, polished, thanks=self._thanks
            ),
            "notes.json": lambda: to_json(self._notes),
            "transcript.md": lambda: markdown(self._transcript, wording),
            "transcript.txt": lambda: plain_text(self._transcript, wording),
            "transcript.srt": lambda: srt(self._shown, self._voices),
            "transcript.vtt": lambda: vtt(self._shown, self._voices),
            "transcript.csv": lambda: csv_table(self._transcript),
            "transcript.docx": self._word_document,
            "transcript.odt": self._open_document,
            "follow-ups.ics": self._calendar,
            "thank-you.eml": self._draft,
        }

    def make(self, name: str) -> bytes | None:
        """Make one file; None where this call has none of that name, such as a letter to nobody.

        Raises InputError where the user's own template or words are at fault.
        """
        made = self._makers[name]()
        return made.encode() if isinstance(made, str) else made

    @cached_property
    def _notes(self) -> Notes:
        return learn(self._plan, self._entries, self.words, damaged_lines=self._damaged_lines)

    @cached_property
    def _thanks(self) -> State:
        return thanks_state(self._entries)

    @cached_property
    def _said(self) -> tuple[Line, ...]:
        return lines(self._plan, kept(self._plan, revised(self._entries)), self.words)

    @cached_property
    def _shown(self) -> tuple[Subtitle, ...]:
        return subtitles(self._said, self._voices)

    @cached_property
    def _voices(self) -> Voices:
        """Return what the voices are called in what is given on: them by their name."""
        called = clean(self._notes.header.called)
        return msgspec.structs.replace(self.words.voices, them=called or self.words.voices.them)

    @cached_property
    def _transcript_words(self) -> Mapping[str, Any]:
        return self._wording.labels("transcript")

    @cached_property
    def _transcript(self) -> Transcript:
        return transcript(self._notes, self._said, self.words.voices, self._transcript_words)

    def _word_document(self) -> bytes:
        # Loaded when somebody wants one: it takes a quarter of a second.
        from assistant.notes.render.word_document import word_document

        return word_document(self._transcript, self._transcript_words["head"]["nothing"])

    def _open_document(self) -> bytes:
        from assistant.notes.render.open_document import open_document

        return open_document(self._transcript, self._transcript_words["head"]["nothing"])

    def _calendar(self) -> bytes:
        changes = sum(isinstance(entry.event, AFTERWARDS) for entry in self._entries)
        return calendar_file(
            self._notes, self.words.calendar, revision=changes, thanks=self._thanks
        )

    def _draft(self) -> bytes | None:
        days = self._wording.labels("page")
        letter = self._polished.letter
        return draft(self._notes, self._plan, self._wording, self.words.light, days, letter)
