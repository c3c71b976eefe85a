"""One question as a person writes it, and as a plan holds it.

    ! What does a typical day look like for you?
      (cue: typical day; also: a normal week, walk me through your day)

A "!" in front is a must-ask. The brackets at the end may hold `cue`, `also`,
and the tags `referral` and `thanks`. A question without a cue gets one made of
its own words.
"""

import difflib
import re
import textwrap
from collections.abc import Collection, Sequence

import msgspec

from assistant.plan import Question
from assistant.sheet.outline import clean_marks, guarded, plain
from assistant.sheet.place import Place
from assistant.textfile import nearest, quoted, slug

LONGEST_QUESTION = 300
"""In characters: longer ones can not be asked in one breath."""
MOST_CUE_WORDS = 5
"""With "ask:" before it and a must-ask after it, still at most eight words."""
LONGEST_CUE = 60
MOST_ALIASES = 20
LONGEST_ALIAS = 120
_LONGEST_WORD = 24
_LINE_WIDTH = 96

_KEYS = ("cue", "also", "referral", "thanks")
_CHECKBOX = re.compile(r"\[[ xX]?\]\s*")
_FIRST_KEY = re.compile(r"\s*([^\W\d_]+)\s*(?:[:;]|$)")
_LEFT_OPEN = re.compile(r"\(\s*(cue|also)\s*:", re.IGNORECASE)
_LIKE_DETAILS = re.compile(r"\(\s*[^\W\d_]+\s*[:;)]")
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")


def read_question(text: str, place: Place, plain_words: Collection[str]) -> Question | None:
    """Read a question; None where there is none. Its id is still to be given.

    Raises InputError, naming the place.
    """
    said = _CHECKBOX.sub("", clean_marks(text), count=1) if text[:1] == "[" else clean_marks(text)
    must = said.startswith("!")
    said = said.lstrip("! ")
    details: list[str] = []
    while (split := _split_details(said)) is not None:
        said = split[0]
        details.insert(0, split[1])
    left_open = _LEFT_OPEN.search(said)
    if left_open:
        what = f"the brackets with '{left_open[1]}' should be closed, at the end of the question"
        raise place.wrong(what)
    asked = place.short(plain(said), LONGEST_QUESTION, "a question")
    if not asked:
        if details:
            raise place.wrong("a question was expected before the brackets")
        return None
    question = _detailed(Question("", asked, must), details, place)
    return question if question.cue else with_cue(question, plain_words)


def write_question(question: Question, plain_words: Collection[str]) -> str:
    """Write a question so that it reads back as itself; lines after the first are indented."""
    text = guarded(question.text, "(" if _LIKE_DETAILS.search(question.text) else "")
    details = ["referral"] if question.referral else []
    details += ["thanks"] if question.thanks else []
    if question.aliases:
        details.append("also: " + ", ".join(guarded(a, "(),;") for a in question.aliases))
    if details or question.cue != short_cue(question.text, plain_words):
        details.insert(0, f"cue: {guarded(question.cue, '();')}")
    first = f"! {text}" if question.must else text
    return "\n".join([first, *_wrapped(f"({'; '.join(details)})")]) if details else first


def short_cue(text: str, plain_words: Collection[str]) -> str:
    """Return what to murmur for a question nobody gave a cue: its first few telling words.

    Where these lie close together they are murmured as they stand, with what joins them: "first
    job in games" is sooner understood than "first job games".
    """
    words = _WORD.findall(text)
    is_telling = [word.lower().replace("\u2019", "'") not in plain_words for word in words]
    places = [place for place, telling in enumerate(is_telling) if telling]
    if places and places[-1] - places[0] < MOST_CUE_WORDS:
        chosen = words[places[0] : places[-1] + 1]
    else:
        telling = [words[place] for place in places]
        chosen = list(dict.fromkeys(telling or words or text.split()))[:MOST_CUE_WORDS]
    return " ".join(word[:_LONGEST_WORD] for word in chosen)[:LONGEST_CUE].strip()


def with_cue(question: Question, plain_words: Collection[str]) -> Question:
    """Return the question with a cue made of its own words."""
    return msgspec.structs.replace(question, cue=short_cue(question.text, plain_words))


def with_ids(questions: Sequence[Question]) -> tuple[Question, ...]:
    """Give every question its id: a short name that is the same in every call."""
    taken: set[str] = set()
    named: list[Question] = []
    for question in questions:
        stem = slug(question.cue) or slug(question.text) or "question"
        numbered = (f"{stem}-{number}" for number in range(2, len(questions) + 2))
        name = stem if stem not in taken else next(n for n in numbered if n not in taken)
        taken.add(name)
        named.append(msgspec.structs.replace(question, id=name))
    return tuple(named)


def _split_details(text: str) -> tuple[str, str] | None:
    """Split off the brackets at the end, if they hold what brackets here may hold."""
    if not text.endswith(")"):
        return None
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        depth += (text[at] == ")") - (text[at] == "(")
        if depth == 0:
            inner = text[at + 1 : -1]
            key = _FIRST_KEY.match(inner)
            is_known = key and difflib.get_close_matches(key[1].lower(), _KEYS, 1, 0.75)
            return (text[:at].rstrip(), inner) if is_known else None
    return None


def _detailed(question: Question, details: Sequence[str], place: Place) -> Question:
    aliases: list[str] = []
    changes: dict[str, object] = {}
    for detail in (part for inner in details for part in inner.split(";") if part.strip()):
        key, colon, value = detail.partition(":")
        match key.strip().lower():
            case "cue" if colon:
                changes["cue"] = _cue(plain(value), place)
            case "also" if colon:
                aliases += [_alias(plain(alias), place) for alias in value.split(",")]
            case "referral" | "thanks" as tag if not colon:
                changes |= {tag: True, "closing": True}
            case other:
                what = f"{quoted(plain(other))} was not expected in the brackets of a question"
                raise place.wrong(what, nearest(plain(other), _KEYS))
    changes["aliases"] = tuple(dict.fromkeys(alias for alias in aliases if alias))
    if len(aliases) > MOST_ALIASES:
        raise place.wrong(f"a question has at most {MOST_ALIASES} other wordings")
    return msgspec.structs.replace(question, **changes)


def _cue(text: str, place: Place) -> str:
    words = len(text.split())
    if words > MOST_CUE_WORDS:
        what = f"a cue should be at most {MOST_CUE_WORDS} words, {quoted(text)} has {words}"
        raise place.wrong(what)
    return place.short(text, LONGEST_CUE, "a cue")


def _alias(text: str, place: Place) -> str:
    return place.short(text, LONGEST_ALIAS, "another wording")


def _wrapped(details: str) -> list[str]:
    lines = textwrap.wrap(details, _LINE_WIDTH, break_long_words=False, break_on_hyphens=False)
    # A line that begins with a sign or a number could be taken for a list or a heading.
    is_safe = all(line[0].isalpha() or line[0] == "(" for line in lines)
    return [f"  {line}" for line in (lines if is_safe else [details])]
