"""Where in a sheet something stands, and how long a text may be there."""

from dataclasses import dataclass

from assistant.errors import InputError
from assistant.textfile import clean


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file."""

    file: str
    line: int
    """Counted from 1, as editors do."""

    def wrong(self, what: str, hint: str = "") -> InputError:
        """Return the error for what is wrong here; `what` is a sentence without its end."""
        return InputError(f"{self.file}, line {self.line}: {what}.", hint)

    def short(self, text: str, longest: int, what: str) -> str:
        """Return a text as one line. Raises InputError if it has more characters than that."""
        line = clean(text)
        if len(line) > longest:
            raise self.wrong(f"{what} has {len(line)} characters, at most {longest} were expected")
        return line
