"""polish, as a user meets it: what is asked, kept, refused, and what stays as it was."""

import contextlib
import json
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from model_server import (
    MODEL,
    Answer,
    Asked,
    ModelServer,
    completion,
    free_port,
    give,
    sentences,
    spelled,
    text,
)
from test_rewriting import good, seq
from told import PLAN, PROMPTS, WALL, WORDING, interview
from watched import Watch

from assistant import plan as plans
from assistant.afterwards import polished_of, wrap
from assistant.amending import amend
from assistant.cli import run
from assistant.events import CallEnded, Corrected, LineChange
from assistant.keeping.folder import CallFolder
from assistant.keeping.journal import Journal, read
from assistant.keeping.lock import only_call
from assistant.notes.polished import OFF, Polished, fitting
from assistant.polishing import background
from assistant.settings import Places, Polish, Settings
from assistant.wording import Wording

pytestmark = pytest.mark.edge

NAME = "2026-12-01-1500-dana-ruiz"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make every path of the program lie in a folder of the test's own, with one call in it."""
    monkeypatch.setenv("SOTTOVOCE_HOME", str(tmp_path))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    folder(tmp_path)
    return tmp_path


def folder(home: Path, name: str = NAME, *, is_over: bool = True) -> CallFolder:
    call = CallFolder(home / "calls" / name)
    call.path.mkdir(mode=0o700, parents=True)
    call.write("plan.json", plans.to_json(PLAN))
    journal = Journal.open(call.journal)
    entries = interview().entries
    journal.append([e for e in entries if is_over or not isinstance(e.event, CallEnded)])
    journal.close()
    if is_over:
        wrap(call.path, WORDING, "always")
    return call


def the_call(home: Path) -> CallFolder:
    return CallFolder(home / "calls" / NAME)


def kept(home: Path) -> Polished:
    call = the_call(home)
    return fitting((call.path / "polished.json").read_bytes(), read(call.journal).entries)


def files(home: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in the_call(home).path.iterdir()}


def settings(home: Path, **of: object) -> None:
    lines = [f"{key} = {json.dumps(value)}" for key, value in of.items()]
    (home / "settings.toml").write_text("\n".join(["[polish]", *lines]))


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> tuple[str, str]:
    """Run a verb; return what it printed and what it told."""
    assert run([*arguments]) == code
    out = capsys.readouterr()
    assert "Traceback" not in out.err
    return out.out, out.err


def test_a_good_model_puts_the_notes_into_sentences(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ModelServer(good) as server:
        out, told = said(capsys, "polish", "dana", "--url", server.url)
    assert "[00:01:20] Dana will send you the list of meetups by Friday." in out
    assert "[00:01:06] You said nobody trusts" in out.split("The letter\n")[1]
    assert f"Asking {MODEL} at 127.0.0.1:{server.port}." in told
    assert "3 of 7: waiting for the answer to: What is the hardest part of the job? …" in told
    assert "Sentences kept: 11." in told
    assert f"Summary: {the_call(home).summary}" in told
    made = kept(home)
    assert made.status == "complete"
    mode = (the_call(home).path / "polished.json").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_with_json_the_value_is_printed_and_nothing_told(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ModelServer(good) as server:
        out, told = said(capsys, "polish", "--url", server.url, "--json")
    assert json.loads(out)["status"] == "complete"
    assert told == ""


def test_the_settings_name_the_server_and_flags_overrule_them(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ModelServer(good, ["one", "two"]) as server:
        settings(home, url=server.url, model="one")
        said(capsys, "polish")
        assert kept(home).model == "one"
        said(capsys, "polish", "--model", "two")
        assert kept(home).model == "two"


def test_the_key_comes_from_the_environment_and_stands_nowhere(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_MODEL_KEY", "k-secret")
    with ModelServer(good) as server:
        settings(home, url=server.url, key_env="MY_MODEL_KEY")
        told = said(capsys, "polish")
        assert {asked.headers["Authorization"] for asked in server.asked} == {"Bearer k-secret"}
    everything = b"".join(files(home).values()) + "".join(told).encode()
    assert b"k-secret" not in everything


@pytest.mark.parametrize("value", [None, "", "two\nlines", "caf\u00e9"])
def test_a_key_that_is_not_there_is_told_by_its_name(
    home: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    value: str | None,
) -> None:
    if value is not None:
        monkeypatch.setenv("MY_MODEL_KEY", value)
    with ModelServer(good) as server:
        settings(home, url=server.url, key_env="MY_MODEL_KEY")
        _, told = said(capsys, "polish", code=6)
        assert "'MY_MODEL_KEY' holds no key" in told
        assert server.asked == []


# What is refused, and how it is allowed.


def test_without_a_model_it_is_told_how_to_name_one(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(home)
    _, told = said(capsys, "polish", code=5)
    assert "No language model is named, so nothing was asked." in told
    assert "--url http://localhost:11434/v1" in told
    assert files(home) == before


def test_a_server_that_is_not_there_changes_nothing(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(home)
    _, told = said(capsys, "polish", "--url", f"http://localhost:{free_port()}", code=5)
    assert "No language model answers at localhost:" in told
    assert files(home) == before


def test_a_model_that_is_not_there_is_told_with_those_that_are(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ModelServer(good, ["llama3.2", "qwen3:4b"]) as server:
        _, told = said(capsys, "polish", "--url", server.url, "--model", "lama", code=5)
    assert "has no model called 'lama'" in told
    assert "It has: llama3.2, qwen3:4b." in told


@pytest.mark.parametrize(
    ("url", "allow"),
    [
        ("https://203.0.113.7/v1", ""),
        ("https://203.0.113.7/v1", "yes"),
        ("https://203.0.113.7/v1", "The words of my calls may be sent to 203.0.113.8."),
        ("http://203.0.113.7/v1", "The words of my calls may be sent to 203.0.113.7."),
    ],
)
def test_words_go_to_no_other_machine_without_the_very_sentence(
    home: Path, capsys: pytest.CaptureFixture[str], url: str, allow: str
) -> None:
    settings(home, allow_remote=allow)
    _, told = said(capsys, "polish", "--url", url, code=3)
    assert "203.0.113.7 is not this machine, so nothing was sent." in told
    assert 'allow_remote = "The words of my calls may be sent to 203.0.113.7' in told


def test_a_model_in_a_cloud_is_refused_though_its_server_is_here(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ModelServer(good, ["gpt-oss:120b-cloud"]) as server:
        arguments = ("polish", "--url", server.url, "--model", "gpt-oss:120b-cloud")
        _, told = said(capsys, *arguments, code=3)
        assert "ollama.com is not this machine (gpt-oss:120b-cloud runs there, not here)" in told
        assert server.asked == []
        settings(home, allow_remote="The words of my calls may be sent to ollama.com.")
        said(capsys, *arguments)
        assert len(server.questions) == 7


def test_nothing_is_asked_while_a_call_runs(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with ModelServer(good) as server, only_call(home / "call.lock") as claim:
        claim("another")
        _, told = said(capsys, "polish", "--url", server.url, code=3)
        assert server.asked == []
    assert "A call is running" in told


def test_a_call_that_was_cut_short_is_finished_first(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder(home, "2026-12-02-1500-kim-lee", is_over=False)
    with ModelServer(good) as server:
        _, told = said(capsys, "polish", "kim", "--url", server.url, code=3)
        assert server.asked == []
    assert "`sottovoce wrap 2026-12-02-1500-kim-lee` finishes it first." in told


# What comes of answers that do not hold, or do not come.


def test_what_was_dropped_is_told_in_words_and_the_notes_stay_as_said(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = ("Dana will send you the list of meetups by Monday.", [seq("list of meetups")])
    before = the_call(home).summary.read_text()
    with ModelServer(sentences(bad)) as server:
        out, told = said(capsys, "polish", "--url", server.url)
    assert out == ""
    assert "Sentences kept: 0. Dropped, for they could not be shown to hold: 7." in told
    assert "another name: 2" in told
    assert "7 of 7 pieces stand as they were said." in told
    assert kept(home).status == "partial"
    page = the_call(home).summary.read_text().splitlines()
    assert [line for line in page if "polished" not in line] == before.splitlines()


def test_less_does_not_take_the_place_of_more(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ModelServer(good) as server:
        said(capsys, "polish", "--url", server.url)
    before = files(home)
    with ModelServer(text("What a lovely call!")) as server:
        _, told = said(capsys, "polish", "--url", server.url)
    assert "More was kept before, so that stays." in told
    assert files(home) == before


def slow_after(answers: int) -> tuple[ModelServer, threading.Event]:
    """Return a server that answers so often and then never, and what tells when it does not."""
    server = ModelServer(good)
    waits = threading.Event()

    def answer(asked: Asked, handler: BaseHTTPRequestHandler) -> None:
        if len(server.questions) <= answers:
            good(asked, handler)
        else:
            waits.set()
            server.is_over.wait(30)

    server.answer = answer
    return server, waits


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_is_interrupted_leaves_all_as_it_was(home: Path, number: signal.Signals) -> None:
    before = files(home)
    server, waits = slow_after(2)
    with server:
        polishing = subprocess.Popen(
            [sys.executable, "-m", "assistant", "polish", "--url", server.url],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert waits.wait(60)
        polishing.send_signal(number)
        out, told = polishing.communicate(timeout=30)
    assert polishing.returncode in {130, 143}
    assert out == ""
    assert "Traceback" not in told
    assert files(home) == before


def test_a_call_that_begins_is_given_the_machine(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with contextlib.ExitStack() as call:

        def answer(asked: Asked, handler: BaseHTTPRequestHandler) -> None:
            if len(server.questions) <= 2:
                good(asked, handler)
            else:
                call.enter_context(only_call(home / "call.lock"))("another")
                server.is_over.wait(30)

        server = ModelServer(answer)
        with server:
            _, told = said(capsys, "polish", "--url", server.url)
            assert len(server.questions) == 3
    assert "A call has begun, so the language model was left alone." in told
    assert len(kept(home).answers) == 2


def test_a_correction_that_comes_meanwhile_is_not_overwritten(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = the_call(home)
    line = seq("list of meetups")

    def corrected(asked: Asked, handler: BaseHTTPRequestHandler) -> None:
        if len(server.questions) == 1:
            change = LineChange(line, "i'll send you the list of books by friday")
            amend(call, PLAN, [Corrected(WALL, change)])
        good(asked, handler)

    server = ModelServer(corrected)
    with server:
        _, told = said(capsys, "polish", "--url", server.url, code=3)
    assert "was changed meanwhile, so nothing was kept" in told
    assert "polished.json" not in files(home)


def test_what_no_longer_fits_goes_with_the_next_wrap(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ModelServer(good) as server:
        said(capsys, "polish", "--url", server.url)
    call = the_call(home)
    change = LineChange(seq("list of meetups"), "i'll send you the list of books by friday")
    amend(call, PLAN, [Corrected(WALL, change)])
    assert b"meetups by Friday" in files(home)["polished.json"]
    said(capsys, "wrap")
    assert "polished.json" not in files(home)
    assert polished_of(call, read(call.journal).entries) is OFF


# What the pages show of it.

SHOWING = """\
{% if front.polished %}
polished: {{ front.polished.status }} by {{ front.polished.model }}
{% if front.polished.reason %}
because: {{ front.polished.reason }}
{% endif %}
{% endif %}
{% for sentence in polished.overview %}
{{ sentence.text }} [{{ clock(sentence.start_s) }}]
{% endfor %}
{% for question in notes.asked %}
{% for sentence in polished.answers[question.question_id] %}
{{ question.text }} {{ sentence.text }}
{% endfor %}
{% endfor %}
"""


@pytest.fixture
def showing(home: Path) -> Path:
    """Give the user a template that shows what a model made."""
    own = home / "prompts" / "en"
    own.mkdir(parents=True)
    (own / "summary.md.j2").write_text(SHOWING)
    return home


def test_a_template_may_show_the_sentences_beside_the_quotes(
    showing: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ModelServer(good) as server:
        said(capsys, "polish", "--url", server.url)
    page = the_call(showing).summary.read_text()
    assert f'polished: complete by "{MODEL}"' in page
    assert "Dana will send you the list of meetups by Friday. [00:01:20]" in page
    assert "What is the hardest part of the job? The hardest part is that nobody" in page


def test_the_page_shows_them_and_who_made_them_beside_every_quote(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = the_call(home).summary.read_text().splitlines()
    assert not [line for line in before if "polished" in line]
    with ModelServer(good) as server:
        said(capsys, "polish", "--url", server.url)
    page = the_call(home).summary.read_text()
    head, _, rest = page.partition("## In short\n\n")
    assert f'polished: complete\npolished_by: "{MODEL}"\n' in head
    short = rest.split("\n\n")[0]
    assert "Dana will send you the list of meetups by Friday. [00:01:20]" in short
    asked = rest.partition("### [00:01:02] What is the hardest part of the job?\n\n")[2]
    assert asked.startswith("The hardest part is that nobody trusts the numbers until")
    # Whatever a model writes, nothing that was said is gone.
    assert [line for line in before if line not in page.splitlines()] == []


def test_the_page_says_why_nothing_came_of_it(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ModelServer(text("What a lovely call!")) as server:
        said(capsys, "polish", "--url", server.url)
    head = the_call(home).summary.read_text().split("---")[1]
    assert "polished: partial\n" in head
    assert f'polished_reason: "7 of 7 pieces stand as they were said. {MODEL} did not' in head


def test_without_a_model_a_template_has_nothing_to_show(showing: Path) -> None:
    wrap(the_call(showing).path, Wording("en", (showing / "prompts", PROMPTS)), "always")
    assert the_call(showing).summary.read_text() == "\n"


# By itself, after a call.


def by_itself(home: Path, **of: object) -> Iterator[int]:
    settings(home, after_call=True, **of)
    polish = Polish(after_call=True, url=str(of["url"]))
    begun = background.begin(Settings(polish=polish), Places(home), NAME)
    assert begun is not None
    yield begun.wait(120)


def test_after_a_call_it_is_done_by_itself(showing: Path) -> None:
    with ModelServer(good) as server:
        [code] = by_itself(showing, url=server.url)
    assert code == 0
    assert kept(showing).status == "complete"
    assert "polished: complete" in the_call(showing).summary.read_text()
    assert (showing / "sottovoce.log").read_bytes() == b""


def test_after_a_call_the_summary_says_why_nothing_came_of_it(showing: Path) -> None:
    [code] = by_itself(showing, url=f"http://localhost:{free_port()}/v1")
    assert code == 0
    page = the_call(showing).summary.read_text()
    assert "polished: partial" in page
    assert 'because: "No language model answers at localhost:' in page


def test_the_log_does_not_name_the_call_nor_who_was_called(home: Path) -> None:
    cut = "2026-12-02-0900-rosalind-person"
    folder(home, cut, is_over=False)
    settings(home, after_call=True, url="http://localhost:1/v1")
    polish = Polish(after_call=True, url="http://localhost:1/v1")
    begun = background.begin(Settings(polish=polish), Places(home), cut)
    assert begun is not None
    assert begun.wait(120) != 0
    log = (home / "sottovoce.log").read_text()
    assert "polish: Refused" in log
    assert "rosalind" not in log


def test_it_is_not_begun_unless_the_settings_say_so(home: Path) -> None:
    never = [Polish(), Polish(url="http://localhost:1/v1"), Polish(after_call=True)]
    for polish in never:
        assert background.begin(Settings(polish=polish), Places(home), NAME) is None


# Nothing leaves the machine, and nothing is told that was said.


def watched(home: Path, *arguments: str) -> tuple[list[str], str]:
    """Run a verb in a process that tells what it connects to or looks up."""
    watch = Watch(home / "watch")
    done = subprocess.run(
        [sys.executable, "-m", "assistant", *arguments],
        env={**os.environ, **watch.env()},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert watch.processes() >= 1
    return watch.seen(), done.stderr


def test_the_model_is_all_that_is_connected_to(home: Path) -> None:
    with ModelServer(good) as server:
        asked, _ = watched(home, "polish", "--url", server.url.replace("127.0.0.1", "localhost"))
        assert set(asked) == {f"socket.connect (('127.0.0.1', {server.port}),)"} | {
            line for line in asked if line.startswith("http.client.")
        }
        assert len(server.questions) == 7


def test_where_none_is_named_nothing_is_asked_of_a_network(home: Path) -> None:
    assert watched(home, "wrap")[0] == []
    assert watched(home, "polish")[0] == []
    assert watched(home, "polish", "--url", "https://203.0.113.7/v1")[0] == []


def test_what_is_told_of_a_fault_holds_no_word_of_the_call(home: Path) -> None:
    echo: Answer = lambda asked, handler: give(  # noqa: E731
        handler, {"error": asked.question, **completion(spelled([(asked.question, [1])]))}, 400
    )
    with ModelServer(echo) as server:
        _, told = watched(home, "polish", "--url", server.url, "--by-itself")
    heard = "nobody trusts the numbers"
    assert heard not in told
    assert heard not in (the_call(home).path / "polished.json").read_text()
