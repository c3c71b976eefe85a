"""What can go wrong, as a person should hear it.

    SottovoceError          1  a fault of ours
    ├── Refused             3  the call is not in a state that allows this
    ├── DeviceError         4  microphone, far side, headset
    ├── ModelError          5  a recogniser's or a voice's model
    ├── InputError          6  a file the user gave us
    └── DiskError           7  a place that can not be written, or is full

Exit code 2, wrong usage, is Click's own. Each error is one sentence and a hint
of what to do next; nothing a user can cause ends in a traceback.
"""


class SottovoceError(Exception):
    """Something the user should hear about: `str()` is the sentence, `hint` the next step."""

    exit_code = 1

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.hint = hint


class Refused(SottovoceError):
    """The call is not in a state that allows this; nothing was changed."""

    exit_code = 3


class DeviceError(SottovoceError):
    """A sound device is missing, busy, or does not do what is needed."""

    exit_code = 4


class ModelError(SottovoceError):
    """A model is missing, damaged, or can not be had."""

    exit_code = 5


class InputError(SottovoceError):
    """A file the user gave can not be read as what it should be."""

    exit_code = 6


class DiskError(SottovoceError):
    """A place on disk can not be written, or there is no room."""

    exit_code = 7


def from_exit_code(exit_code: int, sentence: str, hint: str) -> SottovoceError:
    """Build the error again on the far side of a pipe or a socket."""
    kinds = (Refused, DeviceError, ModelError, InputError, DiskError)
    kind = next((kind for kind in kinds if kind.exit_code == exit_code), SottovoceError)
    return kind(sentence, hint)
