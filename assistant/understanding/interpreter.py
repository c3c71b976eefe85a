"""The interpreter: a process of its own that owns the sentence model; words in, meaning out.

`python -m assistant.understanding.interpreter` is that process; it answers one line with one
line, and `interpreting.py` is its parent's side. Law: a model that can not be loaded is said,
not worked around: the parent knows how to go by words.

    {"plan":{...},"model":"/.../model.onnx"}                    the greeting
    {"interpreter":"ready"}                                     or {"error":"..."}
    {"id":7,"utterance":{"seq":41,"heard":{...},"before":[...]}}
    {"id":7,"understood":{"is":"Understood","heard_seq":41,...}}
"""

from pathlib import Path

import msgspec

from assistant import child
from assistant.errors import ModelError
from assistant.events import Channel, Heard, Understood
from assistant.log import keep_words_out
from assistant.plan import Plan
from assistant.understanding.embedding import open_embedder
from assistant.understanding.meaning import Meaning, Utterance
from assistant.understanding.sentences import Sentences

_PROBE = "what does a typical day look like"


class Greeting(msgspec.Struct, frozen=True):
    """The first line to the interpreter."""

    plan: Plan
    model: str
    """Where the model lies."""


class Request(msgspec.Struct, frozen=True):
    """One line to be understood."""

    id: int
    utterance: Utterance


class Answer(msgspec.Struct, frozen=True):
    """Any line of the interpreter."""

    interpreter: str = ""
    error: str = ""
    id: int = 0
    understood: Understood | None = None


def main() -> None:
    """Be the interpreter's process, until stdin ends."""
    child.end_with_parent()
    keep_words_out()
    lines = child.lines_in()
    first = next(lines, None)
    if first is None:
        return
    greeting = msgspec.json.decode(first, type=Greeting)
    try:
        sentences = Sentences(open_embedder(Path(greeting.model)))
    except ModelError as error:
        _say(Answer(error=str(error)))
        return
    meaning = Meaning(greeting.plan, sentences)
    # Once, before it counts: the questions become vectors, the libraries warm.
    meaning.understand(Utterance(0, Heard(Channel.ME, 0.0, 1.0, _PROBE)))
    _say(Answer(interpreter="ready"))
    for line in lines:
        asked = msgspec.json.decode(line, type=Request)
        _say(Answer(id=asked.id, understood=meaning.understand(asked.utterance)))


def _say(answer: Answer) -> None:
    child.say(msgspec.json.encode(answer))


if __name__ == "__main__":
    main()
