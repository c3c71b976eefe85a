"""Flags that overrule the settings for one command, and flags that rule one another out."""

from collections.abc import Mapping
from pathlib import Path

import click
from msgspec.structs import replace

from assistant.settings import Engine, Settings

ENGINES = click.Choice(["auto", "vosk", "moonshine"])


def only_one(given: Mapping[str, bool]) -> str:
    """Return which of these flags was given; empty for none. Raises UsageError for more.

    Click itself would take the last of them, and say nothing of the others.
    """
    found = [flag for flag, is_given in given.items() if is_given]
    if len(found) > 1:
        raise click.UsageError(f"Give only one of {', '.join(found)}.")
    return "".join(found)


def with_flags(
    settings: Settings,
    *,
    engine: Engine | None = None,
    model: str | None = None,
    microphone: str | None = None,
    far_side: str | None = None,
    headset: str | None = None,
    murmur: bool | None = None,
) -> Settings:
    """Return the settings with the flags that were given."""
    if engine == "moonshine" and model:
        raise click.UsageError("--model names a Vosk model; --engine moonshine has its own.")
    sound = settings.sound
    return replace(
        settings,
        engine=engine or ("vosk" if model else settings.engine),
        model=settings.model if model is None else _absolute(model),
        sound=replace(
            sound,
            microphone=sound.microphone if microphone is None else microphone,
            far_side=sound.far_side if far_side is None else far_side,
            headset=sound.headset if headset is None else headset,
        ),
        murmur=replace(
            settings.murmur, enabled=settings.murmur.enabled if murmur is None else murmur
        ),
    )


def _absolute(model: str) -> str:
    return str(Path(model).expanduser().absolute()) if "/" in model else model
