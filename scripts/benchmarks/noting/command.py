"""`scripts/bench notes`: the notes of whole calls beside what a careful friend would have kept."""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import click
import msgspec
from golden import OURS
from understanding import table
from understanding.model import choose, sentences
from understanding.score import Score

from assistant.notes.words import words_of
from assistant.plan import Plan
from assistant.settings import texts
from assistant.wording import Wording
from noting import calls, meetings, scores

MEETINGS = "qmsum_test.jsonl"
"""In a folder of other people's dialogues."""


def notes_command(keep: Callable[[str, str], Path]) -> click.Command:
    """Return the command; `keep` writes its JSON and returns where."""

    @click.command("notes")
    @click.option(
        "--data",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="Also what this folder has: calls with notes.jsonl, or a folder `dialogue` of others.",
    )
    @click.option("--call", "name", default="", help="Only this call.")
    @click.option("--missed", "with_missed", is_flag=True, help="Print also what was missed.")
    @click.option("--words-only", is_flag=True, help="Without the model of sentences.")
    @click.option("--json", "as_json", is_flag=True)
    def notes(
        data: Path | None, name: str, with_missed: bool, words_only: bool, as_json: bool
    ) -> None:
        """Judge what the notes keep of whole calls by what a careful friend would have kept.

        The golden calls as they were written, in small letters without marks, and as an engine
        heard them; other people's meetings, where --data has them, beside TextRank.
        """
        choose(words_only=words_only)
        found = _of_calls(OURS, name)
        if data is not None:
            found += _of_calls(data, name) + _of_meetings(data)
        body = {
            "bench": "notes",
            "day": date.today().isoformat(),  # noqa: DTZ011
            "words_only": words_only,
            "scores": [table.as_values(score) for score in found],
        }
        text = msgspec.json.format(msgspec.json.encode(body), indent=2).decode()
        kinds = ("part" * bool(name), "words" * words_only, "data" * (data is not None))
        kept = keep("-".join(("notes", *filter(None, kinds))), text)
        if as_json:
            click.echo(text)
        else:
            click.echo(table.table(found))
            if with_missed:
                click.echo(table.missed(found))
            click.echo(f"As JSON: {kept}", err=True)
        sys.exit(any(score.is_met is False for score in found))

    return notes


def _of_calls(folder: Path, name: str) -> list[Score]:
    words = words_of(_wording().words("notes"))
    found: list[Score] = []
    for condition in calls.CONDITIONS:
        is_as_heard = condition is calls.CONDITIONS[-1]
        for is_untried in (False, True):
            of = calls.noted(folder, name, words, sentences(), condition, is_untried=is_untried)
            part = condition.name + ", untried" * is_untried
            found += scores.of_calls(part, list(of), has_targets=is_as_heard)
    return found


def _of_meetings(data: Path) -> list[Score]:
    path = next((p for p in (data / MEETINGS, data / "dialogue" / MEETINGS) if p.is_file()), None)
    if path is None:
        return []
    wording = _wording()
    plan = Plan(phrases=wording.phrases(), themes=wording.themes())
    words, rank = words_of(wording.words("notes")), scores.text_rank()
    found: list[Score] = []
    every = list(meetings.read_meetings(path))
    for part, half in zip(("tried on", "held out"), meetings.halves(every), strict=True):
        told = [
            one
            for number, meeting in enumerate(half, 1)
            for one in _shown(f"{part}, meeting {number}", meeting, plan, words, rank)
        ]
        found += scores.of_meetings(f"QMSum, {part}", told)
    return found


def _shown(
    what: str,
    meeting: meetings.Meeting,
    plan: Plan,
    words: "meetings.Words",
    rank: Callable[[str, int], str],
) -> list[meetings.Told]:
    click.echo(f"{what} ...", err=True)
    return list(meetings.told(meeting, plan, words, sentences(), rank))


def _wording() -> Wording:
    return Wording("en", [texts("prompts")])
