"""Files that strangers made: sheets and the archives of models."""

import contextlib
import hashlib
import io
import multiprocessing
import re
import resource
import stat
import tempfile
import time
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

from assistant.errors import InputError, ModelError, SottovoceError
from assistant.hearing.unpacking import unpack
from assistant.settings import texts
from assistant.sheet import read_sheet
from assistant.wording import Wording
from faults.fault import Fault, Tally

SHEET_WITHIN_S = 1.0
SHEET_GROWTH_MB = 50.0
ARCHIVE_WITHIN_S = 5.0

OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""What a terminal obeys, and nobody sees."""

_KEYS = ("with", "about", "minutes", "starts", "consent", "language", "dials")
_SECTIONS = ("Goal", "Open with", "Questions", "Closing", "People and terms", "Nothing")
_VALUES = (
    "",
    "~",
    "no",
    "1e999",
    ".nan",
    "-.inf",
    "[1, 2",
    "{a: b",
    "*a",
    "&a x",
    "!!python/object:os.x y",
    "2026-13-45",
    "0x7fffffff",
    "9" * 400,
    "|",
    "'",
    '"\\U00110000"',
    '"\\x1b[2J"',
    "\x1b]0;x\x07",
    "\u202e\u2066",
    "\0",
    "\t",
    "a: b: c",
    "- x",
    "<<: *a",
    "%TAG",
    "2026-12-01 15:00",
    "20",
    "ask",
    "en",
    "stall_s: .nan",
)
_PIECES = (
    "- ",
    "! ",
    "(cue: ",
    "; also: ",
    ")",
    "* ",
    "1. ",
    "# ",
    "## ",
    "<!--",
    "-->",
    "\\(",
    "**",
    "What do you do?",
    "  ",
    "\n",
    "\n\n",
    "\r",
    "\u2028",
    "\x85",
    "[ ] ",
    "---\n",
    "***",
    "\x1b[31m",
    "\u200b",
    "\u00e9",
    "referral",
    "thanks",
    "terms: a, b",
    "Dana: engineer",
    "`",
    "> ",
    "| a | b |",
)


# ---------------------------------------------------------------- sheets


def _sheets(tries: int, chance: Random, tally: Tally) -> None:
    """Read sheets in a process of its own, so that its memory tells."""
    # Copied, not begun anew: what this process has loaded counts for nothing there.
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_read_sheets, args=(tries, chance.random(), theirs.send))
    child.start()
    theirs.close()
    with contextlib.suppress(EOFError):
        while True:
            took_s, wrong = ours.recv()
            tally.add(held=not wrong, figure=took_s, why=wrong)
    child.join()


def _read_sheets(tries: int, seed: float, tell: Callable[[tuple[float, str]], None]) -> None:
    chance, wording = Random(seed), Wording("en", (texts("prompts"),))  # noqa: S311
    before_mb = _peak_mb()
    with tempfile.TemporaryDirectory(prefix="sheets-") as folder:
        path = Path(folder) / "sheet.md"
        for number in range(tries):
            path.write_bytes(_MONSTERS[number]() if number < len(_MONSTERS) else _sheet(chance))
            begun_s, wrong = time.perf_counter(), ""
            try:
                read_sheet(path, wording)
            except InputError as error:
                if "\n" in str(error) or OBEYED.search(f"{error}{error.hint}"):
                    wrong = "the sentence is more than one line of text"
            except Exception as error:
                wrong = f"{type(error).__name__} and not a sentence"
            took_s = time.perf_counter() - begun_s
            if took_s > SHEET_WITHIN_S:
                wrong = wrong or f"took {took_s:.1f} s"
            if _peak_mb() - before_mb > SHEET_GROWTH_MB:
                wrong = wrong or f"grew by {_peak_mb() - before_mb:.0f} MB"
            tell((took_s, wrong))


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _sheet(chance: Random) -> bytes:
    """Make a sheet that is bent, broken, or nothing like one."""
    head = "".join(
        f"{chance.choice(_KEYS)}: {chance.choice(_VALUES)}\n" for _ in range(chance.randrange(6))
    )
    if chance.random() < 0.3:
        names = [*_KEYS, "stall_s", "cue_budget", "warnings_left_s", "nothing"]
        dials = [f"  {chance.choice(names)}: {chance.choice(_VALUES)}\n" for _ in range(3)]
        head += "dials:\n" + "".join(dials)
    body = "".join(
        f"## {chance.choice(_SECTIONS)}\n"
        + "".join(chance.choice(_PIECES) for _ in range(chance.randrange(40)))
        for _ in range(chance.randrange(4))
    )
    raw = bytearray(f"---\n{head}---\n{body}\n".encode())
    for _ in range(chance.choice([0, 0, 1, 5, 50])):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    return bytes(raw[: chance.randrange(len(raw))] if chance.random() < 0.1 else raw)


_MONSTERS: tuple[Callable[[], bytes], ...] = (
    lambda: bytes(100_000_000),
    lambda: b"## Questions\n" + b"- What?\n" * 124_000,
    lambda: b"## Questions\n" + b"- What?\n" * 1_000_000,
    lambda: b"---\na: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nwith: *c\n---\n",
    lambda: b"---\na: &a [*a]\n---\n",
    lambda: b"---\nwith: " + b"[" * 7900 + b"\n---\n",
    lambda: b"---\n" + b"{a: " * 1900 + b"\n---\n",
    lambda: b"---\n" + b"".join(b" " * n + b"a:\n" for n in range(120)) + b"---\n",
    lambda: b"---\nwith: " + b"x" * 990_000,
    lambda: b"## Questions\n" + b"".join(b"  " * n + b"- a\n" for n in range(900)),
    lambda: b"## Questions\n" + b"- " * 400_000,
    lambda: b"## Questions\n- " + b"*a" * 400_000,
    lambda: b"## Questions\n- " + b"(" * 3900,
    lambda: b"<!--" * 200_000,
    lambda: b"<!---->" * 130_000,
    lambda: b"## Questions\n- a " + b"(cue: x)" * 480,
    lambda: b"#" * 990_000,
    lambda: b"\n" * 990_000,
    lambda: b" " * 990_000,
    lambda: b"\xef\xbb\xbf## Questions\n- What?\n",
    lambda: "---\nwith: Dana\n---\n## Questions\n- What?\n".encode("utf-16"),
    lambda: b"\xff\xfe\0\0",
    lambda: b"%YAML " + b"9" * 5000 + b".1\n",
    lambda: b"---\n%YAML " + b"9" * 5000 + b".1\n---\n",
)


# ---------------------------------------------------------------- archives


def _archives(tries: int, chance: Random, tally: Tally) -> None:
    for number in range(tries):
        with tempfile.TemporaryDirectory(prefix="archives-") as place:
            into, archive = Path(place) / "models" / ".new", Path(place) / "a.zip"
            into.parent.mkdir()
            archive.write_bytes(_archive(number, chance))
            before, begun_s, wrong = seen(Path(place), into), time.perf_counter(), ""
            try:
                sums = unpack(archive, into)
            except ModelError:
                sums = {}
            except SottovoceError as error:
                sums, wrong = {}, f"{type(error).__name__}, which is another matter"
            except Exception as error:
                sums, wrong = {}, f"{type(error).__name__} and not a sentence"
            took_s = time.perf_counter() - begun_s
            if seen(Path(place), into) != before:
                wrong = wrong or "something outside was changed"
            if any(not p.is_dir() and not stat.S_ISREG(p.lstat().st_mode) for p in into.rglob("*")):
                wrong = wrong or "something that is no file was unpacked"
            if any(not (into / name).is_file() for name in sums):
                wrong = wrong or "a file that was told is not there"
            if took_s > ARCHIVE_WITHIN_S:
                wrong = wrong or f"took {took_s:.1f} s"
            tally.add(held=not wrong, figure=took_s, why=wrong)


_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_NAMES = (
    "../out",
    "m/../../out",
    "/out",
    "..\\out",
    "C:\\out",
    "C:out",
    "m/\u202eout",
    "m/\x1b[2J",
    "m/ok",
    "m/" + "d/" * 1000 + "f",
    "x" * 60_000,
    "m/" + "\u00e4" * 300,
    "m//ok",
    "./m/ok",
    "m/.",
    "..",
    "/",
    "//server/out",
    "m/\x7f",
    "~/out",
    "m/con",
    "m/a",
    "m/A",
    "m/a/b",
    "\ufeffm",
    "-rf",
    ".bashrc",
)


def _archive(number: int, chance: Random) -> bytes:
    """Make an archive that is a bomb, leads out, holds links, or was damaged on the way."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", chance.choice(_METHODS)) as archive:
        archive.writestr("m/am/final.mdl", chance.randbytes(chance.randrange(3000)))
        for _ in range(chance.randrange(4)):
            member = zipfile.ZipInfo(chance.choice(_NAMES))
            kind = chance.choice([0, 0, 0, stat.S_IFREG, stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
            member.external_attr = (kind | chance.randrange(0o10000)) << 16
            member.create_system = chance.choice([0, 3, 255])
            data = b"/etc/passwd" if kind == stat.S_IFLNK else chance.randbytes(50)
            with warnings.catch_warnings(action="ignore"):
                # Of two members of one name it warns, as it should.
                archive.writestr(member, data)
        if number % 100 == 1:
            archive.writestr("m/bomb", bytes(60_000_000), zipfile.ZIP_DEFLATED)
        if number % 100 == 2:
            for at in range(20_000):
                archive.writestr(f"m/{at}", b"")
    bent = bytearray(raw.getvalue())
    for _ in range(chance.choice([0, 0, 1, 2, 10, 100])):
        bent[chance.randrange(len(bent))] = chance.randrange(256)
    if chance.random() < 0.15:
        del bent[chance.randrange(len(bent)) :]
    return bytes(bent)


def seen(place: Path, without: Path | None = None) -> dict[str, str]:
    """Return what lies in a place, with the sums of its files."""
    found: dict[str, str] = {}
    for path in place.rglob("*"):
        if without is None or not path.is_relative_to(without):
            is_file = path.is_file() and not path.is_symlink()
            found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest() if is_file else ""
    return found


FAULTS: tuple[Fault, ...] = (
    Fault(
        "hostile sheets",
        "a plan or one sentence within 1 s, no more than 50 MB",
        "real",
        "s for a sheet",
        600,
        10_000,
        _sheets,
    ),
    Fault(
        "hostile model archives",
        "a sentence or a model within 5 s, nothing outside, no link",
        "real",
        "s for an archive",
        100,
        500,
        _archives,
    ),
)
