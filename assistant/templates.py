"""Texts with gaps, filled in: the pages and letters, from the templates of `wording`.

The only door to jinja2. Law: a template of the user's can run no code of its own, and what is wrong
in it is an InputError that names the file and the line; what is wrong in ours is a bug, and shows.
"""

import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import FunctionLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

from assistant.errors import InputError
from assistant.textfile import read_text


@dataclass(slots=True)
class Templates:
    """The templates of a language; each is read and compiled once."""

    find: Callable[[str], Path | None]
    """Where one of that name lies."""
    users: Sequence[Path]
    """The user's own folders."""
    _environment: SandboxedEnvironment = field(init=False)

    def __post_init__(self) -> None:
        # A folder of texts that somebody passes on must not be able to run code.
        self._environment = SandboxedEnvironment(
            loader=FunctionLoader(self._source),
            undefined=StrictUndefined,
            autoescape=_is_html,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    def render(self, template: str, values: Mapping[str, object]) -> str:
        """Fill one in. Raises InputError where there is none, or the user's own is at fault."""
        try:
            return self._environment.get_template(template).render(**values)
        except TemplateNotFound as error:
            raise InputError(f"There is no template {error.name!r}.") from error
        except TemplateSyntaxError as error:
            raise _at_fault(error.filename or template, error.lineno, error) from error
        except Exception as error:
            # A template may fail in as many ways as a program.
            place = self._place_in_users_own(error)
            if place is None:
                raise
            raise _at_fault(*place, error) from error

    def _source(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        path = self.find(name)
        return None if path is None else (read_text(path), str(path), lambda: True)

    def _place_in_users_own(self, error: Exception) -> tuple[str, int] | None:
        theirs = tuple(map(str, self.users))
        frames = reversed(traceback.extract_tb(error.__traceback__))
        return next(
            ((f.filename, f.lineno or 1) for f in frames if f.filename.startswith(theirs)), None
        )


def _is_html(template: str | None) -> bool:
    return template is not None and ".html" in template


def _at_fault(path: str, line: int, error: Exception) -> InputError:
    return InputError(
        f"{path}, line {line}: {error}", "Mend that line, or move the file away to use ours."
    )
