"""Measure a paced call on the virtual sound card, and say which targets hold.

    scripts/bench latency    how soon words are in the journal, and a cue in the ear
    scripts/bench cost       processor, memory, and how late the sound callbacks come

Input: the sample interview, both sides played at their own pace into a real daemon.
Exit code 1 when a target is missed.
"""

import os
import sys
from pathlib import Path

import click
import msgspec

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from figures import Figure, table  # noqa: E402
from virtual_call import Outcome, hold_interview, hold_stalls  # noqa: E402

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
    figures = [
        Figure.of("end of speech to Heard", "p50_s", talk.heard_after_s(), 50),
        Figure.of("end of speech to Heard", "p95_s", talk.heard_after_s(), 95, most=0.8),
        Figure.of("stall to the cue's first sample", "p50_s", stalled.cue_after_s(), 50),
        Figure.of("stall to the cue's first sample", "p95_s", stalled.cue_after_s(), 95, most=0.3),
    ]
    finish(figures, talk, as_json=as_json)


@bench.command()
@click.option("--engine", type=ENGINES, default="auto")
@click.option("--json", "as_json", is_flag=True)
def cost(engine: str, as_json: bool) -> None:
    """Processor, memory, and how late the sound callbacks come."""
    talk = hold_interview(engine)
    figures = [
        Figure("processor, seconds per second of call", "cpu_s", talk.cpu_per_s, 1, 0.35),
        Figure("memory, all processes at their worst moment", "mb", talk.peak_mb, 1, 900.0),
        Figure("lateness of the sound callbacks", "p99_s", talk.late_p99_s, 1, 0.005),
    ]
    finish(figures, talk, as_json=as_json)


def finish(figures: list[Figure], talk: Outcome, *, as_json: bool) -> None:
    """Print the figures; exit with 1 when a target is missed."""
    about = {
        "engine": talk.engine,
        "call_s": round(talk.length_s, 1),
        "cores": os.cpu_count(),
        "load_before": talk.load_before,
    }
    if as_json:
        body = {**about, "figures": [msgspec.to_builtins(figure) for figure in figures]}
        click.echo(msgspec.json.format(msgspec.json.encode(body), indent=2))
    else:
        click.echo("  ".join(f"{key} {value}" for key, value in about.items()))
        click.echo(table(figures))
    sys.exit(any(not figure.holds for figure in figures))


if __name__ == "__main__":
    bench()
