"""What was typed in the front matter, as text, and on which line; nothing is interpreted.

Every value is read as the text that was typed, so that `no` is a word and
`15:00` a time. Aliases are refused: no sheet needs them, and a few lines of
them can unfold to gigabytes. The only door to yaml.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias, cast

import msgspec
import yaml

from assistant.sheet.place import Place
from assistant.textfile import quoted

LONGEST_LINE = 200
"""In characters: a name, or what somebody does."""
_DEEPEST = 4

# The stubs of yaml leave the kind of stream open.
_parse = cast("Callable[[str, type], Iterator[yaml.Event]]", yaml.parse)  # pyright: ignore[reportUnknownMemberType]
_compose = cast("Callable[[str, type], yaml.Node | None]", yaml.compose)  # pyright: ignore[reportUnknownMemberType]

_UNREADABLE = (
    (
        "mapping values are not allowed",
        "a line such as 'minutes: 20' was expected here, with one colon",
        'A text that has a colon in it should stand in quotes: about: "data: the team".',
    ),
    ("'\\t'", "a tab stands here", "Put spaces in its place."),
    (
        "cannot start any token",
        "no text may begin with this sign",
        'Put the text in quotes: about: "@home, a start-up".',
    ),
    ("end of stream", "quotes that were opened are not closed", "Put a second one after the text."),
    ("expected ',' or ']'", "a '[' that was opened is not closed", "A text needs no brackets."),
    ("expected ',' or '}'", "a '{' that was opened is not closed", "A text needs no brackets."),
    (
        "escape",
        "a backslash in quotes means something else",
        "Write it twice, or leave out the quotes.",
    ),
)
"""What the parser says -> what it means to somebody who writes a sheet, and what helps."""

_PlaceOf: TypeAlias = Callable[[yaml.Mark | None], Place]


class Value(msgspec.Struct, frozen=True):
    """What was typed, and where."""

    typed: "str | list[Value] | dict[str, Value]"
    place: Place

    def text(self, key: str, longest: int = LONGEST_LINE) -> str:
        """Return the one line of text that this is. Raises InputError if it is something else."""
        if not isinstance(self.typed, str):
            raise self.place.wrong(f"{key} should be one line of text")
        return self.place.short(self.typed, longest, key)


def read_typed(head: str, file: str, first_line: int) -> Mapping[str, Value]:
    """Return the keys of the front matter and what was typed after each."""

    def place_of(mark: yaml.Mark | None) -> Place:
        return Place(file, first_line + head.count("\n", 0, mark.index if mark else 0))

    try:
        _refuse_tricks(head, place_of)
        node = _compose(head, yaml.BaseLoader)
    except (yaml.YAMLError, ValueError) as error:
        mark = cast("yaml.Mark | None", getattr(error, "problem_mark", None))
        what, hint = _unreadable(str(getattr(error, "problem", "") or ""))
        raise place_of(mark).wrong(what, hint) from error
    if node is None:
        return {}
    value = _value(node, place_of)
    if not isinstance(value.typed, dict):
        raise value.place.wrong("lines such as 'minutes: 20' were expected")
    return value.typed


def _unreadable(problem: str) -> tuple[str, str]:
    """Say in plain words what the parser could not read, and what helps."""
    for sign, what, hint in _UNREADABLE:
        if sign in problem:
            return what, hint
    return "a line such as 'minutes: 20' was expected here", ""


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


def _value(node: yaml.Node, place_of: _PlaceOf) -> Value:
    here = place_of(node.start_mark)
    match node:
        case yaml.MappingNode():
            table: dict[str, Value] = {}
            for key_node, value_node in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
                key = _value(key_node, place_of)
                name = key.text("a key")
                if name in table:
                    raise key.place.wrong(f"{quoted(name)} stands here a second time")
                table[name] = Value(_value(value_node, place_of).typed, key.place)
            return Value(table, here)
        case yaml.SequenceNode():
            nodes = cast("list[yaml.Node]", node.value)
            return Value([_value(item, place_of) for item in nodes], here)
        case _:
            return Value(str(cast("Any", node).value), here)
