"""How a language is read when sentences are held against what was said: `polish.toml`.

Law: values only. A language that has no such file of its own has no check, and so no model is
asked to write in it.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import msgspec

from assistant.errors import InputError
from assistant.wording import Wording

NAME = "polish"


class Mode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a will, an offer, an advice is told, in the talk and of the talk."""

    heard: tuple[str, ...] = ()
    written: tuple[str, ...] = ()


class Frames(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """Verbs before which stands the one who spoke."""

    itself: tuple[str, ...] = ()
    """What follows is told of whom it names: "said"."""
    promise: tuple[str, ...] = ()
    """What follows is the speaker's to do: "promised"."""
    advice: tuple[str, ...] = ()
    """What follows is the other one's to do: "recommended"."""

    @cached_property
    def all(self) -> frozenset[str]:
        """Every one of them."""
        return frozenset((*self.itself, *self.promise, *self.advice))


class VoiceWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words for the one who speaks, the one spoken to, and others."""

    first: tuple[str, ...] = ()
    second: tuple[str, ...] = ()
    third: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    """Stand for no person; what "it" does nobody does."""
    plural: tuple[str, ...] = ()
    """Those of `first` that speak for several."""
    belonging: tuple[str, ...] = ()
    """Those that say whose something is: "my"."""
    objects: tuple[str, ...] = ()
    """Those that never do anything: "me"."""


class PastForms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Endings of what is past, and words that only end so."""

    endings: tuple[str, ...] = ()
    words: tuple[str, ...] = msgspec.field(default=(), name="not")


class Lexicon(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """`polish.toml`, whole; lower case."""

    to_machines: tuple[str, ...] = ()
    """A turn that has one of these is never shown to a model."""
    free: tuple[str, ...] = ()
    """Need nothing to stand on."""
    fillers: tuple[str, ...] = ()
    """Say nothing in a talk; in a sentence they must have been said."""
    directions: tuple[str, ...] = ()
    """Two that differ before the same word change the meaning."""
    clause_ends: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    """With these a speaker begins anew, where an engine writes no marks: "i"."""
    negations: tuple[str, ...] = ()
    hedges: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    """May begin a clause that stands on another line: "who"."""
    infinitive: str = ""
    auxiliaries: dict[str, tuple[str, ...]] = {}
    """Tell nothing by themselves, and must stand before the same word: forms of "be", of "have"."""
    kept: tuple[str, ...] = ()
    """May not be left out of a clause that is used."""
    conditions: tuple[str, ...] = ()
    """May not be left out of a sentence that is used."""
    bygone: tuple[str, ...] = ()
    modes: dict[str, Mode] = {}
    hearsay: Mode = Mode()
    frames: Frames = Frames()
    voices: VoiceWords = VoiceWords()
    contractions: dict[str, str] = {}
    contracted: dict[str, str] = {}
    """Ends of words: "'ll" is "will"."""
    endings: dict[str, str] = {}
    """Ends that make no other word of it -> what stands there instead."""
    changing_endings: tuple[str, ...] = ()
    """Those before which a word may have lost its last letter, or doubled it."""
    running_ending: str = ""
    """What ends so tells of no time of its own."""
    past_forms: PastForms = PastForms()
    irregular: dict[str, str] = {}
    """Past forms -> the word."""
    irregular_plurals: dict[str, str] = {}
    """Other forms of words that are not past -> the word."""
    numbers: dict[str, int] = {}
    scales: dict[str, int] = {}
    ordinals: dict[str, str] = {}

    @cached_property
    def heard(self) -> dict[tuple[str, ...], str]:
        """Phrases of the talk, the longest first -> denial, doubt, hearsay, or which mode."""
        modes = {name: mode.heard for name, mode in self.modes.items()}
        return self._phrases({**modes, "hearsay": self.hearsay.heard})

    @cached_property
    def written(self) -> dict[tuple[str, ...], str]:
        """The same of what is written about it."""
        modes = {name: mode.written for name, mode in self.modes.items()}
        return self._phrases({**modes, "hearsay": self.hearsay.written})

    @cached_property
    def light(self) -> frozenset[str]:
        """Words that carry nothing of what is told: they need no line to stand in."""
        voices = self.voices
        bound = {*self.conditions, *self.kept}
        return frozenset({*self.free} - bound) | {
            *voices.first,
            *voices.second,
            *voices.third,
        }

    def _phrases(self, modes: dict[str, tuple[str, ...]]) -> dict[tuple[str, ...], str]:
        kinds = {"denial": self.negations, "doubt": self.hedges, **modes}
        found = {tuple(p.split()): kind for kind, phrases in kinds.items() for p in phrases}
        return dict(sorted(found.items(), key=lambda item: -len(item[0])))


def lexicon_of(wording: Wording) -> Lexicon:
    """Read how the language of a wording is read. Raises InputError."""
    if f"{NAME}.toml" in wording.fell_back:
        raise InputError(
            f"What a model writes can not be checked in the language {wording.language!r} yet.",
            f"It could with a {NAME}.toml beside the other words of that language.",
        )
    return _checked(wording.words(NAME))


def _checked(raw: Mapping[str, Any]) -> Lexicon:
    try:
        return msgspec.convert(raw, Lexicon)
    except ValueError as error:
        raise InputError(
            f"The words for polishing are not as they should be: {error}.",
            "Compare polish.toml with the one that came with the program.",
        ) from error
