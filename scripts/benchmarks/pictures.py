"""The pictures of the docs: the page, the letter and the calendar of a call, as people see them.

Reads a call's folder, writes PNG files. The letter and the calendar are read by other libraries
than wrote them, and shown the way a mail program and an agenda do.
"""

import email
import subprocess
import sys
from datetime import date, datetime
from email.policy import default
from html import escape
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from browser import open_browser
from ical.calendar_stream import IcsCalendarStream
from ical.todo import Todo
from playwright.sync_api import Browser

WIDTH_PX = 860
TOP_PX = 1180
"""So much of the page shows what it begins with."""
AROUND_PX = 28
PHONE_PX = (390, 844)
PAPER_DPI = 62
COLOURS = 96
"""Of a picture; more can not be told apart, and take more room."""
ZONE_WORDS = "%A, %-d %B %Y"

LOOK = """
body { margin: 0; padding: 34px; background: #e9e6df; color: #292520; width: fit-content;
  font: 16px/1.5 "Liberation Sans", sans-serif; }
.window { background: #fff; border-radius: 8px; box-shadow: 0 2px 14px rgb(0 0 0 / .14);
  width: 640px; overflow: hidden; padding-bottom: 14px; }
.bar { background: #f4f2ec; border-bottom: 1px solid #e2dbcd; padding: 10px 18px; color: #665e53;
  font-size: 13px; }
.row { display: flex; gap: 14px; padding: 9px 18px; border-bottom: 1px solid #eee9de;
  font-size: 14px; }
.row b { width: 62px; font-weight: 400; color: #8a8174; }
.letter { padding: 20px 24px 14px; white-space: pre-wrap;
  font: 16px/1.6 "TeX Gyre Pagella", serif; }
h2 { font-size: 14px; margin: 0; padding: 14px 18px 6px; color: #8a3b12; }
.task { display: flex; gap: 12px; padding: 8px 18px; align-items: baseline; }
.task i { flex: none; width: 13px; height: 13px; border: 1.5px solid #665e53; border-radius: 50%; }
.task p { margin: 0; } .task small { color: #665e53; display: block; }
.sheets { display: flex; gap: 24px; } .sheets img { box-shadow: 0 2px 12px rgb(0 0 0 / .18); }
"""


def main(folder: Path, out: Path) -> None:
    """Make every picture of one call."""
    out.mkdir(parents=True, exist_ok=True)
    page = folder / "summary.html"
    with open_browser() as browser, TemporaryDirectory() as scratch:
        _page(browser, page, out)
        _phone(browser, page, out / "page-phone.png")
        _paper(browser, page, Path(scratch), out / "page-print.png")
        _view(browser, letter(folder / "thank-you.eml"), out / "letter.png")
        _view(browser, agenda(folder / "follow-ups.ics"), out / "calendar.png")
    for picture in sorted(out.glob("*.png")):
        command = ["pngquant", "--force", "--strip", "--output", str(picture), str(COLOURS)]
        subprocess.run([*command, "--", str(picture)], check=True)


def letter(path: Path) -> str:
    """Show a draft as a mail program does, ready to be sent."""
    message = email.message_from_bytes(path.read_bytes(), policy=default)
    text = str(message.get_content()).replace("\r\n", "\n").strip()
    rows = "".join(
        f"<div class='row'><b>{name}</b>{escape(str(message[name] or ''))}</div>"
        for name in ("To", "Subject")
    )
    return f"<div class='bar'>Draft</div>{rows}<div class='letter'>{escape(text)}</div>"


def agenda(path: Path) -> str:
    """Show a calendar file as a list of days with what is due on them."""
    todos = IcsCalendarStream.calendar_from_ics(path.read_text(encoding="utf-8")).todos
    todos.sort(key=lambda todo: (_day(todo) or date.max, todo.summary or ""))
    parts = ["<div class='bar'>Tasks</div>"]
    for day, due in groupby(todos, _day):
        parts.append(f"<h2>{day.strftime(ZONE_WORDS) if day else 'No day'}</h2>")
        parts += [
            f"<div class='task'><i></i><p>{escape(todo.summary or '')}"
            f"<small>{escape(todo.description or '').replace(chr(10), '<br>')}</small></p></div>"
            for todo in due
        ]
    return "".join(parts)


def _day(todo: Todo) -> date | None:
    return todo.due.date() if isinstance(todo.due, datetime) else todo.due


def _page(browser: Browser, path: Path, out: Path) -> None:
    for scheme in ("light", "dark"):
        page = browser.new_page(
            viewport={"width": WIDTH_PX, "height": TOP_PX},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        page.goto(path.as_uri())
        page.screenshot(path=out / f"page-{scheme}.png")
        if scheme == "light":
            section = page.locator("section", has=page.locator("svg.drawing"))
            section.evaluate(f"one => one.style.padding = '{AROUND_PX}px'")
            section.screenshot(path=out / "drawing.png")
        page.close()


def _phone(browser: Browser, path: Path, picture: Path) -> None:
    width, height = PHONE_PX
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=1.5, is_mobile=True
    )
    page = context.new_page()
    page.goto(path.as_uri())
    page.screenshot(path=picture)
    context.close()


def _paper(browser: Browser, path: Path, scratch: Path, picture: Path) -> None:
    """Print the page, and lay its first two sheets beside each other."""
    page = browser.new_page()
    page.goto(path.as_uri())
    page.pdf(path=scratch / "page.pdf", format="A4", prefer_css_page_size=True)
    page.close()
    subprocess.run(
        ["pdftoppm", "-r", str(PAPER_DPI), "-png", scratch / "page.pdf", scratch / "sheet"],
        check=True,
    )
    sheets = sorted(scratch.glob("sheet-*.png"))[:2]
    images = "".join(f"<img src='{sheet.name}'>" for sheet in sheets)
    _shot(browser, f"<div class='sheets'>{images}</div>", scratch, picture)


def _view(browser: Browser, inner: str, picture: Path) -> None:
    with TemporaryDirectory() as scratch:
        _shot(browser, f"<div class='window'>{inner}</div>", Path(scratch), picture)


def _shot(browser: Browser, inner: str, scratch: Path, picture: Path) -> None:
    html = scratch / "view.html"
    html.write_text(
        f"<!doctype html><meta charset=utf-8><style>{LOOK}</style><body>{inner}", encoding="utf-8"
    )
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto(html.as_uri())
    page.locator("body").screenshot(path=picture)
    page.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
