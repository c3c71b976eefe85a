"""Whom to talk to next: why, how they are reached, and whether one may say who sent one.

Reads the names, what was promised, contacts and the answer to the question for others. Law: a
referral is a person they told the user to talk to, or named when asked for one; who merely came up
in a story is none.
"""

from collections.abc import Collection, Sequence
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

import msgspec

from assistant.events import Channel
from assistant.minds.spoken import (
    Book,
    Utterances,
    Words,
    ends_with,
    find,
    phrases_of,
    starts_with,
    words_of,
)
from assistant.notes.contacts import Contact
from assistant.notes.echoed_names import Echo
from assistant.notes.names import Named
from assistant.notes.promises import Promise
from assistant.notes.replies import LONGEST_QUOTE
from assistant.notes.talk import Line, Quote, Spoken, clean, joined, plain, quote, sentences
from assistant.notes.words import CourtesyWords, NameWords

AROUND_S = 45.0
"""How to reach somebody, and whether they may be told who sent one, is said so near."""
ARTICLES = ("a", "an", "the", "this", "our", "my", "that")
ANY = ("a", "an")
ARTICLE_REACH = 4
"""So many words may stand between "the" and "lady"."""
ABOUT_WORDS = 9
OWN_REACH = 6
"""So many words before an address, it may say whose it is."""
BEFORE_S = 6.0
"""A number may be said so shortly before the name it belongs to."""
FEWEST_LETTERS = 4
"""A shorter part of a name may stand in any address."""
ONE_MORE_REACH = 12
"""So many words before a name it may be said that there is somebody."""
ANSWER_REACH = 4
"""Among so many first words a no is the answer."""
NOT_REACH = 3
"""So many words before "tell him I sent you" may turn it into its opposite."""
LONGEST_WAY = 16
"""So many words tell where somebody is found."""
NEXT_S = 90.0
"""So long after somebody "and then there's" may name the next one."""
NEXT_OPENING = 6
"""So few words open a sentence before the next name: "and then for hours, Merle"."""
MISHEARD = 0.6
"""Part of the letters from which a name that was said back may be the one that was told."""
SAME_NAME = 0.8
"""Part of the letters, 0 to 1, from which two names are one: recognisers spell them anew."""

MayUse: TypeAlias = Literal["yes", "no", "asked", "not asked"]


class Referral(msgspec.Struct, frozen=True):
    """Somebody to talk to."""

    name: str
    """As it was heard; empty where they named nobody but said who it is."""
    about: str
    why: Quote
    """The words they were recommended with."""
    reach: str
    """An address or a number; else the words that say where they are found, or nothing."""
    may_use_name: MayUse
    """Whether the user may say who sent them; `asked` where no answer was heard."""
    seqs: tuple[int, ...]


def referrals(
    named: Sequence[Named],
    said: Sequence[Line],
    promised: Sequence[Promise],
    told: Sequence[Contact],
    answers_in: Collection[int],
    asked_s: float,
    sent_to: Sequence[Named],
    words: CourtesyWords,
    utterances: Utterances,
    names: NameWords,
    person: str,
    said_back: Sequence[Echo] = (),
) -> tuple[Referral, ...]:
    """Return them in the order they were named.

    Lines in `answers_in` answer "who else?", which was asked at `asked_s`; `sent_to` are those of
    whom "call her" was said; `person` is who is on the phone, whose addresses are nobody else's.
    """
    advised = {seq for one in promised if one.kind == "advice" for seq in one.quote.seqs}
    authors, points = names.author_before, phrases_of(words.points_to)
    theirs: list[Named] = []
    last_s = -float("inf")
    for one in named:
        # "Movement, by Thalia Verkade": who wrote it is nobody to talk to.
        is_author = one.first > 0 and plain(one.line.words[one.first - 1].text) in authors
        if one.line.channel is Channel.ME or not one.is_person or is_author:
            continue
        is_sent_to = one in sent_to or one.line.seq in advised
        is_sent_to = is_sent_to or _is_asked_for(one, words) or _is_pointed_at(one, points)
        is_told = one.line.seq in answers_in and not _is_by_the_way(one, names)
        is_more = one.line.start_s >= asked_s and _is_one_more(one, names)
        is_next = one.line.start_s - last_s <= NEXT_S and _is_next(one, names)
        if (is_sent_to or is_told or is_more or is_next) and not _is_no_use(one, names):
            theirs.append(one)
            last_s = one.line.start_s
    theirs = _with_said_back(theirs, said_back, answers_in)
    # A name that is spelled out leads nowhere.
    # What they give as their own is nobody else's.
    ways = [
        one
        for one in told
        if one.kind != "name"
        and not _is_own(one, said, words.own)
        and not _is_named_after(one, person)
    ]
    found: list[Referral] = []
    met: list[str] = []
    for one in theirs:
        # "Nerida. She's the inspector, Nerida Quaife." has a second name, too.
        name, title = _whole_name(one, named)
        if any(is_same_name(name, other) for other in met):
            continue
        met.append(name)
        every = [other for other in named if is_same_name(other.name, name)]
        near = _near(one, name, said, theirs)
        about = next((other.role for other in (one, *every) if other.role), "")
        reach = _reach(one, every, _own_ways(name, named, ways)) or _told_way(one, near, words)
        may_use, used = _may_use(near, utterances, words)
        seqs = (*(other.line.seq for other in every), *used)
        found.append(
            Referral(
                " ".join(filter(None, (title, name))),
                about,
                quote(one.line.channel, one.line.words, LONGEST_QUOTE),
                reach,
                may_use,
                tuple(dict.fromkeys((one.line.seq, *seqs))),
            )
        )
    found += _nameless(said, advised | {*answers_in}, found, names)
    return tuple(sorted(found, key=lambda one: one.why.start_s))


def _with_said_back(
    theirs: Sequence[Named], said_back: Sequence[Echo], answers_in: Collection[int]
) -> list[Named]:
    """Put right the names that the user said back, and add those that were not heard before."""
    found = list(theirs)
    for echo in said_back:
        own, line = echo.named, echo.line
        if any(is_same_name(own.name, one.name) for one in found):
            continue
        alike = [
            n
            for n, one in enumerate(found)
            if 0 <= own.line.start_s - one.line.start_s <= AROUND_S
            and _may_be_misheard(one.name, own.name)
        ]
        if alike:
            found[alike[-1]] = msgspec.structs.replace(found[alike[-1]], name=own.name)
            continue
        last_s = max(
            (one.line.start_s for one in found if one.line.start_s <= line.start_s),
            default=-float("inf"),
        )
        is_taken = any(one.line is line for one in found)
        is_told = line.seq in answers_in or line.start_s - last_s <= NEXT_S
        if is_told and not is_taken:
            found.append(Named(own.name, own.title, "", line, 0, 0, is_person=True))
    return sorted(found, key=lambda one: one.line.start_s)


def _may_be_misheard(heard: str, said_back: str) -> bool:
    """Tell whether a name was perhaps heard wrong: "Breeder" for "Breda Colgan"."""
    first, other = (plain(name.split()[0]) for name in (heard, said_back))
    likeness = SequenceMatcher(None, first, other, autojunk=False).ratio()
    return first[:1] == other[:1] and likeness >= MISHEARD


def _nameless(
    said: Sequence[Line],
    lines: Collection[int],
    found: Sequence[Referral],
    names: NameWords,
) -> list[Referral]:
    """Return those of whom they only said who it is: "the woman who runs the intake"."""
    has_name = {seq for one in found for seq in one.seqs}
    nameless: list[Referral] = []
    for line in said:
        if line.seq not in lines or line.seq in has_name or line.channel is Channel.ME:
            continue
        spelled = [plain(word.text) for word in line.words]
        at = next(
            (
                n
                for n, word in enumerate(spelled)
                if word in names.relations
                and {*spelled[max(0, n - ARTICLE_REACH) : n]} & {*ARTICLES}
            ),
            None,
        )
        if at is None:
            continue
        first = max(n for n in range(max(0, at - ARTICLE_REACH), at) if spelled[n] in ARTICLES)
        is_like = names.is_like if spelled[first] in ANY else names.is_who
        if first and spelled[first - 1] in is_like:
            # "He's a good man" says what somebody is, and "he's the manager" of whom they spoke.
            continue
        about = clean(joined(line.words[first : at + ABOUT_WORDS])).rstrip(".,;:!?")
        why = quote(line.channel, line.words, LONGEST_QUOTE)
        nameless.append(Referral("", about, why, "", "not asked", (line.seq,)))
    return nameless


def _whole_name(one: Named, named: Sequence[Named]) -> tuple[str, str]:
    """Return the name of somebody as it was told most fully, and the title they had."""
    same = [one, *(other for other in named if is_same_name(one.name, other.name))]
    whole = max(same, key=lambda other: len(other.name.split()))
    return whole.name, whole.title or one.title


def is_same_name(one: str, other: str) -> bool:
    """Tell whether two spellings may be the same person: alike, or one the other's last name."""
    few, many = sorted(
        ([plain(w) for w in one.split()], [plain(w) for w in other.split()]), key=len
    )
    if not few or not many:
        return False
    return all(any(_is_alike(a, b) for b in many) for a in few)


def _is_alike(one: str, other: str) -> bool:
    if one[:1] != other[:1]:
        return False
    return one == other or SequenceMatcher(None, one, other, autojunk=False).ratio() >= SAME_NAME


def _is_asked_for(one: Named, words: CourtesyWords) -> bool:
    """Tell whether they said to ask for somebody: "ask for Irene Falk at the council"."""
    before = " ".join(plain(word.text) for word in one.line.words[: one.first])
    return any(f" {before}".endswith(f" {phrase}") for phrase in words.ask_for)


def _is_pointed_at(one: Named, points: Book) -> bool:
    """Tell whether the sentence of a name says that this is whom to talk to."""
    word = one.line.words[one.first]
    told = sentences(one.line.words, pause_s=float("inf"))
    own = next((s for s in told if s[0].start_s <= word.start_s <= s[-1].start_s), ())
    return find(words_of(joined(own)), points) is not None


def _is_one_more(one: Named, names: NameWords) -> bool:
    """Tell whether somebody is named as one more to talk to: "there's a man, Teo Varga"."""
    before = words_of(joined(one.line.words[: one.first]))[-ONE_MORE_REACH:]
    there = find(before, phrases_of(names.there))
    if there is None:
        return False
    who = before[there[1] :]
    # "A dispatcher at Bluebonnet Air, Hyacinth Obi": who that is ends at the comma.
    is_told = who[:1] and who[0] in ANY and one.line.words[one.first - 1].mark == ","
    is_told = is_told and {*who}.isdisjoint(names.things)
    return bool(is_told) or not {*who}.isdisjoint(names.relations)


def _is_next(one: Named, names: NameWords) -> bool:
    """Tell whether somebody follows whom they just told: "and then there's Wendy Cho"."""
    before, behind = _beside(one)
    book = phrases_of(names.next_before)
    # "And then for hours, Merle Tvrdy".
    opens = _opening(one)
    is_opened = one.first > 0 and one.line.words[one.first - 1].mark == ","
    is_opened = is_opened and len(opens) <= NEXT_OPENING and starts_with(opens, book) > 0
    is_next = ends_with(before, book) or is_opened
    return is_next and behind[:1] not in {(word,) for word in names.story_after}


def _opening(one: Named) -> Words:
    """Return the words of its sentence before a name."""
    words = one.line.words[: one.first]
    begins = max((n + 1 for n, word in enumerate(words) if word.ends_sentence), default=0)
    return words_of(joined(words[begins:]))


def _is_by_the_way(one: Named, names: NameWords) -> bool:
    """Tell whether a name among the answers is told for something else.

    "That's Mr. Hanley, I have to go", "Carol's going to send you the link".
    """
    before, behind = _beside(one)
    must = find(behind, phrases_of(names.arrives_for))
    if must and ends_with(before, phrases_of(names.arrives)):
        return True
    return starts_with(behind, phrases_of(names.does_for_you)) > 0


def _is_no_use(one: Named, names: NameWords) -> bool:
    """Tell whether they say that it leads nowhere: "but he'd hang up on you"."""
    return find(_beside(one)[1], phrases_of(names.no_use)) is not None


def _beside(one: Named) -> tuple[Words, Words]:
    """Return the words of its line before a name and behind it: "s" is left of "Carol's"."""
    words = one.line.words
    begins = one.first - bool(one.title)
    owned = words_of(words[one.last].text.replace("\u2019", "'").partition("'")[2])
    behind = (*owned, *words_of(joined(words[one.last + 1 :])))
    return words_of(joined(words[:begins])), behind


def _reach(one: Named, every: Sequence[Named], ways: Sequence[Contact]) -> str:
    """Return the address or number that was said nearest to a name, once it had come up."""
    first_s = min(other.line.start_s for other in (one, *every)) - BEFORE_S
    apart = [
        (abs(way.start_s - one.line.start_s), n)
        for n, way in enumerate(ways)
        if way.start_s >= first_s
    ]
    near_s, nearest = min(apart, default=(AROUND_S + 1.0, 0))
    return ways[nearest].text if near_s <= AROUND_S else ""


def _own_ways(name: str, named: Sequence[Named], ways: Sequence[Contact]) -> list[Contact]:
    """Leave out the addresses that were told of somebody else: who was named last before them."""
    own: list[Contact] = []
    for way in ways:
        before = [other for other in named if _named_s(other) <= way.start_s and other.is_person]
        last = max(before, key=_named_s, default=None)
        is_near = last is not None and way.start_s - _named_s(last) <= AROUND_S
        if last is None or not is_near or is_same_name(last.name, name):
            own.append(way)
    return own


def _named_s(one: Named) -> float:
    return one.line.words[one.first].start_s


def _told_way(one: Named, near: Sequence[Line], words: CourtesyWords) -> str:
    """Return the words that say where somebody is found: "she's on the main number, days only"."""
    book = phrases_of(words.found_by)
    for line in near:
        if line.channel is Channel.ME:
            continue
        begins_s = one.line.words[one.first].start_s if line is one.line else line.start_s
        for sentence in sentences(line.words, pause_s=float("inf")):
            if sentence[-1].end_s < begins_s or not find(words_of(joined(sentence)), book):
                continue
            told = _clause_with(sentence, words)
            if len(told) <= LONGEST_WAY:
                return clean(joined(told)).strip(" .,;:!?")
    return ""


def _clause_with(sentence: Sequence[Spoken], words: CourtesyWords) -> Sequence[Spoken]:
    """Return a sentence; of a long one, the part that says where somebody is found.

    That is between two commas; without commas it begins at a word like "you" or "just".
    """
    if len(sentence) <= LONGEST_WAY:
        return sentence
    book, begins = phrases_of(words.found_by), 0
    for n, word in enumerate(sentence):
        if word.mark or n == len(sentence) - 1:
            clause = sentence[begins : n + 1]
            if way := find(words_of(joined(clause)), book):
                return clause if len(clause) <= LONGEST_WAY else _cut(clause, way[0], words)
            begins = n + 1
    return sentence


def _cut(clause: Sequence[Spoken], at: int, words: CourtesyWords) -> Sequence[Spoken]:
    """Cut a long clause to the words around the `at`-th."""
    opens = {word for text in words.way_opens for word in words_of(text)}
    starts = [n for n in range(at + 1) if {*words_of(clause[n].text)} & opens]
    first = starts[-1] if starts else at
    told = clause[first : first + LONGEST_WAY]
    ends = [
        n for n, word in enumerate(told) if first + n > at and plain(word.text) in words.way_ends
    ]
    return told[: ends[0]] if ends else told


def _is_named_after(contact: Contact, person: str) -> bool:
    """Tell whether an address has the name in it of who is on the phone."""
    names = (plain(word) for word in person.partition(",")[0].split())
    text = contact.text.lower()
    return "@" in text and any(len(name) >= FEWEST_LETTERS and name in text for name in names)


def _is_own(contact: Contact, said: Sequence[Line], own: Collection[str]) -> bool:
    """Tell whether somebody gave it as their own: "my number is"."""
    before = [
        plain(word.text)
        for line in said
        if line.seq in contact.seqs
        for word in line.words
        if word.start_s < contact.start_s
    ]
    said_before = f" {' '.join(before[-OWN_REACH:])} "
    return any(f" {phrase} " in said_before for phrase in own)


def _near(one: Named, name: str, said: Sequence[Line], theirs: Sequence[Named]) -> list[Line]:
    """Return the line of a name and those after it, up to where the next one is named."""
    others_s = [
        other.line.start_s
        for other in theirs
        if other.line.start_s > one.line.start_s and not is_same_name(other.name, name)
    ]
    ends_s = min([one.line.start_s + AROUND_S, *others_s])
    return [line for line in said if line is one.line or one.line.start_s < line.start_s < ends_s]


def _may_use(
    near: Sequence[Line], utterances: Utterances, words: CourtesyWords
) -> tuple[MayUse, tuple[int, ...]]:
    """Tell whether the user may say who sent them, and the lines that say so."""
    allows, negates = phrases_of(words.may_use), phrases_of(words.negates)
    forbids = phrases_of(words.forbids)
    for n, line in enumerate(near):
        is_mine = line.channel is Channel.ME or line.probably is Channel.ME
        told = words_of(line.text)
        if not is_mine and find(told, forbids):
            # "But keep my name out of it."
            return "no", (line.seq,)
        if not is_mine and (leave := find(told, allows)):
            # "Only don't tell him I sent you."
            before = told[max(0, leave[0] - NOT_REACH) : leave[0]]
            return "no" if find(before, negates) else "yes", (line.seq,)
        # "I won't mention you" asks nothing.
        if is_mine and utterances.asks_for_name(line.text) and not find(told, negates):
            after = near[n + 1 : n + 3]
            answer = next((x for x in after if x.channel is not Channel.ME), None)
            if answer is None:
                return "asked", (line.seq,)
            return _answer(answer, words), (line.seq, answer.seq)
    return "not asked", ()


def _answer(line: Line, words: CourtesyWords) -> MayUse:
    told = words_of(line.text)
    refuses = phrases_of((*words.refuses, *words.negates))
    forbids = phrases_of((*words.may_not_use, *words.forbids))
    is_no = find(told, forbids) or find(told[:ANSWER_REACH], refuses)
    return "no" if is_no else "yes"
