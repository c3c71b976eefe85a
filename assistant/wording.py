"""The words of a language: cue lines, phrases, question sets, templates.

Reads `prompts/<language>/`, the user's own folder before the one that came with
the program: a file of the same name there overrules a template or a question
set, and the keys of a TOML file one by one. What a language lacks is said in
English.

Law: whatever stands in a file of the user's, it is words or an InputError that
names the file and the line.
"""

import copy
import re
import string
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import msgspec

from assistant.errors import InputError
from assistant.minds.leave import LISTS
from assistant.minds.markers import KINDS
from assistant.plan import Lines, Phrases, Themes
from assistant.textfile import nearest, read_text

if TYPE_CHECKING:
    from assistant.templates import Templates

Table: TypeAlias = dict[str, Any]
"""What a TOML file holds."""

FALLBACK = "en"
LONGEST_MURMUR_WORDS = 8
"""More than a listener can take in beside a talk (design: at most eight, better three)."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
_FORMAT = re.compile(r"[.]?[0-9]?[dfs]?")
_SAMPLES: Mapping[str, object] = {
    "cue": "who else to talk to",
    "line": "5 minutes left",
    "minutes": 20,
    "open": 2,
    "silence_s": 4.0,
    "topic": "hospital group merger",
}
"""What a line is filled with when it is checked: the longest that is usual."""


class Wording:
    """Every text of one language; files are read when they are asked for."""

    def __init__(self, language: str, roots: Sequence[Path]) -> None:
        """Take the folders in the order in which they overrule; they need not exist.

        The last is the one that came with the program. Raises InputError for what can not be a
        language's name.
        """
        self.language = language.strip().lower().replace("_", "-")
        self.roots = tuple(roots)
        if not _LANGUAGE.fullmatch(self.language):
            raise InputError(
                f"{language[:40]!r} is not the name of a language.",
                "It should be a short code such as 'en' or 'de'.",
            )

    def speaking(self, language: str) -> "Wording":
        """Return the wording of another language, from the same folders."""
        wording = Wording(language, self.roots)
        return self if wording.language == self.language else wording

    @property
    def fell_back(self) -> tuple[str, ...]:
        """The files that this language lacks, so that English is used; empty for a whole one."""
        own = {
            name for folder in self._folders(self._languages[:-1]) for name in _files_under(folder)
        }
        english = {name for folder in self._folders((FALLBACK,)) for name in _files_under(folder)}
        return () if self.language == FALLBACK else tuple(sorted(english - own))

    def lines(self) -> Lines:
        """Return the lines of the cues. Raises InputError."""
        return self._lines

    def phrases(self) -> Phrases:
        """Return what is listened for. Raises InputError."""
        return self._phrases

    def themes(self) -> Themes:
        """Return what talks of this kind are about. Raises InputError."""
        return self._themes

    def words(self, name: str) -> Table:
        """Return what `<name>.toml` holds, all folders laid over one another. Raises InputError."""
        table: Table = {}
        # From the weakest to the strongest: English, this language; ours, the user's.
        for path in reversed(self._every(f"{name}.toml")):
            _lay_over(table, _read_toml(path))
        return table

    def labels(self, name: str) -> Table:
        """Return what `<name>.toml` holds, each text held against ours of the same key.

        Raises InputError where one is not known, is no text, or fills in what ours can not.
        """
        ours: Table = {}
        table: Table = {}
        for path in reversed(self._every(f"{name}.toml")):
            own = _read_toml(path)
            # The weakest is the English one that came with the program.
            ours = ours or copy.deepcopy(own)
            for key, value in own.items():
                if fault := _check_labels(key, value, ours.get(key)):
                    where, what = fault
                    raise InputError(f"{path}, line {_line_of(read_text(path), where)}: {what}.")
            _lay_over(table, own)
        return table

    def texts(self, name: str, key: str) -> tuple[str, ...]:
        """Return a list of texts of `<name>.toml`. Raises InputError where it is none."""
        found = self.words(name).get(key)
        if not _is_texts(found):
            path = self._every(f"{name}.toml")[0]
            line = _line_of(read_text(path), key)
            raise InputError(f"{path}, line {line}: {key} should be a list of texts.")
        return tuple(cast("list[str]", found))

    def standard(self, set_name: str) -> str:
        """Return the standard set of that name: the text of a sheet. Raises InputError."""
        return read_text(self.standard_path(set_name))

    def standard_path(self, set_name: str) -> Path:
        """Return where that standard set lies. Raises InputError for one that is not there."""
        found = self._every(f"sheets/{set_name}.md") if _FILE_NAME.fullmatch(set_name) else []
        if not found:
            raise InputError(
                f"There is no question set {set_name[:60]!r}.",
                f"There are: {', '.join(self.sets())}.",
            )
        return found[0]

    def sets(self) -> tuple[str, ...]:
        """Return the names of the standard sets."""
        folders = self._folders(self._languages)
        return tuple(sorted({path.stem for f in folders for path in (f / "sheets").glob("*.md")}))

    def render(self, template: str, **values: object) -> str:
        """Fill in `<template>.j2`. Raises InputError where the user's own template is at fault."""
        return self._templates.render(f"{template}.j2", values)

    @cached_property
    def _templates(self) -> "Templates":
        # Who writes no page does not wait for what fills them in.
        from assistant.templates import Templates

        return Templates(self._template, self.roots[:-1])

    @cached_property
    def _lines(self) -> Lines:
        return msgspec.convert(self._checked("cues.toml", Lines(), _check_line), Lines)

    @cached_property
    def _phrases(self) -> Phrases:
        return msgspec.convert(self._checked("phrases.toml", Phrases(), _check_phrases), Phrases)

    @cached_property
    def _themes(self) -> Themes:
        return msgspec.convert(self._checked("themes.toml", Themes(), _check_phrases), Themes)

    @cached_property
    def _languages(self) -> tuple[str, ...]:
        """The languages to look in, best first: `de-at`, `de`, `en`."""
        return tuple(dict.fromkeys((self.language, self.language.partition("-")[0], FALLBACK)))

    def _folders(self, languages: Sequence[str]) -> list[Path]:
        return [root / language for language in languages for root in self.roots]

    def _every(self, name: str) -> list[Path]:
        """Return every file of that name, the one that overrules the others first."""
        return [path for f in self._folders(self._languages) if (path := f / name).is_file()]

    def _template(self, name: str) -> Path | None:
        return next(iter(self._every(name)), None) if _FILE_NAME.fullmatch(name) else None

    def _checked(
        self,
        name: str,
        usual: Lines | Phrases | Themes,
        check: Callable[[str, object, object], str],
    ) -> Table:
        """Read a TOML file into the fields of a struct; name the file and line of what is wrong."""
        fields = msgspec.structs.asdict(usual)
        for path in reversed(self._every(name)):
            text = read_text(path)
            for key, value in _read_toml(path).items():
                if key not in fields:
                    fault = f"{key!r} is not known here"
                    hint = nearest(key, tuple(fields))
                else:
                    fault, hint = check(key, value, getattr(usual, key)), ""
                if fault:
                    raise InputError(f"{path}, line {_line_of(text, key)}: {fault}.", hint)
                spoken = value if isinstance(value, str) else _spoken(value)
                # A table is laid over the one below it, a list takes its place.
                is_table = isinstance(spoken, dict)
                fields[key] = {**fields[key], **spoken} if is_table else spoken
        return fields


def _check_line(key: str, value: object, usual: object) -> str:
    """Return what is wrong with a cue's line, or nothing."""
    if not isinstance(value, str) or not value.strip():
        return f"{key} should be a text"
    known = sorted(f for _, f, _, _ in string.Formatter().parse(str(usual)) if f)
    try:
        for _, field, spec, conversion in string.Formatter().parse(value):
            if field is None:
                continue
            if field not in known or conversion or not _FORMAT.fullmatch(spec or ""):
                can = " or ".join(f"{{{f}}}" for f in known) or "nothing"
                return f"{key} can fill in {can}, it says {{{field}}}"
        filled = value.format(**_SAMPLES)
    except ValueError as error:
        return f"{key} has a bracket that does not fit ({error})"
    words = len(filled.split())
    if words > LONGEST_MURMUR_WORDS and not key.startswith("why_"):
        return f"{key} should be at most {LONGEST_MURMUR_WORDS} words, filled in it has {words}"
    return ""


def _check_labels(key: str, value: object, ours: object) -> tuple[str, str] | None:
    """Return the key that is at fault and what is wrong with it, or None."""
    if ours is None:
        return key, f"{key!r} is not known here"
    if isinstance(ours, dict):
        if not isinstance(value, dict):
            return key, f"{key} should be a table"
        known, own = cast("Table", ours), cast("Table", value)
        faults = (_check_labels(inner, text, known.get(inner)) for inner, text in own.items())
        return next(filter(None, faults), None)
    if isinstance(ours, list):
        needed = len(cast("list[object]", ours))
        is_good = _is_texts(value) and len(cast("list[str]", value)) == needed
        return None if is_good else (key, f"{key} should be a list of {needed} texts")
    if not isinstance(value, str):
        return key, f"{key} should be a text"
    try:
        known, own = _fields(str(ours)), _fields(value)
    except ValueError as error:
        return key, f"{key} has a bracket that does not fit ({error})"
    if own <= known:
        return None
    can = ", ".join(f"{{{field}}}" for field in sorted(known)) or "nothing"
    return key, f"{key} can fill in {can}, it says {value!r}"


def _fields(text: str) -> set[str]:
    return {
        field + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
        for _, field, spec, conversion in string.Formatter().parse(text)
        if field is not None
    }


def _check_phrases(key: str, value: object, usual: object) -> str:
    """Return what is wrong with a list of phrases, or nothing."""
    if isinstance(usual, tuple):
        return "" if _is_texts(value) else f"{key} should be a list of texts"
    if not isinstance(value, dict):
        return f"{key} should be a table of lists"
    table = cast("Table", value)
    known = {"commands": KINDS, "consent": LISTS}.get(key)
    strange = next((name for name in table if known and name not in known), None)
    if known and strange is not None:
        return f"{strange!r} is not known here, {key} can be {', '.join(known)}"
    return next(
        (f"{k} should be a list of texts" for k, v in table.items() if not _is_texts(v)), ""
    )


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(text, str) for text in cast("list[object]", value)
    )


def _spoken(value: object) -> Table | tuple[str, ...]:
    """Return phrases as they are compared: lower case, words and apostrophes, single spaces."""
    if isinstance(value, dict):
        return {key: _spoken(texts) for key, texts in cast("Table", value).items()}
    texts = [
        " ".join(re.sub(r"[^\w']+", " ", text.lower().replace("\u2019", "'")).split())
        for text in cast("list[str]", value)
    ]
    return tuple(dict.fromkeys(text for text in texts if text))


def _read_toml(path: Path) -> Table:
    text = read_text(path)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what, _, place = str(error).partition(" (at ")
        line = re.search(r"line (\d+)", place)
        number = line[1] if line else text.count("\n") + 1
        raise InputError(
            f"{path}, line {number}: {what}.", "Mend that line, or move the file away."
        ) from error
    except RecursionError as error:
        raise InputError(f"{path} is nested too deeply.", "Move the file away.") from error


def _lay_over(table: Table, above: Table) -> None:
    for key, value in above.items():
        below = table.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            _lay_over(cast("Table", below), cast("Table", value))
        else:
            table[key] = value


def _line_of(text: str, key: str) -> int:
    found = re.search(rf'(?m)^[ \t]*\[?["\']?{re.escape(key)}["\']?[ \t]*[=\].]', text)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _files_under(folder: Path) -> list[str]:
    return [p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()]
