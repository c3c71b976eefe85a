"""The verbs for models: list, pull, verify."""

import click
import msgspec

from assistant.cli.house import (
    help_of,
    help_of_group,
    json_option,
    open_house,
    option,
    print_json,
    say,
    show_text,
    tell,
)
from assistant.errors import ModelError
from assistant.hands import model_dirs
from assistant.hearing import fetching
from assistant.hearing.catalogue import Catalogue, read_catalogue
from assistant.hearing.models import installed, verify
from assistant.settings import texts


class ListedModel(msgspec.Struct, frozen=True):
    """One model in the list."""

    name: str
    engine: str
    language: str
    size_mb: float
    licence: str
    state: str
    path: str


@click.group(help=help_of_group("models"))
def models() -> None:
    """Fetch and look after the models that hear."""


@models.command("list", help=help_of("models_list"))
@json_option()
def list_(as_json: bool) -> None:
    """List the models."""
    house = open_house()
    catalogue = _catalogue()
    here = {model.name: model for model in installed(model_dirs(house.places), catalogue)}
    rows = [
        ListedModel(
            model.name,
            model.engine,
            model.language,
            model.size_mb,
            model.licence,
            _state(model.name in here, model.source == "package", bool(model.sha256)),
            str(here[model.name].path) if model.name in here else "",
        )
        for model in catalogue.models
    ]
    listed = {model.name for model in catalogue.models}
    rows += [
        ListedModel(m.name, m.engine, m.language, m.size_mb, "", say("models.here"), str(m.path))
        for m in here.values()
        if m.name not in listed
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        size = f"{row.size_mb:g} MB" if row.size_mb else ""
        show_text(
            f"{row.name:34} {row.engine:9} {row.language:3} {size:>8}  {row.licence:12} {row.state}"
        )


@models.command(help=help_of("models_pull"))
@click.argument("name")
@option("--trust", is_flag=True)
def pull(name: str, trust: bool) -> None:
    """Fetch a model."""
    house = open_house()
    model = _catalogue().named(name)
    if model is None:
        raise ModelError(
            f"There is no model called {name}.", "`sottovoce models list` shows what there is."
        )
    pulled = fetching.pull(model, house.places.models, trust=trust, progress=True)
    click.echo(say("models.pulled", name=name, path=pulled.model_dir))
    if not model.sha256:
        tell(say("models.sum_found", sum=pulled.sha256))


@models.command("verify", help=help_of("models_verify"))
@click.argument("name")
@json_option()
def verify_(name: str, as_json: bool) -> None:
    """Check that a model is still as it came."""
    verified = verify(name, model_dirs(open_house().places), _catalogue())
    if as_json:
        print_json(verified)
    else:
        key = "models.verified" if verified.files else "models.not_kept"
        click.echo(say(key, name=name, files=verified.files))


def _catalogue() -> Catalogue:
    return read_catalogue(texts("models") / "catalogue.toml")


def _state(is_here: bool, is_built_in: bool, has_sum: bool) -> str:
    if is_here:
        return say("models.built_in" if is_built_in else "models.here")
    return say("models.not_here" if has_sum else "models.unsure")
