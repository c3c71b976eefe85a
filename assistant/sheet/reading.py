"""A sheet read: its sections, and everything that a plan takes from them."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from assistant.errors import InputError
from assistant.plan import Person, Plan, Question
from assistant.sheet.front import split_front
from assistant.sheet.outline import Piece, clean_marks, outline, plain
from assistant.sheet.place import Place
from assistant.sheet.question import read_question, short_cue, with_ids
from assistant.sheet.typed import LONGEST_LINE
from assistant.textfile import LARGEST_BYTES, nearest, quoted, read_text
from assistant.wording import Wording

MOST_QUESTIONS = 60
MOST_PEOPLE = 100
MOST_TERMS = 200
MOST_OPENING = 20
LONGEST_GOAL = 1000
LONGEST_OPENING = 500
TERMS_KEYS = ("terms", "term", "words")
PERSON_SEPARATORS = (":", " - ", " \u2013 ", " \u2014 ", ",")
"""Between a name and who that is, the first that is found; `Dana Ruiz, PhD: data engineer`."""

_Section: TypeAlias = Literal["goal", "opening", "questions", "closing", "people", "terms"]
_SECTIONS: dict[str, _Section] = {
    "goal": "goal",
    "goals": "goal",
    "open with": "opening",
    "opening": "opening",
    "questions": "questions",
    "closing": "closing",
    "closing questions": "closing",
    "people and terms": "people",
    "people & terms": "people",
    "people": "people",
    "terms": "terms",
}
_NAMES = ("goal", "open with", "questions", "closing", "people and terms")
_DETAILS = re.compile(r"\(?\s*(cue|also|referral|thanks)\s*([:;)]|$)", re.IGNORECASE)
_BRACKETS = re.compile(r"\(\s*(?:(?:cue|also)\s*:|(?:referral|thanks)\s*[;)])", re.IGNORECASE)
_ESCAPED = re.compile(r"\\.")
_LIST_MARK = re.compile(r"(?:(?:[-*+\u2022\u2013\u2014]|\d{1,3}[.)])\s+)+")
_DASH_BEFORE_MUST = re.compile(r"-+(?=!)")


@dataclass(slots=True)
class _Draft:
    """What was found so far."""

    plain_words: Collection[str]
    goal: str = ""
    opening: list[str] = field(default_factory=list[str])
    questions: list[Question] = field(default_factory=list[Question])
    people: list[Person] = field(default_factory=list[Person])
    terms: list[str] = field(default_factory=list[str])


def read_sheet(path: Path, wording: Wording) -> Plan:
    """Read a sheet from disk. Raises InputError."""
    return parse_sheet(read_text(path), wording, path.name)


def parse_sheet(text: str, wording: Wording, where: str) -> Plan:
    """Read a sheet; `where` names it in errors. Raises InputError.

    The lines and phrases of its language are frozen into the plan.
    """
    if len(text) > LARGEST_BYTES:
        raise InputError(f"{where} is too large for a sheet; at most 1 MB was expected.")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    front, body, first_line = split_front(text, where)
    wording = wording.speaking(front.language) if front.language else wording
    draft = _Draft(frozenset(wording.texts("sheet", "plain_words")))
    _sort(draft, outline(body, where, first_line))
    if not draft.questions:
        raise Place(where, text.count("\n") + 1).wrong(
            "a sheet should have at least one question, and this one has none",
            "Under a line '## Questions' write '- What does a typical day look like for you?'.",
        )
    return Plan(
        person=front.person,
        about=front.about,
        minutes=front.minutes,
        starts=front.starts,
        consent=front.consent,
        language=wording.language,
        goal=draft.goal,
        opening=tuple(draft.opening),
        questions=in_order(draft.questions, wording),
        people=with_person(front.person, front.about, draft.people),
        terms=tuple(dict.fromkeys(draft.terms)),
        dials=front.dials,
        lines=wording.lines(),
        phrases=wording.phrases(),
        themes=wording.themes(),
    )


def read_questions(path: Path) -> tuple[str, ...]:
    """Read questions from a file of plain lines; `!` in front stays, for a must-ask.

    Brackets may stand on lines of their own under a question, as they do in a sheet. Blank lines
    and those that begin with `#` count for nothing. Raises InputError.
    """
    questions: list[str] = []
    for number, text in _plain_lines(read_text(path)):
        place = Place(path.name, number)
        question = read_question(text, place, ())
        if question is None:
            continue
        if len(questions) == MOST_QUESTIONS:
            raise place.wrong(f"{MOST_QUESTIONS} questions are the most for one call")
        questions.append(text)
    if not questions:
        raise InputError(f"{path.name} holds no question.", "Write one question a line.")
    return tuple(questions)


def _plain_lines(text: str) -> list[tuple[int, str]]:
    """Return what is to be read as a question, each with the line it begins on."""
    lines: list[tuple[int, str]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        said = line.strip()
        if not said or said.startswith("#"):
            continue
        said = _DASH_BEFORE_MUST.sub("", _LIST_MARK.sub("", said, count=1), count=1)
        if lines and (_BRACKETS.match(said) or _is_open(lines[-1][1])):
            first, before = lines[-1]
            lines[-1] = first, f"{before} {said}"
        else:
            lines.append((number, said))
    return lines


def _is_open(question: str) -> bool:
    """Tell whether the brackets of a question go on in the next line."""
    if (details := _BRACKETS.search(question)) is None:
        return False
    signs = _ESCAPED.sub("", question[details.start() :])
    return signs.count("(") > signs.count(")")


def in_order(questions: Sequence[Question], wording: Wording) -> tuple[Question, ...]:
    """Return questions as a plan holds them: ids given, one referral, the closing ones last."""
    tagged = next((i for i, q in enumerate(questions) if q.referral), None)
    if tagged is None:
        phrases = wording.texts("sheet", "referral")
        tagged = next((i for i, q in enumerate(questions) if _has_any(q.text, phrases)), None)
    marked = [
        msgspec.structs.replace(q, referral=i == tagged, closing=q.closing or i == tagged)
        for i, q in enumerate(questions)
    ]
    if tagged is not None:
        marked[tagged] = _plainly_cued(marked[tagged], wording)
    return with_ids(sorted(marked, key=lambda question: question.closing))


def _plainly_cued(referral: Question, wording: Wording) -> Question:
    """Return the question for other people with a cue that says so, unless it was given one.

    Its own telling words are where these work, not what is asked: "ward", "freight".
    """
    plain = frozenset(wording.texts("sheet", "plain_words"))
    if referral.cue != short_cue(referral.text, plain):
        return referral
    return msgspec.structs.replace(referral, cue=str(wording.words("sheet")["referral_cue"]))


def with_person(person: str, about: str, people: Sequence[Person]) -> tuple[Person, ...]:
    """Return the people of a plan: the one who is called is among them, nobody twice."""
    named = {p.name.casefold(): p for p in reversed(people)}
    if person and person.casefold() not in named:
        return (Person(person, about), *reversed(named.values()))
    return tuple(reversed(named.values()))


def _has_any(text: str, phrases: Sequence[str]) -> bool:
    said = " ".join(re.findall(r"[\w']+", text.lower()))
    return any(phrase in said for phrase in phrases)


def _sort(draft: _Draft, pieces: Sequence[Piece]) -> None:
    """Put every piece where it belongs."""
    section: _Section | None = None
    for piece in pieces:
        if piece.kind == "heading":
            section = _section(piece, section)
        elif section is not None:
            _add(draft, section, piece)
        elif piece.kind == "item":
            # Whoever writes a list and nothing else writes down what to ask.
            _add(draft, "questions", piece)


def _section(heading: Piece, before: _Section | None) -> _Section | None:
    """Return the section that a heading begins. Raises InputError for one that is not known."""
    name = plain(heading.text).strip("#:. ").lower()
    if name in _SECTIONS:
        return _SECTIONS[name]
    hint = nearest(name, _NAMES)
    if heading.level == 1:
        return before
    if heading.level == 2 or (before in ("questions", "closing") and "closing" in hint[:25]):
        raise heading.place.wrong(f"there is no section {quoted(name)}", hint)
    # Headings of the user's own may group the questions.
    return "questions" if before == "closing" else before


def _add(draft: _Draft, section: _Section, piece: Piece) -> None:
    match section:
        case "questions" | "closing":
            _add_question(draft, piece, is_closing=section == "closing")
        case "goal":
            goal = f"{draft.goal} {plain(piece.text)}"
            draft.goal = piece.place.short(goal, LONGEST_GOAL, "the goal")
        case "opening":
            text = piece.place.short(plain(piece.text), LONGEST_OPENING, "a line to open with")
            draft.opening += [text] if text else []
            _at_most(draft.opening, MOST_OPENING, "lines to open with", piece.place)
        case "people":
            _add_person(draft, piece)
        case "terms":
            _add_terms(draft, piece.text, piece.place)


def _add_question(draft: _Draft, piece: Piece, *, is_closing: bool) -> None:
    text = clean_marks(piece.text)
    # Brackets may stand apart from their question: after a blank line, or as an item under it.
    if piece.level != 1 and draft.questions and _DETAILS.match(text):
        _add_details(draft, text if text.startswith("(") else f"({text})", piece.place)
        return
    if piece.kind == "text":
        raise piece.place.wrong(
            f"a question should be a list line, this is none: {quoted(plain(text))}",
            "Put '- ' before it, or '<!--' and '-->' around a remark.",
        )
    question = read_question(piece.text, piece.place, draft.plain_words)
    if question is not None:
        is_last = is_closing or question.closing
        draft.questions.append(msgspec.structs.replace(question, closing=is_last))
        _at_most(draft.questions, MOST_QUESTIONS, "questions", piece.place)


def _add_details(draft: _Draft, details: str, place: Place) -> None:
    """Add what stands in these brackets to the last question."""
    last = draft.questions[-1]
    said = read_question(f"x {details}", place, draft.plain_words)
    if said is None or said.text != "x":
        raise place.wrong(f"a cue or other wordings were expected, not {quoted(plain(details))}")
    draft.questions[-1] = msgspec.structs.replace(
        last,
        cue=last.cue if said.cue == "x" else said.cue,
        aliases=tuple(dict.fromkeys(last.aliases + said.aliases)),
        referral=last.referral or said.referral,
        thanks=last.thanks or said.thanks,
        closing=last.closing or said.closing,
    )


def _add_person(draft: _Draft, piece: Piece) -> None:
    text = clean_marks(piece.text)
    key, colon, value = text.partition(":")
    if colon and key.strip().lower() in TERMS_KEYS:
        _add_terms(draft, value, piece.place)
        return
    separator = next((s for s in PERSON_SEPARATORS if s in text), "\n")
    name, _, about = text.partition(separator)
    person = Person(
        piece.place.short(plain(name), LONGEST_LINE, "a name"),
        piece.place.short(plain(about), LONGEST_LINE, "who somebody is"),
    )
    if person.name:
        draft.people.append(person)
        _at_most(draft.people, MOST_PEOPLE, "people", piece.place)


def _add_terms(draft: _Draft, text: str, place: Place) -> None:
    terms = [place.short(plain(term), LONGEST_LINE, "a term") for term in text.split(",")]
    draft.terms += [term for term in terms if term]
    _at_most(draft.terms, MOST_TERMS, "terms", place)


def _at_most(found: Sequence[object], most: int, what: str, place: Place) -> None:
    if len(found) > most:
        raise place.wrong(f"{most} {what} are the most for one call")
