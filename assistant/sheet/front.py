"""The front matter of a sheet: with whom, how long, when, and the dials.

Every value is read as the text that was typed, so that `no` is a word and
`15:00` a time; what it should be is checked here and told by line. Aliases are
refused: no sheet needs them, and a few lines of them can unfold to gigabytes.
The only door to python-frontmatter and to yaml.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Literal, TypeAlias, cast

import msgspec
import yaml
from frontmatter.default_handlers import YAMLHandler

from assistant.plan import Dials
from assistant.sheet.place import Place
from assistant.textfile import clean, nearest, quoted

LONGEST_LINE = 200
"""In characters: a name, or what somebody does."""
LONGEST_FRONT = 8000
"""In characters: a hundred times what is usual."""
_DEEPEST = 4

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

# The stubs of yaml leave the kind of stream open.
_parse = cast("Callable[[str, type], Iterator[yaml.Event]]", yaml.parse)  # pyright: ignore[reportUnknownMemberType]
_compose = cast("Callable[[str, type], yaml.Node | None]", yaml.compose)  # pyright: ignore[reportUnknownMemberType]

_PlaceOf: TypeAlias = Callable[[yaml.Mark | None], Place]


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


class _Value(msgspec.Struct, frozen=True):
    """What was typed, and where."""

    typed: "str | list[_Value] | dict[str, _Value]"
    place: Place

    def text(self, key: str, longest: int = LONGEST_LINE) -> str:
        """Return the one line of text that this is. Raises InputError if it is something else."""
        if not isinstance(self.typed, str):
            raise self.place.wrong(f"{key} should be one line of text")
        return self.place.short(self.typed, longest, key)


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
    values = _read(head, file, text.count("\n", 0, opening.end()) + 1)
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


def _read(head: str, file: str, first_line: int) -> Mapping[str, _Value]:
    """Return the keys of the front matter and what was typed after each."""

    def place_of(mark: yaml.Mark | None) -> Place:
        return Place(file, first_line + head.count("\n", 0, mark.index if mark else 0))

    try:
        _refuse_tricks(head, place_of)
        node = _compose(head, yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = cast("yaml.Mark | None", getattr(error, "problem_mark", None))
        problem = clean(str(getattr(error, "problem", None) or "a sign that can not be read"))
        raise place_of(mark).wrong(
            f"a line such as 'minutes: 20' was expected here ({problem})",
            'A text that has a colon in it should stand in quotes: about: "data: the team".',
        ) from error
    if node is None:
        return {}
    value = _value(node, place_of)
    if not isinstance(value.typed, dict):
        raise value.place.wrong("lines such as 'minutes: 20' were expected")
    return value.typed


def _refuse_tricks(head: str, place_of: _PlaceOf) -> None:
    """Raise InputError for aliases and deep nesting, before anything is built from them."""
    depth = 0
    for event in _parse(head, yaml.BaseLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent):
            raise place_of(event.start_mark).wrong(
                "a '*' stands for another place here, which a sheet does not know",
                "A text that begins with '*' should stand in quotes.",
            )
        if depth > _DEEPEST:
            raise place_of(event.start_mark).wrong("this is nested more deeply than a sheet needs")


def _value(node: yaml.Node, place_of: _PlaceOf) -> _Value:
    here = place_of(node.start_mark)
    match node:
        case yaml.MappingNode():
            table: dict[str, _Value] = {}
            for key_node, value_node in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
                key = _value(key_node, place_of)
                name = key.text("a key")
                if name in table:
                    raise key.place.wrong(f"{quoted(name)} stands here a second time")
                table[name] = _Value(_value(value_node, place_of).typed, key.place)
            return _Value(table, here)
        case yaml.SequenceNode():
            nodes = cast("list[yaml.Node]", node.value)
            return _Value([_value(item, place_of) for item in nodes], here)
        case _:
            return _Value(str(cast("Any", node).value), here)


def _front(values: Mapping[str, _Value]) -> Front:
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


def _minutes(value: _Value) -> float:
    text = value.text("minutes")
    match = _MINUTES.fullmatch(text)
    minutes = float(match[1]) if match else 0.0
    if not is_call_length(minutes):
        what = f"minutes should be a number between 1 and 480, it says {quoted(text)}"
        raise value.place.wrong(what)
    return minutes


def _starts(value: _Value) -> str:
    text = value.text("starts")
    try:
        return iso_time(text)
    except ValueError as error:
        raise value.place.wrong(
            f"starts should be a date, or a date and time such as 2026-12-01 15:00, "
            f"it says {quoted(text)}"
        ) from error


def _consent(value: _Value) -> Consent:
    text = value.text("consent").lower().replace(" ", "-")
    for consent in _CONSENTS:
        if text == consent:
            return consent
    what = f"consent should be one of {', '.join(_CONSENTS)}, it says {quoted(text)}"
    raise value.place.wrong(what)


def _language(value: _Value) -> str:
    text = value.text("language")
    if not _LANGUAGE.fullmatch(text):
        what = f"language should be a short code such as 'en' or 'de', it says {quoted(text)}"
        raise value.place.wrong(what)
    return text.lower().replace("_", "-")


def _dials(value: _Value) -> Dials:
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


def _number(name: str, value: _Value, *, is_whole: bool = False) -> float:
    text = value.text(name)
    least, most = next((low, high) for end, low, high in _BOUNDS if name.endswith(end))
    number = float(text) if _NUMBER.fullmatch(text) else -1.0
    if not least <= number <= most or (is_whole and number % 1):
        kind = "a whole number" if is_whole else "a number"
        what = f"{name} should be {kind} between {least:g} and {most:g}, it says {quoted(text)}"
        raise value.place.wrong(what)
    return number
