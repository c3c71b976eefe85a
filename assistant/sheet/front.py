"""The front matter of a sheet: with whom, how long, when, and the dials.

What a value should be is checked here and told by line. The only door to
python-frontmatter.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal, TypeAlias, cast

import msgspec
from frontmatter.default_handlers import YAMLHandler

from assistant.plan import Dials
from assistant.sheet.place import Place
from assistant.sheet.typed import Value, read_typed
from assistant.textfile import nearest, quoted

LONGEST_FRONT = 8000
"""In characters: a hundred times what is usual."""

Consent: TypeAlias = Literal["ask", "given", "not-needed"]
_CONSENTS: tuple[Consent, ...] = ("ask", "given", "not-needed")
_KEYS = ("with", "about", "minutes", "starts", "consent", "language", "dials")

_BOUNDARY = cast("re.Pattern[str]", YAMLHandler().FM_BOUNDARY)
_MINUTES = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,9})?)\s*(?:m|mins?|minutes?)?", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,18})?")
_STARTS = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([0-9]{1,2}:[0-9]{2}\S*)(?: ([-+]\S+|Z))?)?"
)
_LANGUAGE = re.compile(r"[a-z]{2,3}([-_][a-z0-9]{2,8})*", re.IGNORECASE)

_BOUNDS: tuple[tuple[str, float, float], ...] = (
    ("over_every_s", 1.0, 86_400.0),
    ("cue_window_s", 1.0, 86_400.0),
    ("dead_line_s", 1.0, 86_400.0),
    ("monologue_s", 1.0, 86_400.0),
    ("warnings_left_s", 1.0, 86_400.0),
    ("stall_s", 0.5, 600.0),
    ("stall_cap_s", 0.5, 600.0),
    ("thinking_s", 0.5, 600.0),
    ("_at", 0.0, 1.0),
    ("_margin", 0.0, 1.0),
    ("_factor", 0.0, 100.0),
    ("_db", 0.0, 60.0),
    ("_s", 0.0, 86_400.0),
    ("", 0.0, 1000.0),
)
"""How a dial's name ends -> the least and the most it may be; the first that fits holds."""
_MOST_WARNINGS = 20


class Front(msgspec.Struct, frozen=True):
    """What the front matter says; the defaults where it says nothing."""

    person: str = ""
    about: str = ""
    minutes: float = 20.0
    starts: str = ""
    consent: Consent = "ask"
    language: str = ""
    """Empty where the sheet names none."""
    dials: Dials = Dials()


def split_front(text: str, file: str) -> tuple[Front, str, int]:
    """Return what the front matter says, the body, and the line the body begins on."""
    opening = _BOUNDARY.match(text, len(text) - len(text.lstrip()))
    if opening is None:
        return Front(), text, 1
    closing = _BOUNDARY.search(text, opening.end())
    line = text.count("\n", 0, opening.start()) + 1
    if closing is None:
        raise Place(file, line).wrong("what opens here should be closed by a second line '---'")
    head = text[opening.end() : closing.start()]
    if len(head) > LONGEST_FRONT:
        what = f"{LONGEST_FRONT} characters of front matter are the most, these are {len(head)}"
        raise Place(file, line).wrong(what)
    values = read_typed(head, file, text.count("\n", 0, opening.end()) + 1)
    return _front(values), text[closing.end() :], text.count("\n", 0, closing.end()) + 1


def iso_time(text: str) -> str:
    """Return a date, or a date and time, in ISO 8601 and as it was meant. Raises ValueError."""
    match = _STARTS.fullmatch(" ".join(text.split()))
    if match is None:
        raise ValueError(text)
    day, clock, zone = match.groups()
    if clock is None:
        return date.fromisoformat(day).isoformat()
    padding = "0" if clock[1] == ":" else ""
    moment = datetime.fromisoformat(f"{day}T{padding}{clock}{zone or ''}")
    has_seconds = moment.second or moment.microsecond
    return moment.isoformat(timespec="auto" if has_seconds else "minutes")


def is_call_length(minutes: float) -> bool:
    """Tell whether a call can be so long."""
    return 1.0 <= minutes <= 480.0


def _front(values: Mapping[str, Value]) -> Front:
    """Check every value. Raises InputError for the first that is not as it should be."""
    said: dict[str, object] = {}
    for key, value in values.items():
        if key not in _KEYS:
            raise value.place.wrong(f"{quoted(key)} is not known here", nearest(key, _KEYS))
        if value.typed == "":
            continue
        match key:
            case "with":
                said["person"] = value.text(key)
            case "minutes":
                said["minutes"] = _minutes(value)
            case "starts":
                said["starts"] = _starts(value)
            case "consent":
                said["consent"] = _consent(value)
            case "language":
                said["language"] = _language(value)
            case "dials":
                said["dials"] = _dials(value)
            case _:
                said[key] = value.text(key)
    return msgspec.convert(said, Front)


def _minutes(value: Value) -> float:
    text = value.text("minutes")
    match = _MINUTES.fullmatch(text)
    minutes = float(match[1]) if match else 0.0
    if not is_call_length(minutes):
        what = f"minutes should be a number between 1 and 480, it says {quoted(text)}"
        raise value.place.wrong(what)
    return minutes


def _starts(value: Value) -> str:
    text = value.text("starts")
    try:
        return iso_time(text)
    except ValueError as error:
        raise value.place.wrong(
            f"starts should be a date, or a date and time such as 2026-12-01 15:00, "
            f"it says {quoted(text)}"
        ) from error


def _consent(value: Value) -> Consent:
    text = value.text("consent").lower().replace(" ", "-")
    for consent in _CONSENTS:
        if text == consent:
            return consent
    what = f"consent should be one of {', '.join(_CONSENTS)}, it says {quoted(text)}"
    raise value.place.wrong(what)


def _language(value: Value) -> str:
    text = value.text("language")
    if not _LANGUAGE.fullmatch(text):
        what = f"language should be a short code such as 'en' or 'de', it says {quoted(text)}"
        raise value.place.wrong(what)
    return text.lower().replace("_", "-")


def _dials(value: Value) -> Dials:
    if not isinstance(value.typed, dict):
        raise value.place.wrong("dials should be lines such as 'stall_s: 5', each under it")
    said: dict[str, object] = {}
    for name, dial in value.typed.items():
        if name not in Dials.__struct_fields__:
            hint = nearest(name, Dials.__struct_fields__)
            raise dial.place.wrong(f"there is no dial {quoted(name)}", hint)
        usual = getattr(Dials(), name)
        if isinstance(usual, tuple):
            items = dial.typed if isinstance(dial.typed, list) else [dial]
            if len(items) > _MOST_WARNINGS:
                raise dial.place.wrong(f"{name} should have at most {_MOST_WARNINGS} numbers")
            said[name] = tuple(_number(name, item) for item in items)
        elif isinstance(usual, int):
            said[name] = int(_number(name, dial, is_whole=True))
        else:
            said[name] = _number(name, dial)
    return msgspec.convert(said, Dials)


def _number(name: str, value: Value, *, is_whole: bool = False) -> float:
    text = value.text(name)
    least, most = next((low, high) for end, low, high in _BOUNDS if name.endswith(end))
    number = float(text) if _NUMBER.fullmatch(text) else -1.0
    if not least <= number <= most or (is_whole and number % 1):
        kind = "a whole number" if is_whole else "a number"
        what = f"{name} should be {kind} between {least:g} and {most:g}, it says {quoted(text)}"
        raise value.place.wrong(what)
    return number
