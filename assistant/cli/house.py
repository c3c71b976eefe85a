"""What every verb stands on: the user's places, settings and words, and how to print."""

import functools
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

import click
import msgspec

from assistant.errors import DiskError
from assistant.settings import Places, Settings, places, read_settings, texts
from assistant.textfile import for_terminal, json_for_terminal
from assistant.wording import Wording

Verb = TypeVar("Verb", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class House:
    """Where this user's things are, and how they want them."""

    places: Places
    settings: Settings

    def wording(self, language: str = "en") -> Wording:
        """Return the words of a language, the user's own before ours."""
        return Wording(language, (self.places.home / "prompts", texts("prompts")))


def open_house() -> House:
    """Read where everything is. Raises InputError for a broken settings file."""
    where = places(os.environ)
    return House(where, read_settings(where.settings))


@functools.cache
def _own_words(name: str) -> Mapping[str, Mapping[str, str]]:
    """Return words of the program itself, as it came: they must be there before any setting."""
    words = Wording("en", (texts("prompts"),)).words(name)
    return cast(Mapping[str, Mapping[str, str]], words)


def help_of(verb: str) -> str:
    """Return what `--help` says of a verb."""
    return _own_words("help")["verb"][verb]


def help_of_group(group: str) -> str:
    """Return what `--help` says of a group of verbs."""
    return _own_words("help")["group"][group]


def help_in_list(verb: str, most_letters: int = 45) -> str:
    """Return what a verb is told by among all others, as Click shortens it."""
    key, words = verb.replace("-", "_"), _own_words("help")
    text = words["verb"].get(key) or words["group"][key]
    return click.Command(verb, help=text).get_short_help_str(most_letters)


def say(key: str, **values: object) -> str:
    """Return a sentence of `says.toml`: `say("stop.done", path=...)`.

    Nothing in the values can steer the terminal.
    """
    table, _, name = key.partition(".")
    safe = {
        key: value if isinstance(value, int | float) else for_terminal(str(value))
        for key, value in values.items()
    }
    return _own_words("says")[table][name].format(**safe)


def option(*names: str, text: str = "", **attributes: Any) -> Callable[[Verb], Verb]:  # noqa: ANN401
    """Make a Click option whose help is in `help.toml` under `text` or its own name.

    The attributes are Click's own.
    """
    key = text or names[0].lstrip("-").replace("-", "_")
    return click.option(*names, help=_own_words("help")["option"][key], **attributes)


def json_option() -> Callable[[Verb], Verb]:
    """Make the `--json` flag of a verb that reads."""
    return option("--json", "as_json", is_flag=True, text="json")


def print_json(value: object) -> None:
    """Print a value as JSON, indented, for people and programs."""
    show_json(msgspec.json.format(msgspec.json.encode(value, enc_hook=_as_text), indent=2).decode())


def show_json(text: str) -> None:
    """Print what is JSON already, so that a terminal takes it for nothing else."""
    click.echo(json_for_terminal(text), nl=not text.endswith("\n"))


def show_text(text: str) -> None:
    """Print what somebody said, wrote or named, so that a terminal takes it for nothing else."""
    click.echo(for_terminal(text), nl=not text.endswith("\n"))


def show_bytes(body: bytes) -> None:
    """Give a file on as it is; to a terminal only what it takes for nothing else."""
    if sys.stdout.isatty():
        show_text(body.decode(errors="replace"))
    else:
        sys.stdout.buffer.write(body)
        sys.stdout.flush()


def show_file(text: str) -> None:
    """Print what is to become a file: as it is, but for a terminal."""
    show_bytes(text.encode())


def tell(sentence: str) -> None:
    """Print a message: not data, so it goes to stderr."""
    click.echo(for_terminal(sentence), err=True)


def clear_row() -> None:
    """Take away what stands in the terminal's last row, such as a bar, to print something there."""
    click.echo("\r\x1b[2K", nl=False, err=True)


def tell_done(folder: Path, failed: Mapping[str, str], *, as_json: bool = False) -> None:
    """Say where the summary of a call that ended is. Raises DiskError for files that failed.

    `failed` is the name of each, and why it could not be written.
    """
    if "summary.md" not in failed and not as_json:
        click.echo(say("stop.done", path=folder / "summary.md"))
    if failed:
        raise DiskError(
            " ".join(say("wrap.failed", name=name, why=why) for name, why in failed.items()),
            "Make room if the disk is full; `sottovoce wrap` then writes them again.",
        )


def tell_of_polish(house: House) -> None:
    """Say that a language model goes over the call that ended, if the settings want that."""
    polish = house.settings.polish
    if polish.after_call and polish.url:
        tell(say("polish.by_itself"))


def _as_text(value: object) -> str:
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no spelling in JSON")
