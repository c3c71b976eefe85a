"""What is said to a server of the OpenAI kind: which models it has, and one question to one.

Law: an answer is what has the form that was asked for, and nothing else is believed. A server that
does not know how to be held to a form is asked in a plainer way, and from then on only so.
"""

import re
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from assistant.errors import ModelError
from assistant.polishing.client import Answer, BadAnswer, Client
from assistant.polishing.endpoint import is_in_a_cloud, refused

LIST_WITHIN_S = 10.0
"""Only names: a server that is there has them at once."""
MOST_TOKENS = 1200
"""Far more than a few sentences take; some models think aloud first, and some never end."""
_SHOWN_MODELS = 8

Form = Literal["schema", "object", "plain", "bare"]
"""How a server is held to the form: by a schema, as any JSON, by words alone; `bare` leaves out
whatever else not every server knows."""

_PLAINER: dict[Form, Form] = {"schema": "object", "object": "plain", "plain": "bare"}
_FORM_UNKNOWN = {400, 415, 422, 500, 501}
_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_CITE = re.compile(r"\d{1,9}")

SENTENCES: dict[str, Any] = {
    "type": "object",
    "properties": {
        "sentences": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "text": {"type": "string"},
                    "cites": {"type": "array", "items": {"type": "integer"}},
                },
                "required": ["text", "cites"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["sentences"],
    "additionalProperties": False,
}
"""The form of an answer, as JSON Schema."""


class Written(msgspec.Struct, frozen=True):
    """One sentence as a model wrote it; nothing of it is believed yet."""

    text: str
    cites: tuple[int | float | str, ...] = ()

    @property
    def entries(self) -> tuple[int, ...]:
        """The entries it cites, in whatever way: 41, "41", "[41]"."""
        found = [n for cite in self.cites for n in _CITE.findall(str(cite).removesuffix(".0"))]
        return tuple(dict.fromkeys(int(n) for n in found))


class _Sentences(msgspec.Struct, frozen=True):
    sentences: tuple[Written, ...]


class _Message(msgspec.Struct, frozen=True):
    content: str


class _Choice(msgspec.Struct, frozen=True):
    message: _Message


class _Completion(msgspec.Struct, frozen=True):
    choices: tuple[_Choice, ...]


class _Named(msgspec.Struct, frozen=True):
    id: str


class _Listed(msgspec.Struct, frozen=True):
    data: tuple[_Named, ...]


@dataclass(slots=True)
class Chat:
    """Talks to one model of one server."""

    client: Client
    model: str
    within_s: float
    """For each question."""
    may_be_in_a_cloud: bool = False
    """Whether the user gave leave for a model that its server hands on to somebody's cloud."""
    form: Form = "schema"
    _went_well: bool = field(default=False)

    def choose(self) -> str:
        """Look which models there are, and return the name of the one that is meant.

        Sends no word of a call. Raises ModelError, Refused, Unwanted.
        """
        answer = self.client.ask("GET", "/models", b"", min(LIST_WITHIN_S, self.within_s))
        if answer.status in {401, 403}:
            raise self._no_entry(answer)
        names = _names(answer)
        if self.model and (not names or _is_among(self.model, names)):
            # A server that lists nothing may have it all the same.
            return self.model
        if not self.model and len(names) == 1:
            if is_in_a_cloud(names[0]) and not self.may_be_in_a_cloud:
                raise refused(self.client.where, names[0])
            self.model = names[0]
            return self.model
        there = ", ".join(names[:_SHOWN_MODELS]) + (", ..." if len(names) > _SHOWN_MODELS else "")
        if self.model:
            raise ModelError(
                f"{self._name} has no model called {self.model[:60]!r}.", f"It has: {there}."
            )
        if not names:
            raise ModelError(
                f"{self._name} does not say which models it has.", "Name one: --model, or `model`."
            )
        raise ModelError(f"{self._name} has several models.", f"Name one of them: {there}.")

    def sentences(self, rules: str, question: str) -> tuple[Written, ...]:
        """Ask for sentences. Raises NoAnswer, BadAnswer, Refused, Unwanted."""
        while True:
            answer = self.client.ask(
                "POST", "/chat/completions", self._body(rules, question), self.within_s
            )
            plainer = None if self._went_well else _PLAINER.get(self.form)
            if answer.status in _FORM_UNKNOWN and plainer:
                self.form = plainer
                continue
            if answer.status != 200:
                raise self._refusal(answer)
            try:
                found = _read(answer.body)
            except ValueError as error:
                if plainer:
                    # It took the form for known, and did not keep to it.
                    self.form = plainer
                    continue
                raise BadAnswer(
                    f"{self.model} did not answer in the form that was asked for."
                ) from error
            self._went_well = True
            return found

    def _body(self, rules: str, question: str) -> bytes:
        body: dict[str, Any] = {
            "model": self.model,
            "stream": False,
            "messages": [
                {"role": "system", "content": rules},
                {"role": "user", "content": question},
            ],
        }
        if self.form != "bare":
            body |= {"temperature": 0, "max_tokens": MOST_TOKENS}
        if self.form == "schema":
            schema = {"name": "sentences", "strict": True, "schema": SENTENCES}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif self.form == "object":
            body["response_format"] = {"type": "json_object"}
        return msgspec.json.encode(body)

    def _refusal(self, answer: Answer) -> ModelError:
        if answer.status in {401, 403}:
            return self._no_entry(answer)
        if answer.status == 404:
            return BadAnswer(
                f"{self._name} does not know {self.model[:60]!r}, or nothing of that kind is there "
                "(HTTP 404)."
            )
        return BadAnswer(f"{self._name} could not answer (HTTP {answer.status}).")

    def _no_entry(self, answer: Answer) -> ModelError:
        return ModelError(
            f"{self._name} lets nobody in without its key (HTTP {answer.status}).",
            "Name the environment variable that holds it: key_env under [polish].",
        )

    @property
    def _name(self) -> str:
        return f"{self.client.where.host}:{self.client.where.port}"


def _names(answer: Answer) -> tuple[str, ...]:
    """Return the models a server lists; none where it lists none in a way we know."""
    try:
        listed = msgspec.json.decode(answer.body, type=_Listed) if answer.status == 200 else None
    except (ValueError, RecursionError):
        return ()
    return tuple(model.id for model in listed.data if model.id) if listed else ()


def _is_among(model: str, names: tuple[str, ...]) -> bool:
    # "llama3.2" is "llama3.2:latest" for Ollama.
    return any(name in (model, f"{model}:latest") for name in names)


def _read(body: bytes) -> tuple[Written, ...]:
    """Read the sentences out of a completion. Raises ValueError."""
    try:
        completion = msgspec.json.decode(body, type=_Completion)
    except RecursionError as error:
        raise ValueError from error
    if not completion.choices:
        raise ValueError("No choice.")
    text = _THOUGHT.sub("", completion.choices[0].message.content)
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        raise ValueError("No JSON.")
    try:
        return msgspec.json.decode(text[start : end + 1].encode(), type=_Sentences).sentences
    except (RecursionError, UnicodeEncodeError) as error:
        raise ValueError from error
