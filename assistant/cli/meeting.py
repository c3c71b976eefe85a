"""The verb of everybody who came up in the calls: people."""

from collections.abc import Sequence

import click

from assistant.across import acquaintances
from assistant.across.acquaintances import Person, tree
from assistant.across.spreadsheet import csv_of
from assistant.cli.archived import with_archive
from assistant.cli.flags import only_one
from assistant.cli.house import (
    help_of,
    json_option,
    open_house,
    option,
    print_json,
    say,
    show_file,
    tell,
)
from assistant.keeping.query import fold
from assistant.tables import Branch, Cell, Column, show_table, show_tree

_COLUMNS = ("name", "about", "calls", "last call", "referred by", "email", "phone", "link")
_REACHED_BY = ("email", "phone", "link")


@click.command("people", help=help_of("people"))
@click.argument("name", nargs=-1)
@option("--csv", "as_csv", is_flag=True, text="csv")
@option("--vcard", "as_vcard", is_flag=True, text="vcard")
@option("--tree", "as_tree", is_flag=True, text="tree")
@json_option()
def people(
    name: tuple[str, ...], as_csv: bool, as_vcard: bool, as_tree: bool, as_json: bool
) -> None:
    """List everybody who came up."""
    only_one({"--json": as_json, "--csv": as_csv, "--vcard": as_vcard, "--tree": as_tree})
    house = open_house()
    everybody = with_archive(house, acquaintances.people)
    part = fold(" ".join(name).strip())
    meant = [person for person in everybody if part in fold(f"{person.name} {person.about}")]
    if as_json:
        print_json(meant)
    elif as_csv:
        rows = [(*_cells(person), _next_step(person)) for person in meant]
        show_file(csv_of((*_COLUMNS, "next step"), rows))
    elif as_vcard:
        # Here, for no other verb needs it.
        from assistant.across.address_book import cards_of

        show_file(cards_of(meant, _noted))
    elif not meant:
        tell(say("people.none_such" if everybody else "people.none"))
    elif as_tree:
        show_tree([_branch(branch) for branch in tree(meant)])
    else:
        _show(meant)


def _cells(person: Person) -> tuple[str, ...]:
    """Return what a spreadsheet gets of somebody."""
    reached = (
        ", ".join(r.text for r in person.reach if r.kind == kind and r.is_theirs)
        for kind in _REACHED_BY
    )
    return (
        person.name,
        person.about,
        str(len(person.talks)),
        person.talks[-1].day if person.talks else "",
        ", ".join(person.referred_by),
        *reached,
    )


def _show(everybody: Sequence[Person]) -> None:
    columns = (
        Column(say("people.name")),
        Column(say("people.about"), is_wide=True),
        Column(say("people.last")),
        Column(say("people.from_whom")),
        Column(say("people.reach"), is_wide=True),
        Column(say("people.next"), is_wide=True),
    )
    show_table(columns, [_row(person) for person in everybody])


def _row(person: Person) -> tuple[Cell | str, ...]:
    last = person.talks[-1].day if person.talks else say("people.not_yet")
    reach = ", ".join(r.text for r in person.reach if r.is_theirs)
    style = "bold" if person.is_to_be_called else ""
    referred = ", ".join(person.referred_by)
    return (Cell(person.name, style), person.about, last, referred, reach, _next_step(person))


def _next_step(person: Person) -> str:
    """Say what is to be done next, in a few words; nothing where nothing is."""
    if person.to_do:
        return person.to_do[0]
    if person.is_to_be_called:
        return say("people.call", name=person.name)
    if person.to_come:
        return say("people.wait", what=person.to_come[0])
    if person.unclear:
        return say("people.unclear", what=person.unclear[0])
    return ""


def _noted(person: Person) -> str:
    """Say in words what is known of somebody, for a card."""
    parts = [say("people.talked", days=", ".join(t.day or t.call for t in person.talks))]
    parts = parts if person.talks else []
    parts += [say("people.referred", name=name) for name in person.referred_by]
    said = [reach.text for reach in person.reach if not (reach.is_theirs and reach.is_sure)]
    if said:
        parts.append(say("people.said", texts=", ".join(said)))
    return " ".join(parts)


def _branch(branch: acquaintances.Branch) -> Branch:
    person = branch.person
    last = person.talks[-1].day if person.talks else say("people.not_yet")
    text = ", ".join(filter(None, (person.name, person.about)))
    return Branch(f"{text} ({last})", tuple(map(_branch, branch.branches)))
