"""Measure a paced call on the virtual sound card, and say which targets hold.

    scripts/bench latency    how soon words are in the journal, and a cue in the ear
    scripts/bench cost       processor, memory, and how late the sound callbacks come
    scripts/bench faults     what goes wrong on purpose, how often it was tried, and what held
    scripts/bench soak       what grows in a long call: memory, files, threads, the journal
    scripts/bench starvation a call that gets too little of the machine, and how it catches up
    scripts/bench understanding  how well what is said is understood, task by task
    scripts/bench import     what an hour of recordings costs to import, by workers at once
    scripts/bench archive    how soon words are found in ten thousand calls
    scripts/bench coach      what is murmured in whole calls, beside what a friend would have
    scripts/bench notes      what is kept of whole calls, beside what a friend would have
    scripts/bench polish     which sentences of a language model would be let through
    scripts/bench hearing    how many words are misheard, the first time and when heard again

Input: the sample interview, both sides played at their own pace into a real daemon; for the
understanding, labelled lines.
Prints a table and keeps the same as JSON in build/bench/; with --json, prints that JSON
alone. Exit code 1 when a target is missed; the reason stands beside it.
"""

import os
import signal
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import click
import msgspec

ROOT = Path(__file__).resolve().parents[2]
# As the processes of a call have it: numpy's own threads only wait for one another here.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# What the tests share among them they import by name.
sys.path[:0] = [str(ROOT), str(Path(__file__).parent), str(ROOT / "tests")]

import coach as coaching  # noqa: E402
import imports  # noqa: E402
import looking_up  # noqa: E402
import second_hearing  # noqa: E402
import soak  # noqa: E402
import starved_call  # noqa: E402
import watching  # noqa: E402
from faults import running  # noqa: E402
from faults.everything import FAULTS  # noqa: E402
from figures import Figure, table  # noqa: E402
from golden import OURS, read_calls  # noqa: E402
from long_call import fast_call, real_call  # noqa: E402
from many_calls import ManyCalls  # noqa: E402
from noting.command import notes_command  # noqa: E402
from polishing import held  # noqa: E402
from understanding import table as understood  # noqa: E402
from understanding import tick  # noqa: E402
from understanding.dialogue import folder_of  # noqa: E402
from understanding.model import choose, sentences  # noqa: E402
from understanding.score import Score  # noqa: E402
from understanding.tasks import measure_of, tasks  # noqa: E402
from virtual_call import Outcome, hold_interview, hold_stalls  # noqa: E402

from assistant.errors import SottovoceError  # noqa: E402
from assistant.understanding.embedding import embedded_model  # noqa: E402
from assistant.understanding.meaning import Meaning  # noqa: E402
from assistant.wording import Wording  # noqa: E402

ENGINES = click.Choice(["auto", "vosk", "moonshine"])


@click.group()
def bench() -> None:
    """Measure a paced call on the virtual sound card."""


@bench.command()
@click.option("--engine", type=ENGINES, default="auto")
@click.option("--stalls", default=20, show_default=True, help="How many stalls to measure.")
@click.option("--json", "as_json", is_flag=True)
def latency(engine: str, stalls: int, as_json: bool) -> None:
    """How soon words are in the journal, and a cue in the ear."""
    talk, stalled = hold_interview(engine), hold_stalls(engine, stalls)
    words_s, cues_s = talk.heard_after_s(), stalled.cue_after_s()
    words, cue = "end of speech to Heard", "stall to the cue's first sample"
    figures = [
        Figure.of(words, "p50_s", words_s, 50),
        Figure.of(words, "p95_s", words_s, 95, 0.8).explained(talk.cost.reasons()),
        Figure.of(cue, "p50_s", cues_s, 50),
        Figure.of(cue, "p95_s", cues_s, 95, 0.3).explained(stalled.cost.reasons()),
    ]
    finish("latency", figures, [talk, stalled], as_json=as_json)


@bench.command()
@click.option("--engine", type=ENGINES, default="auto")
@click.option("--json", "as_json", is_flag=True)
def cost(engine: str, as_json: bool) -> None:
    """Processor, memory, how late the sound callbacks come, and what understanding costs them.

    The last is tried apart: a tick of 20 ms alone, beside a thread that understands two lines a
    second, and beside a process of its own that does.
    """
    ticks = tick.figures(for_s=20.0, every_s=0.5)
    talk = hold_interview(engine)
    cost = talk.cost
    cpu, mb = cost.cpu_per_s, cost.peak_mb
    figures = [
        Figure("processor, per second of call", "cpu_s", round(sum(cpu.values()), 3), 1, 0.35),
        *(Figure(f"  of this: {name}", "cpu_s", used_s, 1) for name, used_s in cpu.items()),
        Figure("memory, at the worst moment", "mb", round(sum(mb.values()), 1), 1, 900.0),
        *(Figure(f"  of this: {name}", "mb", size, 1) for name, size in mb.items()),
        Figure("lateness of the sound callbacks", "p99_s", talk.late_p99_s, 1, 0.005),
        *ticks,
    ]
    why = {"mb": [cost.shares(mb, "MB")]}
    explained = [figure.explained(why.get(figure.unit, cost.reasons())) for figure in figures]
    finish("cost", explained, [talk], as_json=as_json)


@bench.command("import")
@click.option("--workers", multiple=True, type=int, default=(1, 2), show_default=True)
@click.option("--files", default=4, show_default=True, help="How many recordings.")
@click.option("--minutes", default=5.0, show_default=True, help="How long each is.")
@click.option("--json", "as_json", is_flag=True)
def import_(workers: tuple[int, ...], files: int, minutes: float, as_json: bool) -> None:
    """Tell what an hour of recordings costs to import, by workers at once."""
    found = [f for n in workers for f in imports.figures(imports.measure(n, files, minutes))]
    text = msgspec.json.format(msgspec.json.encode(found), indent=2).decode()
    click.echo(text if as_json else table(found))
    keep("import", text)


@bench.command()
@click.option("--short", is_flag=True, help="The form that is part of the tests.")
@click.option("--only", default="", help="Only the faults whose name has this in it.")
@click.option("--seed", default=1, show_default=True)
@click.option("--markdown", is_flag=True, help="Print the table for the docs as well.")
def faults(short: bool, only: str, seed: int, markdown: bool) -> None:
    """Do on purpose what goes wrong by itself, and count what held."""
    begun_s = time.monotonic()
    chosen = [fault for fault in FAULTS if only.lower() in fault.name.lower()]
    rows = running.run(chosen, is_short=short, seed=seed, with_card=running.has_card())
    took_s = time.monotonic() - begun_s
    if not only:
        # A part does not take the place of the whole.
        name = "faults-short.json" if short else "faults.json"
        running.keep(rows, ROOT / "build" / "bench" / name, is_short=short, took_s=took_s)
    if markdown:
        click.echo(f"\n{running.markdown(rows)}", nl=False)
    held = sum(row.held for row in rows)
    click.echo(f"{held} of {sum(row.tried for row in rows)} tries held, in {took_s:.0f} s")
    if not running.holds(rows):
        raise SystemExit(1)


@bench.command("soak")
@click.option("--hours", default=3.0, show_default=True, help="Of the call.")
@click.option("--speed", default=1.0, show_default=True, help="Seconds of the call in one.")
@click.option("--engine", type=ENGINES, default="auto")
@click.option("--seed", default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def soak_(hours: float, speed: float, engine: str, seed: int, as_json: bool) -> None:
    """Show what grows in a long call: memory, files, threads, children, the journal.

    At speed 1 the real daemon hears talk without end on the virtual sound card. Faster than that,
    the real daemon lives in a world of its own that goes so many times as fast; up to 3 the real
    ear hears it, beyond that only its voice activity, with words of the sample.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if speed == 1:
        opened = real_call(hours * 60, engine, seed)
    else:
        with_words = speed > REAL_EAR_TO
        opened = fast_call(hours * 60, engine, seed, speed, with_words=with_words)
    load_before, machine_s = os.getloadavg()[0], watching.machine_s()
    with opened as call:
        click.echo(f"{call.how}; {hours:g} h of call", err=True)
        held = soak.hold(call, hours * 3600, speed, seed, lambda line: click.echo(line, err=True))
    figures = soak.figures(held)
    busy = (watching.machine_s() - machine_s) / max(held.world_s, 1.0)
    body = {
        "bench": "soak",
        "day": date.today().isoformat(),  # noqa: DTZ011
        "how": held.how,
        "speed": speed,
        "seed": seed,
        "hours": round(held.length_s / 3600, 3),
        "cut_short": held.cut_short,
        "cores": os.cpu_count(),
        "load_before": round(load_before, 2),
        "busy_cores": round(busy, 2),
        "figures": figures,
        "troubles": () if held.end is None else held.end.troubles,
        "series": soak.series(held.moments),
    }
    text = msgspec.json.format(msgspec.json.encode(body), indent=2).decode()
    kept = keep("soak", text)
    if as_json:
        click.echo(text)
    else:
        cut = f" ({held.cut_short})" if held.cut_short else ""
        click.echo(f"{held.length_s / 3600:.2f} h of call{cut}, {held.how}")
        click.echo(
            f"{os.cpu_count()} cores, {busy:.2f} of them busy, load before {load_before:.2f}"
        )
        click.echo(table(figures))
        click.echo(f"As JSON: {kept.relative_to(ROOT)}", err=True)
    sys.exit(any(not figure.holds for figure in figures))


@bench.command("starvation")
@click.option("--short", is_flag=True, help="The length that the tests take.")
@click.option("--engine", type=ENGINES, default="auto")
@click.option("--seed", default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def starvation_(short: bool, engine: str, seed: int, as_json: bool) -> None:
    """Hold a call beside four busy processes, and one whose ear is stopped."""
    busy_s, stopped_s = (15.0, 5.0) if short else (60.0, 60.0)
    starved = [
        starved_call.hold_beside_busy(busy_s, engine, seed),
        starved_call.hold_with_stopped_ear(stopped_s, engine, seed),
    ]
    figures = [figure for one in starved for figure in one.figures()]
    body = {
        "bench": "starvation",
        "day": date.today().isoformat(),  # noqa: DTZ011
        "cores": os.cpu_count(),
        "figures": figures,
        "calls": starved,
    }
    text = msgspec.json.format(msgspec.json.encode(body), indent=2).decode()
    kept = keep("starvation", text)
    if as_json:
        click.echo(text)
    else:
        click.echo(table(figures))
        for fault in (fault for one in starved for fault in one.faults()):
            click.echo(f"! {fault}")
        click.echo(f"As JSON: {kept.relative_to(ROOT)}", err=True)
    sys.exit(any(one.faults() for one in starved))


@bench.command()
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Measure on the data of others in this folder, or in its folder `dialogue`.",
)
@click.option("--task", "only", multiple=True, type=click.Choice(list(tasks())))
@click.option("--missed", "with_missed", is_flag=True, help="Print also what was missed.")
@click.option("--words-only", is_flag=True, help="Without the model of sentences.")
@click.option("--json", "as_json", is_flag=True)
def understanding(
    data: Path | None, only: tuple[str, ...], with_missed: bool, words_only: bool, as_json: bool
) -> None:
    """How well what is said is understood, task by task.

    Each task is measured at the shipped thresholds on its frozen test part, or, with --data, on
    what that folder has of it. The trivial way beside it is what its task's note says.
    """
    if data is not None and folder_of(data) is None:
        raise click.UsageError(f"{data} has none of the files that are known here.")
    choose(words_only=words_only)
    scores: list[Score] = []
    failed: list[str] = []
    for name in only or tasks():
        begun_s = time.monotonic()
        click.echo(f"{name} ...", err=True, nl=False)
        try:
            scores += measure_of(name)(data)
        except SottovoceError as error:
            # What the other tasks found is not lost with it.
            failed.append(name)
            click.echo(f" {error} {error.hint}", err=True)
            continue
        click.echo(f" {time.monotonic() - begun_s:.0f} s", err=True)
    body = {
        "bench": "understanding",
        "day": date.today().isoformat(),  # noqa: DTZ011
        "cores": os.cpu_count(),
        "data": "frozen test part" if data is None else data.name,
        "words_only": words_only,
        "failed": failed,
        "scores": [understood.as_values(score) for score in scores],
    }
    text = msgspec.json.format(msgspec.json.encode(body), indent=2).decode()
    # A part does not take the place of the whole.
    kinds = ("part" * bool(only), "words" * words_only, "data" * (data is not None))
    kept = keep("-".join(("understanding", *filter(None, kinds))), text)
    if as_json:
        click.echo(text)
    else:
        click.echo(understood.table(scores))
        if with_missed:
            click.echo(understood.missed(scores))
        click.echo(f"As JSON: {kept.relative_to(ROOT)}", err=True)
    sys.exit(bool(failed) or any(score.is_met is False for score in scores))


@bench.command()
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Replay also the calls in this folder: plan.md, transcript.jsonl, cues.jsonl each.",
)
@click.option("--call", "name", default="", help="Only the call of this name.")
@click.option("--missed", "with_missed", is_flag=True, help="Print also what was wrong or missed.")
@click.option("--words-only", is_flag=True, help="Without the model of sentences.")
@click.option("--json", "as_json", is_flag=True)
def coach(data: Path | None, name: str, with_missed: bool, words_only: bool, as_json: bool) -> None:
    """Replay whole calls; print what is murmured, beside what a thoughtful friend would have.

    A cue is right where the friend would or might have given it. The naive coach beside it says
    the next question of the sheet after every 4 s of silence, and the time at its minutes.
    """
    words_only = words_only or embedded_model() is None
    choose(words_only=words_only)
    rows: list[tuple[coaching.Verdict, coaching.Verdict]] = []
    for folder in filter(None, (OURS, data)):
        try:
            calls = read_calls(folder, name)
            of_folder = [
                (
                    coaching.hold(call, Meaning(call.plan, sentences()).understand),
                    coaching.hold_naive(call),
                )
                for call in calls
            ]
        except SottovoceError as error:
            raise click.ClickException(f"{error} {error.hint}") from error
        rows += of_folder
        if len(of_folder) > 1:
            rows.append(
                (
                    coaching.together([ours for ours, _ in of_folder], f"all of {folder.name}"),
                    coaching.together([naive for _, naive in of_folder], folder.name),
                )
            )
    if not rows:
        raise click.UsageError(f"No call is named {name}." if name else "There are no calls.")
    body = {
        "bench": "coach",
        "day": date.today().isoformat(),  # noqa: DTZ011
        "words_only": words_only,
        "calls": [coaching.as_values(*row) for row in rows],
    }
    text = msgspec.json.format(msgspec.json.encode(body), indent=2).decode()
    # A part does not take the place of the whole.
    kinds = ("part" * bool(name), "words" * words_only, "data" * (data is not None))
    kept = keep("-".join(("coach", *filter(None, kinds))), text)
    if as_json:
        click.echo(text)
    else:
        click.echo(coaching.table(rows))
        if with_missed:
            click.echo(coaching.missed([ours for ours, _ in rows]))
        click.echo(f"As JSON: {kept.relative_to(ROOT)}", err=True)
    # Of several calls their sum is measured against the targets.
    sums = [ours for ours, _ in rows if ours.call.startswith("all of ")]
    sys.exit(any(not ours.holds for ours in sums or [ours for ours, _ in rows]))


@bench.command()
@click.option("--calls", default=10_000, show_default=True, help="How many calls there are.")
@click.option("--asked", default=200, show_default=True, help="Queries of each class.")
@click.option("--cold", default=30, show_default=True, help="So many of them cold too.")
@click.option("--sample", default=20, show_default=True, help="Calls with real folders.")
@click.option("--seed", default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def archive(calls: int, asked: int, cold: int, sample: int, seed: int, as_json: bool) -> None:
    """How soon words are found in many calls, and what keeping them costs.

    The calls are written to the archive by the function the verbs use; a sample of them has real
    folders, from which reading is measured.
    """
    made = ManyCalls(seed)
    load_before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="archive-") as folder:
        home = Path(folder)
        path = home / "archive.db"
        with click.progressbar(length=calls, label="Writing calls", file=sys.stderr) as bar:
            fill_s = looking_up.fill(path, made, calls, bar.update)
        times: list[looking_up.Times] = []
        for one in looking_up.measure(path, made, calls, asked, cold, seed):
            click.echo(f"{one.what}: p95 {one.warm.p95_s * 1e3:.1f} ms", err=True)
            times.append(one)
        wording = Wording("en", (ROOT / "prompts",))
        kept = looking_up.keep(path, home, made, calls, sample, fill_s, wording)
    body = {
        "bench": "archive",
        "day": date.today().isoformat(),  # noqa: DTZ011
        "cores": os.cpu_count(),
        "load_before": round(load_before, 2),
        "seed": seed,
        "target_s": looking_up.TARGET_S,
        "times": times,
        "kept": kept,
        "rebuild_s": kept.rebuild_s,
    }
    text = msgspec.json.format(msgspec.json.encode(body), indent=2).decode()
    kept_at = keep("archive", text)
    if as_json:
        click.echo(text)
    else:
        click.echo(f"{os.cpu_count()} cores, load before {load_before:.2f}; milliseconds")
        click.echo(looking_up.table(times, kept))
        click.echo(f"As JSON: {kept_at.relative_to(ROOT)}", err=True)
    sys.exit(any(not one.holds for one in times))


REAL_EAR_TO = 3.0
"""Two channels of an embedded engine take some 0.3 s of processor per second."""


@bench.command()
@click.option("--with-missed", is_flag=True, help="Print the sentences that were judged wrongly.")
@click.option("--json", "as_json", is_flag=True)
def polish(with_missed: bool, as_json: bool) -> None:
    """Hold labelled sentences against whole calls, as those of a language model would be.

    A false sentence that is let through is a fault, and the exit code is 1; a true one that is
    lost leaves the quote in its place.
    """
    found = {name: held.judged(name) for name in held.SETS}
    rows = {name: held.rows(of) for name, of in found.items()}
    body = {"bench": "polish", "day": date.today().isoformat(), "sets": rows}  # noqa: DTZ011
    text = msgspec.json.format(msgspec.json.encode(body), indent=2).decode()
    path = keep("polish", text)
    if as_json:
        click.echo(text)
    else:
        for name, row in ((name, row) for name, of in rows.items() for row in of):
            click.echo(f"{name:7} {row.kind:24} {row.let_through:3} of {row.count:3} let through")
        click.echo(f"JSON: {path}")
    every = [it for of in found.values() for it in of]
    for it in every if with_missed else ():
        if it.labelled.holds == bool(it.fault):
            click.echo(f"{it.fault or 'let through':12} {it.labelled.text}")
    sys.exit(any(not it.labelled.holds and not it.fault for it in every))


def keep(name: str, text: str) -> Path:
    """Keep a bench's JSON."""
    kept = ROOT / "build" / "bench" / f"{name}.json"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(text + "\n")
    return kept


@bench.command()
@click.option(
    "--data",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="A list of recordings, one JSON line each: path, text, kind, seconds, transcript_trust.",
)
@click.option("--engine", "engines", multiple=True, help="What hears again; more than one may.")
@click.option("--json", "as_json", is_flag=True)
def hearing(data: Path, engines: tuple[str, ...], as_json: bool) -> None:
    """How many words are misheard, the first time by the built-in engine, and when heard again."""
    found = second_hearing.figures(data, engines, (ROOT / "models",))
    body = {"bench": "hearing", "cores": os.cpu_count(), "figures": found}
    text = msgspec.json.format(msgspec.json.encode(body), indent=2).decode()
    kept = keep("hearing", text)
    click.echo(text if as_json else table(found))
    click.echo(f"As JSON: {kept.relative_to(ROOT)}", err=True)


def finish(name: str, figures: list[Figure], calls: list[Outcome], *, as_json: bool) -> None:
    """Print the figures, keep them as JSON, and exit with 1 when a target is missed."""
    engine, cores = calls[0].engine, os.cpu_count()
    body = {
        "bench": name,
        "engine": engine,
        "cores": cores,
        "calls": [call.cost for call in calls],
        "figures": figures,
    }
    text = msgspec.json.format(msgspec.json.encode(body), indent=2).decode()
    if as_json:
        click.echo(text)
    else:
        kept = keep(name, text)
        click.echo(f"{engine}, {cores} cores")
        for call in calls:
            cost = call.cost
            click.echo(
                f"{cost.call}: {cost.length_s:g} s, load before {cost.load_before:g}, "
                f"others {cost.others_cores:g} cores; {cost.shares(cost.cpu_per_s, 's/s')}"
            )
        click.echo(table(figures))
        click.echo(f"As JSON: {kept.relative_to(ROOT)}", err=True)
    sys.exit(any(not figure.holds for figure in figures))


bench.add_command(notes_command(keep))


if __name__ == "__main__":
    bench()
