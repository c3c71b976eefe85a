"""Files and names that strangers made: folders and texts."""

import contextlib
import io
import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from random import Random

import msgspec

from assistant import cli
from assistant.events import CallStarted, Channel, Entry, Heard, NoteTaken, Trouble, to_line
from assistant.keeping.journal import seal
from assistant.plan import Plan, Question, to_json
from faults.fault import Fault, Tally
from faults.paper import OBEYED, seen

# ---------------------------------------------------------------- folders and names


def _names(tries: int, chance: Random, tally: Tally) -> None:
    """Name folders outside the calls' home to every verb that writes."""
    with _home() as (home, outside):
        given = _call_folder(outside / "given")
        linked = _call_folder(home / "calls" / "with-a-link")
        (linked / "summary.md").unlink()
        (linked / "summary.md").symlink_to(outside / "profile")
        (home / "calls" / "linked").symlink_to(given)
        written = [_call_folder(home / "calls" / name) for name in ("dana", "ana")]
        fixed = (
            str(given),
            f"{home}/calls/../../outside/given",
            "../outside/given",
            f"{outside}/./given",
            "linked",
            str(home / "calls" / "linked"),
            "with-a-link",
            str(linked),
            ".",
            "..",
            "/",
            "~",
            "~nobody",
            str(home),
            str(home / "calls"),
            "x" * 10_000,
            "/" + "y/" * 5000,
            "a/\0",
            "\0",
            "",
            " ",
            "-",
            "../../../../etc",
            "\u202e",
            "\x1b[2J",
            "last/../../../outside/given",
            f"{home}/calls/dana/../../../outside/given",
            "//",
            f"{outside}/given/plan.json",
        )
        verbs = [verb for verb in (["wrap"], ["purge", "--yes"]) if _is_there(verb[0])]
        for number in range(tries):
            name = fixed[number] if number < len(fixed) else _bent(chance, fixed)
            before, wrong = seen(outside), ""
            for verb in verbs:
                said = io.StringIO()
                try:
                    with redirect_stdout(said), redirect_stderr(said):
                        cli.run([*verb, "--", name])
                except SystemExit:
                    pass
                except Exception as error:
                    wrong = f"{verb[0]}: {type(error).__name__} and not a sentence"
                if OBEYED.search(said.getvalue()):
                    wrong = wrong or f"{verb[0]}: the terminal was steered"
                # What was named by a part of its name may be gone by right.
                for folder in written:
                    if not folder.exists():
                        _call_folder(folder)
            if seen(outside) != before:
                wrong = "something outside was changed"
            tally.add(held=not wrong, why=wrong)


def _bent(chance: Random, names: tuple[str, ...]) -> str:
    name = chance.choice(names)[:2000] + chance.choice(["", "/", "/..", "/.", "\0", "/given", "x"])
    at = chance.randrange(len(name) + 1)
    return name[:at] + chance.choice(["", "/", "../", "\u202e", " ", "%2e", "*"]) + name[at:]


def _is_there(verb: str) -> bool:
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        return cli.run([verb, "--help"]) == 0


# ---------------------------------------------------------------- the terminal


_STEER = (
    "\x1b[2J",
    "\x1b]0;x\x07",
    "\x9b31m",
    "\r",
    "\x08",
    "\x0c",
    "\u202e",
    "\u2066",
    "\x7f",
    "\u2028",
)


def _terminal(tries: int, chance: Random, tally: Tally) -> None:
    """Show calls that somebody made, and live transcripts that somebody wrote."""
    with _home() as (home, outside):
        for number in range(tries):
            text = "".join(chance.choice((*_STEER, "word", " ")) for _ in range(12)) + "end"
            folder = home / "calls" / f"call-{number}"
            _call_folder(folder, text)
            transcript = outside / "said.jsonl"
            line = {"channel": "me", "start_s": 0.5, "end_s": 1.0, "text": text}
            transcript.write_bytes(msgspec.json.encode(line) + b"\n")
            wrong = ""
            for verb in (
                ["list"],
                ["list", "--json"],
                ["show"],
                ["show", "--json"],
                ["wrap", text],
                ["show", text],
                ["rehearse", "--transcript", str(transcript)],
                ["rehearse", "--transcript", str(transcript), "--json"],
            ):
                said = io.StringIO()
                try:
                    with redirect_stdout(said), redirect_stderr(said):
                        cli.run(verb)
                except Exception as error:
                    wrong = f"{verb[0]}: {type(error).__name__} and not a sentence"
                if OBEYED.search(said.getvalue()):
                    wrong = wrong or f"{' '.join(verb[:2])}: the terminal was steered"
            tally.add(held=not wrong, why=wrong)
            shutil.rmtree(folder)


# ---------------------------------------------------------------- grounds


@contextlib.contextmanager
def _home() -> Generator[tuple[Path, Path]]:
    """Make a home of its own, and a place beside it that nothing may touch."""
    before = os.environ.get("SOTTOVOCE_HOME")
    with tempfile.TemporaryDirectory(prefix="strangers-") as place:
        home, outside = Path(place) / "home", Path(place) / "outside"
        (home / "calls").mkdir(parents=True)
        outside.mkdir()
        (outside / "profile").write_text("mine")
        os.environ["SOTTOVOCE_HOME"] = str(home)
        try:
            yield home, outside
        finally:
            os.environ.pop("SOTTOVOCE_HOME")
            if before is not None:
                os.environ["SOTTOVOCE_HOME"] = before


def _call_folder(path: Path, text: str = "a word") -> Path:
    path.mkdir(parents=True)
    plan = Plan(person=text, about=text, questions=(Question("q", text or "What?"),))
    (path / "plan.json").write_bytes(to_json(plan))
    events = (
        CallStarted(text, text, text, {"hearing": text}),
        Heard(Channel.THEM, 1.0, 2.0, text),
        NoteTaken(text),
        Trouble("call", text),
    )
    lines = [to_line(Entry(seq, float(seq), event)) for seq, event in enumerate(events, start=1)]
    (path / "journal.jsonl").write_bytes(b"".join(seal(line) + b"\n" for line in lines))
    for name in ("summary.md", "notes.json", "notes.md"):
        (path / name).write_text(text)
    return path


FAULTS: tuple[Fault, ...] = (
    Fault(
        "names and folders that lead out of the calls' home",
        "nothing outside is changed by a verb that writes",
        "real",
        "",
        100,
        500,
        _names,
    ),
    Fault(
        "texts that steer a terminal",
        "no verb prints what a terminal obeys",
        "real",
        "",
        20,
        300,
        _terminal,
    ),
)
