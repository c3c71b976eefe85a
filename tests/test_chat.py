"""What a model's server lists and answers: its form is held to, and nothing else is believed."""

import json
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from model_server import (
    MODEL,
    Answer,
    Asked,
    ModelServer,
    body,
    completion,
    give,
    sentences,
    spelled,
    text,
)

from assistant.errors import ModelError, Refused
from assistant.polishing.chat import Chat, Written
from assistant.polishing.client import BadAnswer, Client
from assistant.polishing.endpoint import endpoint

pytestmark = pytest.mark.edge

ONE = (("It rains.", [41]),)
HELD = (Written("It rains.", (41,)),)


def chat(server: ModelServer, model: str = MODEL) -> Chat:
    return Chat(Client(endpoint(server.url), may_leave=False), model, 20.0)


def forms(server: ModelServer) -> list[str]:
    return [asked.form for asked in server.questions]


def only(*known: str) -> Answer:
    """Answer to forms that are known, and refuse the others as servers do."""

    def answer(asked: Asked, handler: BaseHTTPRequestHandler) -> None:
        if asked.form in known:
            give(handler, completion(spelled(ONE)))
        else:
            give(handler, {"error": "'response_format.type' must be another"}, 400)

    return answer


def test_the_form_is_asked_for_as_a_schema() -> None:
    with ModelServer(sentences(*ONE)) as server:
        assert chat(server).sentences("rules", "question") == HELD
    [asked] = server.questions
    assert asked.path == "/v1/chat/completions"
    assert asked.form == "json_schema"
    assert asked.body["stream"] is False
    roles = [message["role"] for message in asked.body["messages"]]
    assert roles == ["system", "user"]


@pytest.mark.parametrize(
    ("known", "tried"),
    [
        (("json_object",), ["json_schema", "json_object", "json_object"]),
        (("none",), ["json_schema", "json_object", "none", "none"]),
    ],
)
def test_a_server_that_knows_no_schema_is_asked_more_plainly_and_from_then_on(
    known: Sequence[str], tried: list[str]
) -> None:
    with ModelServer(only(*known)) as server:
        asking = chat(server)
        assert asking.sentences("rules", "one") == HELD
        assert asking.sentences("rules", "two") == HELD
    assert forms(server) == tried


@pytest.mark.parametrize("status", [400, 415, 422, 500, 501])
def test_servers_refuse_a_form_in_many_ways(status: int) -> None:
    def answer(asked: Asked, handler: BaseHTTPRequestHandler) -> None:
        if asked.form == "json_schema":
            give(handler, {"error": "unknown"}, status)
        else:
            give(handler, completion(spelled(ONE)))

    with ModelServer(answer) as server:
        assert chat(server).sentences("rules", "question") == HELD


def test_a_server_that_takes_a_schema_and_does_not_keep_to_it_is_asked_more_plainly() -> None:
    def answer(asked: Asked, handler: BaseHTTPRequestHandler) -> None:
        kept = asked.form == "none"
        give(handler, completion(spelled(ONE) if kept else "Sure! Here is a summary."))

    with ModelServer(answer) as server:
        assert chat(server).sentences("rules", "question") == HELD
    assert forms(server) == ["json_schema", "json_object", "none"]


def test_the_last_way_to_ask_leaves_out_all_that_not_every_server_knows() -> None:
    def answer(asked: Asked, handler: BaseHTTPRequestHandler) -> None:
        if set(asked.body) == {"model", "stream", "messages"}:
            give(handler, completion(spelled(ONE)))
        else:
            give(handler, {"error": "max_tokens is not supported"}, 400)

    with ModelServer(answer) as server:
        assert chat(server).sentences("rules", "question") == HELD


@pytest.mark.parametrize(
    "given",
    [
        f"```json\n{spelled(ONE)}\n```",
        f"<think>I should say {{nothing}}.</think>\n{spelled(ONE)}",
        f"Here it is: {spelled(ONE)} Hope that helps!",
        json.dumps({"sentences": [{"text": "It rains.", "cites": [41]}], "more": 1}),
    ],
)
def test_what_models_write_around_the_answer_is_left_aside(given: str) -> None:
    with ModelServer(text(given)) as server:
        assert chat(server).sentences("rules", "question") == HELD


@pytest.mark.parametrize(
    ("cites", "entries"),
    [
        ([41], (41,)),
        (["41"], (41,)),
        (["[41]", "line 43"], (41, 43)),
        (["41, 43"], (41, 43)),
        ([41.0], (41,)),
        ([41, 41], (41,)),
        (["none"], ()),
        ([-3], (3,)),
        ([], ()),
    ],
)
def test_citations_are_read_as_models_write_them(cites: list[Any], entries: list[int]) -> None:
    with ModelServer(sentences(("It rains.", cites))) as server:
        [written] = chat(server).sentences("rules", "question")
    assert written.entries == tuple(entries)


def test_no_sentences_are_an_answer_too() -> None:
    with ModelServer(sentences()) as server:
        assert chat(server).sentences("rules", "question") == ()
    assert len(server.questions) == 1


NONSENSE: dict[str, Answer] = {
    "no JSON": body(b"<html>hello</html>"),
    "nothing": body(b""),
    "not UTF-8": body(b'{"choices": [{"message": {"content": "\xff\xfe"}}]}'),
    "half of it": body(json.dumps(completion(spelled(ONE))).encode()[:-9]),
    "another shape": body(b'{"response": "It rains."}'),
    "a list": body(b"[]"),
    "null": body(b"null"),
    "no choice": body(b'{"choices": []}'),
    "no text": body(b'{"choices": [{"message": {"content": null}}]}'),
    "parts": body(b'{"choices": [{"message": {"content": [{"type": "text"}]}}]}'),
    "prose": text("The call was about rain."),
    "an empty text": text(""),
    "a thought without an end": text(f"<think>{spelled(ONE)}"),
    "sentences as texts": text('{"sentences": ["It rains."]}'),
    "a number as text": text('{"sentences": [{"text": 4, "cites": [41]}]}'),
    "cites of nothing": text('{"sentences": [{"text": "x", "cites": null}]}'),
    "deeply nested": text('{"sentences": ' + "[" * 5000 + "]" * 5000 + "}"),
    "half a pair": text('{"sentences": [{"text": "\\ud800", "cites": ["\\ud800"]'),
}


@pytest.mark.parametrize("answer", NONSENSE.values(), ids=NONSENSE.keys())
def test_nonsense_is_told_in_words_and_soon_no_more_is_asked(answer: Answer) -> None:
    with (
        ModelServer(answer) as server,
        pytest.raises(BadAnswer, match="did not answer in the form"),
    ):
        chat(server).sentences("rules", "question")
    assert forms(server) == ["json_schema", "json_object", "none", "none"]


@pytest.mark.parametrize("status", [404, 429, 500, 503])
def test_a_server_that_can_not_is_told_by_its_number(status: int) -> None:
    with (
        ModelServer(body(b'{"error": "no"}', status)) as server,
        pytest.raises(BadAnswer, match=f"HTTP {status}"),
    ):
        chat(server).sentences("rules", "question")


@pytest.mark.parametrize("status", [401, 403])
def test_a_server_that_wants_a_key_says_so(status: int) -> None:
    with (
        ModelServer(body(b"", status)) as server,
        pytest.raises(ModelError, match="without its key") as told,
    ):
        chat(server).sentences("rules", "question")
    assert "key_env" in told.value.hint


# Which model is meant.


def test_the_only_model_is_taken_and_a_named_one_looked_for() -> None:
    with ModelServer(text(""), ["llama3.2:latest"]) as server:
        assert chat(server, "").choose() == "llama3.2:latest"
        assert chat(server, "llama3.2").choose() == "llama3.2"
    assert server.questions == []


def test_a_model_that_is_not_there_is_told_with_those_that_are() -> None:
    with ModelServer(text(""), ["llama3.2", "qwen3:4b"]) as server:
        with pytest.raises(ModelError, match="has no model called 'lama'") as told:
            chat(server, "lama").choose()
        assert told.value.hint == "It has: llama3.2, qwen3:4b."
        with pytest.raises(ModelError, match="several models") as told:
            chat(server, "").choose()
        assert told.value.hint == "Name one of them: llama3.2, qwen3:4b."


def test_a_server_that_lists_nothing_is_believed_when_a_model_is_named() -> None:
    with ModelServer(text(""), []) as server:
        assert chat(server, "mine").choose() == "mine"
        with pytest.raises(ModelError, match="does not say which models"):
            chat(server, "").choose()


def test_the_only_model_is_not_taken_where_it_runs_in_a_cloud() -> None:
    with (
        ModelServer(text(""), ["gpt-oss:120b-cloud"]) as server,
        pytest.raises(Refused, match=r"ollama\.com is not this machine"),
    ):
        chat(server, "").choose()
