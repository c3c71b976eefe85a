"""The words the notes need of a language: labels, patterns, the names of days.

What is said here is read from `notes.toml` of the language. Law: values only;
patterns are plain words, and the grammar that joins them is in the code.
"""

import string
from collections.abc import Mapping
from typing import Any

import msgspec

from assistant.errors import InputError
from assistant.events import Channel
from assistant.notes.task_words import PromiseWords
from assistant.understanding.contact_words import ContactWords
from assistant.understanding.date_words import DateWords


class Voices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a voice is called."""

    me: str = "Me"
    them: str = "Them"
    unclear: str = "Someone"
    probably: str = "{who} (probably {side})"
    probably_me: str = "{who} (probably me)"

    def of(self, channel: Channel) -> str:
        """Return what the voice of a channel is called."""
        return {"me": self.me, "them": self.them, "unclear": self.unclear}[channel.value]

    def of_line(self, channel: Channel, probably: Channel | None) -> str:
        """Return what the voice of a line is called, with whose it probably is where that is told.

        The guess stands in the same brackets everywhere: it is never said as if it were known.
        """
        who = self.of(channel)
        if probably is None:
            return who
        guess = self.probably_me if probably is Channel.ME else self.probably
        return guess.format(who=who, side=self.of(probably))


class LiveWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The lines of `notes.md`; `{}` fields are filled in."""

    title: str = "Call with {person}"
    title_nobody: str = "Call"
    started: str = "Started {wall}."
    consent_ask: str = "Remember to ask for leave to take notes."
    consent_given: str = "Consent to notes and recording: given."
    consent_not_needed: str = "Consent to notes and recording: not needed."
    asked: str = "Asked: {question}"
    ticked: str = "Ticked as {state}: {question}"
    ticked_asked: str = "asked"
    ticked_answered: str = "answered"
    ticked_open: str = "open"
    note: str = "Note"
    moment: str = "Marked"
    name: str = "Name to look up"
    promised: str = "A promise or a request"
    off_record: str = "Off the record: it will stand apart."
    paused: str = "Paused: nothing is heard or kept."
    resumed: str = "Resumed."
    forgotten: str = "Forgotten: {from_clock} to {to_clock}."
    lost: str = "Not captured: {voice}, {lost_s:.0f} s."
    ended: str = "Ended ({reason})."
    leave_asked: str = "Asked for leave to take notes."
    leave_given: str = "They gave leave to take notes."
    leave_refused: str = "They refused leave to take notes."
    told_given: str = "You said: they gave leave to take notes."
    told_refused: str = "You said: they refused leave to take notes."
    gone: str = (
        "The program was gone from {from_clock} on; "
        "what was captured by {to_clock} was heard afterwards."
    )
    imported: str = "Imported from {files}."
    broke_off: str = (
        "The call broke off here: the program was killed or the machine stopped. "
        "What came later was not captured."
    )


class AnswerWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How answers are spoken."""

    unknown: tuple[str, ...] = ()
    """They can not say: "i'd have to look that up"."""
    turns: tuple[str, ...] = ()
    """With these they turn to something else: "which reminds me"."""
    asks_next: tuple[str, ...] = ()
    """A last sentence by which they are done with a question: "next"."""
    off_record: tuple[str, ...] = ()
    """With these they ask not to be quoted: "off the record"."""
    off_record_apart: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    """The same in two parts, a few words apart: "leave" that couple "out of your notes"."""
    off_record_names: tuple[str, ...] = ()
    """Of these: their name alone is not to be said, beside one of the next list ..."""
    off_record_refers: tuple[str, ...] = ()
    """... which send one to somebody."""
    off_record_not: tuple[str, ...] = ()
    """With these they do not: "that's not off the record"."""
    off_record_told: tuple[str, ...] = ()
    """Before such a wish, it was somebody else's in another talk: "he says"."""
    off_record_hedged: tuple[str, ...] = ()
    """With one of the next list right behind them they only doubt it themselves ..."""
    off_record_hedges: tuple[str, ...] = ()
    """... "don't quote me, I'd have to check"."""
    off_record_into: tuple[str, ...] = ()
    """Right before the wish: it is about what comes, too: "to go" off the record."""
    off_record_either: tuple[str, ...] = ()
    """Before the wish: it may be about what was said or about what comes."""
    off_record_ends: tuple[str, ...] = ()
    """With these they are on the record again."""
    off_record_ahead: tuple[str, ...] = ()
    """Before the wish these say that it is about what comes: "now this next thing"."""


class NameWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How names come up in talk; lower case."""

    cues: tuple[str, ...] = ()
    """Right before a name: "called"."""
    weak_cues: tuple[str, ...] = ()
    """Those after which only a word that is rare in ordinary talk is a name: "there's"."""
    there: tuple[str, ...] = ()
    """Of these cues: the ones that show somebody only if a word of `after` follows the name."""
    called: tuple[str, ...] = ()
    """Of these cues: those that name things as well as people, the first one mostly ..."""
    things: tuple[str, ...] = ()
    """... and do so after one of these: "a field called condition" ..."""
    any: tuple[str, ...] = ()
    """... and the first one after what follows these: "a shop called"."""
    titles: tuple[str, ...] = ()
    """"mister"."""
    articles: tuple[str, ...] = ()
    """Before a title it is none: "the sister"."""
    tells: tuple[str, ...] = ()
    """Right after a rare word that opens a line it is a name: "colm he draws"."""
    relations: tuple[str, ...] = ()
    """"my niece" and a name."""
    after: tuple[str, ...] = ()
    """Right after a name, who that is: "who runs"."""
    no_role: tuple[str, ...] = ()
    """But not what begins so: "is this still a good time"."""
    role_ends: tuple[str, ...] = ()
    """Where it was cut off, it ends before the last of these: "runs the guild and knows every"."""
    person_before: tuple[str, ...] = ()
    person_after: tuple[str, ...] = ()
    """Beside a name, these tell that it is somebody's."""
    is_like: tuple[str, ...] = ()
    """Before "a good man" these say what somebody is, and not who ..."""
    is_who: tuple[str, ...] = ()
    """... and before "the manager" whom they spoke of before."""
    next_before: tuple[str, ...] = ()
    """Right before the name of one more, once somebody was told: "and then there's"."""
    story_after: tuple[str, ...] = ()
    """Right behind it, it is a story all the same: "and then Greg said"."""
    arrives: tuple[str, ...] = ()
    """Right before the name of somebody who comes in: "that's" ..."""
    arrives_for: tuple[str, ...] = ()
    """... and behind it what they must do now: "I have to"."""
    does_for_you: tuple[str, ...] = ()
    """Right behind the name of who does something for the user: "'s going to send you"."""
    somebody: tuple[str, ...] = ()
    """With one of these in a line, it may speak of somebody: "she"."""
    echo_before: tuple[str, ...] = ()
    """Before a name that is said back: "okay"."""
    echo_behind: tuple[str, ...] = ()
    """Right behind it: "okay", "got"."""
    no_use: tuple[str, ...] = ()
    """Behind a name, it leads nowhere: "he'd hang up on you"."""
    place_beside: tuple[str, ...] = ()
    """Behind one of the next list they tell where a place is: "up by Watertown"."""
    place_before: tuple[str, ...] = ()
    """Right before a name, these tell that it is a place's."""
    particles: tuple[str, ...] = ()
    """Small words within a name: "Bram de Wit"."""
    saints: tuple[str, ...] = ()
    """Before a name, these make it a house's or a town's: "st"."""
    place_nouns: tuple[str, ...] = ()
    """As a part of a name, the same."""
    author_before: tuple[str, ...] = ()
    """Before who wrote something: nobody to talk to."""
    own: tuple[str, ...] = ()
    """Before the user's own name, in their own words."""
    asked_own: tuple[str, ...] = ()
    """Before the user's own name, in the other one's words when the call begins."""
    first: tuple[str, ...] = ()
    """First names that are hardly anything else; with one of these nothing else need tell."""
    first_doubtful: tuple[str, ...] = ()
    """First names that are words, too; with a rare second name they are names: "jo pappas"."""
    person_endings: tuple[str, ...] = ()
    """So end the words for people by what they do: "a baker called"."""
    first_before: tuple[str, ...] = ()
    first_after: tuple[str, ...] = ()
    """Beside one of those these are enough to tell that it is somebody."""
    no_name: tuple[str, ...] = ()
    """Written with a capital, and nobody's name."""


class InstitutionWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How schools, museums and departments come up in talk; lower case."""

    nouns: tuple[str, ...] = ()
    """What they are: "college"."""
    alone: tuple[str, ...] = ()
    """Of these: those that are meant by it alone: "the chamber"."""
    articles: tuple[str, ...] = ()
    """Before one that is known."""
    joins: tuple[str, ...] = ()
    """Between it and what else tells which one: "department for"."""
    towns: tuple[str, ...] = ()
    """Between it and the town it is in."""
    placed: tuple[str, ...] = ()
    """Before a name that has a capital: where somebody works, "at Larkspur"."""
    firms: tuple[str, ...] = ()
    """The last word of a firm's name, where it has capitals: "Wimmera Stone Mill"."""
    any_of: tuple[str, ...] = ()
    """Before or behind it these do not tell which one: "the big hospital"."""


class LearnedWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is recommended, advised, weighed and asked in talk; lower case."""

    book: tuple[str, ...] = ()
    course: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    event: tuple[str, ...] = ()
    site: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    """In a prepared question, what answers it is advice: "do differently", "read"."""
    past: tuple[str, ...] = ()
    """But with one of these they are asked what they did themselves: "did you"."""
    recommends: tuple[str, ...] = ()
    """Near a thing they recommend it."""
    advice: tuple[str, ...] = ()
    """In a sentence of theirs it is advice."""
    called_advice: tuple[str, ...] = ()
    """With one of these they call it advice themselves: "that's my advice"."""
    phatic_starts: tuple[str, ...] = ()
    """A question that begins with one of these asks nothing: "can you hear me okay"."""
    polite: tuple[str, ...] = ()
    """In a sentence that asks the user something, wherever it stands: "if I may ask"."""
    reported: tuple[str, ...] = ()
    """With one of these a question is told of, and not asked: "they ask me, ..."."""
    clock: tuple[str, ...] = ()
    """What "ten to" and "half past" are told of: "midnight"."""
    conditions: tuple[str, ...] = ()
    """Begins a clause behind whose comma what to do may stand: "if you can, take the bus"."""
    own: tuple[str, ...] = ()
    """Who did or would like something themselves recommends nothing: "i took"."""
    reads: tuple[str, ...] = ()
    """A sentence that begins with one of these recommends what to read."""
    sayings: tuple[str, ...] = ()
    """They have the name of a thing in them and mean none: "of course"."""
    imperatives: tuple[str, ...] = ()
    """A sentence that begins with one of these tells what to do ..."""
    no_imperatives: tuple[str, ...] = ()
    """... but not with one of these: "go on"."""
    no_advice: tuple[str, ...] = ()
    """But not with one of these."""
    weight: tuple[str, ...] = ()
    """Gives a line weight: "the main thing"."""
    phatic: tuple[str, ...] = ()
    """Shaped like a question, and none: "you know"."""
    number_units: tuple[str, ...] = ()
    """With one of these a small number is worth keeping as well."""
    hour_cues: tuple[str, ...] = ()
    """Right before a small number, it is a time of the day: "at"."""


class CourtesyWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the courtesies of a call are spoken; lower case."""

    introduced: tuple[str, ...] = ()
    thanked: tuple[str, ...] = ()
    whom_else: tuple[str, ...] = ()
    keep_in_touch: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    points_to: tuple[str, ...] = ()
    """In the line of a name they say that this is whom to talk to."""
    negates: tuple[str, ...] = ()
    """Before what gives leave they take it: "don't" tell him I sent you."""
    refuses: tuple[str, ...] = ()
    """At the beginning of an answer, a no."""
    way_opens: tuple[str, ...] = ()
    way_ends: tuple[str, ...] = ()
    """In a long sentence, how the part that says where somebody is found begins and ends."""
    found_by: tuple[str, ...] = ()
    """In a sentence near a name it says where they are found: "she's on the main number"."""
    forbids: tuple[str, ...] = ()
    """Wherever they are said, they take leave to use their name: "keep my name out of it"."""
    may_not_use: tuple[str, ...] = ()
    """Where they are asked, they say no: "leave my name out"."""
    may_use: tuple[str, ...] = ()
    """They say so: "say i sent you"."""
    own: tuple[str, ...] = ()
    """Just before an address or a number: it is the speaker's own, "you can reach me at"."""
    ask_for: tuple[str, ...] = ()
    """Before a name, whom to ask for is somebody to talk to."""


class QuestionWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a question begins that lets them tell, and one that a yes answers; lower case."""

    open: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()


class CalendarWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The entries of the calendar file; `{}` fields are filled in."""

    name: str = "Follow-ups: {person}"
    thanks: str = "Thank {person}"
    thanks_why: str = "A short note within a day; name one thing they said."
    nobody: str = "the other side"
    """Where the sheet names nobody."""
    mine: str = "{what}"
    theirs: str = "{person} promised: {what}"
    said: str = "Said at {clock}: {quote}"
    heard_date: str = "The date was heard as: {heard}"
    doubtful_date: str = "The date was heard as: {heard}. Check the day."


class SpellingWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For engines that write no capitals and no marks."""

    capital: tuple[str, ...] = ()
    """Words that always have one: "i", "monday"."""
    begins: frozenset[str] = frozenset()
    """Words that begin a sentence after a pause: "i", "then"."""
    open_ends: frozenset[str] = frozenset()
    """Words that no sentence ends with: "the", "and"."""
    loose_ends: frozenset[str] = frozenset()
    """Words that a sentence ends with only where the voice does: "to", "so"."""
    tells: frozenset[str] = frozenset()
    """Who tells something; before the verb they make it no question: "when i was"."""
    leads: frozenset[str] = frozenset()
    """Words before a question that are not of it: "so", "well"."""
    askers: frozenset[str] = frozenset()
    """Words a question begins with, before its verb: "what", "how"."""
    short_askers: frozenset[str] = frozenset()
    """The same with the verb in them: "what's"."""
    asking_verbs: frozenset[str] = frozenset()
    """Verbs that stand first in a question: "do", "is"."""
    asked_of: frozenset[str] = frozenset()
    """What follows such a verb in a question, and hardly else: "you", "there"."""


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`notes.toml`, whole."""

    voices: Voices = Voices()
    live: LiveWords = LiveWords()
    promises: PromiseWords = PromiseWords()
    answers: AnswerWords = AnswerWords()
    names: NameWords = NameWords()
    institutions: InstitutionWords = InstitutionWords()
    learned: LearnedWords = LearnedWords()
    courtesy: CourtesyWords = CourtesyWords()
    questions: QuestionWords = QuestionWords()
    dates: DateWords = DateWords()
    contacts: ContactWords = ContactWords()
    calendar: CalendarWords = CalendarWords()
    spelling: SpellingWords = SpellingWords()
    light: tuple[str, ...] = ()
    """Words that say little by themselves; a quote is chosen by the others."""
    names_with_other_meanings: tuple[str, ...] = ()
    """First names that are also words: they count only with the rest of the name."""


def words_of(raw: Mapping[str, Any]) -> Words:
    """Check what `notes.toml` held. Raises InputError."""
    try:
        words = msgspec.convert(raw, Words)
        _check_fields(words.live, LiveWords())
        _check_fields(words.calendar, CalendarWords())
        for text in (*words.promises.you.values(), *words.promises.me.values()):
            text.format(name="")
    except (ValueError, LookupError) as error:
        raise InputError(
            f"The words for the notes are not as they should be: {error}.",
            "Compare notes.toml with the one that came with the program.",
        ) from error
    return words


def _check_fields(given: msgspec.Struct, usual: msgspec.Struct) -> None:
    """Raise ValueError where a text fills in what it can not."""
    for key, text in msgspec.structs.asdict(given).items():
        known = _fields(str(getattr(usual, key)))
        if not _fields(text) <= known:
            can = ", ".join(f"{{{name}}}" for name in sorted(known)) or "nothing"
            raise ValueError(f"{key} can fill in {can}, it says {text!r}")


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
