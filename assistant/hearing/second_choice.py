"""Which engine hears a call again: the one that was named, or the best that is here.

Looks at the models that are here and at what is known of their errors. Law: never opens the
network and never loads a model; without a name, only what is known to hear better is chosen.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from assistant.errors import ModelError
from assistant.hearing import models, whisper
from assistant.hearing.catalogue import Catalogue
from assistant.hearing.second import Second

_WHISPER = ("whisper", "faster-whisper", "faster_whisper")
SURELY = 1.3
"""So many times the errors must another engine make, for this one to be known as better: rates on
read speech that are nearer tell nothing of a call."""
NAMES = "Engines are vosk, moonshine and whisper; a model's name or its directory will do, too."


def choose_second_hearing(
    wanted: str,
    language: str,
    first: str,
    dirs: Sequence[Path],
    catalogue: Catalogue,
    embedded: Callable[[], Path | None] = models.embedded_dir,
) -> Second:
    """Choose what hears a call again that `first` (`moonshine tiny-en`) has heard.

    `wanted` is an engine, a model's name or its directory; empty for the best that is known to be
    better than the first. Raises ModelError with what helps.
    """
    code = re.split("[-_]", language.strip().lower())[0]
    rates = catalogue.word_errors.get(code, {})
    if not wanted:
        return _best(code, first, dirs, catalogue, rates, embedded)
    if wanted in _WHISPER:
        return _largest_whisper(dirs, rates)
    if wanted in ("vosk", "moonshine"):
        choice = models.choose(
            "vosk" if wanted == "vosk" else "moonshine", language, "", dirs, catalogue, embedded
        )
        return _second(choice, rates)
    given = Path(wanted).expanduser()
    for model_dir in (given, *(place / wanted for place in dirs)):
        if whisper.is_whisper(model_dir):
            return _whisper(model_dir.absolute(), rates)
    named = catalogue.named(wanted)
    if named is None and "/" not in wanted and not wanted.startswith("vosk-model-"):
        raise ModelError(f"There is no engine and no model called {wanted}.", NAMES)
    engine = "moonshine" if named and named.engine == "moonshine" else "vosk"
    return _second(models.choose(engine, language, wanted, dirs, catalogue, embedded), rates)


def _best(
    code: str,
    first: str,
    dirs: Sequence[Path],
    catalogue: Catalogue,
    rates: Mapping[str, float],
    embedded: Callable[[], Path | None],
) -> Second:
    """Return what hears best of all that is here. Raises ModelError where that heard the call."""
    here = [
        second
        for second in _here(code, dirs, catalogue, rates, embedded)
        if second.word_errors is not None and second.label != first
    ]
    best = min(here, key=lambda second: (second.word_errors or 0.0, second.label), default=None)
    known = rates.get(first)
    if best is None or (known is not None and (best.word_errors or 0.0) * SURELY > known):
        better = [
            model.name
            for model in catalogue.models
            if model.engine == "vosk"
            and model.language == code
            and rates.get(f"vosk {model.name}", 1.0) * SURELY <= (1.0 if known is None else known)
        ]
        pull = f" `sottovoce models pull {better[0]}` gets one that does." if better else ""
        raise ModelError(
            f"Nothing here is known to hear better than what heard the call ({first or 'nobody'}).",
            f"Name one all the same with --engine. {NAMES}{pull}",
        )
    return best


def _here(
    code: str,
    dirs: Sequence[Path],
    catalogue: Catalogue,
    rates: Mapping[str, float],
    embedded: Callable[[], Path | None],
) -> Iterator[Second]:
    for model in models.installed(dirs, catalogue, embedded):
        if model.language != code:
            continue
        if model.engine == "vosk":
            label = f"vosk {model.name}"
            yield Second("vosk", model.path, label, rates.get(label))
        elif model.engine == "moonshine":
            label = f"moonshine {model.name.removeprefix('moonshine-')}"
            yield Second("moonshine", None, label, rates.get(label))
    if whisper.is_installed():
        yield from (_whisper(model_dir, rates) for model_dir in _whisper_dirs(dirs))


def _second(choice: models.Choice, rates: Mapping[str, float]) -> Second:
    return Second(choice.engine, choice.model_dir, choice.label, rates.get(choice.label))


def _whisper(model_dir: Path, rates: Mapping[str, float]) -> Second:
    if not whisper.is_installed():
        raise ModelError("Whisper is not installed.", whisper.NOT_INSTALLED)
    label = f"whisper {whisper.name_of(model_dir)}"
    return Second("whisper", model_dir, label, rates.get(label))


def _largest_whisper(dirs: Sequence[Path], rates: Mapping[str, float]) -> Second:
    here = [*_whisper_dirs(dirs)]
    if not here:
        place = f" into {dirs[0]}" if dirs else ""
        raise ModelError(
            "No Whisper model is here.",
            f"Put the directory of one that was converted for faster-whisper{place}, or name it: "
            "--engine DIRECTORY. Nothing is downloaded by itself.",
        )
    return _whisper(max(here, key=lambda path: (path / "model.bin").stat().st_size), rates)


def _whisper_dirs(dirs: Sequence[Path]) -> Iterator[Path]:
    for place in dirs:
        try:
            inside = sorted(place.iterdir()) if place.is_dir() else []
        except OSError as error:
            raise ModelError(
                f"The models in {place} can not be read: {error.strerror}.",
                "Give yourself the right to read that directory.",
            ) from error
        yield from (path.absolute() for path in inside if whisper.is_whisper(path))
