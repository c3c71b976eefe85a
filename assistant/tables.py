"""Tables and trees on a terminal; plain lines, one for each row, in a pipe. A door to rich.

Law: decides nothing; nothing in a cell can steer the terminal; in a pipe no row is ever broken.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from assistant.textfile import for_terminal

_BETWEEN = "  "
_WIDEST = 10_000


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    name: str
    is_number: bool = False
    """It is set to the right."""
    is_wide: bool = False
    """It has sentences, and is broken where the others are not."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell, or a line, in which some letters are set off."""

    text: str
    style: str = ""
    marks: tuple[tuple[int, int], ...] = ()
    """First letter, and the one behind the last."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A line of a tree, and what hangs on it."""

    text: str
    branches: tuple["Branch", ...] = ()


def is_terminal(file: TextIO | None = None) -> bool:
    """Tell whether somebody reads along."""
    return (file or sys.stdout).isatty()


def show_table(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell | str]], file: TextIO | None = None
) -> None:
    """Print rows: as a table on a terminal, else one line each, their cells two spaces apart."""
    if not is_terminal(file):
        for row in rows:
            print(_BETWEEN.join(_plain(cell) for cell in row).rstrip(), file=file or sys.stdout)
        return
    table = Table(
        box=None, pad_edge=False, show_edge=False, header_style="dim", padding=(0, 2, 0, 0)
    )
    for column in columns:
        table.add_column(
            column.name,
            justify="right" if column.is_number else "left",
            no_wrap=not column.is_wide,
            overflow="fold" if column.is_wide else "ellipsis",
            ratio=1 if column.is_wide else None,
        )
    for row in rows:
        table.add_row(*(_text(cell) for cell in row))
    _console(file).print(table)


def show_line(cell: Cell, file: TextIO | None = None) -> None:
    """Print one line, with what is set off in it on a terminal."""
    if is_terminal(file):
        _console(file).print(_text(cell), soft_wrap=True)
    else:
        print(_plain(cell), file=file or sys.stdout)


def show_tree(branches: Sequence[Branch], file: TextIO | None = None) -> None:
    """Print trees, one below the other."""
    console = _console(file)
    for branch in branches:
        console.print(_grown(branch))


def _grown(branch: Branch) -> Tree:
    tree = Tree(Text(for_terminal(branch.text)), guide_style="dim")
    for smaller in branch.branches:
        tree.children.append(_grown(smaller))
    return tree


def _console(file: TextIO | None) -> Console:
    # In a pipe no line is ever broken.
    width = None if is_terminal(file) else _WIDEST
    return Console(file=file or sys.stdout, highlight=False, width=width)


def _plain(cell: Cell | str) -> str:
    text = cell if isinstance(cell, str) else cell.text
    return for_terminal(" ".join(text.split("\n")))


def _text(cell: Cell | str) -> Text:
    if isinstance(cell, str):
        return Text(for_terminal(cell))
    text = Text(cell.text, style=cell.style)
    for first, last in cell.marks:
        text.stylize("bold", first, last)
    if for_terminal(cell.text) != cell.text:
        # Marks no longer fit, and matter less.
        return Text(for_terminal(cell.text), style=cell.style)
    return text
