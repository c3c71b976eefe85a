"""The voice: a process of its own that owns pyttsx3; words in, samples out.

`python -m assistant.speaking.voice` is that process; it answers one line with one line, and
`saying.py` is its parent's side. Law: silence is a failure, not an answer.

    {"voices":["gmw/en-us+whisper"],"words_per_minute":165}     the greeting
    {"voice":"ready","name":"gmw/en-us+whisper"}                or {"voice":"failed","error":"..."}
    {"id":7,"text":"ask: typical day"}
    {"id":7,"rate_hz":22050,"pcm":"<base64 of 16-bit mono>"}    or {"id":7,"error":"..."}
    {"id":8,"text":""}                                          are you there?
    {"id":8}
"""

import msgspec

from assistant import child
from assistant.errors import ModelError
from assistant.log import keep_words_out
from assistant.speaking.speakable import clean

RENDER_S = 2.0
"""A cue takes about 0.015 s; a voice that needs this long hangs."""

START_S = 10.0
"""A start takes about 0.6 s; a voice that is not ready by then hangs."""

_PROBE = "one"


class _Greeting(msgspec.Struct, frozen=True):
    voices: tuple[str, ...]
    words_per_minute: int


class _Request(msgspec.Struct, frozen=True):
    id: int
    text: str


def _answer(**fields: object) -> None:
    child.say(msgspec.json.encode(fields))


def main() -> None:
    """Be the voice's process, until stdin ends."""
    child.end_with_parent()
    keep_words_out()
    # Here, so that the parent never loads pyttsx3.
    from assistant.speaking.synthesis import Synthesiser

    lines = child.lines_in()
    first = next(lines, None)
    if first is None:
        return
    greeting = msgspec.json.decode(first, type=_Greeting)
    try:
        voice = Synthesiser(greeting.voices, greeting.words_per_minute)
        voice.render(_PROBE, START_S)
    except ModelError as error:
        _answer(voice="failed", error=str(error))
        return
    _answer(voice="ready", name=voice.voice)
    for line in lines:
        request = msgspec.json.decode(line, type=_Request)
        if not request.text:
            _answer(id=request.id)
            continue
        try:
            rate_hz, pcm = voice.render(clean(request.text), RENDER_S)
        except ModelError as error:
            # Either these words have no sound in this language, or the voice is broken: then this
            # raises too, and a new process begins.
            voice.render(_PROBE, RENDER_S)
            _answer(id=request.id, error=str(error))
        else:
            _answer(id=request.id, rate_hz=rate_hz, pcm=pcm)


if __name__ == "__main__":
    main()
