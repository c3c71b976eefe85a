"""What a sentence does: it promises, asks, advises, agrees, names a day.

Reads one sentence of one voice; finds acts by the plain words of a language. Law: precise rather
than greedy: what people do as a habit, what they quote and what they would do if, is no act.
Whether an act comes to something is told by what follows it; see `promises`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from assistant.events import Channel
from assistant.notes.talk import Spoken, plain
from assistant.notes.task_words import PromiseWords

LONGEST_TASK = 16
"""Words; that many where the clause does not end soon after."""
LONGEST_CLAUSE = 22
"""Words of a task whose clause ends by then: its day often stands last."""
GUARD_REACH = 6
"""So many words before a promise may make it none."""
SHORT_WORDS = 12
"""Who only agrees says no more than this in one sentence."""

_GAP = r"(?:\S+ ){1,6}?"
_ALL = (Channel.ME, Channel.THEM, Channel.UNCLEAR)
_NOT_ME = (Channel.THEM, Channel.UNCLEAR)
_NOT_THEM = (Channel.ME, Channel.UNCLEAR)

Kind: TypeAlias = Literal[
    "promise", "vague", "request", "advice", "asking", "wish", "yes", "no", "undo"
]
"""`promise`: the speaker does it. `vague`: so does who says "will do", what was spoken of before.
`request`, `advice`: the other one is to do it, and a "no" is not expected. `asking`: the other one
is asked to. `wish`: the speaker asks whether they may. `yes`, `no`: an answer. `undo`: what was
said before does not hold."""
ANSWERS: tuple[Kind, ...] = ("yes", "no", "vague", "undo")
"""Acts that are about what was said before."""


@dataclass(frozen=True, slots=True)
class Act:
    """What a stretch of a sentence does."""

    kind: Kind
    first: int
    """The word it begins with; where it is a task, `task` is the word of its verb."""
    task: int
    last: int
    """The last word of it."""
    before: str
    """The words before the task, spelled plainly: a day may stand there."""
    text: str
    """The task, spelled plainly."""


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: Kind
    pattern: re.Pattern[str]
    """Its group `what`, if it has one, begins at the verb."""
    said_by: tuple[Channel, ...]
    is_sure: bool
    """In any talk; else only where something was promised or asked for."""
    is_dated: bool = False
    """Only if the task names its day: "I'll order it this weekend"."""
    is_named: bool = False
    """Only where the last word of it has a capital: "I'll ask Gareth"."""
    reads_commas: bool = False
    """Looks at the text in which a comma stands in place of the space after it."""


def _never(_: str) -> bool:
    return False


@dataclass(slots=True)
class Acts:
    """The words of a language, made ready to be looked for."""

    words: PromiseWords
    has_day: Callable[[str], bool] = _never
    """Tells whether a text names a day to come."""
    _rules: tuple[_Rule, ...] = field(init=False)
    _guards: re.Pattern[str] = field(init=False)
    _no_guards: re.Pattern[str] = field(init=False)
    _ends: re.Pattern[str] = field(init=False)
    _cut_off: re.Pattern[str] = field(init=False)
    _says_only: tuple[str, ...] = field(init=False)
    _would: re.Pattern[str] = field(init=False)
    """Behind a request: then it is what would happen, and no request."""

    def __post_init__(self) -> None:
        words = self.words
        self._rules = _rules(words)
        self._guards = re.compile(rf"(?<![\w'])(?:{any_of(words.guards)})(?![\w'])")
        self._no_guards = re.compile(rf"(?<![\w'])(?:{any_of(words.no_guards)})(?![\w'])")
        begun = any_of((*words.aimed, *words.bare, *words.asked, *words.advised))
        self._cut_off = re.compile(rf"(?<![\w'])(?:{begun}) $")
        self._says_only = tuple(f" {said}" for said in words.says_only)
        self._would = re.compile(rf" (?:{any_of(words.would)})(?![\w'])")
        # "I'll write to him and send you his number" is two tasks; "find it and send it", one.
        same = rf"(?!\S+ (?:{any_of(words.things)}) )"
        ends = rf"{any_of(words.clause_ends)}|and {same}(?:{any_of(words.aimed)})"
        self._ends = re.compile(rf"(?P<before>\S+) (?:{ends})(?![\w'])")

    def of(self, channel: Channel, sentence: Sequence[Spoken], *, is_promised: bool) -> list[Act]:
        """Return the acts of a sentence in their order; none lies within another's task.

        `is_promised`: something was promised or asked for in it, as far as its meaning tells.
        """
        text, starts = spelled(sentence)
        marked = _with_commas(text, sentence, starts)
        hits = sorted(
            (
                (match.start(), n, match, rule)
                for n, rule in enumerate(self._rules)
                if channel in rule.said_by and (rule.is_sure or is_promised)
                for match in rule.pattern.finditer(marked if rule.reads_commas else text)
            ),
            key=lambda hit: hit[:2],
        )
        words, found = self.words, list[Act]()
        taken_to, task_ends = -1, 0
        for start, _, match, rule in hits:
            at = match.start("what")
            if at <= taken_to or self._is_guarded(text[:start], rule.kind):
                continue
            ends = self._clause_end(text, at, match.end("what"))
            if rule.is_dated and not self.has_day(text[at:ends]):
                continue
            named = sentence[_word_at(text, match.end(), starts)]
            if rule.is_named and (named.is_bare or not named.text[:1].isupper()):
                continue
            if text[at:ends].endswith(self._says_only):
                continue
            if (
                rule.kind == "advice"
                and text[at:].split()[0] in words.you
                and sentence[-1].mark == "?"
            ):
                # "You ask this everybody?" asks.
                continue
            if rule.kind == "request" and self._would.match(text, ends):
                # "Call me in August and I'd have hung up on you."
                continue
            if self._is_naming(text[:at], text[at:ends]):
                continue
            first, last = starts[at], _word_at(text, ends, starts)
            length = len(_without_loose_end(sentence[first : last + 1], self.words))
            taken_to = match.end() if rule.kind in ANSWERS else ends
            begins = starts[_word_start(text, start)]
            before = " ".join(text[task_ends:at].split()[-GUARD_REACH - 2 :])
            task_ends = task_ends if rule.kind in ANSWERS else ends
            last = first + length - 1
            told = match["what"] if rule.kind in ANSWERS else text[at:ends]
            found.append(Act(rule.kind, begins, first, last, before, told))
        return found

    def _is_naming(self, before: str, task: str) -> bool:
        """Tell whether this says what somebody is called: "you can call me Dee"."""
        words = self.words
        start = next((start for start in words.naming if task.startswith(f"{start} ")), "")
        rest = task.removeprefix(start).split()
        if not start or not rest or rest[0] in words.not_naming or self.has_day(task):
            return False
        is_named = f" {before}".endswith(tuple(f" {lead} " for lead in words.naming_after))
        return (is_named or len(rest) == 1) and rest[0].isalpha()

    def is_cut_off(self, sentence: Sequence[Spoken]) -> bool:
        """Tell whether a task has begun in the last words, and not been named yet."""
        return self._cut_off.search(spelled(sentence)[0]) is not None

    def _is_guarded(self, before: str, kind: Kind) -> bool:
        if kind in ("yes", "no", "undo", "wish", "asking"):
            return False
        # "I want to say thirty, but let me check": what came before is another clause.
        clause = before.rpartition(" but ")[2]
        said = " ".join(clause.split()[-GUARD_REACH:])
        return bool(self._guards.search(self._no_guards.sub("", said)))

    def _clause_end(self, text: str, at: int, whole: int) -> int:
        """Return the letter at which the clause that begins at `at` is over, after `whole`."""
        # The verb and its object stay together, whatever they are.
        ends = [at + match.end() for match in re.finditer(r"\S+", text[at:])]
        least = max(whole, ends[min(1, len(ends) - 1)])
        most = ends[min(LONGEST_CLAUSE, len(ends)) - 1]
        found = [
            match.end("before")
            for match in self._ends.finditer(text, at, most)
            if match["before"] not in self.words.links and match.end("before") >= least
        ]
        cut = most if len(ends) <= LONGEST_CLAUSE else ends[LONGEST_TASK - 1]
        return min([*found, most]) if found else cut


def spelled(sentence: Sequence[Spoken]) -> tuple[str, dict[int, int]]:
    """Spell a sentence for comparing, and tell at which letter which word begins."""
    text = ""
    starts: dict[int, int] = {}
    for n, word in enumerate(sentence):
        # A bare mark keeps its place, so that words and letters stay in step.
        bare = plain(word.text) or "-"
        starts[len(text)] = n
        text += bare + " "
    return text, starts


def _with_commas(text: str, sentence: Sequence[Spoken], starts: Mapping[int, int]) -> str:
    """Put each comma in place of the space behind it: clauses begin there."""
    letters = list(text)
    for letter, n in starts.items():
        if n and sentence[n - 1].text[-1:] == ",":
            letters[letter - 1] = ","
    return "".join(letters)


def any_of(phrases: Iterable[str]) -> str:
    """Write an alternation, the longest first; `...` stands for a few words."""
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    shapes = [re.escape(phrase).replace(r"\.\.\.\ ", _GAP) for phrase in longest_first]
    return "|".join(shapes) or r"(?!)"


def _rules(words: PromiseWords) -> tuple[_Rule, ...]:
    """Build the patterns from the plain words; of two that begin together the first counts."""
    aimed = rf"(?!(?:{any_of(words.no_task)})(?![\w']))(?:{any_of(words.aimed)})"
    # "I'll ask Gareth", and not "I'll ask for it".
    none = any_of(words.asks_none)
    asks_one = rf"(?:{any_of(words.asks_one)}) (?!(?:{none})(?![\w']))\S+"
    no_named = rf"(?!(?:{any_of(words.no_named)})(?![\w']))"
    named = rf"{no_named}(?:{any_of(words.named)})"
    mine, no_vague = any_of(words.mine), any_of(words.no_vague)
    starts = any_of(words.promise_starts)
    may_start = any_of((*words.promise_starts, *words.offer_starts))
    due_starts = any_of(words.due_starts)
    advice = any_of(words.advice_starts)
    advised = rf"(?!(?:{any_of(words.no_advised)})(?![\w']))(?:{any_of(words.advised)})"
    asking, asked = any_of(words.asking_starts), any_of(words.asked)
    wish, wished = any_of(words.wish_starts), any_of(words.wished)
    alone = "".join(rf"(?<!{re.escape(word)} )" for word in words.no_offer_after)
    unconditioned = rf"(?!.*(?<![\w'])(?:{any_of(words.only_if)})(?![\w']))"
    adverbs = rf"(?:(?:{any_of(words.adverbs)}) )*"
    asking_one = rf"(?:{may_start}) {adverbs}(?P<what>{asks_one})"
    # "I'll actually see it": no adverb is the verb.
    talk = rf"(?!(?:{any_of((*words.talk, *words.adverbs))})(?![\w']))"
    leads = rf"(?:^|(?<=,)|(?:{any_of(words.request_starts)})[ ,])"
    opens = rf"^(?:(?:{any_of(words.openers)}) )*"
    present = rf"{opens}i (?P<what>{any_of(words.present)})"
    still_talk = rf"(?!(?:{any_of((*words.still_talk, *words.adverbs))})(?![\w']))"
    dated = rf"(?:{any_of(words.my_starts)}) {adverbs}(?P<what>{still_talk}\S+)"
    no_arrival = any_of(words.no_arrivals)
    goes = rf"(?:{any_of(words.goes)}) (?!(?:{any_of(words.no_goes)})(?![\w']))\S+"
    going = rf"(?:{any_of(words.my_starts)}) {adverbs}(?P<what>{goes})"
    arriving = rf"(?P<what>(?:{any_of(words.arrives)}) (?!(?:{no_arrival}) )\S+)"
    coming = rf"{opens}(?P<what>(?:{any_of(words.invites)}) (?!(?:{any_of(words.no_invites)}) )\S+)"
    shapes: tuple[tuple[Kind, str, tuple[Channel, ...], bool], ...] = (
        ("undo", rf"(?P<what>{any_of(words.taken_back)})", _ALL, True),
        ("promise", rf"(?:{may_start}) {adverbs}(?P<what>{aimed})", _ALL, True),
        ("promise", asking_one, _ALL, True),
        ("promise", rf"(?:{starts}) {adverbs}(?P<what>{mine})", (Channel.ME,), True),
        ("promise", rf"(?:{starts}) {adverbs}(?P<what>{mine})", _NOT_ME, False),
        ("promise", rf"(?P<what>{any_of(words.arrives)})(?! (?:{no_arrival}) )", _ALL, False),
        ("promise", arriving, _ALL, True),
        ("promise", going, _ALL, True),
        ("vague", rf"{opens}(?P<what>{any_of(words.vague_alone)})", _ALL, True),
        ("vague", rf"(?P<what>{any_of(words.looks)})", _NOT_THEM, True),
        ("vague", rf"(?!(?:{no_vague})(?![\w']))(?P<what>{any_of(words.vague)})", _ALL, True),
        ("promise", rf"(?:{due_starts}) {adverbs}(?P<what>{talk}\S+)", _ALL, False),
        ("promise", dated, _ALL, True),
        ("promise", present, _ALL, True),
        ("promise", rf"(?:{starts}) (?:\S+ ){{1,9}}and (?P<what>{aimed})", _ALL, True),
        ("advice", rf"(?:{advice}) {adverbs}(?P<what>{advised})", _NOT_ME, True),
        ("request", rf"{leads}{adverbs}(?P<what>{any_of(words.bare)})", _NOT_ME, True),
        ("request", rf"(?P<what>{any_of(words.anywhere)})", _NOT_ME, True),
        ("advice", rf"{opens}{adverbs}(?P<what>{named})", _NOT_ME, True),
        (
            "advice",
            rf"(?:{any_of(words.next_starts)}) (?P<what>{any_of(words.next_named)})",
            _NOT_ME,
            True,
        ),
        ("request", coming, _NOT_ME, True),
        ("asking", rf"(?:{asking}) {adverbs}(?P<what>(?:{asked})(?! a job))", _NOT_THEM, True),
        ("wish", rf"(?:{wish}) {adverbs}(?P<what>{talk}(?:{wished})){unconditioned}", _ALL, True),
        (
            "wish",
            rf"{alone}(?:{any_of(words.could)}) {adverbs}(?P<what>{aimed}){unconditioned}",
            _ALL,
            True,
        ),
        ("no", rf"{opens}(?P<what>{any_of(words.no)})", _ALL, True),
        ("yes", rf"{opens}(?P<what>{any_of(words.yes)})", _ALL, True),
    )
    return tuple(
        _Rule(
            kind,
            re.compile(rf"(?<![\w'])(?:{shape})(?![\w'])"),
            said_by,
            is_sure,
            is_dated=shape in (dated, present, going, arriving, coming),
            is_named=shape == asking_one,
            reads_commas=kind == "request",
        )
        for kind, shape, said_by, is_sure in shapes
    )


def _word_start(text: str, at: int) -> int:
    """Return where the first word at or after a letter begins."""
    while text[at] == " ":
        at += 1
    return at


def _word_at(text: str, ends: int, starts: Mapping[int, int]) -> int:
    """Return the number of the last word that begins before `ends`."""
    return max(n for letter, n in starts.items() if letter < ends)


def _without_loose_end(clause: Sequence[Spoken], words: PromiseWords) -> Sequence[Spoken]:
    while len(clause) > 1 and plain(clause[-1].text) in words.loose_ends:
        if " ".join(plain(word.text) for word in clause[-2:]) in words.whole_ends:
            break
        clause = clause[:-1]
    return clause
