"""The user's settings and the places on disk. For hands only, never for minds.

Flags overrule the environment, the environment overrules `settings.toml`, and
that overrules the defaults here. `SOTTOVOCE_HOME` moves everything: calls,
sheets, models, settings, and the socket.
"""

import errno
import hashlib
import os
import pwd
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import platformdirs

from assistant.errors import DiskError, InputError
from assistant.textfile import in_words, read_text

Engine = Literal["auto", "vosk", "moonshine"]

_PACKAGE = Path(__file__).parent
_LONGEST_SOCKET_PATH = 100
"""Unix socket paths end at 103 (macOS) or 107 bytes (Linux)."""


class Sound(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which devices; a name or a part of it, empty for the system's default."""

    microphone: str = ""
    far_side: str = "auto"
    """`auto` takes the first loopback or monitor found, `none` takes only the microphone."""
    headset: str = ""
    """Where murmurs go."""


class Murmur(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How cues sound."""

    enabled: bool = True
    voice: str = "gmw/en-us+whisper"
    words_per_minute: Annotated[int, msgspec.Meta(ge=60, le=500)] = 165


class Keep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stays on disk after the call."""

    sound: Literal["always", "never", "with-consent"] = "always"
    sound_days: Annotated[int, msgspec.Meta(ge=0, le=36_500)] = 30
    """Sound older than so many days is removed, its notes stay; 0 keeps it for good."""


class Polish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The language model that may put notes into sentences, after a call."""

    url: str = ""
    """Where it answers: `http://localhost:11434/v1`; empty: no model is asked."""
    model: str = ""
    """Its name there; empty where the server has only one."""
    timeout_s: Annotated[float, msgspec.Meta(ge=1, le=3600)] = 120.0
    """For each of its answers, whole."""
    key_env: str = ""
    """The name of the environment variable that holds its key; never the key."""
    allow_remote: str = ""
    """A sentence that names where the words of the calls may go, if not only to this machine."""
    after_call: bool = False
    """Whether it is asked by itself when a call is over."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`settings.toml`, whole."""

    engine: Engine = "auto"
    model: str = ""
    """A Vosk model's name or directory; empty for the best that is there."""
    minutes: Annotated[float, msgspec.Meta(ge=1, le=480)] = 20.0
    questions: str = "informational"
    """The standard set that `new` and a call without a sheet begin with."""
    sound: Sound = Sound()
    murmur: Murmur = Murmur()
    keep: Keep = Keep()
    polish: Polish = Polish()


class Places(msgspec.Struct, frozen=True):
    """Where everything lies."""

    home: Path

    @property
    def calls(self) -> Path:
        """The folders of the calls."""
        return self.home / "calls"

    @property
    def archive(self) -> Path:
        """All calls in one file, to be searched; made again where it is missing."""
        return self.home / "archive.db"

    @property
    def sheets(self) -> Path:
        """The prep sheets that `new` writes."""
        return self.home / "sheets"

    @property
    def models(self) -> Path:
        """Where models are downloaded to."""
        checkout = _PACKAGE.parent / "models"
        own = self.home / "models"
        if "SOTTOVOCE_HOME" not in os.environ and (checkout / "catalogue.toml").is_file():
            return checkout
        return own

    @property
    def settings(self) -> Path:
        """The settings file; it need not exist."""
        return self.home / "settings.toml"

    @property
    def lock(self) -> Path:
        """Locked while a call runs: one call at a time."""
        return self.home / "call.lock"

    @property
    def socket(self) -> Path:
        """The running call's control socket."""
        own = self.home / "run" / "control.sock"
        if len(os.fsencode(own)) <= _LONGEST_SOCKET_PATH:
            return own
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        with warnings.catch_warnings(action="ignore"):
            # Where the system has no such folder, a private one in its place will do.
            return platformdirs.user_runtime_path("sottovoce") / f"{digest}.sock"


def places(environ: Mapping[str, str]) -> Places:
    """Return where everything lies for this user."""
    wanted = environ.get("SOTTOVOCE_HOME")
    try:
        # Not the documents folder: many systems copy that one to somebody's cloud.
        home = Path(wanted).expanduser() if wanted else _user_home(environ) / "Sottovoce"
        return Places(home.absolute())
    except (RuntimeError, OSError) as error:
        raise DiskError(
            "This user's home folder is not known.", "Set SOTTOVOCE_HOME to a folder of your own."
        ) from error


def _user_home(environ: Mapping[str, str]) -> Path:
    """Return the user's home folder, as HOME says or, without it, the system. RuntimeError."""
    home = Path(environ.get("HOME", ""))
    # A service may be started without HOME, or with one that leads nowhere in particular.
    return home if home.is_absolute() and home != Path("/") else Path(f"~{_user()}").expanduser()


def _user() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError as error:
        raise RuntimeError from error


def read_settings(path: Path) -> Settings:
    """Read `settings.toml`; the defaults where there is none. Raises InputError, DiskError."""
    try:
        if not path.exists():
            return Settings()
        if not os.access(path, os.R_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        text = read_text(path)
    except OSError as error:
        raise DiskError(
            f"The settings at {path} can not be read: {error.strerror}.",
            "Set SOTTOVOCE_HOME to a folder you may read and write.",
        ) from error
    try:
        return msgspec.toml.decode(text, type=Settings)
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"The settings at {path} are not as they should be: {in_words(error)}.",
            "Mend it, or move the file away to go on with the defaults.",
        ) from error


def texts(name: str) -> Path:
    """Return where `prompts` or `models` came with the program, in a checkout or installed."""
    checkout = _PACKAGE.parent / name
    return checkout if checkout.is_dir() else _PACKAGE / "_texts" / name
