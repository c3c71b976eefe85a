"""A process that captures and murmurs as a call does, and tells in JSON what becomes of it.

Run with a folder, the microphone (empty: the default) and the far side. It takes one command a
line: `now`, or `play` and how many seconds to play on the headset.
"""

import contextlib
import sys
import threading
from collections.abc import Callable, Generator
from pathlib import Path

import msgspec
import numpy as np

from assistant.errors import DeviceError
from assistant.events import Channel, Trouble, to_json
from assistant.hearing.capture import Capture
from assistant.hearing.portaudio import PortAudio
from assistant.hearing.spool import Spool
from assistant.hearing.stream import InputStream, OnBlock
from assistant.speaking.playback import Playback
from assistant.speaking.samples import Samples

_PITCH_HZ = 1000.0
_RATE_HZ = 16000
_writing = threading.Lock()


def say(line: bytes) -> None:
    """Say one line."""
    with _writing:
        sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.flush()


class Counted:
    """The devices of this machine; each opening is said."""

    def __init__(self) -> None:
        self._sound = PortAudio()

    def open(
        self, wanted: str | int | None, on_block: OnBlock, on_end: Callable[[], None]
    ) -> InputStream:
        """Open a stream. Raises DeviceError."""
        say(msgspec.json.encode({"is": "opening", "wanted": wanted or ""}))
        return self._sound.open(wanted, on_block, on_end)

    def has_changed(self) -> bool:
        """Tell whether there are other devices."""
        return self._sound.has_changed()

    def rescan(self) -> None:
        """Look for devices anew."""
        say(b'{"is":"rescan"}')
        self._sound.rescan()


def main(folder: Path, microphone: str, far_side: str) -> None:
    """Capture until there are no more commands."""
    sources = {Channel.ME: microphone or None, Channel.THEM: far_side}
    spools = {channel: Spool(folder / f"{channel}.s16") for channel in sources}
    playback = Playback("headset", lambda text, over: say(to_json(Trouble("headset", text, over))))
    playback.open()

    @contextlib.contextmanager
    def let_go() -> Generator[None]:
        playback.close()
        try:
            yield
        finally:
            with contextlib.suppress(DeviceError):
                playback.open()

    capture = Capture(
        sources, spools, lambda fact: say(to_json(fact)), let_go=let_go, sound=Counted()
    )
    capture.open()
    say(b'{"is":"open"}')
    for line in sys.stdin:
        command, _, rest = line.strip().partition(" ")
        if command == "now":
            say(b'{"is":"now","s":%f}' % capture.now_s())
        elif not playback.play(
            tone(float(rest)),
            lambda _: say(b'{"is":"started"}'),
            lambda _, whole: say(b'{"is":"ended","whole":%s}' % (b"true" if whole else b"false")),
        ):
            say(b'{"is":"ended","whole":false,"shown":true}')
    capture.close()
    playback.close()
    for spool in spools.values():
        spool.close()
    say(b'{"is":"closed","s":%f}' % capture.now_s())


def tone(length_s: float) -> Samples:
    """Make what stands for a cue."""
    time_s = np.arange(round(length_s * _RATE_HZ)) / _RATE_HZ
    return Samples((0.2 * np.sin(2 * np.pi * _PITCH_HZ * time_s)).astype(np.float32), _RATE_HZ)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
