"""A sheet written: the standard set with a name and a time in it, ready to use unedited."""

import json
import re
from collections.abc import Sequence
from difflib import SequenceMatcher

import msgspec

from assistant.errors import InputError
from assistant.plan import Dials, Person, Plan, Question
from assistant.sheet.front import is_call_length, iso_time
from assistant.sheet.outline import guarded
from assistant.sheet.place import Place
from assistant.sheet.question import read_question, write_question
from assistant.sheet.reading import (
    MOST_QUESTIONS,
    PERSON_SEPARATORS,
    TERMS_KEYS,
    in_order,
    parse_sheet,
    with_person,
)
from assistant.sheet.typed import LONGEST_LINE
from assistant.textfile import clean, quoted, slug
from assistant.wording import Wording

_SAME_QUESTION = 0.75
"""From this likeness of their letters, two questions are one; a first guess."""
_BARE = re.compile(r"[^\W\d_][\w .,'()/&+-]*")
_NOT_BARE = frozenset(("y", "n", "yes", "no", "true", "false", "on", "off", "null"))


def standard_plan(wording: Wording, set_name: str, person: str, minutes: float) -> Plan:
    """Return the plan of a standard set; `person` may be empty, or "Dana Ruiz, data engineer".

    Raises InputError.
    """
    if not is_call_length(minutes):
        raise InputError("The minutes of a call should be a number between 1 and 480.")
    path = wording.standard_path(set_name)
    text = wording.standard(set_name).replace("{minutes}", _number(minutes))
    plan = parse_sheet(text, wording, str(path))
    name, about = _name_and_about(person)
    return msgspec.structs.replace(
        plan,
        person=name,
        about=about,
        minutes=float(minutes),
        people=with_person(name, about, plan.people),
    )


def new_sheet(
    who: str,
    wording: Wording,
    *,
    set_name: str,
    minutes: float,
    starts: str = "",
    questions: Sequence[str] | None = None,
    terms: Sequence[str] = (),
) -> str:
    """Return a new sheet; `who` is "Dana Ruiz, data engineer at Acme". Raises InputError.

    Questions of the user's own take the place of the set's; its closing ones stay. `terms` are
    added to those of the set.
    """
    plan = standard_plan(wording, set_name, who, minutes)
    if not plan.person:
        raise InputError(
            "A sheet should say with whom the call is.", 'Try "Dana Ruiz, data engineer at Acme".'
        )
    if questions:
        plan = msgspec.structs.replace(plan, questions=_own_questions(questions, plan, wording))
    try:
        starts = iso_time(starts) if starts.strip() else ""
    except ValueError as error:
        raise InputError(
            f"{quoted(starts)} is not a date, or a date and time.",
            "Write it as 2026-12-01 or '2026-12-01 15:00'.",
        ) from error
    terms = tuple(dict.fromkeys((*plan.terms, *terms)))
    return write_sheet(msgspec.structs.replace(plan, starts=starts, terms=terms), wording)


def write_sheet(plan: Plan, wording: Wording) -> str:
    """Write a plan as a sheet that reads back as the same plan. Raises InputError."""
    words = frozenset(wording.texts("sheet", "plain_words"))
    return wording.render(
        "sheet.md",
        front=_front(plan),
        goal=guarded(plan.goal),
        opening=[guarded(line) for line in plan.opening],
        questions=[write_question(q, words) for q in plan.questions if not q.closing],
        closing=[write_question(q, words) for q in plan.questions if q.closing],
        people=[*(_person(p) for p in plan.people), *_terms(plan.terms)],
    )


def sheet_file_name(who: str, starts: str) -> str:
    """Return what to call a sheet's file: `2026-12-01-1500-dana-ruiz.md`."""
    name = slug(_name_and_about(who)[0]) or "call"
    try:
        day, _, clock = iso_time(starts).partition("T")
    except ValueError:
        return f"{name}.md"
    return "-".join(part for part in (day, clock[:5].replace(":", ""), name) if part) + ".md"


def _name_and_about(who: str) -> tuple[str, str]:
    name, _, about = who.partition(",")
    for part in (clean(name), clean(about)):
        if len(part) > LONGEST_LINE:
            raise InputError(f"{quoted(part)} is too long; {LONGEST_LINE} characters are the most.")
    return clean(name), clean(about)


def _own_questions(lines: Sequence[str], plan: Plan, wording: Wording) -> tuple[Question, ...]:
    words = frozenset(wording.texts("sheet", "plain_words"))
    read = [read_question(line, Place("questions", i), words) for i, line in enumerate(lines, 1)]
    standard = next((q for q in plan.questions if q.referral), None)
    own = [
        # Their own way to ask for other people is recognised as ours is.
        msgspec.structs.replace(q, aliases=q.aliases or standard.aliases)
        if q.referral and standard
        else q
        for q in in_order([question for question in read if question is not None], wording)
    ]
    has_referral = any(question.referral for question in own)
    closing = [
        question
        for question in plan.questions
        if question.closing
        and not (question.referral and has_referral)
        and not any(_is_same(question, mine.text) for mine in own)
    ]
    if len(own) + len(closing) > MOST_QUESTIONS:
        raise InputError(f"{MOST_QUESTIONS} questions are the most for one call.")
    return in_order([*own, *closing], wording)


def _is_same(question: Question, text: str) -> bool:
    """Tell whether a text asks what a question asks, by its cue or its letters."""
    said = text.lower()
    wordings = (question.text, *question.aliases)
    return question.cue.lower() in said or any(
        SequenceMatcher(None, wording.lower(), said).ratio() >= _SAME_QUESTION
        for wording in wordings
    )


def _front(plan: Plan) -> list[str]:
    said = {
        "with": _scalar(plan.person),
        "about": _scalar(plan.about),
        "minutes": _number(plan.minutes),
        "starts": plan.starts.replace("T", " "),
        "consent": plan.consent,
        "language": plan.language,
    }
    lines = [f"{key}: {value}".rstrip() for key, value in said.items()]
    usual = msgspec.structs.asdict(Dials())
    changed = {
        name: value
        for name, value in msgspec.structs.asdict(plan.dials).items()
        if value != usual[name]
    }
    if changed:
        lines += ["dials:", *(f"  {name}: {_dial(value)}" for name, value in changed.items())]
    return lines


def _dial(value: float | tuple[float, ...]) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_number(number) for number in value)}]"
    return _number(value)


def _number(number: float) -> str:
    return str(int(number)) if number == int(number) else repr(number)


def _scalar(text: str) -> str:
    is_bare = not text or (_BARE.fullmatch(text) and text.lower() not in _NOT_BARE)
    return text if is_bare else json.dumps(text, ensure_ascii=False)


def _person(person: Person) -> str:
    if person.name.lower() in TERMS_KEYS and person.about:
        return f"{person.name} - {_guarded_name(person.about)}"
    name = _guarded_name(person.name)
    return f"{name}: {guarded(person.about)}" if person.about else name


def _guarded_name(name: str) -> str:
    return guarded(name, "".join(s.strip() for s in PERSON_SEPARATORS if s in name))


def _terms(terms: Sequence[str]) -> list[str]:
    return [f"terms: {', '.join(guarded(term, ',') for term in terms)}"] if terms else []
