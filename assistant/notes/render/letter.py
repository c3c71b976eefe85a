"""What the thank-you letter may say: one thing they said, what was promised, what they offered.

Reads the notes. Law: pure; nothing is in a letter that was not said. A sentence is only chosen if
it is whole, holds no number (numbers are misheard), no stumbling, and hangs on nothing before it;
it is told in other words only where no "I" or "you" could change sides, else it is quoted; what
can be neither is left out.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import pairwise

import msgspec

from assistant.errors import InputError
from assistant.events import Channel
from assistant.notes.notes import Notes
from assistant.notes.points import Why
from assistant.notes.promises import Kind, Promise
from assistant.notes.talk import Quote, clean, plain, plain_words
from assistant.wording import Wording

SHORTEST_SAID = 6
LONGEST_SAID = 28
"""Words of the one thing they said: less says little, more is not read."""
LONGEST_BARE = 14
"""The same where the engine writes no full stops, so that nobody knows where a sentence ends."""
FEWEST_TELLING = 4
"""Different words of it that tell something: "I would like to read them" is whole, and nothing."""
LONGEST_TASK = 16
"""Words."""
LOOSE_REACH = 3
"""So early behind its verb a word that names nothing makes a task loose: "send it tonight"."""

_WHYS: tuple[Why, ...] = ("mark", "weight", "advice", "answer", "figure")
"""What the user marked goes before what they stressed, and so on."""
_SENTENCES = re.compile(r"(?<=[.!?])\s+")
_WHOLE = re.compile(r"""[.!]["”')\]]*$""")


class LetterWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of `letter.toml`, in lower case."""

    hedges: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    hanging: frozenset[str] = frozenset()
    unfinished: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()
    telling: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    letters: frozenset[str] = frozenset()
    offers: frozenset[str] = frozenset()
    to_whom: frozenset[str] = frozenset()
    to_me: str = ""
    sides: Mapping[str, str] = {}
    loose: frozenset[str] = frozenset()
    """Right after its verb they say nothing to who did not hear it: "try her", "send it"."""
    pointing: frozenset[str] = frozenset()
    """The same where nothing that they point at follows ..."""
    after_pointing: frozenset[str] = frozenset()
    """... but one of these: "put that at the top"."""
    whose: Mapping[str, str] = {}
    """"their": "your", where it was "your" when it was said."""
    together: frozenset[str] = frozenset()
    """Before "you" they mean both sides: "both of" you ..."""
    to_us: str = ""
    """... which is told with this."""
    asides: frozenset[str] = frozenset()
    """Between commas they say nothing: "before Easter, then, when ..."."""


class Said(msgspec.Struct, frozen=True):
    """The one thing they said."""

    text: str
    is_told: bool
    """To stand after "you said that": begins with a small letter, ends with a full stop."""
    quote: Quote
    """The words it stands on."""


class Offer(msgspec.Struct, frozen=True):
    """Something they offered."""

    told: str
    """From the verb on, as the user would write it: "send me the list"; empty where that is not
    safe."""
    quote: str


class Letter(msgspec.Struct, frozen=True):
    """What the letter may say."""

    said: Said | None
    mine: tuple[str, ...]
    """What the user promised, from the verb on, to be read by the other side."""
    asked_for: tuple[str, ...]
    advice: tuple[str, ...]
    offers: tuple[Offer, ...]
    whom: tuple[str, ...]
    """The people they pointed the user to."""


def letter_words(wording: Wording) -> LetterWords:
    """Read the words that a letter is chosen by. Raises InputError."""
    try:
        return msgspec.convert(wording.words("letter"), LetterWords)
    except ValueError as error:
        raise InputError(
            f"The words for the letter are not as they should be: {error}.",
            "Compare letter.toml with the one that came with the program.",
        ) from error


def letter(notes: Notes, words: LetterWords, light: Iterable[str]) -> Letter:
    """Choose what a letter may say; `light` are the words that tell little by themselves."""
    light = frozenset(light)
    hidden = notes.unquotable
    open_now = [
        promise
        for promise in notes.promises
        if promise.state == "open" and hidden.isdisjoint(promise.quote.seqs)
    ]
    mine = [p for p in open_now if p.owner is Channel.ME]

    def turned(kind: Kind) -> tuple[str, ...]:
        tasks = [promise for promise in mine if promise.kind == kind]
        written = (_to_them(task, notes, words, light) for task in tasks)
        return tuple(dict.fromkeys(filter(None, written)))

    promised, asked_for, advice = turned("promise"), turned("request"), turned("advice")
    return Letter(
        said=_said(notes, words, light),
        mine=promised,
        asked_for=asked_for,
        advice=advice,
        offers=tuple(_offers(open_now, words, light)),
        whom=_whom(notes, (*promised, *asked_for, *advice)),
    )


# ---------------------------------------------------------------- the one thing they said


def _said(notes: Notes, words: LetterWords, light: Set[str]) -> Said | None:
    whys = {point.quote.seqs: _WHYS.index(point.why) for point in notes.key_points}
    kept_out = {seq for promise in notes.promises for seq in promise.seqs} | notes.unquotable
    found = [
        (-whys.get(quote.seqs, len(_WHYS)), _worth(said.text, light), -n, said)
        for n, (quote, before) in enumerate(_quotes(notes))
        if quote.channel is Channel.THEM and kept_out.isdisjoint(quote.seqs)
        for said in _sayings(quote, before, words)
        if _worth(said.text, light) >= FEWEST_TELLING
    ]
    return max(found, key=lambda one: one[:3])[3] if found else None


def _quotes(notes: Notes) -> Iterator[tuple[Quote, Quote | None]]:
    """Yield what they said to each question, each line with the one before it."""
    for asked in notes.asked:
        for n, quote in enumerate(asked.passage):
            yield quote, asked.passage[n - 1] if n else None
    told = {seq for asked in notes.asked for quote in asked.passage for seq in quote.seqs}
    for point in notes.key_points:
        if told.isdisjoint(point.quote.seqs):
            yield point.quote, None


def _sayings(quote: Quote, before: Quote | None, words: LetterWords) -> Iterator[Said]:
    """Yield the sentences of a quote that may stand in a letter by themselves."""
    sentences = _SENTENCES.split(clean(quote.text))
    has_marks = any(map(_WHOLE.search, sentences))
    goes_on = before is not None and not _WHOLE.search(before.text) and has_marks
    after_number = False
    for n, sentence in enumerate(sentences):
        is_begun = (n == 0 and goes_on) or after_number
        after_number = not re.search(r"[^\W\d]", sentence)
        shown = _unhedged(sentence, words.hedges)
        if is_begun or not _is_whole(shown, words, has_marks=has_marks):
            continue
        told = _told(shown, words)
        yield Said(told or shown, bool(told), quote)


def _is_whole(sentence: str, words: LetterWords, *, has_marks: bool) -> bool:
    spoken = plain_words(sentence)
    padded = f" {' '.join(spoken)} "
    if not has_marks and not words.subjects.isdisjoint(spoken[1:]):
        return False
    return (
        SHORTEST_SAID <= len(spoken) <= (LONGEST_SAID if has_marks else LONGEST_BARE)
        and (bool(_WHOLE.search(sentence)) if has_marks else sentence[-1:].isalnum())
        and "..." not in sentence
        and spoken[0] not in words.hanging
        and spoken[-1] not in words.unfinished
        and words.numbers.isdisjoint(part for word in spoken for part in word.split("-"))
        and not re.search(r"\d", sentence)
        and not any(f" {phrase} " in padded for phrase in words.broken)
        and all(len(word) > 1 or word in words.letters for word in spoken)
        and all(one != other for one, other in pairwise(spoken))
    )


def _told(sentence: str, words: LetterWords) -> str:
    """Return a sentence as it stands after "you said that"; empty where that is not safe."""
    spoken = plain_words(sentence)
    if not words.persons.isdisjoint(spoken) or spoken[0] not in words.telling:
        return ""
    return sentence[:1].lower() + sentence[1:].rstrip(".!") + "."


def _unhedged(sentence: str, hedges: Sequence[str]) -> str:
    """Drop what only leads in: "Well, honestly, the ..."."""
    parts = sentence.split()
    while True:
        lead = next(
            (h for h in hedges if [plain(p) for p in parts[: len(h.split())]] == h.split()), None
        )
        if lead is None or len(parts) == len(lead.split()):
            break
        parts = parts[len(lead.split()) :]
    rest = " ".join(parts)
    return rest[:1].upper() + rest[1:]


def _worth(text: str, light: Set[str]) -> int:
    return len({word for word in plain_words(text) if len(word) >= 4 and word not in light})


# ---------------------------------------------------------------- promises and offers


def _whom(notes: Notes, told: Iterable[str]) -> tuple[str, ...]:
    """Return whom they pointed the user to, but for those that a task of the letter names."""
    tasks = " ".join(told).lower()
    names = (
        _name(clean(one.name))
        for one in notes.referrals
        if one.why.channel is Channel.THEM and notes.unquotable.isdisjoint(one.why.seqs)
    )
    return tuple(dict.fromkeys(name for name in names if name and name.lower() not in tasks))


def _name(heard: str) -> str:
    """Write a name with capitals where the engine writes none."""
    return heard.title() if heard.islower() else heard


def _to_them(task: Promise, notes: Notes, words: LetterWords, light: Set[str]) -> str:
    """Return a task as the one it is promised to reads it: their name becomes "you".

    Empty where it tells nothing by itself ("look it up", "try her"), where the sheet names nobody
    ("them" may be anybody then), and where it is in their own words with an "I" or a "you" in it.
    """
    called = clean(notes.header.called)
    names = [_name(clean(one.name)) for one in notes.referrals if one.name]
    what = _by_name(clean(task.what).rstrip(" ,;."), words)
    is_theirs = task.kind != "promise"
    if (
        not called
        or len(what.split()) > LONGEST_TASK
        or (is_theirs and not words.persons.isdisjoint(plain_words(what)))
    ):
        return ""
    named = re.escape(called)
    own = re.sub(rf"(?<!\w){named}['\u2019]s(?!\w)", "your", what)
    own = re.sub(rf"(?<!\w){named}(?!\w)", "you", own)
    if not _tells(own, words, light):
        return ""
    spoken = plain_words(task.quote.text)
    for theirs, yours in words.whose.items():
        if yours in spoken and theirs not in spoken:
            own = re.sub(rf"(?<!\w){re.escape(theirs)}(?!\w)", yours, own)
    asides = "|".join(map(re.escape, sorted(words.asides))) or r"(?!)"
    own = re.sub(rf", (?:{asides})(?=,|$)", "", own)
    for name in names:
        own = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", name, own, flags=re.IGNORECASE)
    return own[:1].lower() + own[1:]


def _by_name(what: str, words: LetterWords) -> str:
    """Return a task with the name that stands in brackets in place of "her"."""
    loose = "|".join(map(re.escape, sorted(words.loose))) or r"(?!)"
    return re.sub(rf"\b(?:{loose}) \(([^)]+)\)", r"\1", what, flags=re.IGNORECASE)


def _tells(what: str, words: LetterWords, light: Set[str]) -> bool:
    """Tell whether a task says something to who reads it: "text you" and "send it" do not."""
    rest = plain_words(what)[1:]
    near = rest[:LOOSE_REACH]
    # "Send me her number": behind a person it says whose.
    is_loose = any(
        word in words.loose and not (n and near[n - 1] in words.persons)
        for n, word in enumerate(near)
    )
    points = [
        n
        for n, word in enumerate(near)
        if word in words.pointing and not {*rest[n + 1 : n + 2]} - words.after_pointing
    ]
    is_more = _worth(" ".join(rest), light) > 0 or len(rest) >= LOOSE_REACH
    return is_more and not is_loose and not points


def _offers(promises: Iterable[Promise], words: LetterWords, light: Set[str]) -> Iterator[Offer]:
    for promise in promises:
        first = plain_words(promise.what)[:1]
        is_offer = promise.owner is Channel.THEM and promise.kind == "promise"
        is_telling = _tells(clean(promise.what), words, light)
        if is_offer and is_telling and words.offers.issuperset(first):
            quote = clean(promise.quote.text).rstrip(" ,;")
            yield Offer(_to_me(clean(promise.what), words), quote)


def _to_me(offer: str, words: LetterWords) -> str:
    """Return an offer as the one it was made to tells it; empty where that is not safe."""
    turned: list[str] = []
    spoken = offer.rstrip(" ,;.").split()
    for n, word in enumerate(spoken):
        bare = plain(word)
        if bare == "you" and " ".join(map(plain, spoken[max(0, n - 2) : n])) in words.together:
            turned.append(words.to_us)
        elif bare == "you" and (n == 1 or (n and plain(spoken[n - 1]) in words.to_whom)):
            turned.append(word.lower().replace("you", words.to_me))
        elif bare in words.sides:
            turned.append(word.lower().replace(bare, words.sides[bare]))
        elif bare in words.persons:
            return ""
        else:
            turned.append(word)
    turned[:1] = [word.lower() for word in turned[:1]]
    return " ".join(turned) if len(spoken) <= LONGEST_TASK else ""
